"""Whole-array operators and maths: which element type they give, and their definitions as text in the language.

A definition is one function, `add_1_1` say; the digits are the ranks of its operands, `s` stands for a scalar. CPython
and the compiler both start from this text. Nothing is executed here.
"""

from functools import cache

from primitives.dtypes import DType, f4, f8, i8, u1

ARITHMETIC: dict[str, str] = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
}  # fmt: skip
BITWISE: dict[str, str] = {"&": "and", "|": "or", "^": "xor"}
SHIFTS: dict[str, str] = {"<<": "lshift", ">>": "rshift"}
COMPARISONS: dict[str, str] = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
UNARY: dict[str, str] = {"-": "neg", "~": "invert"}

_IN_PLACE = ARITHMETIC | BITWISE | SHIFTS
_BINARY = _IN_PLACE | COMPARISONS


def number_dtype(*arrays: DType) -> DType:
    """What arithmetic on arrays of these types gives: `i8` if all hold ints, `f4` if all are `f4`, else `f8`."""
    if not any(dtype.is_float for dtype in arrays):
        return i8
    return float_dtype(*arrays)


def float_dtype(*arrays: DType) -> DType:
    """What a division or an `exp` of arrays of these types gives: `f4` if all are `f4`, else `f8`."""
    return f4 if all(dtype is f4 for dtype in arrays) else f8


def result_dtype(op: str, left: DType | None, right: DType | None, scalar_is_float: bool) -> DType:
    """The element type of `left op right`; None stands for the scalar operand, if there is one.

    Raises TypeError for an operator on bits that is given floats.
    """
    arrays = [dtype for dtype in (left, right) if dtype is not None]
    with_floats = any(dtype.is_float for dtype in arrays) or (scalar_is_float and len(arrays) == 1)
    if op in COMPARISONS:
        return u1
    if op in BITWISE or op in SHIFTS:
        if with_floats:
            raise TypeError(f"{op} takes ints, not floats")
        return i8 if op in SHIFTS else max(arrays, key=lambda dtype: dtype.width)
    return float_dtype(*arrays) if op == "/" or with_floats else i8


def unary_dtype(op: str, operand: DType) -> DType:
    """The element type of `-a` and `~a`: as in arithmetic, so that neither overflows on `u1`.

    Raises TypeError for `~` of floats.
    """
    if op == "~" and operand.is_float:
        raise TypeError("~ takes ints, not floats")
    return number_dtype(operand)


@cache
def definition(op: str, left: str, right: str, dtype: DType) -> tuple[str, str]:
    """The definition of a binary operator: its text and the function's name.

    Args:
        op: an operator of `ARITHMETIC`, `BITWISE`, `SHIFTS` or `COMPARISONS`.
        left: "1" or "2" for an array of that rank, "s" for a scalar.
        right: likewise; the ranks of two arrays are equal.
        dtype: the element type of the result, from `result_dtype`.
    """
    name = f"{_BINARY[op]}_{left}_{right}"
    first, rank = ("b", int(right)) if left == "s" else ("a", int(left))
    checks = [] if "s" in (left, right) else ["same_shape(a, b)"]
    expression = f"{_element('a', left)} {op} {_element('b', right)}"
    return _mapping(name, "a, b", checks, first, rank, dtype.name, expression), name


@cache
def unary_definition(op: str, rank: int, dtype: DType) -> tuple[str, str]:
    """The definition of `-a` or `~a` of an array of that rank: its text and the function's name."""
    name = f"{UNARY[op]}_{rank}"
    return _mapping(name, "a", [], "a", rank, dtype.name, f"{op}{_element('a', str(rank))}"), name


@cache
def function_definition(function: str, rank: int, dtype: str) -> tuple[str, str]:
    """The definition of a function of one scalar, applied to an array of that rank: its text and the function's name.

    `dtype` is the element type of the result as text in the language: `u1`, or `float_dtype_of(a)`.
    """
    name = f"{function}_{rank}"
    return _mapping(name, "a", [], "a", rank, dtype, f"{function}({_element('a', str(rank))})"), name


@cache
def inplace_definition(op: str, left: int, right: str) -> tuple[str, str]:
    """The definition of `a op= b`, which updates the array `a`: its text and the function's name.

    Args:
        op: an operator of `ARITHMETIC`, `BITWISE` or `SHIFTS`, without the equals sign.
        left: the rank of `a`.
        right: the same rank, "1" or "2", or "s" for a scalar.
    """
    name = f"i{_IN_PLACE[op]}_{left}_{right}"
    lines = [f"def {name}(a, b):"]
    if right != "s":
        lines.append("    same_shape(a, b)")
    lines += _loops("a", left, f"{_element('a', str(left))} {op}= {_element('b', right)}")
    return "\n".join(lines) + "\n", name


def _element(array: str, kind: str) -> str:
    return {"s": array, "1": f"{array}[i]", "2": f"{array}[i, j]"}[kind]


def _mapping(name: str, parameters: str, checks: list[str], first: str, rank: int, dtype: str, value: str) -> str:
    """A function that gives a new array, shaped as its parameter `first`, of `value` at every place."""
    shape = f"len({first})" if rank == 1 else f"({first}.shape[0], {first}.shape[1])"
    lines = [f"def {name}({parameters}):"]
    lines += [f"    {check}" for check in checks]
    lines.append(f"    out = zeros({shape}, {dtype})")
    lines += _loops(first, rank, f"{_element('out', str(rank))} = {value}")
    lines.append("    return out")
    return "\n".join(lines) + "\n"


def _loops(array: str, rank: int, statement: str) -> list[str]:
    if rank == 1:
        return [f"    for i in range(len({array})):", f"        {statement}"]
    return [
        f"    for i in range({array}.shape[0]):",
        f"        for j in range({array}.shape[1]):",
        f"            {statement}",
    ]
