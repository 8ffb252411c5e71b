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
        next_int, next_float = totals["i"], totals["f"]
        ints: list[int] = []
        floats: list[float] = []
        parts = [self._stub()]
        for block in self.blocks:
            parts.append(self._relocate(block, next_int + len(ints), next_float + len(floats)))
            ints.extend(int(value) for value in block.constants["i"])
            floats.extend(float(value) for value in block.constants["f"])
        table = np.concatenate(parts)
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
            next_int + len(ints),
            next_float + len(floats),
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

    def _stub(self) -> npt.NDArray[np.int64]:
        """A call of each root, after which the machine halts."""
        rows = np.zeros((2 * len(self.roots), WIDTH), dtype=np.int64)
        for index, root in enumerate(self.roots):
            base = self.bases[id(root)]
            rows[2 * index, :3] = OPCODE["CALL"], base["t"], base["i"] + root.return_register
            rows[2 * index + 1, 0] = OPCODE["HALT"]
        return rows

    def _relocate(self, block: Block, first_int: int, first_float: int) -> npt.NDArray[np.int64]:
        base = self.bases[id(block)]
        table = np.array(block.rows, dtype=np.int64).reshape(-1, WIDTH)
        kinds = FIELD_KINDS[table[:, 0]]
        fields = table[:, 1:6]
        constant = fields >= CONSTANT
        offsets = np.array([0, base["i"], base["f"], base["a"], base["t"]])
        constants = np.array([0, first_int - CONSTANT, first_float - CONSTANT, 0, 0])
        fields += np.where(constant, constants[kinds], offsets[kinds])
        prices = table[:, READS:WIDTH]
        prices += (prices > 0) * (base["c"] * 8)
        for reference in block.foreign:
            other = self.bases[id(block.callees[reference.callee])][reference.file]
            number = other + reference.number
            table[reference.row, reference.column] = number * 8 + reference.low if reference.file == "c" else number
        return table

    def _entry(self, index: int, root: Block) -> Entry:
        base = self.bases[id(root)]

        def absolute(slot: Slot) -> Slot:
            file = "a" if slot.type.rank > 0 else "f" if slot.type.name == "float" else "i"
            return Slot(slot.type, slot.register + base[file], slot.cell + base["c"] if slot.cell >= 0 else -1)

        return Entry(
            2 * index, tuple(map(absolute, root.parameters)), tuple(map(absolute, root.results)), root.parameter_names
        )


