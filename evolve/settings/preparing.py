"""From settings to a search: a new run, or one to go on with, whose settings are its own."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from evolve.engine import ISLANDS, Configuration, Observer, Result, Seed, search
from evolve.llm.plan import Plan
from evolve.settings.errors import SettingsError
from evolve.settings.keys import KEYS, TASKS, Settings
from evolve.settings.models import MODELS, company, plan_again, plan_for
from evolve.settings.naming import look_for_texts, named_task
from evolve.settings.resolving import Layer, checked, contradictions
from evolve.settings.texts import text_of
from primitives.seeds import FAMILIES, SEEDS, TEXTBOOK, seeds_for, source
from runs import Store, create_run, open_run, reopen_run
from tasks import LEARNER, Task

RUNS: Final = Path("evolve-runs")

ADJUSTABLE: Final = TASKS | {"data", "minutes", "evaluations", "workers", "address"} | MODELS
"""Settings that a run which is gone on with may be given; of the task that is the run's own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a search needs; the store is open, and has to be closed."""

    tasks: tuple[Task, ...]
    configuration: Configuration
    seeds: Sequence[Seed]
    store: Store
    workers: int
    address: str | None
    file: str | None
    plan: Plan | None

    def search(self, observer: Observer | None = None, stop: threading.Event | None = None) -> Result:
        """Search (`evolve.engine.search`), with language models beside it if there is a plan for them."""
        with company(self.store.directory, self.tasks, self.file, self.plan) as beside:
            return search(
                self.tasks,
                self.configuration,
                self.seeds,
                self.store,
                workers=self.workers,
                address=self.address,
                observer=observer,
                stop=stop,
                beside=beside,
            )


