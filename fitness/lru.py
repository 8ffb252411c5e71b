"""A byte-weighted LRU stack with exact distances, as numba kernels on plain arrays.

The stack holds cells, numbered from 0, each 1, 2, 4 or 8 bytes wide. The distance of a cell is the number of bytes
above it. The kernels know nothing of programs, traces or limits: the callers know which cells are on the stack, and how
wide they are. The stack lies on a `timeline`, in which a push costs O(1) amortised.

All kernels take the five arrays of `allocate` first. They check nothing: a cell that is read, removed or renamed must
be on the stack with the width that is given, a cell that is pushed must not be, and never may more be on it than was
allocated.
"""

import math

import numpy as np
from numpy.typing import NDArray

from fitness.kernels import Integer, inlined, kernel, leading_zeros, popcount
from fitness.timeline import (
    ALLOCATED,
    CAPACITY,
    HOT,
    HOT_WORDS,
    LAST_BIT,
    ONE,
    SEALED,
    SIX,
    THREE,
    TOP,
    TWO,
    WORD,
    ZERO,
    Counts,
    Stack,
    Words,
    add,
    allocate,
    compact,
    log2,
    mask,
    reset,
    sealed_above,
)

__all__ = [
    "ALLOCATED",
    "CAPACITY",
    "TABLE_SIZE",
    "TOP",
    "Counts",
    "Stack",
    "Words",
    "allocate",
    "cost",
    "cost_table",
    "distance",
    "push",
    "push_range",
    "read",
    "remove",
    "remove_range",
    "replace",
    "reset",
    "rewrite",
    "take",
]

U = np.uint64
TABLE_SIZE = 4096


def cost_table() -> NDArray[np.float64]:
    """Costs of reads at small distances for `cost`: entry log2(width) * TABLE_SIZE + distance."""
    roots = np.sqrt(np.arange(1.0, TABLE_SIZE + 8))
    return np.concatenate([sum(roots[byte : byte + TABLE_SIZE] for byte in range(width)) for width in (1, 2, 4, 8)])


@inlined
def cost(distance: Integer, width: Integer, table: NDArray[np.float64]) -> float:
    """sqrt(distance + 1) + ... + sqrt(distance + width), to 14 digits; `table` is that of `cost_table`."""
    if distance < TABLE_SIZE:
        return np.float64(table[U(distance) + U(TABLE_SIZE) * log2(U(width))])
    middle = distance + 0.5 * (width + 1)
    # Euler-Maclaurin around the middle; the next term is below 1e-14 of the sum.
    return math.sqrt(middle) * (width - width * (width * width - 1) / 96.0 / (middle * middle))


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
            add(state, tree, sealed, popcount(bits[sealed]))
            state[SEALED] = sealed + ONE
        if top == state[CAPACITY]:
            top = compact(state, bits, tree, position, owner, ZERO)
    return top


@inlined
def push(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> None:
    """Put a cell that is not on the stack on top."""
    wide = U(width)
    top = _slot(state, bits, tree, position, owner, wide)
    bits[top >> SIX] |= mask(wide) << (top & LAST_BIT)
    position[U(cell)] = top
    owner[top] = (U(cell) << TWO) | log2(wide)
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
        above += sealed_above(state, tree, word)
    return np.int64(above)


@inlined
def take(
    state: Words, bits: Words, tree: Counts, position: Counts, owner: Counts, cell: Integer, width: Integer
) -> np.int64:
    """Bytes above a cell, which leaves the stack."""
    wide = U(width)
    slot = U(position[U(cell)])
    word, shift = slot >> SIX, slot & LAST_BIT
    if slot + wide == state[TOP]:  # the top goes down, so that temporaries don't use up the timeline
        left = bits[word] & ~(mask(wide) << shift)
        bits[word] = left
        state[TOP] = (slot | LAST_BIT) + ONE - leading_zeros(left)
        return np.int64(0)
    above = popcount(bits[word] >> shift >> wide) + _hot_above(state, bits, word)
    bits[word] &= ~(mask(wide) << shift)
    if word < state[SEALED]:
        above += add(state, tree, word, ZERO - wide)
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
    wide = U(width)
    slot, top = U(position[U(cell)]), state[TOP]
    if slot + wide == top:
        return np.int64(0)
    word, free = slot >> SIX, top & LAST_BIT
    if word == top >> SIX and free + wide <= WORD:  # most scalars: both in the word at the top
        shift, old = slot & LAST_BIT, bits[word]
        bits[word] = (old & ~(mask(wide) << shift)) | mask(wide) << free
        position[U(cell)] = top
        owner[top] = (U(cell) << TWO) | log2(wide)
        state[TOP] = top + wide
        return np.int64(popcount(old >> shift >> wide))
    above = take(state, bits, tree, position, owner, cell, width)
    push(state, bits, tree, position, owner, cell, width)
    return above


@inlined
def rewrite(
    state: Words,
    bits: Words,
    tree: Counts,
    position: Counts,
    owner: Counts,
    cell: Integer,
    old: Integer,
    width: Integer,
) -> None:
    """Move a cell to the top, where it has another width."""
    before, wide = U(old), U(width)
    slot, top = U(position[U(cell)]), state[TOP]
    if before == wide and slot + wide == top:
        return
    word, free = slot >> SIX, top & LAST_BIT
    if word == top >> SIX and free + wide <= WORD:
        bits[word] = (bits[word] & ~(mask(before) << (slot & LAST_BIT))) | mask(wide) << free
        position[U(cell)] = top
        owner[top] = (U(cell) << TWO) | log2(wide)
        state[TOP] = top + wide
    else:
        remove(state, bits, tree, position, owner, cell, old)
        push(state, bits, tree, position, owner, cell, width)


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
    room = left * wide + WORD
    if state[TOP] + room > state[CAPACITY]:
        compact(state, bits, tree, position, owner, room)
    while left > ZERO:
        top = _slot(state, bits, tree, position, owner, wide)
        shift = top & LAST_BIT
        here = min(left, (WORD - shift) // wide)
        bits[top >> SIX] |= ~ZERO >> (WORD - here * wide) << shift
        for _ in range(here):
            position[cell] = top
            owner[top] = (cell << TWO) | log2(wide)
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
            leaving |= mask(wide) << (slot & LAST_BIT)
            cell += ONE
            if cell == end:
                break
            slot = U(position[cell])
        bits[word] &= ~leaving
        if word < state[SEALED]:
            add(state, tree, word, ZERO - popcount(leaving))
