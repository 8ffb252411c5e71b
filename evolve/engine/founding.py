"""The start of a rung: islands on all of which the same programs live."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from evolve.engine.configuration import Configuration
from evolve.engine.evaluation import Evaluator
from evolve.engine.island import Island, Place, settled
from evolve.engine.planting import Drop, Seed, SeedError, choose, fails
from fitness.limits import limits_of
from fitness.programs import Compiled, compile_for
from fitness.score import Failed, Score
from population import Individual, normal_form_key
from primitives.errors import ProgramError
from tasks import Purpose, TaskError


class Founded(NamedTuple):
    """A rung that has been founded.

    Attributes:
        seeds: the individuals there that come from no other rung, with scores of the first epoch.
        settlers: the ids of those that come from the rung below.
        islands: of the rung.
        dropped: by name who does not live there, and why.
    """

    seeds: tuple[Individual, ...]
    settlers: tuple[int, ...]
    islands: list[Island]
    dropped: tuple[tuple[str, str], ...]


class _Founder(NamedTuple):
    """Who lives on a rung from its start."""

    individual: Individual
    compiled: Compiled


def first_id(configuration: Configuration, seeds: Sequence[Seed]) -> int:
    """The first id of an individual that is born on an island; seeds and blank programs come before."""
    return len(seeds) + len(configuration.rungs) - 1


def found(
    evaluator: Evaluator,
    rung: int,
    configuration: Configuration,
    seeds: Sequence[Seed],
    promoted: Sequence[Individual] = (),
    dropped: Drop | None = None,
) -> Founded:
    """Found a rung. On the first one live the seeds, on a later one those that were promoted, and seeds that run there.

    If none of the promoted ones runs there, the blank program of the task joins, so that no rung is empty.

    Args:
        evaluator: of the rung; afterwards it lets programs use some times what the dearest needs that passes, or else
            the dearest of those promoted.
        rung: from 0.
        configuration: of the search.
        seeds: all that there are; on a later rung none of them is required.
        promoted: individuals from the rung below.
        dropped: is told at once who does not live there, and why.

    Raises:
        SeedError: on the first rung a required seed can't be compiled, or fails; or none is left.
        TaskError: the task breaks its own contract.
    """
    evaluator.start(0)
    evaluator.limits = limits_of(evaluator.task.budget)
    absent: list[tuple[str, str]] = []

    def drop(name: str, reason: str) -> None:
        absent.append((name, reason))
        if dropped is not None:
            dropped(name, reason)

    settlers = _settlers(promoted, evaluator, drop)
    planted = _planted(rung, seeds, evaluator, settlers, drop)
    founders = [*settlers, *planted]
    gate = evaluator.task.gate
    able = [each.individual.score for each in founders if each.individual.score.accuracy_low >= gate]
    measure = able or [each.individual.score for each in settlers]  # the next rung is not so many times harder
    if measure:
        evaluator.cap(max(each.steps for each in measure), max(each.energy for each in measure))
    islands = _islands(rung, founders, evaluator, configuration, first_id(configuration, seeds))
    ids = tuple(each.individual.id for each in settlers)
    return Founded(tuple(each.individual for each in planted), ids, islands, tuple(absent))


def _settlers(promoted: Sequence[Individual], evaluator: Evaluator, drop: Drop) -> list[_Founder]:
    """Those of the promoted individuals that run, with their scores here."""
    task, settlers = evaluator.task, []
    for each in promoted:
        try:
            compiled = compile_for(task, each.source)
        except ProgramError as error:
            drop(f"#{each.id}", f"it can't be compiled for this task: {error.diagnostics[0]}")
            continue
        judged = evaluator.score(compiled, Purpose.SEARCH)
        if isinstance(judged, Score):
            settlers.append(_Founder(replace(each, score=judged), compiled))
        else:
            drop(f"#{each.id}", fails(judged))
    return settlers


def _planted(
    rung: int, seeds: Sequence[Seed], evaluator: Evaluator, settlers: Sequence[_Founder], drop: Drop
) -> list[_Founder]:
    """The seeds that live on a rung, and the blank program if nobody else is sure to."""
    task = evaluator.task
    known = {each.individual.key for each in settlers}
    if rung == 0:
        chosen = choose(seeds, evaluator, drop)
    else:
        able = [each.individual.score for each in settlers if each.individual.score.accuracy_low >= task.gate]
        try:
            chosen = choose([each._replace(required=False) for each in seeds], evaluator, drop, able)
        except SeedError:
            chosen = []
    planted = []
    for each in chosen:
        planted.append(_founder(each.number, each.seed.name, each.seed.source, each.score, each.compiled, evaluator))
    if rung and not settlers:
        compiled = compile_for(task, task.contract.blank)
        judged = evaluator.score(compiled, Purpose.SEARCH)
        if isinstance(judged, Failed):
            raise TaskError(f"the blank program of {task.name} {fails(judged)}")
        number = len(seeds) + rung - 1
        planted.append(_founder(number, "scratch", task.contract.blank, judged, compiled, evaluator))
    unique = {each.individual.key: each for each in reversed(planted) if each.individual.key not in known}
    return [each for each in planted if unique.get(each.individual.key) is each]


def _founder(number: int, name: str, source: str, score: Score, compiled: Compiled, evaluator: Evaluator) -> _Founder:
    key = normal_form_key(ast.parse(source), evaluator.task.contract.names)
    return _Founder(Individual(number, key, source, (), name, score), compiled)


def _islands(
    rung: int, founders: Sequence[_Founder], evaluator: Evaluator, configuration: Configuration, first: int
) -> list[Island]:
    """The islands of a rung, on all of which the founders live."""
    task, count = evaluator.task, configuration.islands
    conducts = [evaluator.gate(each.compiled, False).conduct for each in founders]
    individuals = [each.individual for each in founders]
    selected = [evaluator.score(each.compiled, Purpose.SELECTION) for each in founders]
    islands = []
    for number in range(rung * count, (rung + 1) * count):
        place = Place(
            number=number,
            islands=len(configuration.rungs) * count,
            first=first,
            size=configuration.population,
            chance=task.chance,
            gate=task.gate,
            limits=evaluator.limits,
            rung=rung,
        )
        island = settled(place, configuration.seed, individuals)
        for individual, conduct in zip(individuals, conducts, strict=True):
            if conduct is not None:
                island.behaves(conduct, individual.id)
        for individual, judged in zip(individuals, selected, strict=True):
            if isinstance(judged, Score) and island.leads(individual):
                island.admit(individual, judged)
        islands.append(island)
    return islands
