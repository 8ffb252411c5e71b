"""The end of a search: its front is judged by the crew on instances that the search has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evolve.engine.configuration import Configuration
from evolve.engine.crew import Crew, CrewError
from evolve.engine.driver import LOSSES, WAIT, candidates
from evolve.engine.island import Island
from evolve.engine.orders import Appraise
from evolve.engine.progress import Progress, Result
from population import Archive, Individual
from tasks import Purpose, Task

SHARE: Final = 4
"""Individuals of an order."""


def verified(
    task: Task,
    configuration: Configuration,
    crew: Crew,
    islands: Sequence[Island],
    seeds: Sequence[Individual],
    progress: Progress,
) -> Result:
    """What a search found.

    All who stand on an island's front are judged on instances of their own, so that luck leaves those who had it; who
    is on the front then is judged once more, on the instances for verification.

    Raises:
        CrewError: there are no workers, or they are lost again and again.
        TaskError: the task breaks its own contract.
    """
    epoch = 1 + max(each.epoch for each in islands)
    fresh = _appraised(candidates(islands, seeds), Purpose.SELECTION, epoch, crew, islands[0])
    standing = Archive(task.chance).with_individuals(fresh).members
    chosen = {each.id: each for each in (*seeds, *standing)}
    unseen = _appraised(tuple(chosen.values()), Purpose.VERIFICATION, epoch, crew, islands[0])
    front = Archive(task.chance).with_individuals(unseen).members
    started = {each.id for each in seeds}
    return Result(front, tuple(each for each in unseen if each.id in started), progress)


def _appraised(
    individuals: Sequence[Individual], purpose: Purpose, epoch: int, crew: Crew, island: Island
) -> list[Individual]:
    """Those individuals that don't fail, with their scores on the instances of an epoch for a purpose."""
    shares = [tuple(individuals[start : start + SHARE]) for start in range(0, len(individuals), SHARE)]
    waiting = [Appraise(share, purpose, epoch, island.place.limits) for share in shares]
    found: list[Individual] = []
    under_way = losses = 0
    while waiting or under_way:
        while waiting and crew.idle:
            crew.give(waiting.pop())
            under_way += 1
        for answer in crew.answers(WAIT):
            under_way -= 1
            assert isinstance(answer.order, Appraise)
            if answer.lost is not None:
                losses += 1
                waiting.append(answer.order)
            else:
                assert isinstance(answer.result, tuple)
                found += [each for each in answer.result if isinstance(each, Individual)]
        if losses >= LOSSES:
            raise CrewError(f"{losses} workers were lost while the front was verified; the run is kept unverified")
    return sorted(found, key=lambda each: each.id)
