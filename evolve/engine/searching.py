"""A search from its start or from where it was to its end: a crew, islands, the driver, and the verified front."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from evolve.engine.configuration import Configuration
from evolve.engine.crew import Crew, LocalCrew
from evolve.engine.driver import Driver
from evolve.engine.founding import found
from evolve.engine.island import Island
from evolve.engine.planting import Seed
from evolve.engine.progress import Observer, Progress, Result, Silent
from evolve.engine.saving import restored, saved
from evolve.engine.verifying import verified
from population import Archive, Individual
from runs import Birth, Run, Store, open_run
from tasks import Task


def search(
    task: Task,
    configuration: Configuration,
    seeds: Sequence[Seed],
    store: Store,
    *,
    workers: int = 0,
    address: str | None = None,
    observer: Observer | None = None,
    stop: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Search for programs on a task, until a limit of the configuration is reached; all of it is kept in the run.

    If the run has islands already the search goes on from there.

    Args:
        task: to search on.
        configuration: settings; if `deterministic`, the same ones find the same.
        seeds: programs to start from; not used by a search that goes on.
        store: of the run.
        workers: processes that do the work, no more than there are islands; 0 for this process.
        address: of a Ray cluster to join; None starts one on this computer for the workers.
        observer: is told what happens.
        stop: another thread or a signal handler sets it to stop the search; what was found until then is the result.
        clock: of seconds.

    Raises:
        CrewError: workers can't be had, or are lost again and again.
        RunError: the run can't be written.
        SeedError: a required seed can't be compiled, or fails; or none is left.
        TaskError: the task breaks its own contract.
    """
    observer = observer or Silent()
    with open_run(store.directory) as run:
        begun = _stored(run, task)
    with ThreadPoolExecutor(1) as thread:  # seeds are judged while workers start
        planting = thread.submit(found, task, configuration, seeds, observer.dropped) if begun is None else None
        crew = _crew(task, configuration.seed, min(workers, configuration.islands), address)
    try:
        if planting is not None:
            begun = _planted(task, configuration, store, *planting.result())
        assert begun is not None
        planted, islands, progress = begun
        progress.workers, progress.islands = (0 if workers == 0 else crew.size), len(islands)
        driver = Driver(task, configuration, store, crew, observer, stop or threading.Event(), islands, progress, clock)
        driver.run()
        observer.noticed("judging the front on instances that the search has not seen")
        result = verified(task, configuration, crew, driver.islands, planted, progress)
        _finish(store, result)
    finally:
        crew.close()
    return result


def _crew(task: Task, seed: int, workers: int, address: str | None) -> Crew:
    if workers == 0:
        return LocalCrew(task, seed)
    from evolve.engine.ray_crew import RayCrew

    return RayCrew(task, seed, workers, address)


Begun = tuple[tuple[Individual, ...], list[Island], Progress]
"""The seeds of a search, its islands, and where it stands."""


def _stored(run: Run, task: Task) -> Begun | None:
    """A search that has begun, as its run has it."""
    islands = [restored(state) for state in run.islands()]
    if not islands:
        return None
    progress = Progress(Archive(task.chance), task.gate)
    progress.seconds = run.seconds()
    progress.history = [(each.evaluations, each.hypervolume) for each in run.history()]
    progress.outcomes = Counter(run.outcomes())
    progress.evaluations = sum(each.children for each in islands)
    return run.seeds(), islands, progress


def _planted(
    task: Task, configuration: Configuration, store: Store, seeds: tuple[Individual, ...], islands: list[Island]
) -> Begun:
    """A search that begins, now that it is stored."""
    with store.transaction():
        store.add(seeds, Birth(task.name, None, 0, configuration.seed, 0.0))
        for island in islands:
            store.keep_island(island.place.number, island.epoch, island.children, 0.0, saved(island))
    return seeds, islands, Progress(Archive(task.chance), task.gate)


def _finish(store: Store, result: Result) -> None:
    """Store the verified front, and how the search went."""
    progress = result.progress
    with store.transaction():
        store.set_front(result.front, verified=True)
        store.note(
            "finished",
            {
                "evaluations": progress.evaluations,
                "seconds": progress.seconds,
                "stopped": progress.stopped,
                "hypervolume": progress.hypervolume,
                "lost": progress.lost,
                "seeds": [{"id": each.id, "name": each.operator, **asdict(each.score)} for each in result.seeds],
            },
        )
