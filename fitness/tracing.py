"""How the traced build writes its events: what happens to cells, and which values every operation uses and makes.

Registers and elements carry a shadow, `value * 16 + width`, 0 for what was never derived from the arguments. Ranges of cells are
written as two rows and spread out by `trace`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness.arithmetic import width_of
from fitness.kernels import kernel
from fitness.metering import NEXT_VALUE, Tracing, event
from fitness.trace import DROP, END, NEW, READ, RENAME, RENAMED, TAKE, USE, WRITE
from primitives.opcodes import FIELD_KINDS, FILES, MNEMONIC

U = np.uint64
ENTER_RANGE, LEAVE_RANGE, COUNT = 64, 65, 66
"""Rows of the buffer that are no events yet: cells from `id` on enter or leave, as many as the COUNT row after it says."""

CHOSEN = U(3)
"""Entry of the counts: whether min or max takes its second operand."""

_NOTHING, _OPERATE, _MOVE, _LOAD, _STORE, _TEST, _CHOOSE, _CLEAR, _ROUND, _INDEX, _EQUAL = range(11)
_SWAPPED = 4


def _actions() -> NDArray[np.uint8]:
    actions = dict.fromkeys(MNEMONIC, _NOTHING)
    for name in MNEMONIC:
        if name.startswith("LD"):
            actions[name] = _LOAD
        elif name.startswith("ST"):
            actions[name] = _STORE
        elif name in ("JZ", "JNZ", "JZF", "JNZF", "SEED"):
            actions[name] = _TEST
        elif name in ("IMOV", "FMOV", "I2F", "I2FX"):
            actions[name] = _MOVE
        elif name in ("IMIN", "IMAX", "FMIN", "FMAX"):
            actions[name] = _CHOOSE
        elif name in ("DIM", "RAND"):
            actions[name] = _CLEAR
        elif name == "F2I":
            actions[name] = _ROUND
        elif name in ("ROW", "COL", "WINDOW"):
            actions[name] = _INDEX
        elif name in ("IEQ", "INE", "FEQ", "FNE"):
            actions[name] = _EQUAL
        elif MNEMONIC.index("IMOV") <= MNEMONIC.index(name) <= MNEMONIC.index("RANDINT"):
            actions[name] = _OPERATE
    return np.array([actions[name] for name in MNEMONIC], dtype=np.uint8)


ACTIONS = _actions()
KINDS = FIELD_KINDS.astype(np.uint8)
INT_FILE, FLOAT_FILE = FILES.index("i"), FILES.index("f")
MINIMA = np.array([name in ("IMIN", "FMIN") for name in MNEMONIC])


@kernel
def one(tracing: Tracing, kind: int, number: int, width: int) -> None:
    """Write one event."""
    event(tracing.counts, tracing.kinds, tracing.sites, tracing.ids, tracing.widths, kind, number, width)


@kernel
def span(tracing: Tracing, kind: int, first: int, count: int, width: int) -> None:
    """Write an event of a range of cells."""
    one(tracing, kind, first, width)
    one(tracing, COUNT, count, width)


@kernel
def before(tracing: Tracing, prices: NDArray[np.uint32], p: np.uint64) -> None:
    """The cells that an instruction reads, hands over or drops."""
    entry = p << U(2)
    last = entry + U(3)
    while entry < last:
        price = U(prices[entry])
        cell, how = price >> U(3), price & U(7)
        if how == U(1) or how == U(2):
            one(tracing, READ if how == U(1) else TAKE, np.int64(cell), tracing.cell_widths[cell])
            if how == U(2):
                tracing.cell_widths[cell] = 0
        elif how == U(3):
            other = U(prices[last]) >> U(3)
            if other != cell:
                one(tracing, RENAME, np.int64(cell), tracing.cell_widths[cell])
                one(tracing, RENAMED, np.int64(other), tracing.cell_widths[other])
                tracing.cell_widths[other] = tracing.cell_widths[cell]
                tracing.cell_widths[cell] = 0
        elif how == U(4):
            for going in range(cell, U(prices[entry + U(1)]) >> U(3)):
                if tracing.cell_widths[going] != 0:
                    one(tracing, DROP, np.int64(going), tracing.cell_widths[going])
                    tracing.cell_widths[going] = 0
        entry += U(1)


@kernel
def choose(
    tracing: Tracing, op: int, ints: NDArray[np.int64], floats: NDArray[np.float64], a: np.uint64, b: np.uint64
) -> None:
    """Note which operand a min or max is going to take, before it overwrites one."""
    if KINDS[op, 1] == INT_FILE:
        less, more = ints[b] < ints[a], ints[b] > ints[a]
    else:
        less, more = floats[b] < floats[a], floats[b] > floats[a]
    tracing.counts[CHOSEN] = less if MINIMA[op] else more


@kernel
def after(
    tracing: Tracing,
    code: NDArray[np.uint32],
    prices: NDArray[np.uint32],
    ints: NDArray[np.int64],
    p: np.uint64,
    element: int,
    first: int,
    width: int,
    stored: bool,
) -> None:
    """The cells that an instruction touched or wrote, then its values. `element` below 0 was not priced, or is absent."""
    at = p << U(3)
    op = code[at]
    if element >= 0:
        one(tracing, WRITE if stored else READ, first + element, width)
    price = U(prices[(p << U(2)) + U(3)])
    if price != U(0) and prices[p << U(2)] & U(7) != U(3):
        cell, how = price >> U(3), price & U(7)
        wide = width_of(ints[U(code[at + U(1)])]) if how == U(1) else 1 if how == U(2) else 8
        tracing.cell_widths[cell] = wide
        one(tracing, WRITE, np.int64(cell), wide)
    action = ACTIONS[op]
    if action != _NOTHING:
        place = element if element >= 0 else -1 - element
        _values(tracing, code, at, op, action, first + place)


@kernel
def shadow(tracing: Tracing, kind: int, register: np.uint64) -> int:
    """The shadow of a register of the int or float file."""
    return tracing.int_values[register] if kind == INT_FILE else tracing.float_values[register]


@kernel
def _set(tracing: Tracing, kind: int, register: np.uint64, value: int) -> None:
    if kind == INT_FILE:
        tracing.int_values[register] = value
    else:
        tracing.float_values[register] = value


@kernel
def _convert(tracing: Tracing, kind: int, register: np.uint64) -> None:
    """A value that is read once, what comes out not being tracked."""
    value = shadow(tracing, kind, register)
    if value != 0:
        one(tracing, USE, value >> 4, value & 15)
        one(tracing, END, 0, 0)


@kernel
def _operate(tracing: Tracing, first: int, second: int) -> int:
    """An operation on two shadows, read in this order: the shadow of its result."""
    if first != 0:
        one(tracing, USE, first >> 4, first & 15)
    if second != 0:
        one(tracing, USE, second >> 4, second & 15)
    if first == 0 and second == 0:
        return 0
    value = tracing.counts[NEXT_VALUE]
    tracing.counts[NEXT_VALUE] = value + 1
    width = max(first & 15, second & 15)
    one(tracing, NEW, value, width)
    return value << 4 | width


@kernel
def _values(tracing: Tracing, code: NDArray[np.uint32], at: np.uint64, op: int, action: int, cell: int) -> None:
    d, a, b, c = U(code[at + U(1)]), U(code[at + U(2)]), U(code[at + U(3)]), U(code[at + U(4)])
    flag = code[at + U(5)]
    kd, ka, kb = KINDS[op, 0], KINDS[op, 1], KINDS[op, 2]
    if action == _LOAD or action == _STORE:
        _convert(tracing, INT_FILE, b)
        if KINDS[op, 3] == INT_FILE:
            _convert(tracing, INT_FILE, c)
        if action == _LOAD:
            _set(tracing, kd, d, tracing.element_values[U(cell)])
        else:
            tracing.element_values[U(cell)] = shadow(tracing, kd, d)
    elif action == _TEST:
        _convert(tracing, ka, a)
    elif action == _INDEX:
        _convert(tracing, kb, b)
    elif action == _CLEAR:
        _set(tracing, kd, d, 0)
    elif action == _CHOOSE:
        first, second = shadow(tracing, ka, a), shadow(tracing, kb, b)
        test = _operate(tracing, second, first)
        if test != 0:
            one(tracing, USE, test >> 4, test & 15)
            one(tracing, END, 0, 0)
        _set(tracing, kd, d, second if tracing.counts[CHOSEN] else first)
    elif (action == _MOVE and flag == 1) or (action == _ROUND and b == U(0)) or (action == _EQUAL and flag == 1):
        _convert(tracing, ka, a)
        _set(tracing, kd, d, 0)
    elif action == _MOVE and flag == 0:
        _set(tracing, kd, d, shadow(tracing, ka, a))
    else:
        first = shadow(tracing, ka, a) if ka == INT_FILE or ka == FLOAT_FILE else 0
        second = shadow(tracing, kb, b) if kb == INT_FILE or kb == FLOAT_FILE else 0
        if flag == _SWAPPED:
            first, second = second, first
        _set(tracing, kd, d, _operate(tracing, first, second))
