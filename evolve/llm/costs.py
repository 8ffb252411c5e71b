"""What the lines of a program that is shown cost, measured on a few fresh instances."""

from __future__ import annotations

from typing import Final

from evolve.llm.asking import Costs
from fitness.fresh import instances_for, line_energies
from population import Individual
from tasks import Task

INSTANCES: Final = 8
"""Fresh instances at most."""


def measuring(task: Task, seed: int, model: str) -> Costs:
    """What measures the energy of lines.

    Args:
        task: of the rung.
        seed: of the instances.
        model: the name of the energy model.
    """

    def costs(individual: Individual, text: str) -> dict[int, float]:
        count = min(INSTANCES, instances_for(task, individual.score.steps, None))
        return line_energies(task, text, seed, count, model)

    return costs
