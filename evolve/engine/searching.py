"""A search from its start or from where it was to its end: a crew, a ladder, the driver, and the verified fronts."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from evolve.engine.beside import Alone, Beside
from evolve.engine.climbing import Ladder, Rung
from evolve.engine.configuration import Configuration
from evolve.engine.crew import Crew, LocalCrew
from evolve.engine.driver import Driver
from evolve.engine.evaluation import Evaluator
from evolve.engine.founding import Founded, found
from evolve.engine.planting import Seed
from evolve.engine.progress import Observer, Progress, Result, Silent, Standing
from evolve.engine.saving import restored
from evolve.engine.verifying import verified
from fitness import models
from fitness.problem import problems
from population import Archive
from runs import Birth, Run, Store, open_run
from tasks import Purpose, Task


def search(
    tasks: Sequence[Task],
    configuration: Configuration,
    seeds: Sequence[Seed],
    store: Store,
    *,
    workers: int = 0,
    address: str | None = None,
    observer: Observer | None = None,
    stop: threading.Event | None = None,
    beside: Beside | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Search for programs on the rungs of a ladder, until a limit of the configuration is reached.

    All of it is kept in the run. If the run has islands already the search goes on from there.

    Args:
        tasks: of the configuration's rungs, in the same order.
        configuration: settings; if `deterministic`, the same ones find the same.
        seeds: programs to start from; not used by a search that goes on.
        store: of the run.
        workers: processes that do the work, no more than a rung has islands; 0 for this process.
        address: of a Ray cluster to join; None starts one on this computer for the workers.
        observer: is told what happens.
        stop: another thread or a signal handler sets it to stop the search; what was found until then is the result.
        beside: goes on while the islands do; it is told when the last child is made.
        clock: of seconds.

    Raises:
        CrewError: workers can't be had, or are lost again and again.
        RunError: the run can't be written.
        SeedError: a required seed can't be compiled, or fails; or none is left.
        TaskError: a task breaks its own contract, or its data are missing.
        ValueError: the tasks are not those of the configuration.
    """
    if tuple(task.name for task in tasks) != configuration.rungs:
        raise ValueError(f"the tasks are not the rungs {', '.join(configuration.rungs)}")
    for task in tasks:
        _try(task, configuration.seed)
    observer, beside = observer or Silent(), beside or Alone()
    progress = Progress([Standing(task.name, task.gate, Archive(task.chance)) for task in tasks])
    with open_run(store.directory) as run:
        start = begun(run, tasks, progress)
    with ThreadPoolExecutor(1) as thread:  # seeds are judged while workers start
        planting = None
        if start is None:
            evaluator = Evaluator(tasks[0], configuration.seed, configuration.energy)
            planting = thread.submit(found, evaluator, 0, configuration, seeds, (), observer.dropped)
        crew = _crew(tasks, configuration, min(workers, configuration.islands), address)
    try:
        if planting is not None:
            start = _planted(tasks[0], configuration, seeds, store, planting.result())
        assert start is not None
        rungs, started = start
        progress.workers, progress.islands = (0 if workers == 0 else crew.size), configuration.islands
        ladder = Ladder(tasks, configuration, started, store, rungs, progress)
        stop = stop or threading.Event()
        driver = Driver(ladder, configuration, store, crew, observer, stop, progress, beside, clock)
        driver.run()
        observer.noticed("judging the front on instances that the search has not seen")
        with open_run(store.directory) as run:
            result = verified(ladder.rungs, run, crew, progress, driver.lost)
        _finish(store, result)
    finally:
        crew.close()
    return result


def _try(task: Task, seed: int) -> None:
    """Raise TaskError if a task can't draw what a search asks of it, before that is well under way."""
    for purpose in (Purpose.SEARCH, Purpose.VERIFICATION):
        problems(task, purpose, seed, 1)


def _crew(tasks: Sequence[Task], configuration: Configuration, workers: int, address: str | None) -> Crew:
    seed, energy = configuration.seed, configuration.energy
    if workers == 0:
        return LocalCrew(tasks, seed, energy)
    from evolve.engine.ray_crew import RayCrew

    return RayCrew(tasks, seed, energy, workers, address)


Begun = tuple[list[Rung], Sequence[Seed]]
"""The open rungs of a search, and the programs that it starts from."""


def begun(run: Run, tasks: Sequence[Task], progress: Progress) -> Begun | None:
    """A search that has begun, as its run has it; the progress is set to where it stands."""
    islands = [restored(state) for state in run.islands()]
    if not islands:
        return None
    rungs = []
    for number, state in enumerate(run.states()):
        name, standing = tasks[number].name, progress.rungs[number]
        rungs.append(
            Rung(
                number,
                tasks[number],
                [each for each in islands if each.place.rung == number],
                tuple(run.individual(each) for each in state["seeds"]),
                tuple(state["since"]),
                set(state["tried"]),
                state["promoted"],
            )
        )
        standing.open = True
        standing.archive = Archive(tasks[number].chance, run.front(name).members)
        standing.history = [(each.evaluations, each.hypervolume) for each in run.history(name)]
        standing.hypervolume = standing.history[-1][1] if standing.history else 0.0
    progress.seconds = run.seconds()
    progress.outcomes = Counter(run.outcomes())
    progress.evaluations = sum(each.children for each in islands)
    (event,) = run.events("begun")
    return rungs, [Seed(**each) for each in event["seeds"]]


def _planted(task: Task, configuration: Configuration, seeds: Sequence[Seed], store: Store, founded: Founded) -> Begun:
    """A search that begins, now that it is stored."""
    rung = Rung(0, task, founded.islands, founded.seeds)
    model = models.get(configuration.energy)
    event = {"energy": model.name, "energy_version": model.version, "seeds": [each._asdict() for each in seeds]}
    with store.transaction():
        store.note("begun", event)
        store.add(rung.seeds, Birth(task.name, None, 0, configuration.seed, 0.0))
        store.open_rung(0, task.name, 0.0, rung.state())
        ladder = Ladder([task], configuration, seeds, store, [rung], Progress([]))
        ladder.keep(rung.islands)
    return [rung], seeds


def _finish(store: Store, result: Result) -> None:
    """Store the verified fronts, and how the search went."""
    progress = result.progress
    with store.transaction():
        for rung, front in result.fronts.items():
            store.set_front(rung, front, verified=True)
        store.note(
            "finished",
            {
                "evaluations": progress.evaluations,
                "seconds": progress.seconds,
                "stopped": progress.stopped,
                "hypervolumes": {each.rung: each.hypervolume for each in progress.rungs if each.open},
                "lost": progress.lost,
                "seeds": [
                    {"rung": rung, "id": each.id, "name": each.operator, **asdict(each.score)}
                    for rung, seeds in result.started.items()
                    for each in seeds
                ],
            },
        )
