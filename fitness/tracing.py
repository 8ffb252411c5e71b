"""How the traced build writes its events: what happens to cells, and which values every operation uses and makes.

Registers and elements carry a shadow, `value * 16 + width`, 0 for what was never derived from the arguments. Ranges of
cells are written as two rows, and spread out when the run is over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness.arithmetic import width_of
from fitness.kernels import Integer, kernel
from fitness.metering import CHOSEN, NEXT_VALUE, SPREAD, Tracing, event
from fitness.trace import DROP, END, INPUT, NEW, READ, RENAME, RENAMED, TAKE, USE, WRITE
from primitives import opcodes
from primitives.opcodes import CONVERT, FIELD_KINDS, FILES, MNEMONIC, SWAPPED

U = np.uint64
ENTER_RANGE, LEAVE_RANGE, ENTER_DOWN, INPUT_RANGE, COUNT = 64, 65, 66, 67, 68
"""Rows of the buffer that are no events yet, but as many as the COUNT row says: cells from `id` on enter or leave,
cells from `id` downwards enter, values from `id` on are inputs."""

RANGES = {ENTER_RANGE: WRITE, LEAVE_RANGE: DROP, ENTER_DOWN: WRITE, INPUT_RANGE: INPUT}
"""The events that they stand for."""

MARGIN = 64
"""Rows that any instruction may need, besides those for what leaves when a function returns."""

_READ, _TAKE, _HAND, _FROM = U(opcodes.READ), U(opcodes.TAKE), U(opcodes.HAND), U(opcodes.FROM)
_WRITE_INT, _WRITE_BYTE = U(opcodes.WRITE_INT), U(opcodes.WRITE_BYTE)
_NOTHING, _OPERATE, _MOVE, _LOAD, _STORE, _TEST, _CHOOSE, _CLEAR, _ROUND, _INDEX, _EQUAL = range(11)
_VALUE_SHIFT, _WIDTH_MASK = 4, 15


def _actions() -> NDArray[np.uint8]:
    """What happens to values, by instruction."""
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
def most_rows(registers: Integer, cells: Integer) -> Integer:
    """Rows that one instruction may write: RET lets all array registers go, with a range each, and all scalar cells."""
    return MARGIN + 2 * registers + cells


@kernel
def one(tracing: Tracing, kind: Integer, number: Integer, width: Integer) -> None:
    """Write one event."""
    event(tracing.counts, tracing.kinds, tracing.sites, tracing.ids, tracing.widths, kind, number, width)


@kernel
def span(tracing: Tracing, kind: Integer, first: Integer, count: Integer, width: Integer) -> None:
    """Write an event of a range of cells."""
    tracing.counts[SPREAD] += count
    one(tracing, kind, first, width)
    one(tracing, COUNT, count, width)


@kernel
def ask(tracing: Tracing, first: Integer, count: Integer, width: Integer) -> None:
    """Elements of a query, cells from `first` on, go on the stack: for `dmc` the first on top, for values deepest."""
    value = tracing.counts[NEXT_VALUE]
    tracing.counts[NEXT_VALUE] = value + count
    span(tracing, ENTER_DOWN, first + count - 1, count, width)
    span(tracing, INPUT_RANGE, value, count, width)
    for index in range(count):
        tracing.element_values[U(first + index)] = (value + index) << _VALUE_SHIFT | width


@kernel
def before(tracing: Tracing, prices: NDArray[np.uint32], p: np.uint64) -> None:
    """The cells that an instruction reads, hands over or drops."""
    entry = p << U(2)
    last = entry + U(3)
    while entry < last:
        price = U(prices[entry])
        cell, how = price >> U(3), price & U(7)
        if how == _READ:
            one(tracing, READ, np.int64(cell), tracing.cell_widths[cell])
        elif how == _TAKE:
            one(tracing, TAKE, np.int64(cell), tracing.cell_widths[cell])
            tracing.cell_widths[cell] = 0
        elif how == _HAND:
            other = U(prices[last]) >> U(3)
            if other != cell:
                one(tracing, RENAME, np.int64(cell), tracing.cell_widths[cell])
                one(tracing, RENAMED, np.int64(other), tracing.cell_widths[other])
                tracing.cell_widths[other] = tracing.cell_widths[cell]
                tracing.cell_widths[cell] = 0
        elif how == _FROM:
            for going in range(cell, U(prices[entry + U(1)]) >> U(3)):
                if tracing.cell_widths[going] != 0:
                    one(tracing, DROP, np.int64(going), tracing.cell_widths[going])
                    tracing.cell_widths[going] = 0
        entry += U(1)


@kernel
def choose(
    tracing: Tracing, op: Integer, ints: NDArray[np.int64], floats: NDArray[np.float64], a: np.uint64, b: np.uint64
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
    element: Integer,
    first: Integer,
    width: Integer,
    stored: bool,
) -> None:
    """The cells that an instruction touched or wrote, then its values.

    `element` is its place in the arena in elements, `first` the first cell of elements of its width; an element below 0
    is -1 minus one that was loaded without a price, or there is none.
    """
    at = p << U(3)
    op = code[at]
    if element >= 0:
        one(tracing, WRITE if stored else READ, first + element, width)
    price = U(prices[(p << U(2)) + U(3)])
    if price != U(0) and U(prices[p << U(2)]) & U(7) != _HAND:
        cell, how = price >> U(3), price & U(7)
        wide = width_of(ints[U(code[at + U(1)])]) if how == _WRITE_INT else 1 if how == _WRITE_BYTE else 8
        tracing.cell_widths[cell] = wide
        one(tracing, WRITE, np.int64(cell), wide)
    action = ACTIONS[op]
    if action != _NOTHING:
        place = element if element >= 0 else -1 - element
        _values(tracing, code, at, op, action, first + place)


@kernel
def _shadow(tracing: Tracing, kind: Integer, register: np.uint64) -> Integer:
    """The shadow of a register of the int or float file."""
    return np.int64(tracing.int_values[register] if kind == INT_FILE else tracing.float_values[register])


@kernel
def _set(tracing: Tracing, kind: Integer, register: np.uint64, value: Integer) -> None:
    """Give a register of the int or float file a shadow."""
    if kind == INT_FILE:
        tracing.int_values[register] = value
    else:
        tracing.float_values[register] = value


@kernel
def _use(tracing: Tracing, shadow: Integer) -> None:
    """An operand of an operation, if it is tracked."""
    if shadow != 0:
        one(tracing, USE, shadow >> _VALUE_SHIFT, shadow & _WIDTH_MASK)


@kernel
def _convert(tracing: Tracing, shadow: Integer) -> None:
    """A value that is read once, what comes out not being tracked."""
    if shadow != 0:
        _use(tracing, shadow)
        one(tracing, END, 0, 0)


@kernel
def _operate(tracing: Tracing, first: Integer, second: Integer) -> Integer:
    """An operation on two shadows, read in this order: the shadow of its result."""
    if first == 0 and second == 0:
        return np.int64(0)
    _use(tracing, first)
    _use(tracing, second)
    value = tracing.counts[NEXT_VALUE]
    tracing.counts[NEXT_VALUE] = value + 1
    width = max(first & _WIDTH_MASK, second & _WIDTH_MASK)
    one(tracing, NEW, value, width)
    return np.int64(value << _VALUE_SHIFT | width)


@kernel
def _values(
    tracing: Tracing, code: NDArray[np.uint32], at: np.uint64, op: Integer, action: Integer, cell: Integer
) -> None:
    """The values that an instruction uses and makes; `cell` is that of its element."""
    d, a, b, c = U(code[at + U(1)]), U(code[at + U(2)]), U(code[at + U(3)]), U(code[at + U(4)])
    flag = code[at + U(5)]
    kd, ka, kb = KINDS[op, 0], KINDS[op, 1], KINDS[op, 2]
    if action == _LOAD or action == _STORE:
        _convert(tracing, tracing.int_values[b])
        if KINDS[op, 3] == INT_FILE:
            _convert(tracing, tracing.int_values[c])
        if action == _LOAD:
            _set(tracing, kd, d, tracing.element_values[U(cell)])
        else:
            tracing.element_values[U(cell)] = _shadow(tracing, kd, d)
    elif action == _TEST:
        _convert(tracing, _shadow(tracing, ka, a))
    elif action == _INDEX:
        _convert(tracing, _shadow(tracing, kb, b))
    elif action == _CLEAR:
        _set(tracing, kd, d, 0)
    elif action == _CHOOSE:
        first, second = _shadow(tracing, ka, a), _shadow(tracing, kb, b)
        _convert(tracing, _operate(tracing, second, first))
        _set(tracing, kd, d, second if tracing.counts[CHOSEN] else first)
    elif (action == _ROUND and b == U(0)) or ((action == _MOVE or action == _EQUAL) and flag == CONVERT):
        _convert(tracing, _shadow(tracing, ka, a))
        _set(tracing, kd, d, 0)
    elif action == _MOVE and flag == 0:
        _set(tracing, kd, d, _shadow(tracing, ka, a))
    else:
        first = _shadow(tracing, ka, a) if ka == INT_FILE or ka == FLOAT_FILE else np.int64(0)
        second = _shadow(tracing, kb, b) if kb == INT_FILE or kb == FLOAT_FILE else np.int64(0)
        if flag == SWAPPED:
            first, second = second, first
        _set(tracing, kd, d, _operate(tracing, first, second))
