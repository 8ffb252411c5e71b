"""Placing a learner's instance in the machine in one go: the training rows, their classes, and the queries.

What the machine does for the arguments of any call (`machine.Machine.bind`) takes a dozen steps in Python. A search
plays small instances by the million, so that for these it is done here. All elements are symbols of 1 byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import heap as memory
from fitness import lru
from fitness.arithmetic import width_of
from fitness.array_instructions import FIRST_CELL
from fitness.heap import ADDRESS, BUFFER_FIELDS, OWNER, REFERENCES, REGISTER_FIELDS, Heap
from fitness.interpreter import RANDOM, STEP_LIMIT, Registers
from fitness.kernels import Integer, kernel
from fitness.metering import Pricing, enter, enter_each
from fitness.statuses import OK

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
U = np.uint64

FIELDS: Final = 9
"""Of an array in a layout: its buffer, offset, shape and strides in elements; the first of its elements that no array
before it looks at and how many these are if they follow each other; and whether they do."""

X, Y, QUERIES = 0, FIELDS, 2 * FIELDS
"""Where the fields of each array begin."""


class Layout(NamedTuple):
    """An instance as the kernel takes it.

    Attributes:
        first, second, queries: the elements of the buffers; `second` is empty where `x` and `y` share one.
        shapes: `FIELDS` for each array.
        seen_x, seen_y: the elements that each puts on the stack, the last first, where they don't follow each other.
        symbols, classes: how many there are.
    """

    first: Bytes
    second: Bytes
    queries: Bytes
    shapes: Ints
    seen_x: Ints
    seen_y: Ints
    symbols: int
    classes: int

    def entered(self) -> Iterator[tuple[int, Ints]]:
        """The elements that go on the stack before `fit` is called, with their buffer's number, those of `x` last."""
        for array, scattered in ((Y, self.seen_y), (X, self.seen_x)):
            start, count, plain = map(int, self.shapes[array + 6 : array + 9])
            if count:
                yield int(self.shapes[array]), np.arange(start, start + count) if plain else scattered[::-1]


class Start(NamedTuple):
    """The scalar registers of a program before it runs: constants are in their last ones."""

    ints: Ints
    floats: NDArray[np.float64]


@kernel
def place(
    again: bool,
    start: Start,
    registers: Registers,
    learner: Ints,
    heap: Heap,
    limit: Integer,
    arena: Integer,
    control: Ints,
    pricing: Pricing | None,
    instance: Layout,
) -> int:
    """Place an instance in a machine that has been loaded; the status.

    Args:
        again: whether an instance has been played since, so that all that it left has to go.
        start: the program's.
        registers: the machine's.
        learner: `registers_of` it.
        heap: the machine's.
        limit: of the heap, in bytes.
        arena: `heap.arena_size` of the limit.
        control: the machine's.
        pricing: the machine's.
        instance: what is placed.
    """
    if again:
        _clear(start, registers, heap, limit, arena, control, pricing)
    shapes = instance.shapes
    ints, arrays = registers.ints, registers.arrays
    status, one = _buffer(heap, instance.first)
    if status != OK:
        return status
    two = one
    if len(instance.second):
        status, two = _buffer(heap, instance.second)
        if status != OK:
            return status
    _scalar(ints, pricing, instance.classes, learner[3], learner[9])
    _scalar(ints, pricing, instance.symbols, learner[2], learner[8])
    _enter(arrays, heap, control, pricing, two if shapes[Y] else one, learner[1], shapes, Y, instance.seen_y)
    _enter(arrays, heap, control, pricing, two if shapes[X] else one, learner[0], shapes, X, instance.seen_x)
    status, asked = _buffer(heap, instance.queries)
    if status != OK:
        return status
    _point(arrays, heap, asked, learner[4], shapes, QUERIES)
    heap.buffers[U(asked * BUFFER_FIELDS) + OWNER] = learner[5]
    ints[U(learner[6])] = 0
    ints[U(learner[7])] = shapes[QUERIES + 2]
    return OK


@kernel
def _clear(
    start: Start,
    registers: Registers,
    heap: Heap,
    limit: Integer,
    arena: Integer,
    control: Ints,
    pricing: Pricing | None,
) -> None:
    """Make a machine as `machine.Machine.load` leaves it, but for the random seed."""
    memory.empty(heap.state, heap.i8, heap.tags, limit, arena)
    ints, floats, arrays = registers.ints, registers.floats, registers.arrays
    for register in range(U(len(ints))):
        ints[register] = start.ints[register]
    for register in range(U(len(floats))):
        floats[register] = start.floats[register]
    arrays[:] = 0
    for register in range(U(0), U(len(arrays)), U(REGISTER_FIELDS)):
        arrays[register] = -1
    for entry in range(len(control)):
        if entry != STEP_LIMIT and entry != RANDOM and entry < FIRST_CELL:
            control[entry] = 0
    if pricing is not None:
        stack = pricing.stack
        lru.reset(stack.state, stack.bits, stack.tree, stack.position, stack.owner)
        pricing.counts[:] = 0
        pricing.energy[:] = 0
        pricing.widths[:] = 0
        pricing.by_site[:] = 0
        pricing.by_cell[:] = 0
        pricing.by_array[:] = 0
        pricing.distances[:] = 0
        pricing.executed[:] = 0


@kernel
def _scalar(ints: Ints, pricing: Pricing | None, value: Integer, register: Integer, cell: Integer) -> None:
    """Put a control argument into its register, and on the stack if the program makes its variable data."""
    ints[U(register)] = value
    if pricing is not None and cell >= 0:
        width = width_of(value)
        pricing.widths[U(cell)] = width
        enter(pricing, cell, 1, width, True)


@kernel
def _buffer(heap: Heap, elements: Bytes) -> tuple[int, int]:
    """A new buffer with these elements, off the stack: a status and its number."""
    status, number = memory.allocate(heap.state, heap.buffers, heap.i8, heap.tags, len(elements), 1, 0)
    if status == OK:
        start = U(heap.buffers[U(number * BUFFER_FIELDS) + ADDRESS])
        for index in range(U(len(elements))):
            heap.u1[start + index] = elements[index]
    return status, number


@kernel
def _point(arrays: Ints, heap: Heap, number: Integer, register: Integer, shapes: Ints, where: Integer) -> None:
    """Let an array register look at a buffer."""
    row = U(number * BUFFER_FIELDS)
    heap.buffers[row + REFERENCES] += 1
    entry = U(register) * U(REGISTER_FIELDS)
    arrays[entry] = number
    arrays[entry + U(1)] = heap.buffers[row + ADDRESS] + shapes[where + 1]
    for field in range(2, 6):
        arrays[entry + U(field)] = shapes[where + field]


@kernel
def _enter(
    arrays: Ints,
    heap: Heap,
    control: Ints,
    pricing: Pricing | None,
    number: Integer,
    register: Integer,
    shapes: Ints,
    where: Integer,
    scattered: Ints,
) -> None:
    """Let an array register look at a buffer, and put on the stack what no array before it looks at."""
    _point(arrays, heap, number, register, shapes, where)
    if shapes[where + 7] == 0:
        return
    row = U(number * BUFFER_FIELDS)
    heap.buffers[row + OWNER] = register
    if pricing is not None:
        first = control[FIRST_CELL] + heap.buffers[row + ADDRESS]
        if shapes[where + 8]:
            enter(pricing, first + shapes[where + 6], np.int64(shapes[where + 7]), 1, True)
        else:
            for index in range(len(scattered)):
                scattered[index] += first
            enter_each(pricing, scattered, 1)
            for index in range(len(scattered)):
                scattered[index] -= first
