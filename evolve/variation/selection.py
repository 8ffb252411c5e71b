"""Which operator to use next: those that helped lately are drawn more often, none ever becomes rare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

ADAPTATION: Final = 0.02
"""How much of an operator's quality one reward replaces: qualities are means over about the last 50 uses."""

EXPLORATION: Final = 0.5
"""The part of all draws that is spread evenly, so that every operator keeps at least this over their number."""


@dataclass(slots=True)
class OperatorSelection:
    """Probability matching: an operator is drawn in proportion to its quality, above a minimum for all.

    p_i = P_min + (1 - K P_min) q_i / sum q, and q_i moves towards each reward by a small step: D. Thierens, "An
    adaptive pursuit strategy for allocating operator probabilities", GECCO 2005, section 3. Adaptive pursuit itself
    gives nearly all draws to the one best operator; building programs takes several that follow each other, so
    matching is used. At the start all are as good as can be, so that none is judged before it was tried.

    The state is plain data: `OperatorSelection(**dataclasses.asdict(selection))` is the same.

    Attributes:
        qualities: the mean of the latest rewards, from 0 to 1, by the operator's name.
        uses: how often each was rewarded, with zero or more.
    """

    qualities: dict[str, float]
    uses: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, names: Sequence[str]) -> OperatorSelection:
        """All operators alike. Raises ValueError if there are none, or one is named twice."""
        if not names or len(set(names)) < len(names):
            raise ValueError("a selection takes the names of operators, each once")
        return cls(dict.fromkeys(names, 1.0))

    def probabilities(self) -> dict[str, float]:
        """The probability of each operator to be drawn."""
        total = sum(self.qualities.values())
        count = len(self.qualities)
        if total <= 0.0:
            return dict.fromkeys(self.qualities, 1 / count)
        least = EXPLORATION / count
        return {name: least + (1 - EXPLORATION) * quality / total for name, quality in self.qualities.items()}

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
