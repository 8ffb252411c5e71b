"""Racing: judging a child ends as soon as it surely would not survive.

All programs of an epoch share their instances, so what a child does on the first few of them is compared with what the
worst of the population did on the same ones. The difference on an instance varies less than either, and its mean over
the instances so far, with the spread that was seen, bounds that over all of them (O. Maron and A. Moore, "Hoeffding
races", NIPS 1993; M. Birattari et al., "A racing algorithm for configuring metaheuristics", GECCO 2002). That a child
has to pass what its own population does on as many instances before it is given more is the hurdle of D. So et al.,
"The evolved transformer", ICML 2019.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fitness.problem import Judged
from population import Individual
from population.ranking import pareto_ranks

CHECKS: Final = (1, 2, 4, 8, 16)
"""Numbers of instances after which a child is compared, and when all its costs are known."""

DEVIATIONS: Final = 3.0
"""How many standard errors a mean difference must be away from 0."""

CLOSE: Final = 0.02
"""The least standard deviation of a difference that is believed, as a part of the rival's figure: of few instances the
spread is unknown."""

FIRST_MARGIN: Final = 0.1
"""How much worse, likewise, a child must be on a single instance."""

FAR: Final = 2.0
"""How many times a rival's mean costs on an instance, whichever it is, are surely more than its costs on any."""

FIRST_ACCURACY: Final = 8
"""Instances before accuracies are compared."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rivals:
    """Those of a full population one of whom a child has to displace.

    Attributes:
        members: the individuals of the last Pareto rank if all of the population pass the gate; the least accurate one
            if not all surely beat chance; else nobody.
        by_cost: whether they are the former: whom one of them dominates does not survive.
    """

    members: tuple[Individual, ...] = ()
    by_cost: bool = False

    @property
    def patience(self) -> int | None:
        """Steps after which a child is asked what it has cost; None if it never is."""
        return math.ceil(FAR * max(each.score.steps for each in self.members)) if self.by_cost else None

    def cheaper(self, seconds: float, energy: float) -> bool:
        """Whether one of them, which makes no errors, is far cheaper on a whole instance."""
        return any(
            each.score.accuracy == 1 and seconds > FAR * each.score.seconds and energy > FAR * each.score.energy
            for each in self.members
        )


NOBODY: Final = Rivals()
"""A population that is not full has room for all."""


def rivals(population: Sequence[Individual], size: int, chance: float, gate: float) -> Rivals:
    """Those in a population, from the best to the worst, whom a child has to displace."""
    if len(population) < size:
        return NOBODY
    least = min(each.score.accuracy_low for each in population)
    if least >= gate:
        ranks = pareto_ranks([each.score for each in population])
        last = ranks.max()
        return Rivals(tuple(each for each, rank in zip(population, ranks, strict=True) if rank == last), True)
    return Rivals((population[-1],)) if least <= chance else NOBODY


def figures(judged: Sequence[Judged]) -> Floats:
    """Accuracy, seconds and energy on each instance, an array of shape (instances, 3); a failure displaces nobody."""
    return np.array(
        [
            (0.0, math.inf, math.inf) if each.accuracy is None else (each.accuracy, each.seconds, each.energy)
            for each in judged
        ],
        dtype=np.float64,
    )


@dataclass(frozen=True, slots=True)
class Race:
    """Compares a child with its rivals.

    Attributes:
        rivals: whom it has to displace.
        known: the figures of an individual on the first so many instances.
        count: instances on which costs are counted.
        instances: all of them.
    """

    rivals: Rivals
    known: Callable[[Individual, int], Floats]
    count: int
    instances: int

    def verdict(self, judged: Sequence[Judged]) -> str | None:
        """Why a child that did this so far surely won't survive, `dominated` or `outperformed` in accuracy; or None."""
        done = len(judged)
        if not self.rivals.members or done > self.count or (done not in CHECKS and done < self.count):
            return None
        own = figures(judged)
        if not self.rivals.by_cost:
            known = self.known(self.rivals.members[0], done)
            return "outperformed" if self._less_accurate(known[:, 0] - own[:, 0]) else None
        best = (own[:, 0].sum() + self.instances - done) / self.instances
        for member in self.rivals.members:
            if member.score.accuracy >= best:
                known = self.known(member, done)
                if self._worse(own[:, 1], known[:, 1]) and self._worse(own[:, 2], known[:, 2]):
                    return "dominated"
        return None

    def _worse(self, own: Floats, known: Floats) -> bool:
        """Whether a cost is surely higher over all instances on which it is counted."""
        usual = float(known.mean())
        ahead = float(own.mean()) - usual
        if ahead <= 0 or len(own) == self.count:
            return ahead > 0
        if len(own) == 1:
            return ahead > FIRST_MARGIN * usual
        spread = max(float(np.std(own - known, ddof=1)), CLOSE * usual)
        return ahead > DEVIATIONS * spread * math.sqrt(1 / len(own) - 1 / self.count)

    def _less_accurate(self, behind: Floats) -> bool:
        """Whether the accuracy is surely lower over all instances: by how much it is lower on each of the first."""
        if len(behind) < FIRST_ACCURACY:
            return False
        error = float(np.std(behind, ddof=1)) * math.sqrt(1 / len(behind) - 1 / self.instances)
        return float(behind.mean()) > DEVIATIONS * error > 0
