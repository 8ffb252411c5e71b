"""The Pareto archive: the individuals that no other one found so far dominates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from population.individual import Individual
from population.ranking import nondominated
from population.selection import beats_chance


@dataclass(frozen=True, slots=True)
class Archive:
    """A Pareto front; adding to it gives a new one.

    All scores in it come from the same instances, which are not those of selection.

    Attributes:
        chance: the accuracy of guessing; members surely do better.
        members: from the cheapest in energy to the dearest.
    """

    chance: float
    members: tuple[Individual, ...] = ()

    def with_individuals(self, individuals: Iterable[Individual]) -> Archive:
        """The front of the members and these individuals."""
        able = [each for each in (*self.members, *individuals) if beats_chance(each, self.chance)]
        if not able:
            return Archive(self.chance)
        kept = nondominated([each.score for each in able])
        front = [each for each, keep in zip(able, kept, strict=True) if keep]
        return Archive(self.chance, tuple(sorted(front, key=lambda each: (each.score.energy, each.id))))
