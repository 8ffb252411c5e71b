"""Linked code, what the machine runs: blocks one after the other, every register, cell and target absolute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from primitives.block import CELL, CONSTANT, LINE, READS, WIDTH, Block, D, Slot
from primitives.opcodes import OPCODE

Table = npt.NDArray[np.int64]
"""Rows of instructions, shape (instructions, WIDTH)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the machine enters: the position of the call, parameters and results with absolute registers and cells."""

    position: int
    parameters: tuple[Slot, ...]
    results: tuple[Slot, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A program for the machine.

    Attributes:
        instructions: (n, 8) uint32, the fields of `opcodes`.
        prices: (n, 4) uint32, three cells read and one written by each instruction.
        lines: (n,) int32, source lines; 0 inside the definitions of primitives.
        ints, floats, arrays, cells: sizes of the register files and the number of scalar cells.
        int_constants, float_constants: values of the last registers of their files.
        cell_names, array_names: the variable that a scalar cell or an array register stands for.
        entries: by function name, what can be called.
        library_spans: for each definition of a primitive its first position, its end, and the int register of its
            return address.
    """

    instructions: npt.NDArray[np.uint32]
    prices: npt.NDArray[np.uint32]
    lines: npt.NDArray[np.int32]
    ints: int
    floats: int
    arrays: int
    cells: int
    int_constants: npt.NDArray[np.int64]
    float_constants: npt.NDArray[np.float64]
    cell_names: dict[int, str]
    array_names: dict[int, str]
    entries: dict[str, Entry]
    library_spans: tuple[tuple[int, int, int], ...]


class Linker:
    """Lays blocks out and makes their fields absolute.

    `bases` holds for each block where its frame begins in each file, and its code; `totals` where the last one ends.
    """

    def __init__(self, roots: list[Block]):
        self.roots = roots
        self.bases: dict[Block, dict[str, int]] = {}
        self.totals = {"i": 0, "f": 0, "a": 0, "c": 0, "t": 2 * len(roots)}
        for root in roots:
            self._place(root)

    def _place(self, block: Block) -> None:
        """Put a block behind those before, and then what it calls."""
        if block not in self.bases:
            self.bases[block] = dict(self.totals)
            for file, size in block.sizes.items():
                self.totals[file] += size
            self.totals["t"] += block.position
            for callee in block.callees:
                self._place(callee)

    def link(self, room: int = 0, arrays: int = 0) -> Code:
        """The code of all blocks, entered through a call of each root.

        Behind it is room for instructions of the caller's own, which count as of no line, and for array registers.
        """
        ints: list[int] = []
        floats: list[float] = []
        table = self._table(ints, floats, room)
        self._refer(table)
        self._enter(table)
        instructions = np.zeros((len(table), 8), dtype=np.uint32)
        instructions[:, :LINE] = table[:, :LINE]
        return Code(
            instructions,
            table[:, READS:WIDTH].astype(np.uint32),
            table[:, LINE].astype(np.int32),
            self.totals["i"] + len(ints),
            self.totals["f"] + len(floats),
            self.totals["a"] + arrays,
            self.totals["c"],
            np.array(ints, dtype=np.int64),
            np.array(floats, dtype=np.float64),
            self._names("c"),
            self._names("a"),
            {root.name: self._entry(index, root) for index, root in enumerate(self.roots)},
            tuple([self._span(block, base) for block, base in self.bases.items() if block.library]),
        )

    def _table(self, ints: list[int], floats: list[float], room: int) -> Table:
        """All rows with absolute fields, behind the place of the entries; collects the constants of both files.

        The offsets of a block are those of its registers and code in the order of `opcodes.FILES`, then of its
        constants likewise, then of its cells.
        """
        offsets: list[int] = []
        rows, origins, firsts = [], [], []
        for block, base in self.bases.items():
            first_int, first_float = self.totals["i"] + len(ints), self.totals["f"] + len(floats)
            registers = (0, base["i"], base["f"], base["a"], base["t"])
            constants = (0, first_int - CONSTANT, first_float - CONSTANT, 0, 0)
            firsts.append(len(offsets))
            offsets += (*registers, *constants, base["c"] * CELL)
            ints.extend(block.int_constants)
            floats.extend(map(float, block.float_constants))
            own, whence = block.table()
            rows.append(own)
            origins.append(whence)
        table = np.zeros((self.totals["t"] + room, WIDTH), dtype=np.int64)
        first = 2 * len(self.roots)
        filled = np.concatenate(rows, out=table[first : self.totals["t"]])
        own_offsets = np.array(firsts).repeat([len(each) for each in rows])
        which = np.concatenate(origins)
        which += own_offsets[:, None]
        filled[:, D:] += np.array(offsets).take(which)
        return table

    def _refer(self, table: Table) -> None:
        """Fill in the fields that refer to the frames of called functions."""
        for block, base in self.bases.items():
            start = base["t"]
            for row, column, callee, file, number, low in block.foreign:
                absolute = self.bases[block.callees[callee]][file] + number
                table[start + row, column] = absolute * CELL + low if file == "c" else absolute

    def _enter(self, table: Table) -> None:
        """Begin with a call and a halt for each root."""
        for index, root in enumerate(self.roots):
            base = self.bases[root]
            table[2 * index, :3] = OPCODE["CALL"], base["t"], base["i"] + root.return_register
            table[2 * index + 1, 0] = OPCODE["HALT"]

    def _names(self, file: str) -> dict[int, str]:
        """The variables, as function.name, of the program's own cells or array registers."""
        names = {}
        for block, base in self.bases.items():
            if not block.library:
                start = base[file]
                for number, name in (block.cell_names if file == "c" else block.array_names).items():
                    names[start + number] = f"{block.name}.{name}"
        return names

    def _span(self, block: Block, base: dict[str, int]) -> tuple[int, int, int]:
        """The first position of a block, its end, and the int register of its return address."""
        return base["t"], base["t"] + block.position, base["i"] + block.return_register

    def _entry(self, index: int, root: Block) -> Entry:
        """Where the machine enters a root."""
        base = self.bases[root]
        cells = base["c"]
        parameters, results = (
            tuple(
                [
                    Slot(slot.type, slot.register + base[slot.file], slot.cell + cells if slot.cell >= 0 else -1)
                    for slot in slots
                ]
            )
            for slots in (root.parameters, root.results)
        )
        return Entry(2 * index, parameters, results, root.parameter_names)
