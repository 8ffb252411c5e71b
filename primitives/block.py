"""Code of one function before it is linked: rows of instructions with registers and cells counted from the function's own frame.

A row holds the fields of `opcodes` (`op, d, a, b, c, e`), the source line, a spare field, three cells that the
instruction reads (in order) and one that it writes. A cell entry is `cell * 8 + how`, 0 for none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from primitives.opcodes import OPCODE
from primitives.types import FLOAT, Type

WIDTH = 12
LINE, READS, WRITE = 6, 8, 11
CONSTANT = 1 << 20
"""Registers from here on hold constants; the linker moves them behind the frame's own."""


class Slot(NamedTuple):
    """Where a parameter or result lives: its type, its register in its file, and its cell (-1: control, or an array)."""

    type: Type
    register: int
    cell: int


class Foreign(NamedTuple):
    """A field that refers to the frame of a called function."""

    row: int
    column: int
    callee: int
    file: str
    number: int
    low: int


@dataclass(slots=True)
class Block:
    """The code of one function for one combination of argument types and of what is data."""

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
    sizes: dict[str, int] = field(default_factory=lambda: {"i": 0, "f": 0, "a": 0, "c": 0})
    constants: dict[str, dict[int | float, int]] = field(default_factory=lambda: {"i": {}, "f": {}})
    cell_names: dict[int, str] = field(default_factory=dict)
    array_names: dict[int, str] = field(default_factory=dict)
    _table: npt.NDArray[np.int64] | None = None

    def emit(
        self, op: str, d: int = 0, a: int = 0, b: int = 0, c: int = 0, e: int = 0, *, line: int, reads: list[int] | None = None, write: int = 0
    ) -> int:
        """Append an instruction; its position."""
        rows = self.rows
        position = len(rows) // WIDTH
        if not reads:
            rows += (OPCODE[op], d, a, b, c, e, line, 0, 0, 0, 0, write)
        else:
            rows += (OPCODE[op], d, a, b, c, e, line, 0, *reads, *(0,) * (3 - len(reads)), write)
        return position

    def table(self) -> npt.NDArray[np.int64]:
        """The rows as an array of shape (instructions, WIDTH), once the block is complete."""
        if self._table is None:
            self._table = np.array(self.rows, dtype=np.int64).reshape(-1, WIDTH)
        return self._table

    @property
    def position(self) -> int:
        """The position of the next instruction."""
        return len(self.rows) // WIDTH

    def aim(self, jump: int, column: int = 1) -> None:
        """Let the jump at `jump` go to the next instruction."""
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
        file = "f" if kind is FLOAT else "i"
        pool = self.constants[file]
        key: int | float | str = value if file == "i" else float(value)
        if file == "f" and key == 0.0 and str(key) == "-0.0":
            key = "-0.0"
        return CONSTANT + pool.setdefault(key, len(pool))  # type: ignore[arg-type]
