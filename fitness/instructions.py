"""The numbers of the machine's instructions as names: compiled loops want plain globals.

The order is that of `primitives.opcodes`, which says what each instruction does with its fields.
"""

from __future__ import annotations

from primitives.opcodes import OPCODE

# fmt: off
(
    HALT, JUMP, JZ, JNZ, JZF, JNZF, FOR, NEXT, NEXT1, CALL, RET, SAME,
    IMOV, IADD, ISUB, IMUL, IFDIV, IREM, IPOW, IAND, IOR, IXOR, ISHL, ISHR, IMIN, IMAX,
    IEQ, INE, ILT, ILE, MULW, ADDW, INEG, INOT, IABS, IFUN,
    FMOV, FADD, FSUB, FMUL, FDIV, FFDIV, FREM, FPOW, FMIN, FMAX, FEQ, FNE, FLT, FLE, FNEG, FABS, FFUN,
    F2I, I2F, I2FX, RAND, RANDINT, SEED,
    LD1U1, LD1I4, LD1I8, LD1F4, LD1F8, LD2U1, LD2I4, LD2I8, LD2F4, LD2F8,
    ST1U1, ST1I4, ST1I8, ST1F4, ST1F8, ST2U1, ST2I4, ST2I8, ST2F4, ST2F8,
    TOUCH1, TOUCH2, ALLOC, AMOV, ATAKE, AFREE, ROW, COL, SLICE, WINDOW, TURN, DIM, ASK, TELL,
) = range(len(OPCODE))
# fmt: on
