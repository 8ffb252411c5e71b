"""What is asked of a model, and what comes of it. Whatever happens to a call is a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evolve.chat.model import Model

Outcome = Literal[
    "ok",
    "truncated",
    "empty",
    "timeout",
    "unreachable",
    "unauthorized",
    "unknown model",
    "wrong path",
    "rate limited",
    "refused",
    "server error",
    "malformed",
    "too long",
    "circuit open",
    "closed",
]
"""`refused` is any other answer of the kind 4xx; `too long` a reply that was cut off because it did not end; with
`circuit open` nothing was sent; with `closed` the client was closed before the reply was there."""


@dataclass(frozen=True, slots=True)
class Message:
    """A part of a conversation: `role` is `system`, `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model.

    Attributes:
        model: that is asked.
        messages: the conversation until now.
        temperature: of sampling.
        most: tokens that may be written.
        deadline: seconds for the whole call, with all that is tried again.
    """

    model: Model
    messages: tuple[Message, ...]
    temperature: float
    most: int
    deadline: float


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call, of all its attempts that were answered.

    Attributes:
        read: of the question.
        written: of the reply.
        estimated: whether the endpoint did not say, and they are counted from the length of the texts.
    """

    read: int
    written: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a call.

    Attributes:
        outcome: `ok`, or what went wrong.
        text: the reply, as far as it came; empty if there was none.
        detail: what went wrong in words, with what to do; empty if nothing did. It never holds a key.
        usage: its tokens; None if nothing was sent, or no answer came.
        seconds: that it took.
        attempts: how often it was sent.
    """

    outcome: Outcome
    text: str
    detail: str
    usage: Usage | None
    seconds: float
    attempts: int

    @property
    def ok(self) -> bool:
        """Whether there is a reply to read. One that was cut off is none."""
        return self.outcome == "ok"
