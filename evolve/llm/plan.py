"""The plan of a search with language models: which, how many calls at a time, and what may be spent."""

from __future__ import annotations

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
        replay: the run or directory whose replies are taken instead of asking models; None to ask them.
    """

    models: tuple[Model, ...]
    budget: Budget
    since: int = 0
    parallel: int = PARALLEL
    temperatures: tuple[float, ...] = TEMPERATURES
    seed: int = 0
    replay: str | None = None

    @property
    def priced(self) -> bool:
        """Whether gains are compared by dollar: the prices of all models are known. Else they are by token."""
        return all(each.cost(1, 1) is not None for each in self.models)

    @property
    def document(self) -> dict[str, Any]:
        """It as a dictionary, for JSON; it holds no key."""
        return asdict(self)


def plan_of(document: dict[str, Any]) -> Plan:
    """The plan whose document was stored."""
    models = tuple(Model(**each) for each in document["models"])
    budget, temperatures = Budget(**document["budget"]), tuple(document["temperatures"])
    return Plan(**document | {"models": models, "budget": budget, "temperatures": temperatures})
