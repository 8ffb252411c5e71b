"""A batch: many children of an island, made and judged one after the other, without a word to anyone.

What is found is a function of the island alone. When a batch ends decides nothing: the next one goes on with the next
child.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from evolve.engine.breeding import Child
from evolve.engine.evaluation import Evaluator
from evolve.engine.island import Island
from fitness.programs import compile_for
from fitness.score import Failed, Score, pooled
from population import Individual
from primitives.errors import ProgramError
from tasks import Purpose, Task

TRIALS: Final = 1000
"""Instances that count for the accuracy of a member of the front: more would keep out who is as good and cheaper."""

GAINS: Final = {"front": 1.0, "survived": 0.5}
"""What a use of an operator gained, by what became of its child; else nothing."""


@dataclass(slots=True)
class Batch:
    """What happened in a batch.

    Attributes:
        children: how many were made.
        outcomes: how many by operator and what became of them: `nothing new`, `rejected` by the compiler, a failing
            status, `at chance`, `neutral` or `same behaviour`, `inaccurate`, `outperformed`, `dominated`, `died`,
            `survived` or `front`.
        born: the individuals that survived their first selection, with the scores they were born with.
        seconds: how long it took.
    """

    children: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    born: list[Individual] = field(default_factory=list)
    seconds: float = 0.0


def run_batch(island: Island, evaluator: Evaluator, most: int, seconds: float) -> Batch:
    """Let an island, which is changed, make children; at the start of an epoch all on it are judged again first.

    Args:
        island: makes them.
        evaluator: judges them; it is set to the island's epoch and limits.
        most: children to make at most.
        seconds: after which no further one is begun.

    Raises:
        TaskError: the task breaks its own contract.
    """
    began = time.perf_counter()
    evaluator.limits = island.place.limits
    evaluator.start(island.epoch)
    batch = Batch()
    if island.stale:
        _renew(island, evaluator)
    elif island.arrivals:
        _settle(island, evaluator)
    while batch.children < most and time.perf_counter() < began + seconds:
        operator, child = island.ask(evaluator.task.contract, evaluator.aim)
        outcome = "nothing new" if child is None else _judge(child, island, evaluator, batch)
        for each in (operator,) if child is None else child.operators:
            island.learn(each, GAINS.get(outcome, 0.0))
        batch.outcomes[operator, outcome] += 1
        batch.children += 1
    batch.seconds = time.perf_counter() - began
    return batch


def _judge(child: Child, island: Island, evaluator: Evaluator, batch: Batch) -> str:
    """Judge a child and tell the island: what became of it."""
    try:
        compiled = compile_for(evaluator.task, child.tree)
    except ProgramError:
        return "rejected"
    demand, standing = island.demand, evaluator.rivals(island.place, island.population)
    refusal, conduct = evaluator.gate(compiled, demand >= island.place.gate, standing)
    if conduct is None:
        assert refusal is not None
        return refusal
    if not island.behaves(conduct):
        return "neutral" if island.drift(conduct, child) else "same behaviour"
    judged = evaluator.race(compiled, child.key, demand, standing)
    if isinstance(judged, Failed):
        return judged.status
    individual = island.tell(child, judged)
    if individual is None:
        return "died"
    island.behaves(conduct, individual.id)
    batch.born.append(individual)
    if not island.leads(individual):
        return "survived"
    verified = evaluator.score(compiled, Purpose.SELECTION)
    return "front" if isinstance(verified, Score) and island.admit(individual, verified) else "survived"


def _renew(island: Island, evaluator: Evaluator) -> None:
    """Judge on this epoch's instances the population, those who arrived, and all that stood on the front lately.

    So one that was displaced by a lucky one gets its place back when luck has left that one. The accuracies of those
    that were on the front are from all epochs since: of what is right nearly always many seem to be right always on the
    instances of one epoch, and they are cheaper than what is.
    """
    living = (*island.population, *island.arrivals)
    _observe(living, island, evaluator)
    candidates = island.entrants | {each.id: each for each in island.arrivals}
    judged = judged_individuals(list(candidates.values()), evaluator, Purpose.SELECTION)
    entrants = with_evidence(judged, island.entrants, evaluator.task)
    island.judged_again(judged_individuals(living, evaluator, Purpose.SEARCH), entrants)


def _observe(individuals: Sequence[Individual], island: Island, evaluator: Evaluator) -> None:
    """Tell an island what individuals do at the gate."""
    for each in individuals:
        conduct = evaluator.gate(compile_for(evaluator.task, each.source), False).conduct
        if conduct is not None:
            island.behaves(conduct, each.id)


def _settle(island: Island, evaluator: Evaluator) -> None:
    """Judge those who arrived within an epoch on its instances."""
    _observe(island.arrivals, island, evaluator)
    island.settle(
        judged_individuals(island.arrivals, evaluator, Purpose.SEARCH),
        judged_individuals(island.arrivals, evaluator, Purpose.SELECTION),
    )


def with_evidence(judged: Sequence[Individual], stood: Mapping[int, Individual], task: Task) -> list[Individual]:
    """Individuals that were judged anew; those that stood on a front keep the evidence of their accuracies there.

    Args:
        judged: with their scores on instances that they were not judged on before.
        stood: by id who stood on a front, with the scores there.
        task: on which.
    """
    return [
        replace(each, score=pooled(stood[each.id].score, each.score, task, TRIALS)) if each.id in stood else each
        for each in judged
    ]


def judged_individuals(
    individuals: Sequence[Individual], evaluator: Evaluator, purpose: Purpose
) -> tuple[Individual, ...]:
    """The individuals that don't fail, with their scores on the evaluator's instances for a purpose."""
    scores = [evaluator.score(compile_for(evaluator.task, each.source), purpose, key=each.key) for each in individuals]
    pairs = zip(individuals, scores, strict=True)
    return tuple(replace(each, score=new) for each, new in pairs if isinstance(new, Score))
