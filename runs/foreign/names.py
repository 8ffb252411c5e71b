"""What things are called in numpy and in the language: element types, functions, and how a file imports them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

DTYPES: Final[dict[str, str]] = {
    **dict.fromkeys(("uint8", "bool_", "bool", "ubyte", "u1"), "u1"),
    **dict.fromkeys(("int8", "int16", "uint16", "int32", "intc", "i4"), "i4"),
    **dict.fromkeys(("int64", "int_", "int", "intp", "uint32", "longlong", "i8"), "i8"),
    **dict.fromkeys(("float32", "single", "float16", "f4"), "f4"),
    **dict.fromkeys(("float64", "double", "float", "float_", "f8"), "f8"),
}
"""The element type that holds all values of one of numpy's."""

NARROW: Final = frozenset({"int8", "int16", "uint16", "uint32", "float16"})
"""Those that the language has not, and that are kept in wider elements."""

REDUCTIONS: Final[dict[str, str]] = {
    "sum": "sum(A)",
    "mean": "mean(A)",
    "average": "mean(A)",
    "max": "amax(A)",
    "amax": "amax(A)",
    "min": "amin(A)",
    "amin": "amin(A)",
    "argmax": "argmax(A)",
    "argmin": "argmin(A)",
    "any": "count_nonzero(A) > 0",
    "all": "count_nonzero(A == 0) == 0",
}
"""Functions and methods that give one number for a whole array."""

ELEMENTWISE: Final[dict[str, str]] = {
    **{
        name: f"{name}(A)"
        for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "sign", "abs", "cumsum", "sort", "copy")
    },
    "argsort": "argsort(A)",
    "absolute": "abs(A)",
    "fabs": "abs(A)",
    "negative": "-A",
    "square": "A ** 2",
    "power": "A ** B",
    "mod": "A % B",
    "remainder": "A % B",
    "floor_divide": "A // B",
    "add": "A + B",
    "subtract": "A - B",
    "multiply": "A * B",
    "divide": "A / B",
    "true_divide": "A / B",
    "bitwise_and": "A & B",
    "bitwise_or": "A | B",
    "bitwise_xor": "A ^ B",
    "bitwise_not": "~A",
    "invert": "~A",
    "left_shift": "A << B",
    "right_shift": "A >> B",
    "equal": "A == B",
    "not_equal": "A != B",
    "less": "A < B",
    "less_equal": "A <= B",
    "greater": "A > B",
    "greater_equal": "A >= B",
    "logical_not": "A == 0",
    "logical_and": "(A != 0) & (B != 0)",
    "logical_or": "(A != 0) | (B != 0)",
    "logical_xor": "(A != 0) ^ (B != 0)",
    "clip": "clip(A, B, C)",
    "where": "",
    "maximum": "",
    "minimum": "",
    "floor": "",
    "ceil": "",
    "astype": "",
    "zeros_like": "",
    "ones_like": "",
    "full_like": "",
    "empty_like": "",
}
"""Functions that give an array as the first of their arguments is; the text is empty where it takes more than one."""

OTHERS: Final[dict[str, str]] = {
    "count_nonzero": "count_nonzero(A)",
    "outer": "outer(A, B)",
    "take": "take(A, B)",
    "array_equal": "hamming(A, B) == 0",
    "bitwise_count": "popcount(A)",
}

SCALAR_MATHS: Final[dict[str, str]] = {
    **{name: f"{name}(A)" for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "floor", "ceil")},
    "fabs": "abs(A)",
    "pow": "A ** B",
    "log2": "log(A) / 0.6931471805599453",
    "log10": "log(A) / 2.302585092994046",
}
"""Functions of `math`."""

CONSTANTS: Final[dict[str, float]] = {
    "np.pi": 3.141592653589793,
    "math.pi": 3.141592653589793,
    "np.e": 2.718281828459045,
    "math.e": 2.718281828459045,
    "math.tau": 6.283185307179586,
}

RANDOM: Final[dict[str, str]] = {
    "random": "random()",
    "rand": "random()",
    "random_sample": "random()",
    "uniform": "random()",
    "randn": "normal()",
    "standard_normal": "normal()",
    "normal": "normal()",
    "gauss": "normal()",
    "randint": "randint(A, B)",
    "randrange": "randint(A, B)",
    "integers": "randint(A, B)",
    "permutation": "permutation(A)",
    "shuffle": "shuffle(A)",
    "seed": "seed(A)",
}
"""Methods of generators of random numbers, by the arguments that they are given here."""


def imported(tree: ast.Module) -> dict[str, str]:
    """What the names that a file imports stand for: `{"np": "np", "uint8": "np.uint8", "log": "math.log"}`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name.partition(".")[0]] = _short(each.name)
        elif isinstance(node, ast.ImportFrom) and node.module not in (None, "primitives"):
            for each in node.names:
                found[each.asname or each.name] = f"{_short(str(node.module))}.{each.name}"
    return found


def _short(module: str) -> str:
    return "np" + module[5:] if module == "numpy" or module.startswith("numpy.") else module


def dotted(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """A name or dotted names, in full: `np.uint8`; nothing for other expressions."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, aliases)
        return f"{base}.{node.attr}" if base else ""
    return ""


def called(node: ast.Call, aliases: Mapping[str, str]) -> str:
    """What a call calls, in full; nothing if that is no name."""
    return dotted(node.func, aliases)


def dtype_of(node: ast.expr, aliases: Mapping[str, str]) -> tuple[str, str] | None:
    """The element type that an expression names, in the language and as it was written; None if it names none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        written = node.value
    else:
        full = dotted(node, aliases)
        if not full.startswith("np.") and full not in ("int", "float", "bool", "u1", "i4", "i8", "f4", "f8"):
            return None
        written = full.removeprefix("np.")
    return (DTYPES[written], written) if written in DTYPES else None
