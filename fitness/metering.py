"""What the priced and the traced build carry along: the LRU stack with its sums, and the buffer of events.

Each is a tuple of arrays; a build without it is given None in its place, and the code for it is not even compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import lru
from fitness.kernels import Integer, inlined, kernel

Ints = NDArray[np.int64]
U = np.uint64

SITE = U(0)
"""Entry of the counts of `Pricing`: the position in the program's own code that causes what happens."""


class Pricing(NamedTuple):
    """The LRU stack of `dmc`, and what was charged."""

    stack: lru.Stack
    costs: NDArray[np.float64]
    """See `lru.cost_table`."""
    counts: Ints
    energy: NDArray[np.float64]
    """One entry: the sum of all charges."""
    widths: NDArray[np.uint8]
    """Bytes of each scalar cell, 0 if it is not on the stack."""
    by_site: NDArray[np.float64]
    """Charges by position in the code."""
    by_cell: NDArray[np.float64]
    """Charges by scalar cell."""
    by_array: NDArray[np.float64]
    """Charges by 1 + the array register that named the buffer, 0 for buffers without a name."""
    distances: Ints
    """Reads by the bit length of their distance."""
    executed: Ints
    """Executions by position in the code; then the further steps of allocations, and those of returns."""


class Tracing(NamedTuple):
    """The buffer of events (see `trace`), and the shadows (see `tracing`) of registers and elements."""

    counts: Ints
    kinds: NDArray[np.uint8]
    sites: NDArray[np.int32]
    ids: Ints
    widths: NDArray[np.uint8]
    int_values: Ints
    float_values: Ints
    element_values: Ints
    """By number of the element's cell."""
    cell_widths: NDArray[np.uint8]
    """Bytes of each scalar cell, 0 if it is not on the stack."""


ROWS, NEXT_VALUE, TRACE_SITE, CHOSEN, SPREAD = U(0), U(1), U(2), U(3), U(4)
"""Entries of the counts of `Tracing`: rows in the buffer, the next new value, the position that causes the events,
whether a min or max takes its second operand, events that the ranges in the buffer stand for."""


@inlined
def event(
    counts: Ints,
    kinds: NDArray[np.uint8],
    sites: NDArray[np.int32],
    ids: Ints,
    widths: NDArray[np.uint8],
    kind: Integer,
    number: Integer,
    width: Integer,
) -> None:
    """Append an event; the caller has made sure that there is room."""
    row = U(counts[ROWS])
    kinds[row] = kind
    sites[row] = counts[TRACE_SITE]
    ids[row] = number
    widths[row] = width
    counts[ROWS] += 1


@kernel
def enter(pricing: Pricing, first: Integer, count: Integer, width: Integer, descending: bool) -> None:
    """Put cells first..first+count-1 on the stack, the last on top or, if `descending`, the first."""
    stack = pricing.stack
    lru.push_range(stack.state, stack.bits, stack.tree, stack.position, stack.owner, first, count, width, descending)


@kernel
def enter_each(pricing: Pricing, cells: Ints, width: Integer) -> None:
    """Put cells on the stack, the last on top."""
    stack = pricing.stack
    for index in range(len(cells)):
        lru.push(stack.state, stack.bits, stack.tree, stack.position, stack.owner, cells[index], width)


@kernel
def leave(pricing: Pricing, first: Integer, count: Integer, width: Integer) -> None:
    """Take cells first..first+count-1 off the stack."""
    stack = pricing.stack
    lru.remove_range(stack.state, stack.bits, stack.tree, stack.position, stack.owner, first, count, width)
