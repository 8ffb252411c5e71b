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

    All scores in it come from instances that are not those of selection: the same ones, or for members that have been
    there for long more than for others. In that case what counts is how accurate a member surely is.

    Attributes:
        chance: the accuracy of guessing; members surely do better.
        members: from the cheapest in energy to the dearest.
        surely: whether accuracies are compared by their lower bounds.
    """

    chance: float
    members: tuple[Individual, ...] = ()
    surely: bool = False

    def with_individuals(self, individuals: Iterable[Individual]) -> Archive:
        """The front of the members and these individuals."""
        able = [each for each in (*self.members, *individuals) if beats_chance(each, self.chance)]
        if not able:
            return Archive(self.chance, surely=self.surely)
        kept = nondominated([each.score for each in able], self.surely)
        front = [each for each, keep in zip(able, kept, strict=True) if keep]
        members = tuple(sorted(front, key=lambda each: (each.score.energy, each.id)))
        return Archive(self.chance, members, self.surely)
