"""Budgets of language models, in dollars or in tokens: what may be spent, and what a call may cost at most."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from evolve.chat.model import Model

DEFAULT: Final = "200000 tokens"
"""What may be spent when nobody says anything: some forty calls."""

FORM: Final = 'dollars or tokens, written like "2.50 dollars" or "200000 tokens"'

BYTES_PER_TOKEN: Final = 2
"""Of a prompt at least: English and programs have three or four."""

AROUND: Final = 64
"""Tokens that an endpoint may put around a prompt."""

Unit = Literal["dollars", "tokens"]
_WRITTEN: Final = re.compile(r"(\d+(?:\.\d+)?) *(dollars|tokens)")


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent: so many dollars, or tokens that are read and written."""

    amount: float
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount:,.2f} dollars" if self.unit == "dollars" else f"{self.amount:,.0f} tokens"


def budget_of(text: str) -> Budget | None:
    """The budget that a text gives, None if it is none.

    There is no `$2.50`: a shell would read `$2` as a variable.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or (found[2] == "tokens" and "." in found[1]):
        return None
    return Budget(float(found[1]), "dollars" if found[2] == "dollars" else "tokens")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call may cost at most: tokens read and written, and dollars if the prices are known."""

    read: int
    written: int
    dollars: float | None

    def amount(self, unit: Unit) -> float:
        """In a unit. Raises ValueError for dollars if a price is unknown."""
        if unit == "tokens":
            return self.read + self.written
        if self.dollars is None:
            raise ValueError("a call of a model of unknown price can't be paid from a budget in dollars")
        return self.dollars


def upper_estimate(model: Model, prompt: str, most: int, excess: float = 1.0) -> Estimate:
    """What a call costs at most.

    Args:
        model: that is asked.
        prompt: all that is sent.
        most: tokens that it may write.
        excess: how many times as much as was estimated so the model's endpoint has counted for a call, at least 1.
    """
    read = math.ceil(excess * (len(prompt.encode("utf-8", "replace")) / BYTES_PER_TOKEN + AROUND))
    written = math.ceil(excess * most)
    return Estimate(read, written, model.cost(read, written))
