"""The timeline under an LRU stack (`lru`): a bit for each byte of each cell, and counts of them in a tree.

A cell takes the next `width` slots when it is put on top, and its bits are set there until it leaves. No cell straddles
two 64-bit words. The last `HOT` words are counted by popcount. The words before them are sealed: a tree of fan-out 16
holds for each node the number of set bits in its later siblings, so a count takes one load and an update one vector
addition a level. A full timeline is compacted, but for a first part with hardly any gaps, and made longer until half
of it is free.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness.kernels import add_to_earlier, inlined, kernel, popcount

Words = NDArray[np.uint64]
Counts = NDArray[np.uint32]

HOT = 4
SMALLEST = 4096
"""Slots of a new timeline."""
AMPLE = 1 << 23
"""Up to so many more slots are free after compaction than half of them: it is rarer then, and they are cheap."""

# Entries of `state`: the first free slot, the number of sealed words, the timeline's slots in use and those allocated,
# the number of the tree's first leaf.
TOP, SEALED, CAPACITY, ALLOCATED, LEAVES = 0, 1, 2, 3, 4

U = np.uint64
ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX = U(0), U(1), U(2), U(3), U(4), U(5), U(6)
LANES, LAST_LANE, WORD, LAST_BIT = U(16), U(15), U(64), U(63)
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

    Takes 4 bytes for each cell and 9 for each byte, which are committed as they are touched. Raises ValueError for 2^30
    cells or 2^31 bytes and more.
    """
    if not 0 <= max_cells < 1 << 30 or not 0 <= max_live_bytes < 1 << 31:
        raise ValueError(f"an LRU stack can't have {max_cells} cells with {max_live_bytes} bytes")
    slots = max(2 * max_live_bytes + 63 & ~63, SMALLEST)
    leaves, level = 0, int(LANES)
    while level < slots // 64:
        leaves, level = leaves + level, level * int(LANES)
    state = np.zeros(8, np.uint64)
    state[CAPACITY], state[ALLOCATED] = SMALLEST, slots
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


@inlined
def log2(width: np.uint64) -> np.uint64:
    """Of 1, 2, 4 or 8."""
    return (width >> ONE) - (width >> THREE)


@inlined
def mask(width: np.uint64) -> np.uint64:
    """As many set bits, the lowest ones."""
    return (ONE << width) - ONE


@inlined
def sealed_above(state: Words, tree: Counts, word: np.uint64) -> np.uint64:
    """Set bits in the sealed words after `word`."""
    node = state[LEAVES] + word
    above = U(tree[node])
    while node >= LANES:
        node = (node >> FOUR) - ONE
        above += U(tree[node])
    return above


@inlined
def add(state: Words, tree: Counts, word: np.uint64, amount: np.uint64) -> np.uint64:
    """Set bits in the sealed words after `word`, in which `amount` (two's complement) bits are set from now on."""
    node = state[LEAVES] + word
    above = U(tree[node])
    add_to_earlier(tree, node & ~LAST_LANE, node & LAST_LANE, amount)
    while node >= LANES:
        node = (node >> FOUR) - ONE
        above += U(tree[node])
        add_to_earlier(tree, node & ~LAST_LANE, node & LAST_LANE, amount)
    return above


@kernel
def reset(state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts) -> None:
    """Empty the stack, at a cost in proportion to the longest timeline since the last time."""
    for word in range(state[CAPACITY] >> SIX):
        bits[U(word)] = ZERO
    state[TOP] = ZERO
    state[CAPACITY] = U(SMALLEST)
    seal(state, bits, tree)


@kernel
def compact(state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, room: np.uint64) -> np.uint64:
    """Close the timeline's gaps and lengthen it until half is free beside `room`; return the top, a word's start."""
    end = (state[TOP] + LAST_BIT) >> SIX
    kept, gaps = ZERO, WORD - popcount(bits[ZERO])
    while kept < end and gaps <= state[CAPACITY] >> FIVE:
        kept += ONE
        gaps += WORD - popcount(bits[kept])
    top = kept << SIX
    for word in range(kept, end):
        start = U(word) << SIX
        left = bits[U(word)]
        bits[U(word)] = ZERO
        while left != ZERO:
            slot = start + popcount((left & (ZERO - left)) - ONE)
            cell = U(owner[slot])
            wide = ONE << (cell & THREE)
            left &= ~(mask(wide) << (slot & LAST_BIT))
            if ((top - ONE) & LAST_BIT) + wide > LAST_BIT:
                top = (top + LAST_BIT) & ~LAST_BIT
            bits[top >> SIX] |= mask(wide) << (top & LAST_BIT)
            position[cell >> TWO] = top
            owner[top] = cell
            top += wide
    top = (top + LAST_BIT) & ~LAST_BIT
    state[TOP] = top
    wanted = (TWO * (top + room) + LAST_BIT) & ~LAST_BIT
    wanted += min(wanted, U(AMPLE))
    if wanted > state[CAPACITY]:
        state[CAPACITY] = min(wanted, state[ALLOCATED])
    seal(state, bits, tree)
    return top


@kernel
def seal(state: Words, bits: Words, tree: Counts) -> None:
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
        add(state, tree, U(word), popcount(bits[U(word)]))
