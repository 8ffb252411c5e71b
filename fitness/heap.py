"""The machine's memory: one arena for all arrays, handed out in blocks of powers of two, and counted by references.

A buffer is what one allocation made. Array registers describe views of buffers; a buffer leaves when the last register that looks
at it does. Every array function here takes what it needs as plain arrays, and allocates nothing from the host.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness.arithmetic import bit_length
from fitness.kernels import kernel
from fitness.statuses import OK, OUT_OF_MEMORY, SHAPE_ERROR

Ints = NDArray[np.int64]
U = np.uint64

# Columns of an array register: buffer, first element, rows, columns, strides in elements; 8 a register, 2 unused.
BUFFER, OFFSET, ROWS, COLUMNS, ROW_STRIDE, COLUMN_STRIDE = U(0), U(1), U(2), U(3), U(4), U(5)
REGISTER_SHIFT = U(3)

# Columns of a buffer: address in bytes, elements, log2 of the width, references, the array register that named it, block class.
ADDRESS, ELEMENTS, WIDTH, REFERENCES, OWNER, CLASS = U(0), U(1), U(2), U(3), U(4), U(5)

# Entries of the heap's state: next fresh address, next fresh buffer, a free buffer, live bytes, peak of these, their limit, arena size.
FRESH, FRESH_BUFFER, FREE_BUFFER, LIVE, PEAK, LIMIT, ARENA = U(0), U(1), U(2), U(3), U(4), U(5), U(6)
FIRST_CLASS = U(8)
"""From here on the state holds the first free block of each class of sizes, -1 if there is none."""

SMALLEST = 16


class Heap(NamedTuple):
    """The arena, seen as each element type, and its tables."""

    state: Ints
    buffers: Ints
    u1: NDArray[np.uint8]
    i4: NDArray[np.int32]
    i8: Ints
    f4: NDArray[np.float32]
    f8: NDArray[np.float64]


def heap(limit: int, buffers: int = 1 << 16) -> Heap:
    """An empty heap for at most `limit` live bytes. Memory is committed as it is touched."""
    arena = SMALLEST
    while arena < 2 * limit:
        arena *= 2
    words = np.zeros(arena // 8, dtype=np.int64)
    state = np.zeros(72, dtype=np.int64)
    state[ARENA], state[LIMIT] = arena, limit
    return Heap(
        state,
        np.zeros(buffers * 8, dtype=np.int64),
        words.view(np.uint8),
        words.view(np.int32),
        words,
        words.view(np.float32),
        words.view(np.float64),
    )


def clear(memory: Heap, limit: int) -> None:
    """Empty a heap, and set its limit, which is at most the one it was made for."""
    arena = memory.state[ARENA]
    memory.state[:FIRST_CLASS] = 0
    memory.state[FIRST_CLASS:] = -1
    memory.state[FREE_BUFFER] = -1
    memory.state[ARENA], memory.state[LIMIT] = arena, limit


@kernel
def allocate(state: Ints, buffers: Ints, words: Ints, rows: int, columns: int, width_log: int) -> tuple[int, int]:
    """A zeroed buffer for rows * columns elements, with one reference: a status and the buffer's number."""
    if rows < 0 or columns < 0:
        return SHAPE_ERROR, -1
    limit = state[LIMIT]
    if rows > limit or columns > limit or (columns > 0 and rows > limit // columns):
        return OUT_OF_MEMORY, -1
    elements = rows * columns
    size = max(elements << width_log, SMALLEST)
    if state[LIVE] + size > limit:
        return OUT_OF_MEMORY, -1
    kind = bit_length(U(size - 1))
    address = state[FIRST_CLASS + U(kind)]
    if address >= 0:
        state[FIRST_CLASS + U(kind)] = words[U(address >> 3)]
    else:
        address = state[FRESH]
        if address + (1 << kind) > state[ARENA]:
            return OUT_OF_MEMORY, -1
        state[FRESH] = address + (1 << kind)
    number = state[FREE_BUFFER]
    if number >= 0:
        state[FREE_BUFFER] = buffers[U(number << 3) + ADDRESS]
    else:
        number = state[FRESH_BUFFER]
        if (number + 1) << 3 > len(buffers):
            return OUT_OF_MEMORY, -1
        state[FRESH_BUFFER] = number + 1
    for word in range(U(address >> 3), U((address + size + 7) >> 3)):
        words[word] = 0
    state[LIVE] += size
    state[PEAK] = max(state[PEAK], state[LIVE])
    row = U(number << 3)
    buffers[row + ADDRESS] = address
    buffers[row + ELEMENTS] = elements
    buffers[row + WIDTH] = width_log
    buffers[row + REFERENCES] = 1
    buffers[row + OWNER] = -1
    buffers[row + CLASS] = kind
    return OK, number


@kernel
def free(state: Ints, buffers: Ints, words: Ints, number: int) -> None:
    """Give a buffer back."""
    row = U(number << 3)
    address, kind = buffers[row + ADDRESS], U(buffers[row + CLASS])
    state[LIVE] -= max(buffers[row + ELEMENTS] << buffers[row + WIDTH], SMALLEST)
    words[U(address >> 3)] = state[FIRST_CLASS + kind]
    state[FIRST_CLASS + kind] = address
    buffers[row + ADDRESS] = state[FREE_BUFFER]
    state[FREE_BUFFER] = number
