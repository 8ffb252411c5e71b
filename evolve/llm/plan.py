"""The plan of a search with language models: which, how many calls at a time, and what may be spent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from evolve.chat.model import Model
from evolve.llm.budget import Budget

TEMPERATURES: Final = (0.3, 0.7, 1.0)
"""What is sampled with, one drawn for each call."""

PARALLEL: Final = 2
"""Calls under way at a time."""

MOST: Final = 4096
"""Tokens that a reply may have: whole programs have a quarter of that."""

DEADLINE: Final = 180.0
"""Seconds for a call."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search does with models.

    Attributes:
        models: that are asked.
        budget: of the calls with larger numbers than `since`.
        since: the number of the last call that another budget paid.
        parallel: calls under way at a time.
        temperatures: that are drawn from.
        seed: of the search.
    """

    models: tuple[Model, ...]
    budget: Budget
    since: int = 0
    parallel: int = PARALLEL
    temperatures: tuple[float, ...] = TEMPERATURES
    seed: int = 0

    @property
    def priced(self) -> bool:
        """Whether gains are compared by dollar: the prices of all models are known. Else they are by token."""
        return all(each.cost(1, 1) is not None for each in self.models)


def to_json(plan: Plan) -> str:
    """A plan as one line; it holds no key."""
    return json.dumps(asdict(plan))


def from_json(text: str) -> Plan:
    """The plan that `to_json` was given."""
    document: dict[str, Any] = json.loads(text)
    models = tuple(Model(**each) for each in document["models"])
    budget, temperatures = Budget(**document["budget"]), tuple(document["temperatures"])
    return Plan(**document | {"models": models, "budget": budget, "temperatures": temperatures})
