"""The start of a search: islands on all of which the same seeds live."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from evolve.engine.configuration import Configuration
from evolve.engine.evaluation import Evaluator
from evolve.engine.island import Island, Place, settled
from evolve.engine.planting import Seed, choose
from fitness.score import Score
from population import Individual, normal_form_key
from tasks import Purpose, Task


def found(
    task: Task, configuration: Configuration, seeds: Sequence[Seed], dropped: Callable[[str, str], object]
) -> tuple[tuple[Individual, ...], list[Island]]:
    """The individuals that a search starts from, and its islands.

    Args:
        task: to search on.
        configuration: of the search.
        seeds: all that there are.
        dropped: is told the name of each seed that is not taken, and why.

    Raises:
        SeedError: a required seed can't be compiled, or fails; or none is left.
        TaskError: the task breaks its own contract.
    """
    evaluator = Evaluator(task, configuration.seed)
    chosen = choose(seeds, evaluator, dropped)
    individuals = []
    behaviours: set[str] = set()
    for number, (seed, compiled, score) in enumerate(chosen):
        key = normal_form_key(ast.parse(seed.source), task.contract.names)
        individuals.append(Individual(number, key, seed.source, (), seed.name, score))
        evaluator.gate(compiled, False, behaviours)
    selected = [evaluator.score(each.compiled, Purpose.SELECTION) for each in chosen]
    islands = []
    for number in range(configuration.islands):
        place = Place(
            number,
            configuration.islands,
            len(individuals),
            configuration.population,
            task.chance,
            task.gate,
            evaluator.limits,
        )
        island = settled(place, configuration.seed, individuals)
        island.behaviours |= behaviours
        for individual, judged in zip(individuals, selected, strict=True):
            if isinstance(judged, Score) and island.leads(individual):
                island.admit(individual, judged)
        islands.append(island)
    return tuple(individuals), islands
