"""A byte-weighted LRU stack with exact distances, as numba kernels on plain arrays.

The stack holds cells, numbered from 0, each 1, 2, 4 or 8 bytes wide. The distance of a cell is the number of bytes
above it. The kernels know nothing of programs, traces or limits: the callers know which cells are on the stack, and how
wide they are.

The stack lies on a timeline of byte slots. A cell takes the next `width` slots when it is put on top, and its bits
there are set until it leaves; the distance is the number of set bits above its own. No cell straddles two 64-bit words.
The last `HOT` words are counted by popcount. The words before them are sealed: a tree of fan-out 16 holds for each node
the number of set bits in its later siblings, so a distance takes one load and an update one vector addition a level. A
full timeline is compacted, and made longer until half of it is free, so a push costs O(1) amortised.

All kernels take the five arrays of `allocate` first. They check nothing: a cell that is read, removed or renamed must
be on the stack with the width that is given, a cell that is pushed must not be, and never may more be on it than was
allocated.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness.kernels import Integer, add_to_earlier, inlined, kernel, popcount

Words = NDArray[np.uint64]
Counts = NDArray[np.uint32]

HOT = 4
SMALLEST_TIMELINE = 4096
TABLE_SIZE = 4096

# Entries of `state`: the first free slot, the number of sealed words, the timeline's slots in use and those allocated,
# the number of the tree's first leaf.
TOP, SEALED, CAPACITY, ALLOCATED, LEAVES = 0, 1, 2, 3, 4

U = np.uint64
ZERO, ONE, TWO, THREE, FOUR, SIX = U(0), U(1), U(2), U(3), U(4), U(6)
LANES, LAST_LANE, LAST_BIT = U(16), U(15), U(63)
HOT_WORDS = U(HOT)


class Stack(NamedTuple):
    """The arrays of an LRU stack, in the order in which the kernels take them."""

    state: Words
    """8 entries, see TOP and following."""
    bits: Words
    """The timeline: bit s % 64 of word s // 64 says that slot s belongs to a cell on the stack."""
    tree: Counts
    """Node by node, from the root's children down, the set bits in the later siblings of the node."""
    position: Counts
    """First slot of each cell."""
    owner: Counts
    """For the first slot of each cell, 4 times the cell plus log2 of its width."""


