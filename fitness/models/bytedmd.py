"""The model `bytedmd`, version 2 (13 April 2026): the Sutro Group's metric, over values that derive from the arguments.

Rules: docs/energy.md. A value leaves the stack with its last use, so a trace is gone through twice: for the last use of
each value, then for the prices. Which operations use and make values is the machine's business.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitness import lru
from fitness.kernels import inlined, kernel
from fitness.trace import END, INPUT, KEEP, NEW, USE, Trace

_SOUND = -1
# Instead of the row of the last use.
_NEVER = -1
_KEPT = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class ByteDMD:
    """The sum of ceil(sqrt(depth)) over the bytes of a value that is read, the depth counted in bytes from the top."""

    name: str
    element_bytes: int | None
    """Width of every value; None for the widths of the trace, which are 1, 2, 4 or 8."""
    version: int = 2

    def price(self, trace: Trace) -> NDArray[np.float64]:
        """Return the cost of each USE, and 0 for all else.

        Raises ValueError for an event that can't happen: a value used or kept before it is made, or made twice, a width
        other than 1, 2, 4 and 8, an operation without an end.
        """
        values = trace.numbered(INPUT, KEEP)
        # With one width for all, values count as one byte each, and depths are multiplied.
        width = trace.width if self.element_bytes is None else np.ones_like(trace.width)
        widths, last_use = np.zeros(values, np.uint8), np.full(values, _NEVER)
        unsound = _find_last_uses(trace.kind, trace.id, width, widths, last_use)
        if unsound != _SOUND:
            raise ValueError(f"event {unsound} can't happen to value {trace.id[unsound]}")
        costs = np.zeros(len(trace))
        stack = lru.allocate(values, int(_peak(trace.kind, trace.id, widths, last_use)))
        _price(*stack, trace.kind, trace.id, widths, last_use, self.element_bytes or 1, costs)
        return costs


@kernel
def _find_last_uses(
    kind: NDArray[np.uint8], value: NDArray[np.int64], width: NDArray[np.uint8],
    widths: NDArray[np.uint8], last_use: NDArray[np.int64],
) -> int:  # fmt: skip
    """Fill in width and last use of each value, and return the first event that can't happen, or _SOUND."""
    unfinished = _SOUND
    for row in range(kind.size):
        event = kind[row]
        if event < INPUT or event > KEEP:
            continue
        if event == END:
            unfinished = _SOUND
            continue
        known = widths[value[row]] != 0
        if event == USE:
            if not known:
                return row
            unfinished = row
            if last_use[value[row]] != _KEPT:
                last_use[value[row]] = row
        elif event == KEEP:
            if not known or unfinished != _SOUND:
                return row
            last_use[value[row]] = _KEPT
        else:
            wide = width[row]
            if known or wide not in (1, 2, 4, 8):
                return row
            if event == NEW:
                unfinished = _SOUND
            elif unfinished != _SOUND:
                return row
            widths[value[row]] = wide
    return unfinished


@kernel
def _peak(
    kind: NDArray[np.uint8], value: NDArray[np.int64], widths: NDArray[np.uint8], last_use: NDArray[np.int64]
) -> np.int64:
    """Largest number of bytes on the stack."""
    live = peak = np.int64(0)
    for row in range(kind.size):
        event = kind[row]
        if event in (INPUT, NEW):
            if last_use[value[row]] != _NEVER:
                live += np.int64(widths[value[row]])
                peak = max(peak, live)
        elif event == USE and last_use[value[row]] == row:
            live -= np.int64(widths[value[row]])
    return peak


@inlined
def _roots(last: np.int64) -> np.int64:
    """ceil(sqrt(1)) + ... + ceil(sqrt(last)), exactly: no other root below 2^50 rounds to an integer."""
    highest = np.int64(math.ceil(math.sqrt(last)))
    # Each root k below the highest stands for 2k - 1 numbers, the highest for the rest.
    lower = highest - 1
    return highest * lower * (4 * highest - 5) // 6 + highest * (last - lower * lower)


@kernel
def _price(
    state: lru.Words, bits: lru.Words, tree: lru.Counts, position: lru.Counts, owner: lru.Counts,
    kind: NDArray[np.uint8], value: NDArray[np.int64], widths: NDArray[np.uint8], last_use: NDArray[np.int64],
    scale: int, costs: NDArray[np.float64],
) -> None:  # fmt: skip
    """Play a sound trace on an empty stack, and store what its uses cost; `scale` is the bytes of a unit of width."""
    first = _SOUND
    for row in range(kind.size):
        event = kind[row]
        if event == USE:
            if first == _SOUND:
                first = row
        elif event in (INPUT, NEW, END):
            if first != _SOUND:
                for use in range(first, row):
                    if kind[use] == USE:
                        wide = np.int64(widths[value[use]])
                        above = lru.distance(state, bits, tree, position, owner, value[use], wide)
                        costs[use] = _roots((above + wide) * scale) - _roots(above * scale)
                for use in range(first, row):
                    if kind[use] == USE and not _used(kind, value, first, use):
                        wide = np.int64(widths[value[use]])
                        lru.remove(state, bits, tree, position, owner, value[use], wide)
                        if last_use[value[use]] > row:
                            lru.push(state, bits, tree, position, owner, value[use], wide)
                first = _SOUND
            if event != END and last_use[value[row]] != _NEVER:
                lru.push(state, bits, tree, position, owner, value[row], np.int64(widths[value[row]]))


@inlined
def _used(kind: NDArray[np.uint8], value: NDArray[np.int64], first: int, use: int) -> bool:
    """Whether the operation that starts at row `first` has used this value before row `use`."""
    while first < use and (kind[first] != USE or value[first] != value[use]):
        first += 1
    return first < use
