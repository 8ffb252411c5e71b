"""The machine around its loop: memory that is allocated once, and how code, arguments and results go in and out.

One machine serves one program after the other; `load` leaves no trace of the one before. What a figure means, and
which models are asked, is `measure`'s business.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import builds, interpreter, lru
from fitness import heap as memory
from fitness.arguments import Value, newly_visible, place
from fitness.arithmetic import width_of
from fitness.interpreter import FIRST_CELL, POSITION, RANDOM, STEP_LIMIT, STEPS, Program, Registers
from fitness.limits import Limits
from fitness.metering import NEXT_VALUE, ROWS, Pricing, Tracing, enter, enter_each
from fitness.statuses import OK, OUTPUT_TOO_LARGE, PAUSED, STATUSES, TRACE_TOO_LONG
from fitness.trace import DROP, INPUT, KEEP, TAKE, WRITE, Trace
from fitness.tracing import COUNT, ENTER_RANGE
from primitives.block import Slot
from primitives.code import Code, Entry
from primitives.learner import Learner
from primitives.types import BOOL, FLOAT, INT

MOST_SCALARS = 1 << 20
LOOP_REGISTERS = 2
"""Int registers behind a program's own, for the loop over queries."""

CHUNK = 1 << 18
"""Rows of the buffer that a traced run fills and the machine empties."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Trap(NamedTuple):
    """How a run ended: its status by name, and the source line where it failed (None if it did not)."""

    status: str
    line: int | None


class Machine:
    """A machine for programs with at most `memory_limit` live bytes of arrays.

    Its arrays are reserved at once and committed by the system as programs touch them.
    """

    def __init__(self, memory_limit: int):
        self.memory_limit = memory_limit
        self.heap = memory.heap(memory_limit)
        self.control = np.zeros(16, dtype=np.int64)
        self.answers = np.zeros(0, dtype=np.int64)
        self.pricing: Pricing | None = None
        self.tracing: Tracing | None = None
        self._arena = int(self.heap.state[memory.ARENA])
        self._stack: lru.Stack | None = None
        self._costs = lru.cost_table()
        self._element_values: Ints | None = None

    # -- a program in

    def load(
        self, code: Code, limits: Limits, seed: int, *, priced: bool = False, traced: bool = False, answers: int = 0
    ) -> None:
        """Prepare for a program: empty memory, registers with its constants, limits and seed."""
        if code.cells > MOST_SCALARS:
            raise ValueError(f"a program has at most {MOST_SCALARS} scalar cells, not {code.cells}")
        self.code, self.limits = code, limits
        memory.clear(self.heap, limits.memory)
        ints, floats = np.zeros(code.ints + LOOP_REGISTERS, dtype=np.int64), np.zeros(code.floats)
        ints[code.ints - len(code.int_constants) : code.ints] = code.int_constants
        if len(code.float_constants):
            floats[-len(code.float_constants) :] = code.float_constants
        arrays = np.zeros((code.arrays + 1) * 8, dtype=np.int64)
        arrays[::8] = -1
        self.registers = Registers(ints, floats, arrays)
        named = np.zeros(code.arrays + 1, dtype=bool)
        named[list(code.array_names)] = True
        self.program = Program(code.instructions.reshape(-1), code.prices.reshape(-1), code.lines, named)
        control = self.control
        control[:] = 0
        control[STEP_LIMIT], control[RANDOM] = limits.steps, np.int64(np.uint64(seed % 2**64))
        control[FIRST_CELL] = code.cells
        control[FIRST_CELL + np.uint64(2)] = code.cells + self._arena
        control[FIRST_CELL + np.uint64(3)] = code.cells + self._arena + self._arena // 4
        self.answers = np.zeros(answers, dtype=np.int64)
        self.pricing = self._pricing(code) if priced else None
        self.tracing = self._tracing(code) if traced else None
        self._chunks: list[tuple[Any, ...]] = []
        self._rows = 0
        builds.ensure("priced" if priced else "traced" if traced else "plain", self._halt)

    def _halt(self) -> None:
        """Run a program that does nothing, in the build that was loaded."""
        nothing = Program(
            *(np.zeros(size, kind) for size, kind in ((8, np.uint32), (4, np.uint32), (1, np.int32), (1, np.bool_)))
        )
        interpreter.run(
            nothing, self.registers, self.heap, self.control, self.answers, math.inf, self.pricing, self.tracing
        )
        self.control[STEPS] = 0

    def _pricing(self, code: Code) -> Pricing:
        if self._stack is None:
            self._stack = lru.allocate(
                MOST_SCALARS + self._arena + self._arena // 4 + self._arena // 8, self.memory_limit + 8 * MOST_SCALARS
            )
        lru.reset(*self._stack)
        return Pricing(
            self._stack,
            self._costs,
            np.zeros(2, dtype=np.int64),
            np.zeros(1),
            np.zeros(code.cells + 1, dtype=np.uint8),
            np.zeros(len(code.lines)),
            np.zeros(code.cells + 1),
            np.zeros(code.arrays + 2),
            np.zeros(65, dtype=np.int64),
        )

    def _tracing(self, code: Code) -> Tracing:
        if self._element_values is None:
            self._element_values = np.zeros(
                MOST_SCALARS + self._arena + self._arena // 4 + self._arena // 8, dtype=np.int64
            )
        counts = np.zeros(8, dtype=np.int64)
        counts[NEXT_VALUE] = 1
        rows = CHUNK + 8 * (code.arrays + 1)
        return Tracing(
            counts,
            np.empty(rows, dtype=np.uint8),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int64),
            np.empty(rows, dtype=np.uint8),
            np.zeros(code.ints + LOOP_REGISTERS, dtype=np.int64),
            np.zeros(code.floats, dtype=np.int64),
            self._element_values,
            np.zeros(0, dtype=np.uint8),
            np.zeros(code.cells + 1, dtype=np.uint8),
        )

    # -- arguments in

    def place_queries(self, learner: Learner, queries: NDArray[Any]) -> str:
        """Place the queries of a learner, of shape (queries, columns), off the stack until each is asked; a status by name."""
        buffers, placements = place([queries])
        code, number = self._buffer(buffers[0])
        if code != OK:
            return STATUSES[code]
        where = placements[0]
        self._point(learner.queries, number, where.offset, where.shape, where.strides)
        self.heap.buffers[number * 8 + int(memory.OWNER)] = learner.query
        self.registers.ints[learner.counter] = 0
        self.registers.ints[learner.count] = len(queries)
        return "ok"

    def _buffer(self, elements: NDArray[Any]) -> tuple[int, int]:
        """A new buffer with these elements, off the stack: a status and its number."""
        log = {1: 0, 4: 2, 8: 3}[elements.itemsize]
        status, number = memory.allocate(self.heap.state, self.heap.buffers, self.heap.i8, len(elements), 1, log)
        if status == OK:
            offset = int(self.heap.buffers[number * 8 + int(memory.ADDRESS)]) >> log
            self._view(elements.dtype)[offset : offset + len(elements)] = elements
        return status, number

    def bind(self, entry: Entry, values: list[Value]) -> str:
        """Place the arguments of an entry, the first on top of the stack; a status by name."""
        arrays = [index for index, value in enumerate(values) if value.argument.type.rank > 0]
        buffers, placements = place([values[index].value for index in arrays])
        numbers: list[int] = []
        for buffer in buffers:
            status, number = self._buffer(buffer)
            if status != OK:
                return STATUSES[status]
            numbers.append(number)
        entering = newly_visible(buffers, placements)
        for index in reversed(range(len(values))):
            slot = entry.parameters[index]
            if index not in arrays:
                self._scalar(slot, values[index].value)
                continue
            position = arrays.index(index)
            where = placements[position]
            number = numbers[where.buffer]
            self._point(slot.register, number, where.offset, where.shape, where.strides)
            self._enter(number, entering[position])
            if len(entering[position]):
                self.heap.buffers[number * 8 + int(memory.OWNER)] = slot.register
        return "ok"

    def _view(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        return {"u1": self.heap.u1, "i4": self.heap.i4, "i8": self.heap.i8, "f4": self.heap.f4, "f8": self.heap.f8}[
            dtype.str[1:]
        ]

    def _point(self, register: int, number: int, offset: int, shape: tuple[int, int], strides: tuple[int, int]) -> None:
        log = int(self.heap.buffers[number * 8 + int(memory.WIDTH)])
        base = int(self.heap.buffers[number * 8 + int(memory.ADDRESS)]) >> log
        self.heap.buffers[number * 8 + int(memory.REFERENCES)] += 1
        self.registers.arrays[register * 8 : register * 8 + 6] = number, base + offset, *shape, *strides

    def _enter(self, number: int, elements: Ints | range) -> None:
        """Put elements of a buffer on the stack, the first on top."""
        log = int(self.heap.buffers[number * 8 + int(memory.WIDTH)])
        address = int(self.heap.buffers[number * 8 + int(memory.ADDRESS)])
        first, width, count = int(self.control[int(FIRST_CELL) + log]) + (address >> log), 1 << log, len(elements)
        if self.pricing is not None:
            if isinstance(elements, range):
                enter(self.pricing, first, count, width, True)
            else:
                enter_each(self.pricing, first + elements[::-1], width)
        if self.tracing is not None:
            cells = first + np.arange(count) if isinstance(elements, range) else first + elements
            value = int(self.tracing.counts[NEXT_VALUE])
            values = np.arange(value, value + count, dtype=np.int64)
            self.tracing.counts[NEXT_VALUE] = value + count
            self.tracing.element_values[cells] = values << 4 | width
            self._note(WRITE, cells[::-1], width)
            self._note(INPUT, values, width)

    def _scalar(self, slot: Slot, value: Any) -> None:
        """Put a scalar argument into its register, and a data scalar's cell on the stack."""
        kind = slot.type
        (self.registers.floats if kind is FLOAT else self.registers.ints)[slot.register] = value
        if slot.cell < 0:
            return
        width = width_of(int(value)) if kind is INT else 1 if kind is BOOL else 8
        if self.pricing is not None:
            stack = self.pricing.stack
            self.pricing.widths[slot.cell] = width
            lru.push_range(stack.state, stack.bits, stack.tree, stack.position, stack.owner, slot.cell, 1, width, True)
        if self.tracing is not None:
            number = int(self.tracing.counts[NEXT_VALUE])
            self.tracing.counts[NEXT_VALUE] = number + 1
            self.tracing.cell_widths[slot.cell] = width
            shadows = self.tracing.float_values if kind is FLOAT else self.tracing.int_values
            shadows[slot.register] = number << 4 | 8
            self._note(WRITE, np.array([slot.cell]), width)
            self._note(INPUT, np.array([number]), 8)

    # -- running

    def run(self, entry: Entry) -> Trap:
        """Run an entry to its end."""
        self.control[POSITION] = entry.position
        while True:
            status = interpreter.run(
                self.program,
                self.registers,
                self.heap,
                self.control,
                self.answers,
                self.limits.energy,
                self.pricing,
                self.tracing,
            )
            if status != PAUSED:
                break
            self._collect()
            if self._rows > self.limits.events:
                status = TRACE_TOO_LONG
                break
        if self.tracing is not None:
            self._collect()
        return Trap(STATUSES[status], None if status == OK else self._line())

    def _line(self) -> int | None:
        """The line of the program's own code that was being executed."""
        position = int(self.control[POSITION])
        for _ in range(64):
            line = int(self.code.lines[position])
            if line:
                return line
            caller = self._caller(position)
            if caller is None:
                break
            position = caller
        return None

    def _caller(self, position: int) -> int | None:
        """The call that the definition of a primitive at `position` was entered through."""
        for start, end, register in self.code.library_spans:
            if start <= position < end:
                return int(self.registers.ints[register]) - 1
        return None

    # -- results out

    @property
    def steps(self) -> int:
        """Instructions executed so far."""
        return min(int(self.control[STEPS]), self.limits.steps)

    @property
    def energy(self) -> float:
        """What `dmc` charged so far, 0 if the program is not priced."""
        return float(self.pricing.energy[0]) if self.pricing is not None else 0.0

    @property
    def peak_memory(self) -> int:
        """The largest number of live bytes so far."""
        return int(self.heap.state[memory.PEAK])

    def results(self, entry: Entry) -> tuple[str, list[Any]]:
        """The values that an entry returned: a status, and Python scalars and numpy arrays."""
        total = 0
        for slot in entry.results:
            if slot.type.rank > 0:
                rows, columns = self.registers.arrays[slot.register * 8 + 2 : slot.register * 8 + 4]
                total += int(rows) * int(columns) * (slot.type.dtype.width if slot.type.dtype else 8)
        if total > self.limits.output:
            return STATUSES[OUTPUT_TOO_LARGE], []
        return "ok", [self._result(slot) for slot in entry.results]

    def _result(self, slot: Slot) -> Any:
        if slot.type.rank == 0:
            if slot.type is FLOAT:
                return float(self.registers.floats[slot.register])
            value = int(self.registers.ints[slot.register])
            return bool(value) if slot.type is BOOL else value
        return self._elements(slot, self._view(slot.type.dtype.numpy)).copy()  # type: ignore[union-attr]

    def _elements(self, slot: Slot, view: NDArray[Any], first: int = 0) -> NDArray[Any]:
        """The elements of an array register, looked up in an array that runs parallel to the arena."""
        _, offset, rows, columns, row_stride, column_stride = map(
            int, self.registers.arrays[slot.register * 8 : slot.register * 8 + 6]
        )
        shape = (rows,) if slot.type.rank == 1 else (rows, columns)
        strides = (row_stride,) if slot.type.rank == 1 else (row_stride, column_stride)
        size = view.itemsize
        return np.lib.stride_tricks.as_strided(view[first + offset :], shape, [stride * size for stride in strides])

    # -- traces

    def _note(self, kind: int, ids: Ints, width: int) -> None:
        """Add events that the loop did not write: arguments and results."""
        count = len(ids)
        site = 0
        self._chunks.append(
            (
                np.full(count, kind, np.uint8),
                np.full(count, site, np.int32),
                np.asarray(ids, np.int64),
                np.full(count, width, np.uint8),
            )
        )

    def _collect(self) -> None:
        """Empty the buffer of events."""
        assert self.tracing is not None
        rows = int(self.tracing.counts[ROWS])
        tracing = self.tracing
        self._chunks.append(
            tuple(column[:rows].copy() for column in (tracing.kinds, tracing.sites, tracing.ids, tracing.widths))
        )
        tracing.counts[ROWS] = 0
        self._rows += rows

    def trace(self, entry: Entry) -> Trace:
        """All events of a traced run, with the values that the entry returned."""
        assert self.tracing is not None
        for slot in entry.results:
            if slot.type.rank > 0:
                width = slot.type.dtype.width if slot.type.dtype else 8
                first = int(self.control[int(FIRST_CELL) + {1: 0, 4: 2, 8: 3}[width]])
                shadows = self._elements(slot, self.tracing.element_values, first).reshape(-1)
            else:
                values = self.tracing.float_values if slot.type is FLOAT else self.tracing.int_values
                shadows = values[slot.register : slot.register + 1]
            kept = shadows[shadows > 0] >> 4
            self._note(KEEP, kept, 8)
        return _spread(*(np.concatenate(column) for column in zip(*self._chunks, strict=True)))


def _spread(kind: NDArray[np.uint8], site: NDArray[np.int32], number: Ints, width: NDArray[np.uint8]) -> Trace:
    """A trace with ranges of cells written out, and cells numbered from 0 without gaps."""
    counts = np.ones(len(kind), dtype=np.int64)
    ranges = np.flatnonzero(kind > COUNT - 3)
    starts = ranges[kind[ranges] != COUNT]
    counts[starts] = number[starts + 1]
    counts[starts + 1] = 0
    order = np.repeat(np.arange(len(kind)), counts)
    within = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    kinds = np.where(kind == ENTER_RANGE, WRITE, np.where(kind > ENTER_RANGE, DROP, kind)).astype(np.uint8)[order]
    numbers = number[order] + within
    cells = kinds <= TAKE
    numbers[cells] = np.unique(numbers[cells], return_inverse=True)[1]
    return Trace(kinds, site[order], numbers, width[order])


_MACHINES: dict[str, Machine] = {}


def shared(memory_limit: int) -> Machine:
    """This process's machine, with room for at least `memory_limit` live bytes."""
    machine = _MACHINES.get("machine")
    if machine is None or machine.memory_limit < memory_limit:
        machine = _MACHINES["machine"] = Machine(memory_limit)
    return machine
