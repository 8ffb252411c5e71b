"""What endpoints that speak "the OpenAI protocol" differ in, and how to go on when one refuses a parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from evolve.chat.call import Question
from evolve.chat.endpoints import address, is_openai
from evolve.chat.model import Model
from evolve.chat.wording import encodable

REFUSING: Final = re.compile(
    r"unsupported|not (be )?(support|permit|allow|accept|recogni)|n't support|does not (support|accept|allow)"
    r"|unrecogni[sz]ed|unknown|unexpected|instead",
    re.IGNORECASE,
)
"""How an endpoint says that it does not want a parameter at all."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a request holds.

    Attributes:
        limit: the parameter that bounds the tokens of the reply.
        temperature: whether the temperature is given.
        stream: whether the reply is asked for in pieces.
        counted: whether a stream is asked to tell its usage.
    """

    limit: Literal["max_tokens", "max_completion_tokens"]
    temperature: bool = True
    stream: bool = True
    counted: bool = True

    def parameters(self, question: Question) -> dict[str, Any]:
        """The parameters of a request for `openai`."""
        parameters: dict[str, Any] = {
            "model": question.model.name,
            "messages": [{"role": each.role, "content": encodable(each.text)} for each in question.messages],
            self.limit: question.most,
            "stream": self.stream,
        }
        if self.temperature:
            parameters["temperature"] = question.temperature
        if self.stream and self.counted:
            parameters["stream_options"] = {"include_usage": True}
        return parameters

    def without(self, words: str) -> Dialect | None:
        """The dialect to try next after an endpoint refused a request with these words; None if they ask for none."""
        if not REFUSING.search(words):
            return None
        if self.counted and re.search(r"stream_options|include_usage", words):
            return replace(self, counted=False)
        if re.search(r"max_(completion_)?tokens", words):
            return replace(self, limit="max_tokens" if self.limit != "max_tokens" else "max_completion_tokens")
        if self.temperature and "temperature" in words:
            return replace(self, temperature=False)
        if self.stream and re.search(r"\bstream", words, re.IGNORECASE):
            return replace(self, stream=False)
        return None


def usual(model: Model) -> Dialect:
    """The dialect to begin with.

    OpenAI's newer models refuse `max_tokens`; many other servers know nothing else, and ignore what they don't know.
    """
    return Dialect("max_completion_tokens" if is_openai(address(model)) else "max_tokens")
