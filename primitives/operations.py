"""The operations on scalars: their types, and the instructions they become. Arrays are handled elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from primitives.opcodes import FLOAT_FUNCTIONS, INT_FUNCTIONS, ROUNDINGS
from primitives.types import BOOL, FLOAT, INT, NONE, Type

INT_LIKE = (BOOL, INT)


class Operation(NamedTuple):
    """An instruction for operands of given types.

    `operands` tells what each is converted to, INT or FLOAT; `exact` that an int beyond 2^53 can't be converted.
    `number` says which function the instruction computes, if it has several; `swapped` that it takes its operands the
    other way.
    """

    opcode: str
    operands: tuple[Type, ...]
    result: Type
    number: int | None = None
    swapped: bool = False
    exact: bool = False


_INT_BINARY = {
    "+": "IADD",
    "-": "ISUB",
    "*": "IMUL",
    "//": "IFDIV",
    "%": "IREM",
    "**": "IPOW",
    "&": "IAND",
    "|": "IOR",
    "^": "IXOR",
    "<<": "ISHL",
    ">>": "ISHR",
}
_FLOAT_BINARY = {"+": "FADD", "-": "FSUB", "*": "FMUL", "/": "FDIV", "//": "FFDIV", "%": "FREM", "**": "FPOW"}
_COMPARE = {
    "<": ("LT", False),
    "<=": ("LE", False),
    ">": ("LT", True),
    ">=": ("LE", True),
    "==": ("EQ", False),
    "!=": ("NE", False),
}


def _binary_table() -> dict[tuple[str, Type, Type], Operation]:
    table = {}
    for left in (BOOL, INT, FLOAT):
        for right in (BOOL, INT, FLOAT):
            ints = left is not FLOAT and right is not FLOAT
            both = (INT, INT) if ints else (FLOAT, FLOAT)
            for op, opcode in (_INT_BINARY if ints else _FLOAT_BINARY).items():
                bools = left is BOOL and right is BOOL and op in "&|^"
                table[op, left, right] = Operation(opcode, both, BOOL if bools else both[0])
            if ints:
                table["/", left, right] = Operation("FDIV", (FLOAT, FLOAT), FLOAT, exact=True)
            for op, (opcode, swapped) in _COMPARE.items():
                prefix = "I" if ints else "F"
                table[op, left, right] = Operation(prefix + opcode, both, BOOL, swapped=swapped, exact=not ints)
    return table


BINARY = _binary_table()
"""The operation of each operator and comparison by `(operator, left type, right type)`; absent where not allowed."""


def _named_table() -> dict[tuple[str, tuple[Type, ...]], Operation]:
    table: dict[tuple[str, tuple[Type, ...]], Operation] = {}
    for number, name in enumerate(FLOAT_FUNCTIONS[:-1]):
        for kind in (BOOL, INT, FLOAT):
            table[name, (kind,)] = Operation("FFUN", (FLOAT,), FLOAT, number)
    table["sign", (FLOAT,)] = Operation("FFUN", (FLOAT,), FLOAT, FLOAT_FUNCTIONS.index("sign"))
    for kind in INT_LIKE:
        for number, name in enumerate(INT_FUNCTIONS):
            table[name, (kind,)] = Operation("IFUN", (INT,), INT, number)
        table["abs", (kind,)] = Operation("IABS", (INT,), INT)
        table["neg", (kind,)] = Operation("INEG", (INT,), INT)
        table["pos", (kind,)] = Operation("IMOV", (INT,), INT)
        table["float", (kind,)] = Operation("FMOV", (FLOAT,), FLOAT)
        table["int", (kind,)] = Operation("IMOV", (INT,), INT)
        table["seed", (kind,)] = Operation("SEED", (INT,), NONE)
        for other in INT_LIKE:
            table["mulw", (kind, other)] = Operation("MULW", (INT, INT), INT)
            table["addw", (kind, other)] = Operation("ADDW", (INT, INT), INT)
            table["randint", (kind, other)] = Operation("RANDINT", (INT, INT), INT)
        table["min", (kind, kind)] = Operation("IMIN", (INT, INT), kind)
        table["max", (kind, kind)] = Operation("IMAX", (INT, INT), kind)
    for name in ("floor", "ceil"):
        for kind in (BOOL, INT, FLOAT):
            table[name, (kind,)] = Operation("F2I", (FLOAT,), INT, ROUNDINGS.index(name), exact=True)
    table["invert", (INT,)] = Operation("INOT", (INT,), INT)
    table["abs", (FLOAT,)] = Operation("FABS", (FLOAT,), FLOAT)
    table["neg", (FLOAT,)] = Operation("FNEG", (FLOAT,), FLOAT)
    table["pos", (FLOAT,)] = Operation("FMOV", (FLOAT,), FLOAT)
    table["float", (FLOAT,)] = Operation("FMOV", (FLOAT,), FLOAT)
    table["int", (FLOAT,)] = Operation("F2I", (FLOAT,), INT, ROUNDINGS.index("truncate"))
    table["min", (FLOAT, FLOAT)] = Operation("FMIN", (FLOAT, FLOAT), FLOAT)
    table["max", (FLOAT, FLOAT)] = Operation("FMAX", (FLOAT, FLOAT), FLOAT)
    table["random", ()] = Operation("RAND", (), FLOAT)
    return table


NAMED = _named_table()
"""The operation of each scalar function by `(name, operand types)`. `bool` and `not` are the compiler's own."""

DRAWING = frozenset({"random", "randint"})
"""The functions whose results are data whatever they are given."""

DRAWING_OPCODES = frozenset({"RAND", "RANDINT"})
