"""A circuit breaker: a model whose calls fail again and again is left alone for a while.

After Michael Nygard, "Release It!", 2007, chapter 5.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from evolve.chat.call import Outcome

HARMLESS: Final = frozenset({"ok", "truncated", "empty"})
"""Outcomes that show that the endpoint works, whatever the reply is worth."""

UNDECIDED: Final = frozenset({"closed", "circuit open"})
"""Outcomes that say nothing about the endpoint."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a breaker stands.

    Attributes:
        state: `closed`, calls go through; `open`, none does; `half-open`, one is under way that decides.
        failures: calls that failed since one worked.
        left: seconds until a call is let through again; 0 unless it is open.
        error: outcome and detail of the last call that failed; empty if the last one worked.
    """

    state: Literal["closed", "open", "half-open"]
    failures: int = 0
    left: float = 0.0
    error: str = ""

    def __str__(self) -> str:
        """The state in words, without the error."""
        return f"open for another {self.left:.0f} s" if self.state == "open" else self.state


class Breaker:
    """The breaker of one model. It may be used by several threads at once.

    Args:
        patience: failed calls in a row after which it opens.
        pause: seconds that it stays open for the first time; twice as long after each trial that fails.
        longest: seconds that it stays open at most.
        clock: gives the time in seconds; it never goes back.
    """

    def __init__(self, patience: int, pause: float, longest: float, clock: Callable[[], float]):
        self._patience = patience
        self._pause = pause
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next = pause
        self._until: float | None = None
        self._trying = False
        self._error = ""

    def admit(self) -> bool:
        """Whether a call may be made; after it, `record` has to be told what came of it."""
        with self._lock:
            if self._until is None:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def record(self, outcome: Outcome, detail: str) -> None:
        """Note what came of a call that was admitted."""
        with self._lock:
            self._trying = False
            if outcome in UNDECIDED:
                return
            if outcome in HARMLESS:
                self._failures, self._next = 0, self._pause
                self._until, self._error = None, ""
                return
            self._failures += 1
            self._error = f"{outcome}: {detail}" if detail else outcome
            waiting = self._until is not None and self._clock() < self._until
            if self._failures >= self._patience and not waiting:
                self._until = self._clock() + self._next
                self._next = min(2 * self._next, self._longest)

    def circuit(self) -> Circuit:
        """How it stands."""
        with self._lock:
            if self._until is None:
                return Circuit("closed", self._failures, 0.0, self._error)
            left = max(0.0, self._until - self._clock())
            return Circuit("open" if left else "half-open", self._failures, left, self._error)