def allocate(max_cells: int, max_live_bytes: int) -> Stack:
    """An empty stack for cells 0..max_cells-1 that holds at most `max_live_bytes` at a time.

    Takes 4 bytes for each cell and 9 to 17 for each byte, which are committed as they are touched. Raises ValueError
    for 2^30 cells or 2^31 bytes and more.
    """
    if not 0 <= max_cells < 1 << 30 or not 0 <= max_live_bytes < 1 << 31:
        raise ValueError(f"an LRU stack can't have {max_cells} cells with {max_live_bytes} bytes")
    slots = SMALLEST_TIMELINE
    while slots < 2 * max_live_bytes:
        slots *= 2
    leaves, level = 0, int(LANES)
    while level < slots // 64:
        leaves, level = leaves + level, level * int(LANES)
    state = np.zeros(8, np.uint64)
    state[CAPACITY], state[ALLOCATED] = SMALLEST_TIMELINE, slots
    stack = Stack(
        state,
        bits=np.zeros(slots // 64 + HOT + 1, np.uint64),
        tree=_cache_aligned(leaves + level),
        position=np.empty(max(max_cells, 1), np.uint32),
        owner=np.empty(slots, np.uint32),
    )
    reset(*stack)
    return stack


def _cache_aligned(size: int) -> Counts:
    """Zeros that start at a cache line, so that each group of siblings is one."""
    raw = np.zeros(size + 16, np.uint32)
    start = -(raw.ctypes.data // 4) % 16
    return raw[start : start + size]


def cost_table() -> NDArray[np.float64]:
    """Costs of reads at small distances for `cost`: entry log2(width) * TABLE_SIZE + distance."""
    roots = np.sqrt(np.arange(1.0, TABLE_SIZE + 8))
    return np.concatenate([sum(roots[byte : byte + TABLE_SIZE] for byte in range(width)) for width in (1, 2, 4, 8)])


@inlined
def cost(distance: Integer, width: Integer, table: NDArray[np.float64]) -> float:
    """sqrt(distance + 1) + ... + sqrt(distance + width), to 14 digits; `table` is that of `cost_table`."""
    if distance < TABLE_SIZE:
        return np.float64(table[U(distance) + U(TABLE_SIZE) * _log2(U(width))])
    middle = distance + 0.5 * (width + 1)
    # Euler-Maclaurin around the middle; the next term is below 1e-14 of the sum.
    return math.sqrt(middle) * (width - width * (width * width - 1) / 96.0 / (middle * middle))


@inlined
def _log2(width: np.uint64) -> np.uint64:
    return (width >> ONE) - (width >> THREE)


@inlined
def _mask(width: np.uint64) -> np.uint64:
    return (ONE << width) - ONE


@inlined
def _sealed_above(state: Words, tree: Counts, word: np.uint64) -> np.uint64:
    """Set bits in the sealed words after `word`."""
    node = state[LEAVES] + word
    above = U(tree[node])
    while node >= LANES:
        node = (node >> FOUR) - ONE
        above += U(tree[node])
    return above


@inlined
def _add(state: Words, tree: Counts, word: np.uint64, amount: np.uint64) -> np.uint64:
    """Set bits in the sealed words after `word`, in which `amount` (two's complement) bits are set from now on."""
    node = state[LEAVES] + word
    above = U(tree[node])
    add_to_earlier(tree, node & ~LAST_LANE, node & LAST_LANE, amount)
    while node >= LANES:
        node = (node >> FOUR) - ONE
        above += U(tree[node])
        add_to_earlier(tree, node & ~LAST_LANE, node & LAST_LANE, amount)
    return above


@inlined
def _hot_above(state: Words, bits: Words, word: np.uint64) -> np.uint64:
    """Set bits in the words after `word` that are not sealed."""
    above, sealed = ZERO, state[SEALED]
    for k in range(HOT):
        if sealed + U(k) > word:
            above += popcount(bits[sealed + U(k)])
    return above


@inlined
def _slot(state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, width: np.uint64) -> np.uint64:
    """A slot at the top where a cell of that width fits into its word."""
    top: np.uint64 = state[TOP]
    if ((top - ONE) & LAST_BIT) + width > LAST_BIT:
        top = (top + LAST_BIT) & ~LAST_BIT
        sealed = state[SEALED]
        if (top >> SIX) - sealed >= HOT_WORDS:
            _add(state, tree, sealed, popcount(bits[sealed]))
            state[SEALED] = sealed + ONE
        if top == state[CAPACITY]:
            top = _compact(state, bits, tree, position, owner, ZERO)
    return top


@inlined
def push(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> None:
    """Put a cell that is not on the stack on top."""
    wide = U(width)
    top = _slot(state, bits, tree, position, owner, wide)
    bits[top >> SIX] |= _mask(wide) << (top & LAST_BIT)
    position[U(cell)] = top
    owner[top] = (U(cell) << TWO) | _log2(wide)
    state[TOP] = top + wide


@inlined
def distance(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> np.int64:
    """Bytes above a cell."""
    slot = U(position[U(cell)])
    word = slot >> SIX
    above = popcount(bits[word] >> (slot & LAST_BIT) >> U(width)) + _hot_above(state, bits, word)
    if word < state[SEALED]:
        above += _sealed_above(state, tree, word)
    return np.int64(above)


@inlined
def take(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> np.int64:
    """Bytes above a cell, which leaves the stack."""
    wide = U(width)
    slot = U(position[U(cell)])
    word, shift = slot >> SIX, slot & LAST_BIT
    above = popcount(bits[word] >> shift >> wide) + _hot_above(state, bits, word)
    bits[word] &= ~(_mask(wide) << shift)
    if word < state[SEALED]:
        above += _add(state, tree, word, ZERO - wide)
    elif slot + wide == state[TOP]:
        state[TOP] = slot  # so that temporaries, which come and go at the top, don't use up the timeline
    return np.int64(above)


@inlined
def remove(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> None:
    """Take a cell off the stack."""
    take(state, bits, tree, position, owner, cell, width)


@inlined
def read(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> np.int64:
    """Bytes above a cell, which moves to the top."""
    above = take(state, bits, tree, position, owner, cell, width)
    push(state, bits, tree, position, owner, cell, width)
    return above


@inlined
def replace(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, old: Integer, new: Integer
) -> None:
    """Give the cell `old` the number `new`, which no other cell on the stack has. Its place stays the same, in O(1)."""
    slot = U(position[U(old)])
    position[U(new)] = slot
    owner[slot] = (U(new) << TWO) | (U(owner[slot]) & THREE)


@kernel
def push_range(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts,
    first: Integer, count: Integer, width: Integer, descending: bool,
) -> None:  # fmt: skip
    """Push cells first..first+count-1 of one width, in this order or, if `descending`, from the last to the first."""
    wide, left = U(width), U(count)
    cell = U(first) + left - ONE if descending else U(first)
    step = ZERO - ONE if descending else ONE
    room = left * wide + U(64)
    if state[TOP] + room > state[CAPACITY]:
        _compact(state, bits, tree, position, owner, room)
    while left > ZERO:
        top = _slot(state, bits, tree, position, owner, wide)
        shift = top & LAST_BIT
        here = min(left, (U(64) - shift) // wide)
        bits[top >> SIX] |= ~ZERO >> (U(64) - here * wide) << shift
        for _ in range(here):
            position[cell] = top
            owner[top] = (cell << TWO) | _log2(wide)
            cell += step
            top += wide
        state[TOP] = top
        left -= here


@kernel
def remove_range(
    state: Words,
    bits: Words,
    tree: Counts,
    position: Counts,
    owner: Counts,
    first: Integer,
    count: Integer,
    width: Integer,
) -> None:
    """Take cells first..first+count-1 of one width off the stack. Neighbours in one word leave together."""
    wide, cell, end = U(width), U(first), U(first) + U(count)
    while cell < end:
        slot = U(position[cell])
        word, leaving = slot >> SIX, ZERO
        while slot >> SIX == word:
            leaving |= _mask(wide) << (slot & LAST_BIT)
            cell += ONE
            if cell == end:
                break
            slot = U(position[cell])
        bits[word] &= ~leaving
        if word < state[SEALED]:
            _add(state, tree, word, ZERO - popcount(leaving))


@kernel
def reset(state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts) -> None:
    """Empty the stack, at a cost in proportion to the longest timeline since the last time."""
    for word in range(state[CAPACITY] >> SIX):
        bits[U(word)] = ZERO
    state[TOP] = ZERO
    state[CAPACITY] = U(SMALLEST_TIMELINE)
    _seal(state, bits, tree)


@kernel
def _compact(state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, room: np.uint64) -> np.uint64:
    """Close the timeline's gaps and lengthen it until half is free beside `room`; return the top, a word's start."""
    top = ZERO
    for word in range((state[TOP] + LAST_BIT) >> SIX):
        start = U(word) << SIX
        left = bits[U(word)]
        bits[U(word)] = ZERO
        while left != ZERO:
            slot = start + popcount((left & (ZERO - left)) - ONE)
            cell = U(owner[slot])
            wide = ONE << (cell & THREE)
            left &= ~(_mask(wide) << (slot & LAST_BIT))
            if ((top - ONE) & LAST_BIT) + wide > LAST_BIT:
                top = (top + LAST_BIT) & ~LAST_BIT
            bits[top >> SIX] |= _mask(wide) << (top & LAST_BIT)
            position[cell >> TWO] = top
            owner[top] = cell
            top += wide
    top = (top + LAST_BIT) & ~LAST_BIT
    state[TOP] = top
    while TWO * (top + room) > state[CAPACITY] and state[CAPACITY] < state[ALLOCATED]:
        state[CAPACITY] *= TWO
    _seal(state, bits, tree)
    return top


@kernel
def _seal(state: Words, bits: Words, tree: Counts) -> None:
    """Build the tree for the timeline's capacity, and seal all words but the `HOT` that end with the one at the top."""
    words = state[CAPACITY] >> SIX
    leaves, level = ZERO, LANES
    while level < words:
        leaves, level = leaves + level, level * LANES
    state[LEAVES] = leaves
    first, size = leaves, words
    while True:
        for node in range(first, first + ((size + LAST_LANE) & ~LAST_LANE)):
            tree[node] = 0
        if first == ZERO:
            break
        first, size = (first >> FOUR) - ONE, (size + LAST_LANE) >> FOUR
    state[SEALED] = max((state[TOP] >> SIX) + ONE, HOT_WORDS) - HOT_WORDS
    for word in range(state[SEALED]):
        _add(state, tree, U(word), popcount(bits[U(word)]))
