"""The client: asks models, and says what came of it, whatever an endpoint does."""

from __future__ import annotations

import functools
import random
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from evolve.chat.breaker import Breaker, Circuit
from evolve.chat.call import Completed, Question
from evolve.chat.model import Model
from evolve.chat.retries import Backoff

BACKOFF: Final = Backoff()
"""How calls are tried again unless the caller says otherwise."""

PATIENCE: Final = 4
"""Failed calls in a row after which a model is left alone."""

PAUSE: Final = 15.0
"""Seconds that a model is left alone for the first time."""

LONGEST: Final = 600.0
"""Seconds that a model is left alone at most."""


class Client:
    """Asks models. Each call has one deadline, and none raises for what an endpoint does. Several threads may ask at once.

    Args:
        generator: draws the jitter of pauses.
        backoff: how calls are tried again.
        patience: failed calls in a row after which a model is left alone.
        pause: seconds that it is left alone for the first time; twice as long after each trial that fails.
        clock: gives the time in seconds to the breakers; it never goes back.
    """

    def __init__(
        self,
        generator: random.Random,
        backoff: Backoff = BACKOFF,
        patience: int = PATIENCE,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._generator = generator
        self._backoff = backoff
        self._new = functools.partial(Breaker, patience, pause, LONGEST, clock)
        self._lock = threading.Lock()
        self._breakers: dict[Model, Breaker] = {}

    def ask(self, question: Question) -> Completed:
        """Ask, and wait for the reply until the deadline of the question at most.

        The first call imports the client library, about a second that does not count.
        """
        raise NotImplementedError

    def circuit(self, model: Model) -> Circuit:
        """How the breaker of a model stands."""
        return self._breaker(model).circuit()

    def close(self) -> None:
        """End all calls that are in flight, with the outcome `closed`, and every later one at once."""

    def __enter__(self) -> Self:
        """Give the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _breaker(self, model: Model) -> Breaker:
        with self._lock:
            if model not in self._breakers:
                self._breakers[model] = self._new()
            return self._breakers[model]
