"""How the calls of a search stand, for people: in one line while it runs, and in a few at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evolve.llm.budget import Budget
from evolve.llm.paying import spent
from evolve.llm.plan import Plan
from runs.ledger import SENT, Call


@dataclass(frozen=True, slots=True)
class Standing:
    """How the calls of a search stand.

    Attributes:
        calls: how many were made, those under way too.
        under_way: how many of them are.
        spent: of the budget, with the upper estimates of those under way.
        budget: what may be spent.
        accepted: proposals of models that were accepted.
        troubles: by model what is wrong.
    """

    calls: int
    under_way: int
    spent: float
    budget: Budget
    accepted: int
    troubles: Mapping[str, str]

    @property
    def line(self) -> str:
        """In one line."""
        under_way = f", {self.under_way} under way" if self.under_way else ""
        troubles = "".join(f"  ({name}: {trouble})" for name, trouble in self.troubles.items())
        part = Budget(self.spent, self.budget.unit)
        number = f"{part}".removesuffix(f" {part.unit}")
        return (
            f"models  {self.calls:,} call{'' if self.calls == 1 else 's'}{under_way}, {number} of {self.budget}, "
            f"{self.accepted} accepted{troubles}"
        )


def standing_of(calls: Sequence[Call], plan: Plan, accepted: int, troubles: Mapping[str, str]) -> Standing:
    """How calls stand."""
    paid = [each for each in calls if each.number > plan.since]
    under_way = sum(each.outcome == SENT for each in calls)
    return Standing(len(calls), under_way, spent(paid, plan.budget.unit), plan.budget, accepted, troubles)
