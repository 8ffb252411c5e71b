"""What the machine did, event by event, for the energy models that price it after the run.

There are two families of events: what happened to memory cells, and what happened to the values that derive from the
arguments. A model looks at one family and passes over the other. How events come about is the machine's business.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitness.kernels import kernel

# Memory: `id` is a cell, `width` its bytes.
READ = 1  # the cell is read and goes on top
WRITE = 2  # the cell is put on top; it may be new, or change its width
DROP = 3  # the cell leaves
RENAME = 4  # in the next row, RENAMED, stands the cell that takes this one's place
RENAMED = 5  # if the cell is on the stack it leaves first
TAKE = 6  # the cell is read and leaves

# Values: `id` is a value, given once, `width` its bytes.
INPUT = 8  # an element or scalar of the arguments, from the deepest to the top, before anything else
USE = 9  # an operand of the operation that the next NEW or END ends
NEW = 10  # the result of an operation
END = 11  # the end of an operation whose result is not tracked; `id` means nothing
KEEP = 12  # the function returns the value


@dataclass(frozen=True, slots=True)
class Trace:
    """Events in the order of execution: arrays of one length, with one entry for each event."""

    kind: NDArray[np.uint8]
    """One of the constants above."""
    site: NDArray[np.int32]
    """Position in the program's code that caused it."""
    id: NDArray[np.int64]
    """The cell or value, from 0."""
    width: NDArray[np.uint8]
    """Its bytes: 1, 2, 4 or 8."""

    def __post_init__(self) -> None:
        """Raise ValueError when the columns differ in length."""
        if not len(self.kind) == len(self.site) == len(self.id) == len(self.width):
            raise ValueError("the columns of a trace have one length")

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.kind)

    def numbered(self, first: int, last: int) -> int:
        """Return one more than the largest id of events of kinds first..last.

        Raises ValueError if one is negative.
        """
        lowest, highest = _extremes(self.kind, self.id, first, last)
        if lowest < 0:
            raise ValueError("cells and values are numbered from 0")
        return int(highest) + 1


@kernel
def _extremes(kind: NDArray[np.uint8], number: NDArray[np.int64], first: int, last: int) -> tuple[np.int64, np.int64]:
    """Smallest and largest number of events of kinds first..last, END excepted; 0 and -1 if there are none."""
    lowest, highest = np.int64(0), np.int64(-1)
    for row in range(kind.size):
        if first <= kind[row] <= last and kind[row] != END:
            lowest, highest = min(lowest, number[row]), max(highest, number[row])
    return lowest, highest
