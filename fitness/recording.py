"""Collecting the events of a traced run: those of the loop, and those of arguments and results, as one trace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness.metering import NEXT_VALUE, ROWS, SPREAD, Tracing
from fitness.trace import INPUT, KEEP, TAKE, WRITE, Trace
from fitness.tracing import COUNT, ENTER_DOWN, ENTER_RANGE, RANGES, most_rows
from primitives.block import Slot
from primitives.types import FLOAT

Ints = NDArray[np.int64]

CHUNK = 1 << 18
"""Rows of the buffer that the loop fills and `collect` empties."""

SCALAR_WIDTH = 8
"""Bytes of a scalar argument, for models that use real sizes."""


_EVENTS = np.arange(COUNT + 1, dtype=np.uint8)
_EVENTS[list(RANGES)] = list(RANGES.values())
"""The kind of event that a row of the buffer stands for."""


class Recorder:
    """The buffers of one traced run, and the events collected so far."""

    def __init__(self, ints: int, floats: int, arrays: int, cells: int, element_values: Ints):
        rows = CHUNK + int(most_rows(arrays, cells + 1))
        counts = np.zeros(8, dtype=np.int64)
        counts[NEXT_VALUE] = 1
        self.tracing = Tracing(
            counts=counts,
            kinds=np.empty(rows, dtype=np.uint8),
            sites=np.empty(rows, dtype=np.int32),
            ids=np.empty(rows, dtype=np.int64),
            widths=np.empty(rows, dtype=np.uint8),
            int_values=np.zeros(ints, dtype=np.int64),
            float_values=np.zeros(floats, dtype=np.int64),
            element_values=element_values,
            cell_widths=np.zeros(cells + 1, dtype=np.uint8),
        )
        self.events = 0
        self.length = 0
        """Events that a trace of what was collected has."""
        self._chunks: list[tuple[NDArray[np.uint8], NDArray[np.int32], Ints, NDArray[np.uint8]]] = []
        self._note(INPUT, np.zeros(0, dtype=np.int64), SCALAR_WIDTH)  # a run that never began has a trace too

    def collect(self, limit: int) -> bool:
        """Empty the buffer. False, and what it held is dropped, if that makes more than `limit` events."""
        tracing = self.tracing
        rows, spread = int(tracing.counts[ROWS]), int(tracing.counts[SPREAD])
        self.events += rows + spread
        tracing.counts[ROWS] = tracing.counts[SPREAD] = 0
        if self.events > limit:
            return False
        kinds, sites = tracing.kinds[:rows].copy(), tracing.sites[:rows].copy()
        self._chunks.append((kinds, sites, tracing.ids[:rows].copy(), tracing.widths[:rows].copy()))
        self.length += rows + spread - 2 * int(np.count_nonzero(kinds == COUNT))
        return True

    def enter_elements(self, cells: Ints, width: int) -> None:
        """Elements of an argument go on the stack, the first on top for `dmc`, deepest for models of values."""
        self.tracing.element_values[cells] = self._inputs(cells, width, width) << 4 | width

    def enter_scalar(self, slot: Slot, width: int) -> None:
        """A scalar argument goes on the stack."""
        shadow = self._inputs(np.array([slot.cell], dtype=np.int64), width, SCALAR_WIDTH) << 4 | SCALAR_WIDTH
        self.tracing.cell_widths[slot.cell] = width
        values = self.tracing.float_values if slot.type is FLOAT else self.tracing.int_values
        values[slot.register] = shadow[0]

    def _inputs(self, cells: Ints, width: int, value_width: int) -> Ints:
        """New values for the cells of an argument."""
        first = int(self.tracing.counts[NEXT_VALUE])
        values = np.arange(first, first + len(cells), dtype=np.int64)
        self.tracing.counts[NEXT_VALUE] = first + len(cells)
        self._note(WRITE, cells[::-1], width)
        self._note(INPUT, values, value_width)
        return values

    def keep_scalar(self, slot: Slot) -> None:
        """A returned scalar."""
        values = self.tracing.float_values if slot.type is FLOAT else self.tracing.int_values
        self.keep(values[slot.register : slot.register + 1])

    def keep(self, shadows: Ints) -> None:
        """Returned values, by their shadows."""
        self._note(KEEP, shadows[shadows > 0] >> 4, SCALAR_WIDTH)

    def _note(self, kind: int, ids: Ints, width: int) -> None:
        """Add events that the loop did not write."""
        count = len(ids)
        sites = np.zeros(count, np.int32)
        self._chunks.append((np.full(count, kind, np.uint8), sites, ids, np.full(count, width, np.uint8)))
        self.length += count

    def trace(self) -> Trace:
        """The events: ranges of cells written out, and cells numbered from 0 without gaps."""
        kind, site, number, width = (np.concatenate(column) for column in zip(*self._chunks, strict=True))
        counts = np.ones(len(kind), dtype=np.int64)
        starts = np.flatnonzero((kind >= ENTER_RANGE) & (kind < COUNT))
        counts[starts] = number[starts + 1]
        counts[starts + 1] = 0
        order = np.repeat(np.arange(len(kind)), counts)
        within = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
        numbers = number[order] + np.where(kind[order] == ENTER_DOWN, -within, within)
        kinds = _EVENTS[kind][order]
        cells = kinds <= TAKE
        numbers[cells] = np.unique(numbers[cells], return_inverse=True)[1]
        return Trace(kinds, site[order], numbers, width[order])
