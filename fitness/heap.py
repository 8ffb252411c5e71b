"""The machine's memory: one arena for all arrays, handed out in blocks of powers of two, and counted by references.

A buffer is what one allocation made. Array registers describe views of buffers, and a buffer leaves when the last
register that looks at it does; the registers are the business of `array_instructions`.

Free blocks are merged with their buddies (Knowlton, CACM 1965), so what is free serves arrays of every size. One block
of each class is kept aside for the next array of its size until nothing else is left. Whether an allocation succeeds
depends on the program and the limit alone, not on what the heap was used for before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness.arithmetic import bit_length
from fitness.kernels import Integer, inlined, kernel, popcount
from fitness.statuses import OK, OUT_OF_MEMORY, SHAPE_ERROR

Ints = NDArray[np.int64]
Tags = NDArray[np.uint8]
U = np.uint64

REGISTER_FIELDS = 8
BUFFER, OFFSET, ROWS, COLUMNS, ROW_STRIDE, COLUMN_STRIDE = U(0), U(1), U(2), U(3), U(4), U(5)
"""Fields of an array register: buffer (-1 for none), first element in the arena, shape, strides in elements."""

BUFFER_FIELDS = 8
ADDRESS, ELEMENTS, WIDTH, REFERENCES, OWNER, CLASS = U(0), U(1), U(2), U(3), U(4), U(5)
"""Fields of a buffer: address in bytes, elements, log2 of their width, references, the array register that named it (-1
for none), log2 of the block's size. The address of a free buffer is the next free buffer."""

FRESH_BUFFER, FREE_BUFFER, LIVE, PEAK, LIMIT, CLASSES = U(0), U(1), U(2), U(3), U(4), U(5)
"""Entries of the heap's state: the first buffer that was never used, the first of those that are free again (-1 for
none), live bytes, the most there were, their limit, and as bits of an int the classes of sizes with a free block."""
FIRST_BLOCK, KEPT_BLOCK = U(8), U(72)
"""From here on the state holds for each of 64 classes the first free block, and the block kept aside, -1 for none. A
free block's first two words are the next and the previous one; a block kept aside is none of these."""

SMALLEST_CLASS = 4
SMALLEST = 1 << SMALLEST_CLASS
GRANULE = U(SMALLEST_CLASS)
ONE = U(1)


class Heap(NamedTuple):
    """The arena, seen as each element type, and its tables."""

    state: Ints
    buffers: Ints
    tags: Tags
    """For every 16 bytes of the arena, the class of the free block that starts there, or 0."""
    u1: NDArray[np.uint8]
    i4: NDArray[np.int32]
    i8: Ints
    f4: NDArray[np.float32]
    f8: NDArray[np.float64]


