"""`evolve search`: search for programs on a rung, and show the front that was found.

This module holds the command; `evolve.search` searches, and `evolve.cli.front` writes fronts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task, task_options

if TYPE_CHECKING:
    from evolve.search import Seed
    from tasks import Task

RUNS = Path("evolve-runs")
DEFAULT_RUNG = "parity-10-3"
DEFAULT_EVALUATIONS = 4000


@click.command(name="search")
@task_options
@click.option(
    "--from",
    "origins",
    multiple=True,
    default=("seeds",),
    show_default=True,
    metavar="FILE",
    help="A program to start from (may be repeated), `seeds` for those that come with evolve and pass, or `scratch`.",
)
@click.option(
    "--evaluations",
    type=click.IntRange(min=0),
    help=f"Stop after so many children.  [default: {DEFAULT_EVALUATIONS} if --minutes is not given]",
)
@click.option("--minutes", type=click.FloatRange(min=0), help="Stop after this time.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Starts the random draws."
)
@click.option(
    "--run",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"Where the run is kept.  [default: ./{RUNS}/ and the task's name with a number]",
)
def command(
    rung: str | None,
    task: str | None,
    data: Path | None,
    origins: tuple[str, ...],
    evaluations: int | None,
    minutes: float | None,
    seed: int,
    directory: Path | None,
) -> None:
    """Search for programs that learn a task with less energy and time.

    Without --rung and --task the rung is parity-10-3. Progress is written to standard error, the Pareto front at the
    end to standard output. Ctrl-C stops the search and shows what it found until then.
    """
    from dataclasses import asdict

    from evolve.cli.front import show
    from evolve.cli.search_watcher import Watcher
    from evolve.search import Configuration, SeedError, search
    from runs import RunError, create_run, open_run
    from tasks.task import TaskError

    if evaluations is None and minutes is None:
        evaluations = DEFAULT_EVALUATIONS
    seconds = None if minutes is None else minutes * 60
    chosen = chosen_task(rung, task, data, default=DEFAULT_RUNG)
    configuration = Configuration(chosen.name, ",".join(origins), evaluations, seconds, seed)
    seeds = _seeds(origins, chosen)
    try:
        with create_run(directory or _free(chosen.name), asdict(configuration) | {"gate": chosen.gate}) as store:
            watcher = Watcher(store)
            result = search(chosen, configuration, seeds, watcher)
            watcher.finished(result)
        with open_run(store.directory) as run:
            show(run, "table")
    except (RunError, SeedError, TaskError) as error:
        raise InputError(f"{error}.") from error


def _seeds(origins: tuple[str, ...], task: Task) -> list[Seed]:
    """The programs to start from. Those that come with evolve need not run on the task."""
    from evolve.search import Seed
    from primitives.seeds import FAMILIES, SEEDS, seeds_for, source
    from tasks import LEARNER

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
