"""Where an individual comes from: the line back to its seed."""

from __future__ import annotations

from population import Individual
from runs.reading import Run


def lineage(run: Run, number: int) -> tuple[Individual, ...]:
    """The seed that an individual comes from, and every step from there to the individual itself, the last one.

    The line follows first parents: a child is its first parent, varied; the other parents of a crossover gave parts.
    Parents survived selection, or they would not have been parents, and all who did are kept in the run.

    Raises:
        RunError: the run has no such individual.
    """
    line = [run.individual(number)]
    while line[-1].parents:
        line.append(run.individual(line[-1].parents[0]))
    return tuple(reversed(line))
