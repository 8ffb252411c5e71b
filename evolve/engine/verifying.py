"""The end of a search: its fronts are judged by the crew on instances that the search has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from evolve.engine.batch import with_evidence
from evolve.engine.climbing import Rung
from evolve.engine.crew import Crew, carried_out
from evolve.engine.orders import Appraise, Order
from evolve.engine.progress import Progress, Result
from population import Archive, Individual
from runs import Run
from tasks import Purpose

SHARE: Final = 4
"""Individuals of an order."""

CHEAPEST: Final = 32
"""Individuals of a rung that are judged once more because they were the cheapest of all that seemed to pass."""


def verified(
    rungs: Sequence[Rung],
    run: Run,
    crew: Crew,
    progress: Progress,
    lost: Callable[[Order, str], object] = lambda *_: None,
) -> Result:
    """What a search found on its open rungs.

    All who stand on an island's front, and the cheapest of all that ever seemed to pass, are judged on many instances
    of their own, so that luck leaves those who had it; who is on the front then is judged once more, on the instances
    for verification. A front of one set of instances is not enough: what is right nearly always and cheaper displaces
    what is right always, since few instances don't tell them apart. So who stood on a front for long is known better.

    Args:
        rungs: the open ones.
        run: what was stored of the search.
        crew: judges.
        progress: how the search went.
        lost: is told of workers that are lost meanwhile.

    Raises:
        CrewError: there are no workers, or they are lost again and again.
        TaskError: the task breaks its own contract.
    """

    def appraised(rung: Rung, individuals: Sequence[Individual], purpose: Purpose) -> list[Individual]:
        """Those that don't fail, with their scores on instances for a purpose that come after all others."""
        shares = [tuple(individuals[start : start + SHARE]) for start in range(0, len(individuals), SHARE)]
        orders = [Appraise(rung.number, share, purpose, rung.epoch + 1, rung.limits) for share in shares]
        found = [each for share in carried_out(orders, crew, lost) for each in share]
        return sorted(found, key=lambda each: each.id)

    fronts, started = {}, {}
    for rung in rungs:
        chance = rung.task.chance
        cheapest = run.cheapest(rung.task.name, rung.task.gate, CHEAPEST)
        stood = {each.id: each for island in rung.islands for each in island.archive.members}
        fresh = with_evidence(appraised(rung, candidates(rung, cheapest), Purpose.SELECTION), stood, rung.task)
        standing = Archive(chance, surely=True).with_individuals(fresh).members
        chosen = {each.id: each for each in (*rung.seeds, *standing)}
        unseen = appraised(rung, tuple(chosen.values()), Purpose.VERIFICATION)
        ids = {each.id for each in rung.seeds}
        fronts[rung.task.name] = Archive(chance).with_individuals(unseen).members
        started[rung.task.name] = tuple(each for each in unseen if each.id in ids)
    return Result(fronts, started, progress)


def candidates(rung: Rung, others: Sequence[Individual]) -> tuple[Individual, ...]:
    """The seeds of a rung, all on the fronts of its islands, and others, each once, in the order of their ids."""
    everyone = {each.id: each for each in (*rung.seeds, *others)}
    everyone |= {each.id: each for island in rung.islands for each in island.archive.members}
    return tuple(everyone[number] for number in sorted(everyone))
