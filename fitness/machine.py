"""The machine around its loop: memory that is allocated once, and how code, arguments and results go in and out.

One machine serves one program after the other; `load` leaves no trace of the one before. What a figure means, and
which models are asked, is `measure`'s business.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import builds, calibration, interpreter, lru
from fitness import heap as memory
from fitness.arguments import Arrangement, Placement
from fitness.arithmetic import width_of
from fitness.array_instructions import FIRST_CELL
from fitness.interpreter import POSITION, RANDOM, STEP_LIMIT, STEPS, Program, Registers
from fitness.layout import data_scalars, registers_of
from fitness.limits import Limits
from fitness.metering import Pricing, Tracing, enter, enter_each
from fitness.placing import Layout, Start, place
from fitness.recording import Recorder
from fitness.statuses import OK, OUTPUT_TOO_LARGE, PAUSED, STATUSES, TRACE_TOO_LONG
from fitness.trace import Trace
from primitives.block import Slot
from primitives.code import Code, Entry
from primitives.learner import Learner
from primitives.types import BOOL, FLOAT, INT

MOST_SCALARS = 1 << 20
LOOP_REGISTERS = 2
"""Int registers behind a program's own, for the loop over queries."""

# Indices of the heap's and the control block's entries as Python ints.
_ADDRESS, _WIDTH, _REFERENCES, _OWNER = map(int, (memory.ADDRESS, memory.WIDTH, memory.REFERENCES, memory.OWNER))
_FIRST_CELL = int(FIRST_CELL)
_LOGS = {1: 0, 4: 2, 8: 3}

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
        self.recorder: Recorder | None = None
        self._arena = memory.arena_size(memory_limit)
        self._cells = self._arena + self._arena // 4 + self._arena // 8
        """Cells that the elements in the arena may need: one for each byte, each 4 bytes, each 8 bytes."""
        self._stack: lru.Stack | None = None
        self._costs = lru.cost_table()
        self._element_values: Ints | None = None
        self._build = ""
        self._placed: Learner | None = None
        self._runs: dict[str, Callable[..., int]] = {}
        self._places: dict[str, Callable[..., int]] = {}

    # -- a program in

    def load(
        self, code: Code, limits: Limits, seed: int, *, priced: bool = False, traced: bool = False, answers: int = 0
    ) -> None:
        """Prepare for a program: empty memory, registers with its constants, limits and seed."""
        self._build = "priced" if priced else "traced" if traced else "plain"
        self._placed = None
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
        control[_FIRST_CELL] = code.cells
        control[_FIRST_CELL + 2] = code.cells + self._arena
        control[_FIRST_CELL + 3] = code.cells + self._arena + self._arena // 4
        self.answers = np.zeros(answers, dtype=np.int64)
        self.pricing = self._pricing(code) if priced else None
        self.recorder = self._recorder(code) if traced else None
        self.tracing = self.recorder.tracing if self.recorder is not None else None
        self._start = Start(ints.copy(), floats.copy())
        self._picoseconds: Ints | None = None
        if self._build not in self._runs:
            builds.ensure(self._build, self._compiled)
            self._runs[self._build] = self._compiled()

    def _compiled(self) -> Callable[..., int]:
        """The interpreter in the build that was loaded, whose arguments always have the same types."""
        state = self.program, self.registers, self.heap, self.control, self.answers, math.inf
        return builds.direct(interpreter.run, *state, self.pricing, self.tracing)

    def _pricing(self, code: Code) -> Pricing:
        if self._stack is None:
            self._stack = lru.allocate(MOST_SCALARS + self._cells, self.memory_limit + 8 * MOST_SCALARS)
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
            np.zeros(len(code.lines) + 2, dtype=np.int64),
        )

    def _recorder(self, code: Code) -> Recorder:
        """The buffers of a traced run."""
        if self._element_values is None:
            self._element_values = np.zeros(MOST_SCALARS + self._cells, dtype=np.int64)
        return Recorder(code.ints + LOOP_REGISTERS, code.floats, code.arrays + 1, code.cells, self._element_values)

    # -- arguments in

    def bind(self, entry: Entry, arguments: Arrangement) -> str:
        """Place the arguments of an entry, the first on top of the stack; a status by name."""
        numbers: list[int] = []
        for elements in arguments.buffers:
            status, number = self._buffer(elements)
            if status != OK:
                return STATUSES[status]
            numbers.append(number)
        for index in reversed(range(len(arguments.arguments))):
            slot, argument = entry.parameters[index], arguments.arguments[index]
            if not isinstance(argument, Placement):
                self._scalar(slot, argument)
                continue
            number = numbers[argument.buffer]
            self._point(slot.register, number, argument)
            visible = arguments.visible[index]
            if len(visible):
                self._enter(number, visible)
                self.heap.buffers[number * 8 + _OWNER] = slot.register
        return "ok"

    def place(self, learner: Learner, instance: Layout, limits: Limits, seed: int, build: str, answers: int) -> str:
        """Load a learner, unless that was the last thing this machine was used for, and place an instance of it.

        Args:
            learner: the program; its queries stay off the stack until each is asked.
            instance: what `placing.layout` made.
            limits: of the whole.
            seed: the start of its random numbers.
            build: `plain`, `priced` or `traced`.
            answers: how many it gives at most.

        Returns:
            A status by name.
        """
        again = self._placed is learner and self.limits is limits and self._build == build != "traced"
        if again:
            self.control[RANDOM] = np.int64(np.uint64(seed % 2**64))
            if len(self.answers) != answers:
                self.answers = np.zeros(answers, dtype=np.int64)
        else:
            self.load(learner.code, limits, seed, priced=build == "priced", traced=build == "traced", answers=answers)
            self._learner, self._arena_in_use = registers_of(learner), memory.arena_size(limits.memory)
        arguments = (
            again,
            self._start,
            self.registers,
            self._learner,
            self.heap,
            limits.memory,
            self._arena_in_use,
            self.control,
            self.pricing,
            instance,
        )
        if build not in self._places:
            self._places[build] = builds.direct(place, *arguments)
        status = self._places[build](*arguments)
        self._placed = learner
        if self.recorder is not None and status == OK:
            for slot, value in data_scalars(instance, learner.code.entries["fit"]):
                self.recorder.enter_scalar(slot, width_of(value))
            first = int(self.control[_FIRST_CELL])
            for number, elements in instance.entered():
                self.recorder.enter_elements(first + self._first(number)[0] + elements, 1)
        return STATUSES[status]

    def _buffer(self, elements: NDArray[Any]) -> tuple[int, int]:
        """A new buffer with these elements, off the stack: a status and its number."""
        log = _LOGS[elements.itemsize]
        heap = self.heap
        status, number = memory.allocate(heap.state, heap.buffers, heap.i8, heap.tags, len(elements), 1, log)
        if status == OK:
            offset = int(self.heap.buffers[number * 8 + _ADDRESS]) >> log
            self._view(elements.dtype)[offset : offset + len(elements)] = elements
        return status, number

    def _view(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        """The arena as elements of a type."""
        view: NDArray[Any] = getattr(self.heap, dtype.str[1:])
        return view

    def _first(self, number: int) -> tuple[int, int]:
        """The first element of a buffer in the arena, in elements, and log2 of their width."""
        row = number * 8
        log = int(self.heap.buffers[row + _WIDTH])
        return int(self.heap.buffers[row + _ADDRESS]) >> log, log

    def _point(self, register: int, number: int, where: Placement) -> None:
        """Let an array register look at a buffer."""
        first, _ = self._first(number)
        self.heap.buffers[number * 8 + _REFERENCES] += 1
        entry = (number, first + where.offset, *where.shape, *where.strides)
        self.registers.arrays[register * 8 : register * 8 + 6] = entry

    def _enter(self, number: int, elements: Ints | range) -> None:
        """Put elements of a buffer on the stack, the first on top."""
        offset, log = self._first(number)
        first = int(self.control[_FIRST_CELL + log]) + offset
        if self.pricing is not None:
            if isinstance(elements, range) and elements.step == 1:
                enter(self.pricing, first + elements.start, len(elements), 1 << log, True)
            else:
                enter_each(self.pricing, first + np.asarray(elements, dtype=np.int64)[::-1], 1 << log)
        if self.recorder is not None:
            self.recorder.enter_elements(first + np.asarray(elements, dtype=np.int64), 1 << log)

    def _scalar(self, slot: Slot, value: bool | int | float) -> None:
        """Put a scalar argument into its register, and a data scalar's cell on the stack."""
        kind = slot.type
        if kind is FLOAT:
            self.registers.floats[slot.register] = value
        else:
            self.registers.ints[slot.register] = value
        if slot.cell < 0:
            return
        width = width_of(int(value)) if kind is INT else 1 if kind is BOOL else 8
        if self.pricing is not None:
            self.pricing.widths[slot.cell] = width
            enter(self.pricing, slot.cell, 1, width, True)
        if self.recorder is not None:
            self.recorder.enter_scalar(slot, width)

    # -- running

    def run(self, entry: Entry) -> Trap:
        """Run an entry to its end."""
        self.control[POSITION] = entry.position
        status = self._go_on()
        if self.recorder is not None:
            complete = self.recorder.collect(self.limits.events)
            while status == PAUSED and complete:
                status = self._go_on()
                complete = self.recorder.collect(self.limits.events)
            if not complete:
                status = TRACE_TOO_LONG
        return Trap(STATUSES[status], None if status == OK else self._line())

    def _go_on(self) -> int:
        """Run from where the machine is; a status by number."""
        return self._runs[self._build](
            self.program,
            self.registers,
            self.heap,
            self.control,
            self.answers,
            self.limits.energy,
            self.pricing,
            self.tracing,
        )

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
    def seconds(self) -> float:
        """Calibrated seconds of what was executed so far; 0 if the program is not priced."""
        if self.pricing is None:
            return 0.0
        if self._picoseconds is None:
            self._picoseconds = calibration.by_position(self.code.instructions)
        return int(self.pricing.executed @ self._picoseconds) * calibration.PICOSECOND

    @property
    def executed(self) -> Ints:
        """Instructions executed so far by class (`calibration.CLASSES`); none if the program is not priced."""
        if self.pricing is None:
            return np.zeros(len(calibration.CLASSES), dtype=np.int64)
        return calibration.by_class(self.code.instructions, self.pricing.executed)

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

    def trace(self, entry: Entry) -> Trace:
        """All events of a traced run, with the values that the entry returned."""
        assert self.recorder is not None
        for slot in entry.results:
            if slot.type.rank > 0 and slot.type.dtype is not None:
                first = int(self.control[_FIRST_CELL + _LOGS[slot.type.dtype.width]])
                self.recorder.keep(self._elements(slot, self.recorder.tracing.element_values, first).reshape(-1))
            else:
                self.recorder.keep_scalar(slot)
        return self.recorder.trace()


_MACHINES: dict[str, Machine] = {}


def shared(memory_limit: int) -> Machine:
    """This process's machine, with room for at least `memory_limit` live bytes."""
    machine = _MACHINES.get("machine")
    if machine is None or machine.memory_limit < memory_limit:
        machine = _MACHINES["machine"] = Machine(memory_limit)
    return machine
