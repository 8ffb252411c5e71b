"""Pricing by `dmc` while a program runs: what an instruction does to the cells on the LRU stack, before and after it.

The interpreter's loop inlines these. `energy` goes through them as a value, so that it stays in a register.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness import lru
from fitness.arithmetic import U, bit_length, width_of
from fitness.kernels import Integer, inlined, kernel
from fitness.metering import Pricing
from primitives.opcodes import FROM, HAND, READ, TAKE, WRITE_BYTE, WRITE_INT

Prices = NDArray[np.uint32]

ZERO, ONE, TWO, THREE, LOW = U(0), U(1), U(2), U(3), U(7)
_READ, _TAKE, _HAND, _FROM = U(READ), U(TAKE), U(HAND), U(FROM)
_WRITE_INT, _WRITE_BYTE = U(WRITE_INT), U(WRITE_BYTE)


@inlined
def read_operands(pricing: Pricing, prices: Prices, p: np.uint64, site: np.uint64, energy: float) -> float:
    """Read the scalar cells of the instruction at `p`, in order; the energy afterwards."""
    stack, widths = pricing.stack, pricing.widths
    entry = p << TWO
    last = entry + THREE
    while entry < last:
        price = U(prices[entry])
        if price == ZERO:
            break
        cell, how = price >> THREE, price & LOW
        if how <= _TAKE:
            wide = np.int64(widths[cell])
            if how == _READ:
                distance = lru.read(
                    stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), wide
                )
            else:
                distance = lru.take(
                    stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), wide
                )
                widths[cell] = 0
            amount = lru.cost(distance, wide, pricing.costs)
            energy += amount
            pricing.by_site[site] += amount
            pricing.by_cell[cell] += amount
            pricing.distances[U(bit_length(U(distance)))] += 1
        elif how == _HAND:
            hand_over(pricing, cell, U(prices[last]) >> THREE)
        elif how == _FROM:
            drop(pricing, cell, U(prices[entry + ONE]) >> THREE)
        entry += ONE
    return energy


@kernel
def hand_over(pricing: Pricing, cell: np.uint64, other: np.uint64) -> None:
    """Let `other` take the place of `cell` on the stack."""
    stack, widths = pricing.stack, pricing.widths
    if other == cell:
        return
    if widths[other] != 0:
        wide = np.int64(widths[other])
        lru.remove(stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(other), wide)
    lru.replace(stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), np.int64(other))
    widths[other] = widths[cell]
    widths[cell] = 0


@kernel
def drop(pricing: Pricing, first: np.uint64, end: np.uint64) -> None:
    """Take the scalar cells from `first` to before `end` off the stack, unread."""
    stack, widths = pricing.stack, pricing.widths
    for cell in range(first, end):
        if widths[cell] != 0:
            wide = np.int64(widths[cell])
            lru.remove(stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), wide)
            widths[cell] = 0


@inlined
def touch_element(
    pricing: Pricing, cell: Integer, width: Integer, stored: bool, owner: Integer, site: np.uint64, energy: float
) -> float:
    """Read or write an array element; the energy afterwards.

    `owner` is the array register that named the element's buffer, or -1.
    """
    stack = pricing.stack
    distance = lru.take(stack.state, stack.bits, stack.tree, stack.position, stack.owner, cell, width)
    lru.push(stack.state, stack.bits, stack.tree, stack.position, stack.owner, cell, width)
    if not stored:
        amount = lru.cost(distance, width, pricing.costs)
        energy += amount
        pricing.by_site[site] += amount
        pricing.by_array[U(owner + 1)] += amount
        pricing.distances[U(bit_length(U(distance)))] += 1
    return energy


@inlined
def write_result(pricing: Pricing, prices: Prices, p: np.uint64, ints: NDArray[np.int64], d: np.uint64) -> None:
    """Write the cell of the destination of the instruction at `p`, if it has one and it was not handed over."""
    entry = p << TWO
    price = U(prices[entry + THREE])
    if price != ZERO and U(prices[entry]) & LOW != _HAND:
        stack, widths = pricing.stack, pricing.widths
        cell, how = price >> THREE, price & LOW
        wide = width_of(ints[d]) if how == _WRITE_INT else 1 if how == _WRITE_BYTE else 8
        old = np.int64(widths[cell])
        widths[cell] = wide
        if old != 0:
            lru.rewrite(stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), old, wide)
        else:
            lru.push(stack.state, stack.bits, stack.tree, stack.position, stack.owner, np.int64(cell), wide)
