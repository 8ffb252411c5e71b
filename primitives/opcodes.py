"""The instruction set of the machine: one table for the compiler, the linker and the interpreter.

An instruction is a row `op, d, a, b, c, e`. Each field is a register of the int file `i` (bools too), of the float file
`f`, of the array file `a`, a target `t` in the code, or a plain number `.`; the row of the table says which. Registers
have absolute numbers: there is no recursion, so every function has one frame.
"""

from __future__ import annotations

import numpy as np

_TABLE = """
HALT     .....
JUMP     t....
JZ       ti...
JNZ      ti...
JZF      tf...
JNZF     tf...
FOR      iiit.
NEXT     iiit.
NEXT1    ii.t.
CALL     ti...
RET      .iaa.
SAME     .aa..
IMOV     ii...
IADD     iii..
ISUB     iii..
IMUL     iii..
IFDIV    iii..
IREM     iii..
IPOW     iii..
IAND     iii..
IOR      iii..
IXOR     iii..
ISHL     iii..
ISHR     iii..
IMIN     iii..
IMAX     iii..
IEQ      iii..
INE      iii..
ILT      iii..
ILE      iii..
MULW     iii..
ADDW     iii..
INEG     ii...
INOT     ii...
IABS     ii...
IFUN     ii...
FMOV     ff...
FADD     fff..
FSUB     fff..
FMUL     fff..
FDIV     fff..
FFDIV    fff..
FREM     fff..
FPOW     fff..
FMIN     fff..
FMAX     fff..
FEQ      iff..
FNE      iff..
FLT      iff..
FLE      iff..
FNEG     ff...
FABS     ff...
FFUN     ff...
F2I      if...
I2F      fi...
I2FX     fi...
RAND     f....
RANDINT  iii..
SEED     .i...
LD1U1    iai..
LD1I4    iai..
LD1I8    iai..
LD1F4    fai..
LD1F8    fai..
LD2U1    iaii.
LD2I4    iaii.
LD2I8    iaii.
LD2F4    faii.
LD2F8    faii.
ST1U1    iai..
ST1I4    iai..
ST1I8    iai..
ST1F4    fai..
ST1F8    fai..
ST2U1    iaii.
ST2I4    iaii.
ST2I8    iaii.
ST2F4    faii.
ST2F8    faii.
TOUCH1   .ai..
TOUCH2   .aii.
ALLOC    aii..
AMOV     aa...
ATAKE    aa...
AFREE    a....
ROW      aai..
COL      aai..
SLICE    aaii.
WINDOW   aaii.
TURN     aa...
DIM      ia...
ASK      aai..
TELL     .i...
"""

_ROWS = [line.split() for line in _TABLE.split("\n") if line]
OPCODE: dict[str, int] = {name: number for number, (name, _) in enumerate(_ROWS)}
"""Number of each instruction by name."""

MNEMONIC: tuple[str, ...] = tuple(name for name, _ in _ROWS)

FILES = ".ifat"
"""The kinds of fields; a kind's position is its number in `FIELD_KINDS`."""

FIELD_KINDS = np.array([[FILES.index(kind) for kind in fields] for _, fields in _ROWS], dtype=np.int64)
"""Shape (instructions, 5): the kind of each of `d, a, b, c, e`."""

INT_FUNCTIONS = ("sign", "popcount", "parity", "bit_length", "mix")
"""What `IFUN` computes, by its number in field b."""

FLOAT_FUNCTIONS = ("exp", "log", "sqrt", "tanh", "sigmoid", "sin", "cos", "sign")
"""What `FFUN` computes, by its number in field b."""

ROUNDINGS = ("truncate", "floor", "ceil")
"""How `F2I` rounds, by its number in field b."""

READ, TAKE, HAND, FROM, UNTIL = 1, 2, 3, 4, 5
"""What an instruction does with the cell of an operand: reads it; reads a temporary, which leaves; hands the cell over
to the destination. `FROM` and `UNTIL` bound the cells that leave when a function returns."""

CONVERT, OPERATE, SWAPPED = 1, 2, 4
"""Field e, for models that follow values: a conversion out of what is tracked; a move that is an operation and gives a
new value; operands that are read in the other order."""

UNPRICED = 1
"""Field e of a load whose element is priced by a later `TOUCH`."""

WRITE_INT, WRITE_BYTE, WRITE_WORD = 1, 2, 3
"""How wide the destination's cell is: as its int value needs, 1 byte, 8 bytes."""
