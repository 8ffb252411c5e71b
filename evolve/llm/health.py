"""Whether models answer: which are left alone for a while, and what a person is told of it, once for each change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from evolve.chat import Completed

FIRST: Final = 1.0
"""Seconds that a model is left alone after a call that failed; twice as long after each further one."""

LONGEST: Final = 60.0
"""Seconds at most."""


class Health:
    """What is known of models.

    Args:
        clock: of seconds.
    """

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._said: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        self._proven: set[str] = set()

    @property
    def troubles(self) -> Mapping[str, str]:
        """By model what is wrong, in a word or two, for those that did not answer last time."""
        return self._troubles

    def free(self, model: str, under_way: int) -> bool:
        """Whether a model may be asked now, with so many calls of it under way.

        One that did not answer last time, or never was asked, gets one call at a time: it may hang, and others should
        not wait for that.
        """
        return self._clock() >= self._until.get(model, 0.0) and (model in self._proven or not under_way)

    def after(self, model: str, completed: Completed) -> list[str]:
        """Take note of how a call ended: what a person should be told."""
        if completed.ok:
            self._proven.add(model)
            self._failures[model] = 0
            self._troubles.pop(model, None)
            return [f"{model} answers again"] if self._said.pop(model, None) is not None else []
        self._proven.discard(model)
        failures = self._failures[model] = self._failures.get(model, 0) + 1
        self._until[model] = self._clock() + min(LONGEST, FIRST * 2 ** min(failures - 1, 10))
        if completed.outcome == "circuit open":  # it says no more than was said before
            return []
        self._troubles[model] = completed.outcome
        if self._said.get(model) == completed.outcome:
            return []
        self._said[model] = completed.outcome
        return [f"{model}: {completed.outcome}: {completed.detail}; the search goes on, and asks again later"]
