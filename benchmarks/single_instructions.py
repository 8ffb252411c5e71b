"""Code for the machine that executes hardly anything but one class of instruction, written without the compiler."""

import numpy as np

from primitives.code import Code, Entry
from primitives.opcodes import FIELD_KINDS, FILES, FLOAT_FUNCTIONS, INT_FUNCTIONS, OPCODE
from primitives.types import DTYPE_CODES

REPEATED = 64
"""How often the instruction, or a few with it among them, stands in the loop."""

ARRAYS = [f"{rank}{name.upper()}" for rank in (1, 2) for name in DTYPE_CODES]
"""Array registers of arrays of 4 or of 4 x 4 elements, named as the instructions that load from them."""
VIEW, OTHER, EMPTY = len(ARRAYS), len(ARRAYS) + 1, len(ARRAYS) + 2
NONE = 80
"""Array registers from EMPTY on that hold nothing."""

COUNTER, RESULT, RETURN = 0, 1, 2
"""Int registers that are written to; float register 0 is."""
TWO, THREE, ONE, FOUR, MANY, LARGE, ROUNDS = range(3, 10)
"""Int registers of constants: as field a, b and c mostly 2, 3 and 1; MANY elements for a long array."""
CONSTANTS = (2, 3, 1, 4, 512, 1 << 40)

Row = tuple[str | int, ...]
"""The name of an opcode and its fields d, a, b, c, e."""

TABLE: dict[str, tuple[Row, ...]] = {
    "CALL": (("CALL", 2, RETURN), ("JUMP", 3), ("RET", 0, RETURN, EMPTY, EMPTY)),
    "ALLOC": (("ALLOC", VIEW, TWO, THREE, DTYPE_CODES["i8"]),),
    "ALLOC, 8 elements more": (
        ("ALLOC", VIEW, MANY, ONE, DTYPE_CODES["u1"]),
        ("ALLOC", VIEW, MANY, ONE, DTYPE_CODES["f8"]),
    ),
    "RET, 8 cells or arrays more": (("CALL", 2, RETURN), ("JUMP", 3), ("RET", 0, RETURN, EMPTY, EMPTY + NONE)),
    "ATAKE": (("ATAKE", VIEW, OTHER), ("ATAKE", OTHER, VIEW)),
    "AFREE": (("ALLOC", VIEW, TWO, THREE, DTYPE_CODES["i8"]), ("AFREE", VIEW)),
    "SLICE": (("SLICE", VIEW, ARRAYS.index("2F8"), TWO, THREE, 2),),
    "WINDOW": (("WINDOW", VIEW, ARRAYS.index("2F8"), TWO, ONE),),
    "NEXT1": (("NEXT1", RESULT, LARGE, 0, 1),),
    "NEXT": (("NEXT", RESULT, LARGE, ONE, 1),),
    "TOUCH1": (("TOUCH1", 0, ARRAYS.index("1I4"), TWO),),
}
"""The classes that `_single` can't write. Targets count from the first row."""


def code_of(kind: str, rounds: int) -> Code:
    """A loop of so many rounds over a class of `fitness.calibration.CLASSES`."""
    block = TABLE["CALL"] if kind == "RET" else TABLE.get(kind) or (_single(kind),)
    rows: list[Row] = [
        ("ALLOC", number, FOUR, ONE if name[0] == "1" else FOUR, DTYPE_CODES[name[1:].lower()])
        for number, name in enumerate(ARRAYS)
    ]
    rows += [("AMOV", VIEW, 0), ("AMOV", OTHER, 0)]
    start = len(rows)
    for _ in range(REPEATED):
        rows += [_aimed(row, len(rows)) for row in block]
    rows += [("NEXT1", COUNTER, ROUNDS, 0, start), ("HALT",)]
    instructions = np.zeros((len(rows), 8), dtype=np.uint32)
    for position, (name, *fields) in enumerate(rows):
        instructions[position, : 1 + len(fields)] = OPCODE[str(name)], *fields
    ints, floats = np.array([*CONSTANTS, rounds], dtype=np.int64), np.array([1.5, 2.5])
    prices, lines = np.zeros((len(rows), 4), dtype=np.uint32), np.ones(len(rows), dtype=np.int32)
    entries = {"main": Entry(0, (), (), ())}
    return Code(instructions, prices, lines, ROUNDS + 1, 3, EMPTY + NONE, 0, ints, floats, {}, {}, entries, ())


def _single(kind: str) -> Row:
    """An instruction whose operands are those that its field kinds ask for."""
    name, _, function = kind.partition(" ")
    looked = name[2:] if name[2:] in ARRAYS else "2I4" if name == "TOUCH2" else "2F8"
    operands = {"i": (RESULT, TWO, THREE, ONE), "f": (0, 1, 2), "a": (VIEW, *[ARRAYS.index(looked)] * 2), "t": (1,) * 5}
    fields = [operands[FILES[file]][index] if file else 0 for index, file in enumerate(FIELD_KINDS[OPCODE[name]])]
    if function:
        fields[2] = (INT_FUNCTIONS if name == "IFUN" else FLOAT_FUNCTIONS).index(function)
    return name, *fields


def _aimed(row: Row, position: int) -> Row:
    """A row with its target, if it has one, counted from the start of the code."""
    name, *fields = row
    for index, file in enumerate(FIELD_KINDS[OPCODE[str(name)]]):
        if FILES[file] == "t":
            fields[index] = int(fields[index]) + position
    return name, *fields
