"""What the instructions on arrays do: registers that look at buffers, elements, views, and the loop over queries.

An array register is 8 entries of one array of ints (`heap` names them). A buffer leaves when the last register lets it
go. An offset always lies in its buffer, and strides only count where there are two elements, so nothing can overflow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness import metering
from fitness import tracing as events
from fitness.arithmetic import add, finite
from fitness.heap import (
    ADDRESS,
    BUFFER,
    BUFFER_FIELDS,
    COLUMN_STRIDE,
    COLUMNS,
    ELEMENTS,
    OFFSET,
    OWNER,
    REFERENCES,
    ROW_STRIDE,
    ROWS,
    WIDTH,
    Heap,
    allocate,
    free,
)
from fitness.instructions import (
    AMOV,
    COL,
    LD1F8,
    LD1I4,
    LD1I8,
    LD1U1,
    LD2F8,
    LD2I4,
    LD2I8,
    LD2U1,
    ROW,
    SLICE,
    ST1F8,
    ST1I4,
    ST1I8,
    ST1U1,
    ST2F8,
    ST2I4,
    ST2I8,
    ST2U1,
    TURN,
    WINDOW,
)
from fitness.kernels import Integer, inlined, kernel
from fitness.statuses import INDEX_ERROR, NOT_FINITE, OK, OVERFLOW

Ints = NDArray[np.int64]
U = np.uint64

ENTERED, FIRST_CELL = U(6), U(8)
"""Entries of the control block: the end of those elements of the queries that were put on the stack; from FIRST_CELL on
the first cells of elements, by log2 of their width."""

MOST_U1 = U(2**8 - 1)
LEAST_I4, MOST_I4 = np.int64(-(2**31)), np.int64(2**31 - 1)


@kernel
def release(
    arrays: Ints,
    register: np.uint64,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
) -> None:
    """Let an array register go; its buffer leaves if no other register looks at it."""
    number = arrays[register + BUFFER]
    if number < 0:
        return
    arrays[register + BUFFER] = -1
    row = U(number * BUFFER_FIELDS)
    heap.buffers[row + REFERENCES] -= 1
    if heap.buffers[row + REFERENCES] == 0:
        width = heap.buffers[row + WIDTH]
        first = control[FIRST_CELL + U(width)] + (heap.buffers[row + ADDRESS] >> width)
        if pricing is not None:
            metering.leave(pricing, first, heap.buffers[row + ELEMENTS], 1 << width)
        if tracing is not None:
            events.span(tracing, events.LEAVE_RANGE, first, heap.buffers[row + ELEMENTS], 1 << width)
        free(heap.state, heap.buffers, heap.i8, heap.tags, number)


@kernel
def look(
    arrays: Ints,
    target: np.uint64,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
    number: Integer,
    offset: Integer,
    rows: Integer,
    columns: Integer,
    row_stride: Integer,
    column_stride: Integer,
) -> None:
    """Let an array register look at a buffer, and release what it looked at before."""
    heap.buffers[U(number * BUFFER_FIELDS) + REFERENCES] += 1
    release(arrays, target, heap, control, pricing, tracing)
    arrays[target + BUFFER] = number
    arrays[target + OFFSET] = offset
    arrays[target + ROWS] = rows
    arrays[target + COLUMNS] = columns
    arrays[target + ROW_STRIDE] = row_stride
    arrays[target + COLUMN_STRIDE] = column_stride


@inlined
def take_over(
    arrays: Ints,
    target: np.uint64,
    source: np.uint64,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
) -> None:
    """Give what one register looks at to another, and leave the first empty."""
    if target != source:
        release(arrays, target, heap, control, pricing, tracing)
        for field in range(COLUMN_STRIDE + U(1)):
            arrays[target + U(field)] = arrays[source + U(field)]
        arrays[source + BUFFER] = -1


@inlined
def new_array(
    arrays: Ints,
    target: np.uint64,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
    rows: Integer,
    columns: Integer,
    width: Integer,
) -> int:
    """Allocate an array of elements of 2**width bytes into a register; a status."""
    status, number = allocate(heap.state, heap.buffers, heap.i8, heap.tags, rows, columns, width)
    if status != OK:
        return status
    offset = heap.buffers[U(number * BUFFER_FIELDS) + ADDRESS] >> width
    first = control[FIRST_CELL + U(width)] + offset
    if pricing is not None:
        metering.enter(pricing, first, rows * columns, 1 << width, False)
    if tracing is not None:
        events.span(tracing, events.ENTER_RANGE, first, rows * columns, 1 << width)
        for element in range(rows * columns):
            tracing.element_values[U(first + element)] = 0
    heap.buffers[U(number * BUFFER_FIELDS) + REFERENCES] = 0
    look(arrays, target, heap, control, pricing, tracing, number, offset, rows, columns, columns, 1)
    return OK


@inlined
def view_instruction(
    op: Integer,
    ri: Ints,
    arrays: Ints,
    target: np.uint64,
    source: np.uint64,
    b: np.uint64,
    c: np.uint64,
    flag: Integer,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
) -> int:
    """AMOV and the views: ROW, COL, SLICE, WINDOW, TURN. Field e of a slice holds its axis and twice its step."""
    number, offset = arrays[source + BUFFER], arrays[source + OFFSET]
    rows, columns = arrays[source + ROWS], arrays[source + COLUMNS]
    row_stride, column_stride = arrays[source + ROW_STRIDE], arrays[source + COLUMN_STRIDE]
    if op == ROW:
        if U(ri[b]) >= U(rows):
            return INDEX_ERROR
        offset += ri[b] * row_stride
        rows, columns, row_stride, column_stride = columns, np.int64(1), column_stride, np.int64(1)
    elif op == COL:
        if U(ri[b]) >= U(columns):
            return INDEX_ERROR
        offset += ri[b] * column_stride
        columns, column_stride = np.int64(1), np.int64(1)
    elif op == TURN:
        rows, columns, row_stride, column_stride = columns, rows, column_stride, row_stride
    elif op != AMOV:
        start, end = ri[b], ri[c]
        by_columns = op == SLICE and flag & 1 != 0
        step = np.int64(flag >> 1) if op == SLICE else np.int64(1)
        if op == WINDOW:
            end, over = add(start, end)
            if over:
                return INDEX_ERROR
        if start < 0 or end < start or end > (columns if by_columns else rows):
            return INDEX_ERROR
        length = (end - start + step - 1) // step
        if length < 2:
            step = np.int64(1)
            if length == 0:
                start = np.int64(0)
        if by_columns:
            columns = length
            offset += start * column_stride
            column_stride *= step
        else:
            rows = length
            offset += start * row_stride
            row_stride *= step
    look(arrays, target, heap, control, pricing, tracing, number, offset, rows, columns, row_stride, column_stride)
    return OK


@kernel
def ask(
    arrays: Ints,
    heap: Heap,
    control: Ints,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
    target: np.uint64,
    source: np.uint64,
    query: Integer,
) -> None:
    """Hand over a query: what of it is not on the stack yet is put on top, free, its first element last.

    Queries overlap if they are a stream, of which each looks at a later window.
    """
    columns = arrays[source + COLUMNS]
    offset = arrays[source + OFFSET] + query * arrays[source + ROW_STRIDE]
    number = arrays[source + BUFFER]
    look(arrays, target, heap, control, pricing, tracing, number, offset, columns, 1, arrays[source + COLUMN_STRIDE], 1)
    fresh = offset + columns - max(control[ENTERED], offset)
    if fresh > 0:
        width = heap.buffers[U(number * BUFFER_FIELDS) + WIDTH]
        first = control[FIRST_CELL + U(width)] + offset + columns - fresh
        if pricing is not None:
            metering.enter(pricing, first, fresh, 1 << width, True)
        if tracing is not None:
            events.ask(tracing, first, fresh, 1 << width)
        control[ENTERED] = offset + columns


@kernel
def name_buffer(arrays: Ints, heap: Heap, target: np.uint64, register: np.uint64) -> None:
    """Let the first variable that holds an array give its buffer a name."""
    row = U(arrays[target + BUFFER] * BUFFER_FIELDS)
    if heap.buffers[row + OWNER] < 0:
        heap.buffers[row + OWNER] = np.int64(register)


@inlined
def element_place(op: Integer, ri: Ints, arrays: Ints, array: np.uint64, b: np.uint64, c: np.uint64) -> Integer:
    """Where in the arena the element of a load or store lies, in elements; -1 if an index is outside the array."""
    i = ri[b]
    if U(i) >= U(arrays[array + ROWS]):
        return np.int64(-1)
    place = arrays[array + OFFSET] + i * arrays[array + ROW_STRIDE]
    if (LD2U1 <= op < ST1U1) or op >= ST2U1:
        j = ri[c]
        if U(j) >= U(arrays[array + COLUMNS]):
            return np.int64(-1)
        place += j * arrays[array + COLUMN_STRIDE]
    return np.int64(place)


@inlined
def load(op: Integer, ri: Ints, rf: NDArray[np.float64], d: np.uint64, heap: Heap, place: np.uint64) -> int:
    """LD1 and LD2: the element into its register; log2 of its width."""
    if op == LD1U1 or op == LD2U1:
        ri[d] = heap.u1[place]
        return 0
    if op == LD1F8 or op == LD2F8:
        rf[d] = heap.f8[place]
        return 3
    if op == LD1I8 or op == LD2I8:
        ri[d] = heap.i8[place]
        return 3
    if op == LD1I4 or op == LD2I4:
        ri[d] = heap.i4[place]
        return 2
    rf[d] = heap.f4[place]
    return 2


@inlined
def store(op: Integer, ri: Ints, rf: NDArray[np.float64], d: np.uint64, heap: Heap, place: np.uint64) -> int:
    """ST1 and ST2: log2 of the element's width; below 0 the negated status if the value does not fit."""
    if op == ST1U1 or op == ST2U1:
        x = ri[d]
        if U(x) > MOST_U1:
            return -OVERFLOW
        heap.u1[place] = x
        return 0
    if op == ST1F8 or op == ST2F8:
        heap.f8[place] = rf[d]
        return 3
    if op == ST1I8 or op == ST2I8:
        heap.i8[place] = ri[d]
        return 3
    if op == ST1I4 or op == ST2I4:
        x = ri[d]
        if x < LEAST_I4 or x > MOST_I4:
            return -OVERFLOW
        heap.i4[place] = x
        return 2
    f = float(np.float32(rf[d]))
    if not finite(f):
        return -NOT_FINITE
    heap.f4[place] = f
    return 2
