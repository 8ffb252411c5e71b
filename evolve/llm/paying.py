"""Paying calls: whether the budget holds what one may cost, and what it is charged with when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from evolve.chat import Completed, Model
from evolve.llm.budget import Budget, Estimate, Unit
from runs.ledger import Call

UNANSWERED: Final = frozenset({"timeout", "closed", "truncated", "too long", "malformed", "empty"})
"""Outcomes of calls that an endpoint may ask money for although it did not say how much."""


def spent(calls: Sequence[Call], unit: Unit) -> float:
    """What calls have cost, those under way at their upper estimates.

    Calls of unknown price count nothing in dollars: a budget in dollars does not make any.
    """
    if unit == "tokens":
        return sum(each.tokens for each in calls)
    return sum(each.cost for each in calls if each.cost is not None)


def affordable(estimate: Estimate, calls: Sequence[Call], budget: Budget) -> bool:
    """Whether a call can be paid after others, whatever it costs."""
    return spent(calls, budget.unit) + estimate.amount(budget.unit) <= budget.amount


def billed(call: Call, model: Model, completed: Completed) -> Call:
    """A call as it has ended, with what it cost: what the endpoint said, its upper estimate, or nothing."""
    call = replace(
        call,
        outcome=completed.outcome,
        detail=completed.detail,
        seconds=completed.seconds,
        attempts=completed.attempts,
    )
    usage = completed.usage
    if usage is not None:
        cost = model.cost(usage.read, usage.written)
        return replace(call, read=usage.read, written=usage.written, estimated=usage.estimated, cost=cost)
    if completed.outcome in UNANSWERED and completed.attempts:
        return call
    return replace(call, read=0, written=0, estimated=False, cost=model.cost(0, 0))
