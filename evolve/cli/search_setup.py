"""What `evolve search` starts from: a new run, or one to go on with, whose settings are its own.

This module turns options into a task, a configuration, seeds and an open store; `evolve.cli.search` holds the command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task
from evolve.engine import ISLANDS, Configuration, Seed
from primitives.seeds import FAMILIES, SEEDS, seeds_for, source
from runs import Store, create_run, open_run, reopen_run
from tasks import LEARNER, Task

RUNS = Path("evolve-runs")
DEFAULT_RUNG = "parity-10-3"
DEFAULT_EVALUATIONS = 8000


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for.

    Attributes:
        rung, task, data: which task.
        origins: programs to start from.
        evaluations, seconds: limits; None if they are not given.
        seed: starts the random draws.
        islands: None for the default.
        deterministic: whether the number and speed of workers may not matter.
    """

    rung: str | None
    task: str | None
    data: Path | None
    origins: tuple[str, ...]
    evaluations: int | None
    seconds: float | None
    seed: int
    islands: int | None
    deterministic: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a search needs; the store is open, and has to be closed."""

    task: Task
    configuration: Configuration
    seeds: Sequence[Seed]
    store: Store


def workers_here() -> int:
    """A worker for each core that this process may use; none, which is this process itself, if there is only one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if cores > 1 else 0


def prepare_new(options: Options, workers: int, directory: Path | None) -> Prepared:
    """Make a run.

    Raises:
        InputError: the options make no sense.
        RunError: the run can't be made.
    """
    task = chosen_task(options.rung, options.task, options.data, default=DEFAULT_RUNG)
    evaluations = options.evaluations
    if evaluations is None and (options.seconds is None or options.deterministic):
        evaluations = DEFAULT_EVALUATIONS
    islands = options.islands
    if islands is None:
        islands = ISLANDS if options.deterministic else max(ISLANDS, workers)
    configuration = Configuration(
        (task.name,),
        ",".join(options.origins),
        evaluations,
        options.seconds,
        options.seed,
        islands,
        deterministic=options.deterministic,
    )
    seeds = _seeds(options.origins, task)
    stored = asdict(configuration) | {"gate": task.gate, "task": _named(options), "properties": _properties(task)}
    return Prepared(task, configuration, seeds, create_run(directory or _free(task.name), stored))


def prepare_resumed(directory: Path, options: Options) -> Prepared:
    """Open a run to go on with it. Limits that are given count from where it is.

    Raises:
        InputError: it is on another task, or has reached its limits.
        RunError: it can't be opened, or a search is running in it.
    """
    with open_run(directory) as run:
        stored, done, children = run.configuration, run.seconds(), sum(run.children())
    task = _same_task(directory, stored, options)
    rungs = tuple(stored["rungs"])
    configuration = Configuration(**{each.name: stored[each.name] for each in fields(Configuration)} | {"rungs": rungs})
    if options.evaluations is not None or options.seconds is not None:
        evaluations = None if options.evaluations is None else children + options.evaluations
        seconds = None if options.seconds is None else done + options.seconds
        try:
            configuration = replace(configuration, evaluations=evaluations, seconds=seconds)
        except ValueError as error:
            raise InputError(f"{error}; give --evaluations.") from error
    elif children >= (configuration.evaluations or children + 1) or done >= (configuration.seconds or done + 1):
        raise InputError(
            f"{directory} has reached its limit, after {children:,} children in {done:,.0f} s; --evaluations or "
            f"--minutes says how much further to go."
        )
    store = reopen_run(directory)
    store.reconfigure(stored | asdict(configuration))
    store.note("resumed", {"evaluations": children, "seconds": done})
    return Prepared(task, configuration, _seeds(tuple(configuration.origin.split(",")), task), store)


def _same_task(directory: Path, stored: Mapping[str, Any], options: Options) -> Task:
    """The task of a run, if it is the one that is asked for, and still what it was."""
    named = stored.get("task", {"rung": None, "file": None, "data": None})
    properties = stored.get("properties", {})
    data = options.data or (None if named["data"] is None else Path(named["data"]))
    if options.rung is not None or options.task is not None:
        task = chosen_task(options.rung, options.task, data)
    else:
        task = chosen_task(named["rung"], named["file"], data, default=stored["rungs"][0])
    if task.name != stored["rungs"][0]:
        raise InputError(
            f"{directory} is a run on {stored['rungs'][0]}, not on {task.name}; leave the task out to go on with it, "
            f"or give another directory as --run."
        )
    changed = [
        f"{name} was {properties[name]}, now {value}"
        for name, value in _properties(task).items()
        if properties.get(name, value) != value
    ]
    if changed:
        raise InputError(f"{task.name} is not what it was in {directory} ({'; '.join(changed)}); start a new search.")
    return task


def _named(options: Options) -> dict[str, str | None]:
    """How the task was named, so that it is found from any directory."""
    file = options.task
    if file is not None and Path(file.rpartition(":")[0] or file).is_file():
        file = str(Path(file).absolute())
    data = None if options.data is None else str(options.data.resolve())
    return {"rung": options.rung, "file": file, "data": data}


def _properties(task: Task) -> dict[str, Any]:
    """What scores and selection depend on."""
    limits = {f"budget of {name}": value for name, value in asdict(task.budget).items()}
    return {"gate": task.gate, "chance": task.chance, "instances": task.instances, **limits}


def _seeds(origins: tuple[str, ...], task: Task) -> list[Seed]:
    """The programs to start from. Those that come with evolve need not run on the task."""
    seeds: list[Seed] = []
    for origin in origins:
        if origin == "seeds" and task.contract is LEARNER:
            names = seeds_for(task.family) if task.family in FAMILIES else tuple(SEEDS)
            seeds += [Seed(name, source(name), required=False) for name in names]
        elif origin in ("seeds", "scratch"):
            seeds.append(Seed("scratch", task.contract.blank))
        else:
            seeds.append(Seed(origin, read_text(Path(origin))))
    return seeds


def _free(name: str) -> Path:
    """The first directory for a run on this task that does not exist."""
    name = re.sub(r"[^\w.-]+", "-", name)
    number = 1
    while (path := RUNS / f"{name}-{number}").exists():
        number += 1
    return path
