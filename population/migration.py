"""Migration: which individuals of an island's front go to the next island of the ring."""

from __future__ import annotations

from collections.abc import Sequence

from population.individual import Individual
from population.selection import survivors


def ring(
    fronts: Sequence[Sequence[Individual]], number: int, chance: float, gate: float
) -> tuple[tuple[Individual, ...], ...]:
    """Who arrives on each island: the best few on the front of the island before it, the last one's on the first.

    Of a front these are its ends and its loneliest members (`survivors`), those that pass the gate before the others.
    A ring of one island has no migration.

    Args:
        fronts: of each island, all judged on the same instances.
        number: how many leave an island at most.
        chance: the task's.
        gate: the task's.
    """
    if len(fronts) == 1:
        return ((),)
    leaving = [survivors(front, number, chance, gate) for front in fronts]
    return (leaving[-1], *leaving[:-1])
