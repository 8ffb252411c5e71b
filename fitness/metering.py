"""What the priced and the traced build of the machine carry along: the LRU stack with its sums, and the buffer of events.

Each is a tuple of arrays; a build without it is given None in its place, and the code for it is not even compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import lru
from fitness.kernels import inlined, kernel

Ints = NDArray[np.int64]
U = np.uint64

SITE = U(0)
"""Entry of the counts of `Pricing`: the position in the program's own code that causes what happens."""


class Pricing(NamedTuple):
    """The LRU stack of `dmc`, what was charged by position in the code, scalar cell and array register, and reads by distance."""

    stack: lru.Stack
    costs: NDArray[np.float64]
    counts: Ints
    energy: NDArray[np.float64]
    widths: NDArray[np.uint8]
    by_site: NDArray[np.float64]
    by_cell: NDArray[np.float64]
    by_array: NDArray[np.float64]
    distances: Ints


class Tracing(NamedTuple):
    """Buffers of events (see `trace`), and the values that registers and elements hold; value 0 is not tracked."""

    counts: Ints
    kinds: NDArray[np.uint8]
    sites: NDArray[np.int32]
    ids: Ints
    widths: NDArray[np.uint8]
    int_values: Ints
    float_values: Ints
    element_values: Ints
    value_widths: NDArray[np.uint8]
    cell_widths: NDArray[np.uint8]


ROWS, NEXT_VALUE, TRACE_SITE = U(0), U(1), U(2)
"""Entries of the counts of `Tracing`: rows in the buffer, the next new value, the position that causes the events."""


@inlined
def event(
    counts: Ints,
    kinds: NDArray[np.uint8],
    sites: NDArray[np.int32],
    ids: Ints,
    widths: NDArray[np.uint8],
    kind: int,
    number: int,
    width: int,
) -> None:
    """Append an event; the caller has made sure that there is room."""
    row = U(counts[ROWS])
    kinds[row] = kind
    sites[row] = counts[TRACE_SITE]
    ids[row] = number
    widths[row] = width
    counts[ROWS] += 1


@kernel
def enter(pricing: Pricing, first: int, count: int, width: int, descending: bool) -> None:
    """Put the cells of a new array on the stack."""
    stack = pricing.stack
    lru.push_range(stack.state, stack.bits, stack.tree, stack.position, stack.owner, first, count, width, descending)


@kernel
def enter_each(pricing: Pricing, cells: Ints, width: int) -> None:
    """Put cells on the stack, the last on top."""
    stack = pricing.stack
    for index in range(len(cells)):
        lru.push(stack.state, stack.bits, stack.tree, stack.position, stack.owner, cells[index], width)


@kernel
def leave(pricing: Pricing, first: int, count: int, width: int) -> None:
    """Take the cells of an array off the stack."""
    stack = pricing.stack
    lru.remove_range(stack.state, stack.bits, stack.tree, stack.position, stack.owner, first, count, width)