def workers_here() -> int:
    """A worker for each core that this process may use; none, which is this process itself, if there is only one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if cores > 1 else 0


def prepare_new(settings: Settings) -> Prepared:
    """Make a run.

    Raises:
        ValueError: the settings name what does not exist; the message says what to do.
        RunError: the run can't be made.
    """
    look_for_texts(settings.data)
    names = settings.ladder or (settings.rung,)
    tasks = tuple(named_task(name, settings.task) for name in names)
    workers = workers_here() if settings.workers is None else settings.workers
    islands = settings.islands
    if islands is None:
        islands = ISLANDS if settings.deterministic else max(ISLANDS, workers)
    configuration = Configuration(
        rungs=tuple(each.name for each in tasks),
        origin=",".join(settings.from_),
        evaluations=settings.evaluations,
        seconds=None if settings.minutes is None else settings.minutes * 60,
        seed=settings.seed,
        islands=islands,
        population=settings.population,
        epoch=settings.epoch,
        migrants=settings.migrants,
        deterministic=settings.deterministic,
        energy=settings.energy,
    )
    seeds = _seeds(settings.from_, tasks)
    stored = asdict(configuration) | {
        "task": _named(settings),
        "properties": {each.name: _properties(each) for each in tasks},
        "programs": [each._asdict() for each in seeds],
        "workers": workers,
    }
    plan = plan_for(settings)
    stored |= {"llm": None if plan is None else plan.document}
    store = create_run(settings.run or _free(tasks), stored)
    return Prepared(tasks, configuration, seeds, store, workers, settings.address, stored["task"]["file"], plan)


def prepare_resumed(directory: Path, layer: Layer) -> Prepared:
    """Open a run to go on with it. Limits that are given count from where it is.

    Raises:
        ValueError: it is on another task, has reached its limits, or has settings of its own for what is given.
        RunError: it can't be opened, or a search is running in it.
    """
    given = _adjustments(directory, layer)
    with open_run(directory) as run:
        stored, done, children, calls = run.configuration, run.seconds(), sum(run.children()), run.calls()
    plan = plan_again(stored, given, calls, layer.spelled)
    tasks = _same_tasks(directory, stored, given, layer)
    known = {each.name: stored[each.name] for each in fields(Configuration)}
    configuration = Configuration(**known | {"rungs": tuple(stored["rungs"])})
    evaluations, minutes = given.get("evaluations"), given.get("minutes")
    if evaluations is not None or minutes is not None:
        try:
            configuration = replace(
                configuration,
                evaluations=None if evaluations is None else children + evaluations,
                seconds=None if minutes is None else done + minutes * 60,
            )
        except ValueError as error:
            raise SettingsError(f"{error}; give {layer.spelled('evaluations')}") from error
    elif children >= (configuration.evaluations or children + 1) or done >= (configuration.seconds or done + 1):
        raise SettingsError(
            f"{directory} has reached its limit, after {children:,} children in {done:,.0f} s; "
            f"{layer.spelled('evaluations')} or {layer.spelled('minutes')} says how much further to go"
        )
    store = reopen_run(directory)
    store.reconfigure(stored | asdict(configuration) | {"llm": None if plan is None else plan.document})
    store.note("resumed", {"evaluations": children, "seconds": done})
    seeds = [Seed(**each) for each in stored["programs"]]
    workers = given.get("workers")
    workers = workers_here() if workers is None else workers
    file = stored.get("task", {}).get("file")
    return Prepared(tasks, configuration, seeds, store, workers, given.get("address"), file, plan)


def _adjustments(directory: Path, layer: Layer) -> dict[str, Any]:
    """What is given to a run that is gone on with, if that may be given."""
    given, mistakes = checked(layer)
    words = ("workers", "address", "llm", "replay_llm")
    mistakes += contradictions({name: given.get(name) for name in words}, layer.spelled)
    fixed = [layer.spelled(name) for name in KEYS if name in given and name not in ADJUSTABLE]
    if fixed:
        mistakes.append(
            f"{directory} has settings of its own, which {layer.spelled('resume')} keeps; leave out {', '.join(fixed)}"
        )
    if mistakes:
        raise SettingsError(*mistakes)
    return given


def _same_tasks(directory: Path, stored: Mapping[str, Any], given: Mapping[str, Any], layer: Layer) -> tuple[Task, ...]:
    """The tasks of a run, if they are those that are asked for, and still what they were."""
    named, rungs = stored.get("task", {}), list(stored["rungs"])
    look_for_texts(given.get("data") or (None if named.get("data") is None else Path(named["data"])))
    if TASKS & given.keys():
        asked = [given["rung"]] if "rung" in given else given.get("ladder", [None])
        tasks = tuple(named_task(name, given.get("task")) for name in asked)
    else:
        tasks = tuple(named_task(name, named.get("file")) for name in rungs)
    names = [each.name for each in tasks]
    if names != rungs:
        raise SettingsError(
            f"{directory} is a run on {', '.join(rungs)}, not on {', '.join(names)}; leave the task out to go on with "
            f"it, or give another directory as {layer.spelled('run')}"
        )
    for task in tasks:
        before = stored.get("properties", {}).get(task.name, {})
        now = _properties(task)
        changed = [f"{key} was {before[key]}, now {now[key]}" for key in now if before.get(key, now[key]) != now[key]]
        if changed:
            raise SettingsError(
                f"{task.name} is not what it was in {directory} ({'; '.join(changed)}); start a new search"
            )
    return tasks


def _named(settings: Settings) -> dict[str, str | None]:
    """How the task was named, so that it is found from any directory."""
    file = settings.task
    if file is not None and Path(file.rpartition(":")[0] or file).is_file():
        file = str(Path(file).absolute())
    data = None if settings.data is None else str(settings.data.resolve())
    return {"rung": settings.rung, "file": file, "data": data}


def _properties(task: Task) -> dict[str, Any]:
    """What scores and selection depend on."""
    limits = {f"budget of {name}": value for name, value in asdict(task.budget).items()}
    return {"gate": task.gate, "chance": task.chance, "instances": task.instances, **limits}


def _seeds(origins: Sequence[str], tasks: Sequence[Task]) -> list[Seed]:
    """The programs to start from. Those that come with evolve need not run on every task."""
    blank = tasks[0].contract.blank
    seeds: list[Seed] = []
    for origin in origins:
        if origin == "textbook":
            seeds += [Seed(name, source(name), required=False) for name in TEXTBOOK]
        elif origin == "seeds" and tasks[0].contract is LEARNER:
            seeds += [Seed(name, source(name), required=False) for name in _fitting(tasks)]
        elif origin in ("seeds", "scratch"):
            seeds.append(Seed("scratch", blank))
        else:
            seeds.append(Seed(origin, text_of(Path(origin), "a program")))
    return seeds


def _fitting(tasks: Sequence[Task]) -> list[str]:
    """The names of the seed programs that are meant for any of the tasks."""
    families = {each.family for each in tasks}
    if not families <= FAMILIES.keys():
        return list(SEEDS)
    meant = {name for family in families for name in seeds_for(family)}
    return [name for name in SEEDS if name in meant]


def _free(tasks: Sequence[Task]) -> Path:
    """The first directory for a run on these tasks that does not exist."""
    name = tasks[0].name if len(tasks) == 1 else f"{tasks[0].name}-to-{tasks[-1].name}"
    name = re.sub(r"[^\w.-]+", "-", name)
    number = 1
    while (path := RUNS / f"{name}-{number}").exists():
        number += 1
    return path
