"""When Python looks for cyclic garbage in a process that searches: rarely.

Programs are trees of many small objects that hold no cycles, and their parts stay in caches, so that looking for cycles
is a tenth of the time of a search and finds nothing. It is done once a minute all the same, for what others leave.
"""

from __future__ import annotations

import gc
import time
from typing import Final

EVERY: Final = 60.0
"""Seconds between two collections."""


class RareCollections:
    """Keeps Python from collecting by itself, from now until `close`, which leaves it as it was.

    Also a context manager.
    """

    def __init__(self) -> None:
        self._before = gc.isenabled()
        self._last = time.monotonic()
        gc.disable()

    def __enter__(self) -> RareCollections:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tidy(self) -> None:
        """Collect, if it is time; to be called between two orders."""
        if time.monotonic() > self._last + EVERY:
            gc.collect()
            self._last = time.monotonic()

    def close(self) -> None:
        """Let Python do it again, if it did before."""
        if self._before:
            gc.enable()
