"""The client: asks models, and says what came of it, whatever an endpoint does."""

from __future__ import annotations

import concurrent.futures
import functools
import random
import threading
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from evolve.chat.breaker import Breaker, Circuit
from evolve.chat.call import Completed, Outcome, Question
from evolve.chat.endpoints import address, fault, is_openai
from evolve.chat.event_loop import EventLoop
from evolve.chat.failure import Failure
from evolve.chat.keys import key_in, sendable
from evolve.chat.listing import Listed, listed
from evolve.chat.model import Model
from evolve.chat.retries import Backoff

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from evolve.chat.dialect import Dialect

Result = TypeVar("Result")

BACKOFF: Final = Backoff()
"""How calls are tried again unless the caller says otherwise."""

PATIENCE: Final = 4
"""Failed calls in a row after which a model is left alone."""

PAUSE: Final = 15.0
"""Seconds that a model is left alone for the first time."""

LONGEST: Final = 600.0
"""Seconds that a model is left alone at most."""


CLOSING: Final = 1.0
"""Seconds that closing waits for calls to end, and that a call may be late."""

CLOSED: Final = "the client was closed"


class Client:
    """Asks models. A call has one deadline, and never raises for what an endpoint does.

    Several threads may ask at once.

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
        self._connecting = threading.Lock()
        self._breakers: dict[Model, Breaker] = {}
        self._dialects: dict[Model, Dialect] = {}
        self._connections: dict[tuple[str, str], AsyncOpenAI] = {}
        self._loop: EventLoop | None = None
        self._closed = False

    def ask(self, question: Question) -> Completed:
        """Ask, and wait for the reply until the deadline of the question at most.

        The first call imports the client library; that takes about a second, which does not count.
        """
        breaker = self._breaker(question.model)
        if not breaker.admit():
            circuit = breaker.circuit()
            return _unsent("circuit open", f"{question.model.name} is left alone: {circuit}; {circuit.error}")
        completed = None
        try:
            completed = self._asked(question)
        finally:
            if completed is None:  # interrupted: nothing is known of the endpoint
                breaker.record("closed", "")
        breaker.record(completed.outcome, completed.detail)
        return completed

    def names(self, model: Model, deadline: float) -> Listed:
        """Ask a model's endpoint which models it has, once, and wait for that so many seconds at most."""
        connection = self._connected(model)
        if isinstance(connection, Failure):
            return Listed(connection.outcome, (), connection.detail)
        done, found = self._waited(listed(connection, model), deadline)
        if found is not None:
            return found
        if done:
            return Listed("closed", (), CLOSED)
        return Listed("timeout", (), f"{address(model)} did not answer within {deadline:g} s")

    def circuit(self, model: Model) -> Circuit:
        """How the breaker of a model stands."""
        return self._breaker(model).circuit()

    def close(self) -> None:
        """End all calls that are in flight, with the outcome `closed`, and every later one at once."""
        with self._lock:
            self._closed = True
            loop = self._loop
        if loop is not None:
            loop.stop(CLOSING)

    def __enter__(self) -> Self:
        """Give the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _asked(self, question: Question) -> Completed:
        connection = self._connected(question.model)
        if isinstance(connection, Failure):
            return _unsent(connection.outcome, connection.detail)
        from evolve.chat.calling import Call

        call = Call(question, self._dialects, self._backoff, self._generator)
        done, completed = self._waited(call.run(connection), question.deadline + CLOSING)
        if completed is not None:
            return completed
        return call.ended("closed", CLOSED) if done else call.late()

    def _waited(self, work: Coroutine[Any, Any, Result], seconds: float) -> tuple[bool, Result | None]:
        """Do work in the loop: whether it ended in time, and what it gave; None if the client was closed."""
        with self._lock:
            if self._loop is None and not self._closed:
                self._loop = EventLoop("language models", self._disconnect)
            loop = self._loop
        if loop is None:
            work.close()
            return True, None
        future = loop.submit(work)
        try:
            return True, future.result(seconds)
        except concurrent.futures.CancelledError:
            return True, None
        except TimeoutError:
            return False, None
        finally:
            future.cancel()

    def _connected(self, model: Model) -> AsyncOpenAI | Failure:
        """The connection to a model's endpoint, or why it can't be asked at all."""
        wrong = _unsendable(model)
        if wrong is not None:
            return wrong
        from evolve.chat.connections import connected

        place = (address(model), model.key_variable)
        with self._connecting:
            found = self._connections.get(place) or connected(model)
            if not isinstance(found, Failure):
                self._connections[place] = found
            return found

    async def _disconnect(self) -> None:
        for each in self._connections.values():
            await each.close()

    def _breaker(self, model: Model) -> Breaker:
        with self._lock:
            if model not in self._breakers:
                self._breakers[model] = self._new()
            return self._breakers[model]


def _unsendable(model: Model) -> Failure | None:
    """Why a model can't be asked at all; None if it can."""
    where, wrong, key = address(model), fault(address(model)), key_in(model.key_variable)
    if wrong is not None:
        return Failure("wrong path", wrong)
    if key is None and is_openai(where):
        return Failure("unauthorized", f"there is no key: {model.key_variable} is not set, and {where} wants one")
    if key is not None and not sendable(key):
        detail = f"what {model.key_variable} holds is no key: it has a space or a sign that no key has"
        return Failure("unauthorized", detail)
    return None


def _unsent(outcome: Outcome, detail: str) -> Completed:
    return Completed(outcome, "", detail, None, 0.0, 0)
