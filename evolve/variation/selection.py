"""Which operator to use next: those that helped lately are drawn more often, none ever becomes rare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

ADAPTATION: Final = 0.02
"""How much of an operator's quality one reward replaces: qualities are means over about the last 50 uses."""

EXPLORATION: Final = 0.5
"""The part of all draws that is spread by the weights alone, so that no operator becomes rare."""


@dataclass(slots=True)
class OperatorSelection:
    """Probability matching: an operator is drawn in proportion to its quality, above a minimum for all.

    p_i = P_min + (1 - K P_min) q_i / sum q for equal weights, and q_i moves towards each reward by a small step: D.
    Thierens, "An adaptive pursuit strategy for allocating operator probabilities", GECCO 2005, section 3. Adaptive
    pursuit itself gives nearly all draws to the one best operator; building programs takes several that follow each
    other, so matching is used. At the start all are as good as can be, so that none is judged before it was tried.

    The state is plain data: `OperatorSelection(**dataclasses.asdict(selection))` is the same.

    Attributes:
        qualities: the mean of the latest rewards, from 0 to 1, by the operator's name.
        weights: how often each is drawn while all are equally good, relative to the others.
        uses: how often each was rewarded, with zero or more.
    """

    qualities: dict[str, float]
    weights: dict[str, float]
    uses: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, weights: Mapping[str, float]) -> OperatorSelection:
        """All operators equally good. Raises ValueError if there are none, or a weight is not positive."""
        if not weights or min(weights.values()) <= 0.0:
            raise ValueError("a selection takes the names of operators, each with a positive weight")
        return cls(dict.fromkeys(weights, 1.0), dict(weights))

    def probabilities(self) -> dict[str, float]:
        """The probability of each operator to be drawn."""
        merits = {name: quality * self.weights[name] for name, quality in self.qualities.items()}
        total, weight = sum(merits.values()), sum(self.weights.values())
        exploring = EXPLORATION if total > 0.0 else 1.0
        return {
            name: exploring * self.weights[name] / weight + (1 - exploring) * merit / (total or 1.0)
            for name, merit in merits.items()
        }

    def choose(self, generator: np.random.Generator) -> str:
        """An operator's name, drawn."""
        probabilities = self.probabilities()
        left = generator.random()
        for name, probability in probabilities.items():
            left -= probability
            if left < 0.0:
                return name
        return next(reversed(probabilities))

    def reward(self, name: str, gain: float) -> None:
        """Say what a use of an operator gained, from 0 (nothing) to 1.

        Raises ValueError for another gain, and KeyError for an unknown operator.
        """
        if not 0.0 <= gain <= 1.0:
            raise ValueError(f"a gain of {gain}; gains lie between 0 and 1")
        self.qualities[name] += ADAPTATION * (gain - self.qualities[name])
        self.uses[name] = self.uses.get(name, 0) + 1