def heap(limit: int, buffers: int = 1 << 16) -> Heap:
    """An empty heap for at most `limit` live bytes. Memory is committed as it is touched."""
    words = np.zeros(arena_size(limit) // 8, dtype=np.int64)
    state = np.zeros(int(KEPT_BLOCK) + 64, dtype=np.int64)
    state[FIRST_BLOCK:] = -1
    empty = Heap(
        state,
        np.zeros(buffers * BUFFER_FIELDS, dtype=np.int64),
        np.zeros(arena_size(limit) >> SMALLEST_CLASS, dtype=np.uint8),
        words.view(np.uint8),
        words.view(np.int32),
        words,
        words.view(np.float32),
        words.view(np.float64),
    )
    clear(empty, limit)
    return empty


def arena_size(limit: int) -> int:
    """Bytes of the arena for a limit, a power of two: room for blocks that are half empty."""
    size = 2 * SMALLEST
    while size < 2 * limit:
        size *= 2
    return size


def clear(memory: Heap, limit: int) -> None:
    """Empty a heap, and set its limit, which is at most the one it was made for."""
    empty(memory.state, memory.i8, memory.tags, limit, arena_size(limit))


@kernel
def empty(state: Ints, words: Ints, tags: Tags, limit: Integer, arena: Integer) -> None:
    """Make one free block of each class of an arena of so many bytes.

    The block before them is never handed out: else all would merge whenever the heap is empty, to be split at once.
    """
    for first in range(FIRST_BLOCK, KEPT_BLOCK):
        while state[first] >= 0:
            address = state[first]
            state[first] = words[U(address >> 3)]
            tags[U(address) >> GRANULE] = 0
        state[first + KEPT_BLOCK - FIRST_BLOCK] = -1
    for entry in range(FIRST_BLOCK):
        state[entry] = 0
    state[FREE_BUFFER] = -1
    state[LIMIT] = limit
    kind = SMALLEST_CLASS
    while 2 << kind <= arena:
        _add(state, words, tags, kind, 1 << kind)
        kind += 1


@inlined
def _add(state: Ints, words: Ints, tags: Tags, kind: Integer, address: Integer) -> None:
    """Put a block among the free ones of its class."""
    head = FIRST_BLOCK + U(kind)
    following = state[head]
    words[U(address >> 3)] = following
    words[U(address >> 3) + ONE] = -1
    if following >= 0:
        words[U(following >> 3) + ONE] = address
    state[head] = address
    state[CLASSES] |= 1 << kind
    tags[U(address) >> GRANULE] = kind


@inlined
def _remove(state: Ints, words: Ints, tags: Tags, kind: Integer, address: Integer) -> None:
    """Take a block out of the free ones of its class."""
    following, previous = words[U(address >> 3)], words[U(address >> 3) + ONE]
    if following >= 0:
        words[U(following >> 3) + ONE] = previous
    if previous >= 0:
        words[U(previous >> 3)] = following
    else:
        state[FIRST_BLOCK + U(kind)] = following
        if following < 0:
            state[CLASSES] &= ~(1 << kind)
    tags[U(address) >> GRANULE] = 0


@kernel
def _merge(state: Ints, words: Ints, tags: Tags, kind: Integer, address: Integer) -> None:
    """Merge a block with its buddy as long as that is free, and put it among the free ones."""
    buddy = address ^ (1 << kind)
    while tags[U(buddy) >> GRANULE] == kind:
        _remove(state, words, tags, kind, buddy)
        address = min(address, buddy)
        kind += 1
        buddy = address ^ (1 << kind)
    _add(state, words, tags, kind, address)


@kernel
def _block(state: Ints, words: Ints, tags: Tags, kind: Integer) -> Integer:
    """The address of a block of a class, split off a larger one if need be; -1 if there is none."""
    fitting = U(state[CLASSES]) >> U(kind)
    if fitting == U(0):
        for each in range(KEPT_BLOCK, U(len(state))):
            if state[each] >= 0:
                _merge(state, words, tags, np.int64(each - KEPT_BLOCK), state[each])
                state[each] = -1
        fitting = U(state[CLASSES]) >> U(kind)
        if fitting == U(0):
            return np.int64(-1)
    larger = kind + np.int64(popcount((fitting & (U(0) - fitting)) - ONE))
    address = np.int64(state[FIRST_BLOCK + U(larger)])
    _remove(state, words, tags, larger, address)
    while larger > kind:
        larger -= 1
        _add(state, words, tags, larger, address + (1 << larger))
    return address


@kernel
def allocate(
    state: Ints, buffers: Ints, words: Ints, tags: Tags, rows: Integer, columns: Integer, width_log: Integer
) -> tuple[int, int]:
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
    number = state[FREE_BUFFER]
    if number >= 0:
        state[FREE_BUFFER] = buffers[U(number * BUFFER_FIELDS) + ADDRESS]
    else:
        number = state[FRESH_BUFFER]
        if (number + 1) * BUFFER_FIELDS > len(buffers):
            return OUT_OF_MEMORY, -1
        state[FRESH_BUFFER] = number + 1
    kind = bit_length(U(size - 1))
    address = state[KEPT_BLOCK + U(kind)]
    state[KEPT_BLOCK + U(kind)] = -1
    if address < 0:
        address = _block(state, words, tags, kind)
        if address < 0:
            return OUT_OF_MEMORY, -1
    for word in range(U(address >> 3), U((address + size + 7) >> 3)):
        words[word] = 0
    state[LIVE] += size
    state[PEAK] = max(state[PEAK], state[LIVE])
    row = U(number * BUFFER_FIELDS)
    buffers[row + ADDRESS] = address
    buffers[row + ELEMENTS] = elements
    buffers[row + WIDTH] = width_log
    buffers[row + REFERENCES] = 1
    buffers[row + OWNER] = -1
    buffers[row + CLASS] = kind
    return OK, int(number)


@kernel
def free(state: Ints, buffers: Ints, words: Ints, tags: Tags, number: Integer) -> None:
    """Give a buffer and its block back."""
    row = U(number * BUFFER_FIELDS)
    address, kind = buffers[row + ADDRESS], buffers[row + CLASS]
    state[LIVE] -= max(buffers[row + ELEMENTS] << buffers[row + WIDTH], SMALLEST)
    kept = KEPT_BLOCK + U(kind)
    if state[kept] < 0:
        state[kept] = address
    else:
        _merge(state, words, tags, kind, address)
    buffers[row + ADDRESS] = state[FREE_BUFFER]
    state[FREE_BUFFER] = number
