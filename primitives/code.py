"""Linked code: what the machine runs. Blocks are laid one after the other and every register, cell and target becomes absolute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from primitives.block import CONSTANT, LINE, READS, WIDTH, Block, Slot
from primitives.opcodes import FIELD_KINDS, OPCODE


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
        library_spans: for each definition of a primitive its first position, its end, and the int register of its return address.
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
    """Lays blocks out and makes their fields absolute."""

    def __init__(self, roots: list[Block]):
        self.blocks: list[Block] = []
        seen: set[int] = set()
        for root in roots:
            self._collect(root, seen)
        self.bases: dict[int, dict[str, int]] = {}
        totals = {"i": 0, "f": 0, "a": 0, "c": 0, "t": 2 * len(roots)}
        for block in self.blocks:
            self.bases[id(block)] = dict(totals)
            for file, size in block.sizes.items():
                totals[file] += size
            totals["t"] += block.position
        self.totals = totals
        self.roots = roots

    def _collect(self, block: Block, seen: set[int]) -> None:
        if id(block) not in seen:
            seen.add(id(block))
            self.blocks.append(block)
            for callee in block.callees:
                self._collect(callee, seen)

    def link(self) -> Code:
        """The code of all blocks, entered through a call of each root."""
        totals = self.totals
        table, ints, floats = self._table()
        instructions = np.zeros((len(table), 8), dtype=np.uint32)
        instructions[:, :6] = table[:, :6]
        cell_names: dict[int, str] = {}
        array_names: dict[int, str] = {}
        for block in self.blocks:
            if not block.library:
                base = self.bases[id(block)]
                cell_names |= {base["c"] + cell: f"{block.name}.{name}" for cell, name in block.cell_names.items()}
                array_names |= {base["a"] + array: f"{block.name}.{name}" for array, name in block.array_names.items()}
        return Code(
            instructions,
            table[:, READS:WIDTH].astype(np.uint32),
            table[:, LINE].astype(np.int32),
            totals["i"] + len(ints),
            totals["f"] + len(floats),
            totals["a"],
            totals["c"],
            np.array(ints, dtype=np.int64),
            np.array(floats, dtype=np.float64),
            cell_names,
            array_names,
            {root.name: self._entry(index, root) for index, root in enumerate(self.roots)},
            tuple(self._span(block) for block in self.blocks if block.library),
        )

    def _span(self, block: Block) -> tuple[int, int, int]:
        base = self.bases[id(block)]
        return base["t"], base["t"] + block.position, base["i"] + block.return_register

    def _table(self) -> tuple[npt.NDArray[np.int64], list[int], list[float]]:
        """All rows with absolute fields, after a call and a halt for each root, and the constants of both files."""
        ints: list[int] = []
        floats: list[float] = []
        offsets = np.zeros((len(self.blocks), 5), dtype=np.int64)
        constants = np.zeros((len(self.blocks), 5), dtype=np.int64)
        cells = np.zeros(len(self.blocks), dtype=np.int64)
        for index, block in enumerate(self.blocks):
            base = self.bases[id(block)]
            offsets[index] = 0, base["i"], base["f"], base["a"], base["t"]
            constants[index, 1:3] = self.totals["i"] + len(ints) - CONSTANT, self.totals["f"] + len(floats) - CONSTANT
            cells[index] = base["c"] * 8
            ints.extend(map(int, block.constants["i"]))
            floats.extend(map(float, block.constants["f"]))
        tables = [block.table() for block in self.blocks]
        stub = 2 * len(self.roots)
        table = np.zeros((stub + sum(map(len, tables)), WIDTH), dtype=np.int64)
        rows = np.concatenate(tables, out=table[stub:])
        owner = np.repeat(np.arange(len(tables)), [len(part) for part in tables])[:, None]
        kinds = FIELD_KINDS[rows[:, 0]]
        fields = rows[:, 1:6]
        fields += np.where(fields >= CONSTANT, constants[owner, kinds], offsets[owner, kinds])
        prices = rows[:, READS:WIDTH]
        prices += (prices > 0) * cells[owner]
        for block in self.blocks:
            start = self.bases[id(block)]["t"]
            for row, column, callee, file, number, low in block.foreign:
                absolute = self.bases[id(block.callees[callee])][file] + number
                table[start + row, column] = absolute * 8 + low if file == "c" else absolute
        for index, root in enumerate(self.roots):
            base = self.bases[id(root)]
            table[2 * index, :3] = OPCODE["CALL"], base["t"], base["i"] + root.return_register
            table[2 * index + 1, 0] = OPCODE["HALT"]
        return table, ints, floats

    def _entry(self, index: int, root: Block) -> Entry:
        base = self.bases[id(root)]

        def absolute(slot: Slot) -> Slot:
            file = "a" if slot.type.rank > 0 else "f" if slot.type.name == "float" else "i"
            return Slot(slot.type, slot.register + base[file], slot.cell + base["c"] if slot.cell >= 0 else -1)

        return Entry(
            2 * index, tuple(map(absolute, root.parameters)), tuple(map(absolute, root.results)), root.parameter_names
        )


