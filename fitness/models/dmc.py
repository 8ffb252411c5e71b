"""The model `dmc`: a read costs the square root of the LRU stack distance, summed over the bytes of the cell.

Rules: docs/energy.md. The machine computes the same figure while it runs; this prices a recorded trace, for any other
use of one. The idea is that of Ding and Smith (arXiv 2203.02536, 2312.14441).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitness import lru
from fitness.kernels import kernel
from fitness.trace import DROP, READ, RENAME, RENAMED, TAKE, WRITE, Trace

_SOUND = -1


@dataclass(frozen=True, slots=True)
class Dmc:
    """Data movement complexity in bytes, with lifetimes."""

    name: str = "dmc"
    version: int = 1

    def price(self, trace: Trace) -> NDArray[np.float64]:
        """Return the cost of each READ and TAKE, and 0 for all else.

        Raises ValueError for an event that can't happen: a cell read, dropped or renamed that is not on the stack, a
        width other than 1, 2, 4 and 8, a RENAME without its RENAMED, or of a cell to itself.
        """
        cells = trace.numbered(READ, TAKE)
        peak, unsound = _peak(trace.kind, trace.id, trace.width, np.zeros(cells, np.uint8))
        if unsound != _SOUND:
            raise ValueError(f"event {unsound} can't happen to cell {trace.id[unsound]}")
        costs = np.zeros(len(trace))
        stack = lru.allocate(cells, int(peak))
        _price(*stack, trace.kind, trace.id, trace.width, np.zeros(cells, np.uint8), lru.cost_table(), costs)
        return costs


@kernel
def _peak(
    kind: NDArray[np.uint8], cell: NDArray[np.int64], width: NDArray[np.uint8], widths: NDArray[np.uint8]
) -> tuple[np.int64, int]:
    """Largest number of bytes on the stack, and the first event that can't happen, or _SOUND.

    `widths`, all 0 at first, holds for each cell its bytes on the stack.
    """
    live = peak = np.int64(0)
    for row in range(kind.size):
        event = kind[row]
        if event < READ or event > TAKE:
            continue
        old = np.int64(widths[cell[row]])
        if event == WRITE:
            new = np.int64(width[row])
            if new not in (1, 2, 4, 8):
                return peak, row
        elif event == RENAMED:
            if row == 0 or kind[row - 1] != RENAME or cell[row - 1] == cell[row]:
                return peak, row
            new = np.int64(widths[cell[row - 1]])
            widths[cell[row - 1]] = 0
            live -= new
        elif old == 0 or (event == RENAME and (row + 1 == kind.size or kind[row + 1] != RENAMED)):
            return peak, row
        else:
            new = np.int64(0) if event in (DROP, TAKE) else old
        widths[cell[row]] = new
        live += new - old
        peak = max(peak, live)
    return peak, _SOUND


@kernel
def _price(
    state: lru.Words, bits: lru.Words, tree: lru.Counts, position: lru.Counts, owner: lru.Counts,
    kind: NDArray[np.uint8], cells: NDArray[np.int64], width: NDArray[np.uint8], widths: NDArray[np.uint8],
    table: NDArray[np.float64], costs: NDArray[np.float64],
) -> None:  # fmt: skip
    """Play a sound trace on an empty stack, and store what its reads cost."""
    for row in range(kind.size):
        event = kind[row]
        if event < READ or event > TAKE:
            continue
        cell = cells[row]
        old = np.int64(widths[cell])
        if event == READ:
            above = lru.read(state, bits, tree, position, owner, cell, old)
            costs[row] = lru.cost(above, old, table)
        elif event == TAKE:
            above = lru.take(state, bits, tree, position, owner, cell, old)
            costs[row] = lru.cost(above, old, table)
            widths[cell] = 0
        elif event != RENAME:
            if old != 0:
                lru.remove(state, bits, tree, position, owner, cell, old)
            if event == WRITE:
                lru.push(state, bits, tree, position, owner, cell, np.int64(width[row]))
                widths[cell] = width[row]
            elif event == RENAMED:
                lru.replace(state, bits, tree, position, owner, cells[row - 1], cell)
                widths[cell] = widths[cells[row - 1]]
                widths[cells[row - 1]] = 0
            else:
                widths[cell] = 0
