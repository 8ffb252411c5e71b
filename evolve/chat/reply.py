"""A reply while it comes, whole or in pieces, from an endpoint that may send anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from evolve.chat.call import Message, Outcome, Usage
from evolve.chat.wording import encodable

BYTES_PER_TOKEN: Final = 3
"""Of text, for estimates; programs have a little more, so that estimates are rather too high."""

TOKENS_PER_MESSAGE: Final = 4
"""Around each message of a question, for estimates."""

BROKEN: Final = "the reply broke off"
"""How the detail of a reply begins that ended before the model had."""

SILLY: Final = 10**9
"""Tokens that no call has."""


class Reply:
    """What has come of a reply. It exists when the head of an answer says that there will be one.

    Attributes:
        begun: whether anything was received that is a reply by its form.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._hidden = 0
        self._refusal = ""
        self._finish: str | None = None
        self._usage: Usage | None = None
        self.begun = False

    @property
    def text(self) -> str:
        """The text until now, which can always be encoded."""
        return encodable("".join(self._pieces))

    @property
    def finished(self) -> bool:
        """Whether the model said that it has come to an end."""
        return self._finish is not None

    @property
    def counted(self) -> bool:
        """Whether the endpoint has told the usage."""
        return self._usage is not None

    def add(self, value: object) -> None:
        """Take a chunk of a stream, or a whole completion. What makes no sense is left out."""
        self._count(_field(value, "usage"))
        choices = _field(value, "choices")
        if not isinstance(choices, list) or not choices:
            return
        self.begun = True
        first = choices[0]
        for part in (_field(first, "delta"), _field(first, "message")):
            content = _field(part, "content")
            if isinstance(content, str):
                self._pieces.append(content)
            for name in ("reasoning_content", "reasoning"):
                self._hidden += _size(_field(part, name))
            refusal = _field(part, "refusal")
            self._refusal += refusal if isinstance(refusal, str) else ""
        finish = _field(first, "finish_reason")
        if isinstance(finish, str) and finish:
            self._finish = finish

    def end(self) -> None:
        """Note that it is complete, although the model did not say so."""
        self._finish = self._finish or "stop"

    def judged(self) -> tuple[Outcome, str]:
        """The outcome, and what is to be said of it, when nothing more will come."""
        empty = not self.text.strip()
        if self._finish is None:
            return "truncated", f"{BROKEN}: the endpoint closed the stream before the model had ended"
        if self._finish == "length":
            where = ", all of them before the reply (it reasons first)" if empty else ""
            return "truncated", f"the model used up the tokens that it may write{where}; let it write more"
        if self._finish == "content_filter":
            return "empty" if empty else "truncated", "the endpoint's content filter stopped the reply"
        if empty and self._refusal:
            return "empty", f"the model refused: {self._refusal}"
        return ("empty", "the model replied with nothing") if empty else ("ok", "")

    def usage(self, messages: Iterable[Message]) -> Usage:
        """The tokens that the endpoint told, else estimated ones."""
        if self._usage is not None:
            return self._usage
        read = sum(_tokens(_size(each.text)) + TOKENS_PER_MESSAGE for each in messages)
        return Usage(read, _tokens(sum(map(_size, self._pieces)) + self._hidden), estimated=True)

    def _count(self, usage: object) -> None:
        read, written = (_field(usage, name) for name in ("prompt_tokens", "completion_tokens"))
        if _is_count(read) and _is_count(written):
            assert isinstance(read, int) and isinstance(written, int)
            self._usage = Usage(read, written)


def _field(value: object, name: str) -> object:
    """A field of an object of the client library, or of a JSON object; None if it has none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SILLY


def _size(text: object) -> int:
    """Bytes of a text; 0 if it is none."""
    return len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0


def _tokens(size: int) -> int:
    return -(-size // BYTES_PER_TOKEN)
