"""The models that an endpoint has."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evolve.chat.call import Outcome
from evolve.chat.endpoints import address
from evolve.chat.keys import key_in, without_key
from evolve.chat.model import Model
from evolve.chat.wording import printable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SHOWN: Final = 8
"""Names that are shown."""

LENGTH: Final = 80
"""Characters of a name that are shown."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The models of an endpoint.

    Attributes:
        outcome: `ok`, or what went wrong.
        names: as the endpoint has them.
        detail: what went wrong in words, with what to do; empty if nothing did.
    """

    outcome: Outcome
    names: tuple[str, ...] = ()
    detail: str = ""


async def listed(connection: AsyncOpenAI, model: Model) -> Listed:
    """Ask an endpoint for its models, once."""
    import httpx2

    from evolve.chat.failures import ERRORS, failure_of

    key = key_in(model.key_variable)
    try:
        response = await connection.get("/models", cast_to=httpx2.Response)
        value = json.loads(response.content)
    except ERRORS as error:
        failure = failure_of(error, model)
        return Listed(failure.outcome, (), printable(without_key(failure.detail, key)))
    data = value.get("data") if isinstance(value, Mapping) else None
    if not isinstance(data, list):
        return Listed("malformed", (), f"{address(model)}/models does not list models as the protocol says")
    names = [each.get("id") for each in data if isinstance(each, Mapping)]
    return Listed("ok", tuple(printable(without_key(each, key)) for each in names if isinstance(each, str)))


def names_like(name: str, names: Sequence[str]) -> str:
    """Names in words, those first that are like one, and not more than can be read; empty if there are none."""
    close = difflib.get_close_matches(name, names, n=SHOWN, cutoff=0.5)
    ordered = [*close, *(each for each in names if each not in close)]
    shown = ", ".join(each[:LENGTH] for each in ordered[:SHOWN])
    return f"{shown} and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else shown
