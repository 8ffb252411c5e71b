"""Who survives, and who becomes a parent.

Accuracy comes before cost. Individuals that surely pass the task's gate rank before those that surely beat chance, and
these before the rest. The rest are compared by accuracy alone: preferring the cheap ones among them fills a population
with programs that do nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from population.individual import Individual
from population.ranking import crowding, pareto_ranks

TOURNAMENT_SIZE: Final = 3


def beats_chance(individual: Individual, chance: float) -> bool:
    """Whether an individual surely does better than guessing."""
    return individual.score.accuracy_low > chance


def ordered(individuals: Sequence[Individual], chance: float, gate: float) -> tuple[Individual, ...]:
    """Individuals from the best to the worst: the three classes in turn, in the first two by Pareto rank and crowding.

    Of equals the older one comes first, so that the order is a function of the individuals alone.
    """
    passing = [each for each in individuals if each.score.accuracy_low >= gate]
    able = [each for each in individuals if chance < each.score.accuracy_low < gate]
    unable = [each for each in individuals if not beats_chance(each, chance)]
    unable.sort(key=lambda each: (-each.score.accuracy, each.id))
    return (*_by_rank(passing), *_by_rank(able), *unable)


def _by_rank(individuals: list[Individual]) -> list[Individual]:
    if not individuals:
        return []
    individuals = sorted(individuals, key=lambda each: each.id)
    ranks = pareto_ranks([each.score for each in individuals])
    result: list[Individual] = []
    for rank in range(int(ranks.max()) + 1):
        front = [each for each, its in zip(individuals, ranks, strict=True) if its == rank]
        distances = crowding([each.score for each in front])
        order = sorted(range(len(front)), key=lambda index: (-distances[index], front[index].id))
        result.extend(front[index] for index in order)
    return result


def survivors(individuals: Sequence[Individual], size: int, chance: float, gate: float) -> tuple[Individual, ...]:
    """The best `size` individuals, the best first (elitist selection)."""
    return ordered(individuals, chance, gate)[:size]


def tournament(population: Sequence[Individual], generator: np.random.Generator) -> Individual:
    """Draw a parent: the best of a few drawn with replacement, from a population ordered by `survivors`."""
    return population[int(generator.integers(0, len(population), TOURNAMENT_SIZE).min())]
