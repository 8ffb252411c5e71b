"""Code of one function before it is linked: rows of instructions, registers and cells counted from its own frame.

A row holds the fields of `opcodes` (`op, d, a, b, c, e`), the source line, a spare field, three cells that the
instruction reads (in order) and one that it writes. A cell entry is `cell * CELL + how`, 0 for none.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from primitives.opcodes import FIELD_KINDS, FILES, OPCODE, WRITE_BYTE, WRITE_INT, WRITE_WORD
from primitives.types import BOOL, FLOAT, INT, Type

WIDTH = 12
D, A, B, C, E, LINE, READS, WRITE = 1, 2, 3, 4, 5, 6, 8, 11
"""The columns of a row, after the opcode in column 0; those of the cells read are READS to WRITE - 1."""

MOST_READS = WRITE - READS
"""Cells that one instruction can read."""

CELL = 8
"""What a cell's number is multiplied with in its entry: more than any way of using it."""

CONSTANT = 1 << 20
"""Registers from here on hold constants; the linker moves them behind the frame's own."""

_NO_READS = ((0, 0, 0), (0, 0), (0,), ())
"""What makes three of the cells that an instruction reads, by how many there are."""


class Slot(NamedTuple):
    """Where a value lives: its type, its register in its file, and its cell (-1: control, or an array)."""

    type: Type
    register: int
    cell: int = -1

    @property
    def file(self) -> str:
        """The file of its register: i, f or a."""
        return "a" if self.type.rank > 0 else "f" if self.type is FLOAT else "i"

    @property
    def write(self) -> int:
        """The entry for writing a scalar there; 0 if it has no cell."""
        return self.cell * CELL + _WRITES[self.type] if self.cell >= 0 else 0


_WRITES = {INT: WRITE_INT, BOOL: WRITE_BYTE, FLOAT: WRITE_WORD}


def move_to(slot: Slot) -> str:
    """The instruction that moves a scalar to a place."""
    return "FMOV" if slot.type is FLOAT else "IMOV"


class Foreign(NamedTuple):
    """A field that refers to the frame of a called function."""

    row: int
    column: int
    callee: int
    file: str
    number: int
    low: int


@dataclass(slots=True, eq=False)
class Block:
    """The code of one function for one combination of argument types and of what is data.

    `parts` are the functions of the program among its callees, with what each was made of (`codegen.Generator`).
    """

    name: str
    library: bool
    rows: list[int] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    callees: list[Block] = field(default_factory=list)
    parameters: list[Slot] = field(default_factory=list)
    results: list[Slot] = field(default_factory=list)
    parameter_names: tuple[str, ...] = ()
    array_data: list[bool] = field(default_factory=list)
    return_register: int = 0
    line: int = 0
    sizes: dict[str, int] = field(default_factory=lambda: {"i": 0, "f": 0, "a": 0, "c": 0})
    int_constants: dict[int, int] = field(default_factory=dict)
    float_constants: dict[float | str, int] = field(default_factory=dict)
    cell_names: dict[int, str] = field(default_factory=dict)
    array_names: dict[int, str] = field(default_factory=dict)
    parts: tuple[tuple[Any, Block], ...] = ()
    _table: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None

    def emit(
        self,
        op: str,
        d: int = 0,
        a: int = 0,
        b: int = 0,
        c: int = 0,
        *,
        e: int = 0,
        reads: Sequence[int] = (),
        write: int = 0,
    ) -> int:
        """Append an instruction for the current line; its position."""
        rows = self.rows
        position = len(rows) // WIDTH
        if reads:
            rows += (OPCODE[op], d, a, b, c, e, self.line, 0, *reads, *_NO_READS[len(reads)], write)
        else:
            rows += (OPCODE[op], d, a, b, c, e, self.line, 0, 0, 0, 0, write)
        return position

    def table(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The rows of a complete block, shape (instructions, WIDTH), and what each field behind the first counts from.

        That is a position in the linker's offsets, shape (instructions, WIDTH - 1).
        """
        if self._table is None:
            packed = struct.pack(f"={len(self.rows)}q", *self.rows)  # in a third of the time of np.array
            rows = np.frombuffer(packed, dtype=np.int64).reshape(-1, WIDTH)
            origins = np.zeros((len(rows), WIDTH - 1), dtype=np.int64)
            np.multiply(rows[:, D:LINE] >= CONSTANT, len(FILES), out=origins[:, : LINE - D])
            origins[:, : LINE - D] += FIELD_KINDS.take(rows[:, 0], axis=0)
            np.multiply(rows[:, READS:] > 0, 2 * len(FILES), out=origins[:, READS - D :])
            self._table = rows, origins
        return self._table

    @property
    def position(self) -> int:
        """The position of the next instruction."""
        return len(self.rows) // WIDTH

    def aim(self, jumps: Iterable[int], column: int = D) -> None:
        """Let jumps go to the next instruction."""
        for jump in jumps:
            self.rows[jump * WIDTH + column] = self.position

    def refer(self, column: int, callee: int, file: str, number: int, low: int = 0) -> None:
        """Let a field of the next instruction refer to the frame of a callee."""
        self.foreign.append(Foreign(self.position, column, callee, file, number, low))

    def new(self, file: str) -> int:
        """A new register of a file, or a cell (`c`), that is never reused."""
        number = self.sizes[file]
        self.sizes[file] = number + 1
        return number

    def constant(self, value: bool | int | float, kind: Type) -> int:
        """The register that holds a constant."""
        if kind is not FLOAT:
            return CONSTANT + self.int_constants.setdefault(int(value), len(self.int_constants))
        number = float(value)
        key = "-0.0" if number == 0.0 and math.copysign(1.0, number) < 0.0 else number  # 0.0 and -0.0 are equal
        return CONSTANT + self.float_constants.setdefault(key, len(self.float_constants))

    def constant_value(self, register: int) -> int | None:
        """The value of an int register that holds a constant."""
        return None if register < CONSTANT else list(self.int_constants)[register - CONSTANT]
