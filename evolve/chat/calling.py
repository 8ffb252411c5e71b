"""One call: its attempts, each through the client library, with one deadline around all of them.

The deadline is a cancel scope of `anyio`, as the client library uses them: it shields from these what closes a
connection. From asyncio's own timeouts it does not, and then its pool now and then keeps a request for ever.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any, Final

import anyio
from openai import AsyncAPIResponse, AsyncOpenAI

from evolve.chat.call import Completed, Outcome, Question, Usage
from evolve.chat.connections import MOST, TooLongError
from evolve.chat.dialect import Dialect, usual
from evolve.chat.endpoints import address
from evolve.chat.failure import Failure
from evolve.chat.failures import ERRORS, failure_of, of_error_object, web_page
from evolve.chat.keys import key_in, reply_without_key, without_key
from evolve.chat.listing import listed, names_like
from evolve.chat.model import Model
from evolve.chat.reply import BROKEN, Reply
from evolve.chat.retries import Backoff
from evolve.chat.wording import printable

BASE: Final = 64 << 10
PER_TOKEN: Final = 1 << 10
"""Bytes that are received of a reply at most: so many, and so many more for each token that may be written. An event of
a stream holds a token or more, and takes two to four hundred bytes."""

TRAILING: Final = 2.0
"""Seconds that a complete reply waits for the usage, which comes after it."""


class Call:
    """A call. It runs once, in the event loop; what came of it until now can be read from any thread.

    Args:
        question: that is asked.
        dialects: those that worked, by model; this call adds its own.
        backoff: how it is tried again.
        generator: draws the jitter.
    """

    _scope: anyio.CancelScope
    """With the deadline, while it runs."""

    def __init__(
        self,
        question: Question,
        dialects: MutableMapping[Model, Dialect],
        backoff: Backoff,
        generator: random.Random,
    ):
        self._question = question
        self._dialects = dialects
        self._backoff = backoff
        self._generator = generator
        self._began = time.monotonic()
        self._attempts = 0
        self._reply: Reply | None = None
        self._answered = False
        self._spent: Usage | None = None
        self._failure: Failure | None = None

    async def run(self, connection: AsyncOpenAI) -> Completed:
        """Ask, and try again, until there is a reply or the deadline has passed."""
        model = self._question.model
        left = self._question.deadline - (time.monotonic() - self._began)
        wrong = None
        with anyio.move_on_after(left) as self._scope:
            wrong = await self._tried(connection)
            if wrong is not None and wrong.outcome == "unknown model":
                there = names_like(model.name, (await listed(connection, model)).names)
                wrong = replace(wrong, detail=f"{wrong.detail}; it has {there}") if there else wrong
        if self._scope.cancelled_caught and wrong is None and (self._reply is None or not self._reply.finished):
            return self.late()
        if wrong is not None:
            return self.ended(wrong.outcome, wrong.detail)
        assert self._reply is not None
        return self.ended(*self._reply.judged())

    def late(self) -> Completed:
        """What comes of the call if its deadline passes now."""
        seconds = f"{self._question.deadline:g} s"
        if self._reply is not None:
            size = len(self._reply.text)
            return self.ended("timeout", f"the reply had not ended after {seconds} ({size} characters came)")
        before = f"; before that, {self._failure.detail}" if self._failure is not None else ""
        where = address(self._question.model)
        return self.ended("timeout", f"{where} did not answer within {seconds}{before}")

    def ended(self, outcome: Outcome, detail: str) -> Completed:
        """What comes of the call if it ends now."""
        model, reply = self._question.model, self._reply
        key = key_in(model.key_variable)
        usage = None
        if self._answered:
            nothing = Usage(0, 0)
            usage = _sum(self._spent or nothing, reply.usage(self._question.messages) if reply else nothing)
        return Completed(
            outcome=outcome,
            text=reply_without_key(reply.text, key) if reply else "",
            detail=printable(without_key(detail, key)),
            usage=usage,
            seconds=time.monotonic() - self._began,
            attempts=self._attempts,
        )

    async def _tried(self, connection: AsyncOpenAI) -> Failure | None:
        """Attempt until it works, or trying again is no use; the failure of the last attempt, None if it worked."""
        dialect = self._dialects.get(self._question.model) or usual(self._question.model)
        seen, pauses = {dialect}, 0
        while True:
            if self._reply is not None:
                self._spent = _sum(self._spent or Usage(0, 0), self._reply.usage(self._question.messages))
            self._reply, self._answered = None, False
            self._attempts += 1
            failure = self._failure = await self._attempted(connection, dialect)
            if failure is None:
                return None
            other = dialect.without(failure.refusal)
            if other is not None and other not in seen:
                seen.add(other)
                dialect = other
                continue
            pauses += 1
            if not failure.again or pauses >= self._backoff.attempts:
                return failure
            pause = self._backoff.pause(pauses, failure.asked, self._generator)
            if pause >= self._scope.deadline - anyio.current_time():
                asked = f"; it asks to wait {failure.asked:.0f} s, past the deadline" if failure.asked else ""
                return replace(failure, detail=failure.detail + asked)
            await anyio.sleep(pause)

    async def _attempted(self, connection: AsyncOpenAI, dialect: Dialect) -> Failure | None:
        """Send it once, and receive what comes; None if that is a reply."""
        model = self._question.model
        send = connection.chat.completions.with_streaming_response.create
        try:
            async with send(**dialect.parameters(self._question)) as response:
                self._dialects[model] = dialect
                self._reply, self._answered = Reply(), True
                return await self._received(response, self._reply, dialect)
        except ERRORS as error:
            failure = failure_of(error, model)
        self._answered = self._answered or failure.answered
        if self._reply is None or not self._reply.text:
            return failure
        if failure.outcome == "unreachable":
            return Failure("truncated", f"{BROKEN}: {failure.detail}")
        return replace(failure, again=False)  # what was written is paid for; another attempt would cost as much again

    async def _received(self, response: AsyncAPIResponse[Any], reply: Reply, dialect: Dialect) -> Failure | None:
        """Receive the body of an answer that says that it is a reply."""
        model = self._question.model
        most = min(MOST, BASE + PER_TOKEN * self._question.most)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            self._reply = None
            return web_page(model)
        if kind == "application/json" or not dialect.stream:  # some know no streams, and say nothing
            value = json.loads(await _body(response, most))
            failure = of_error_object(value, model)
            if failure is not None:
                return failure
            reply.add(value)
            if reply.begun:
                reply.end()
        else:
            await self._streamed(response, reply, most)
        if reply.begun:
            return None
        form = f" (its type is {kind})" if kind not in ("application/json", "text/event-stream") else ""
        return Failure("malformed", f"{address(model)} sent an answer that holds no reply{form}")

    async def _streamed(self, response: AsyncAPIResponse[Any], reply: Reply, most: int) -> None:
        """Receive a stream of events."""
        async for chunk in await response.parse():
            ended = reply.finished
            reply.add(chunk)
            if reply.finished and not ended:
                self._trail()
            if response.http_response.num_bytes_downloaded > most:
                raise _endless(most)
            await anyio.sleep(0)  # a deadline and other calls have a turn between the events that came together

    def _trail(self) -> None:
        """Wait only a little for what comes after a complete reply."""
        self._scope.deadline = min(self._scope.deadline, anyio.current_time() + TRAILING)


async def _body(response: AsyncAPIResponse[Any], most: int) -> bytes:
    body = bytearray()
    async for part in response.iter_bytes():
        body += part
        if len(body) > most:
            raise _endless(most)
    return bytes(body)


def _endless(most: int) -> TooLongError:
    return TooLongError(f"the reply did not end within {most >> 10} kiB, far more than was asked for")


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(one.read + other.read, one.written + other.written, one.estimated or other.estimated)
