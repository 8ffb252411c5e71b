"""`evolve search`: search for programs on a rung, and show the front that was found.

This module holds the command; `evolve.search` searches, and `evolve.cli.front` writes fronts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError, read_text

if TYPE_CHECKING:
    from tasks import Task

RUNS = Path("evolve-runs")
DEFAULT_EVALUATIONS = 4000


@click.command(name="search")
@click.option("--rung", default="parity-10-3", show_default=True, metavar="NAME", help="The task.")
@click.option(
    "--from",
    "origins",
    multiple=True,
    default=("seeds",),
    show_default=True,
    metavar="FILE",
    help="A program to start from (may be repeated), `seeds` for the ones that come with evolve, or `scratch`.",
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
    help=f"Where the run is kept.  [default: ./{RUNS}/ and the rung with a number]",
)
def command(
    rung: str,
    origins: tuple[str, ...],
    evaluations: int | None,
    minutes: float | None,
    seed: int,
    directory: Path | None,
) -> None:
    """Search for programs that learn a task with less energy and time.

    Progress is written to standard error, the Pareto front at the end to standard output. Ctrl-C stops the search and
    shows what it found until then.
    """
    from dataclasses import asdict

    from evolve.cli.front import show
    from evolve.cli.search_watcher import Watcher
    from evolve.search import Configuration, SeedError, search
    from runs import RunError, create_run, open_run
    from tasks import rung as rung_named

    if evaluations is None and minutes is None:
        evaluations = DEFAULT_EVALUATIONS
    seconds = None if minutes is None else minutes * 60
    try:
        task = rung_named(rung)
        configuration = Configuration(rung, ",".join(origins), evaluations, seconds, seed)
    except ValueError as error:
        raise InputError(f"{error}.") from error
    programs = _programs(origins, task)
    try:
        with create_run(directory or _free(rung), asdict(configuration)) as store:
            watcher = Watcher(store)
            result = search(task, configuration, programs, watcher)
            watcher.finished(result)
        with open_run(store.directory) as run:
            show(run, "table")
    except (RunError, SeedError) as error:
        raise InputError(f"{error}.") from error


def _programs(origins: tuple[str, ...], task: Task) -> dict[str, str]:
    """The programs to start from, source by name."""
    from primitives.seeds import SEEDS, source

    programs: dict[str, str] = {}
    for origin in origins:
        if origin == "seeds":
            programs |= {name: source(name) for name in SEEDS}
        elif origin == "scratch":
            programs[origin] = task.contract.blank
        else:
            programs[origin] = read_text(Path(origin))
    return programs


def _free(rung: str) -> Path:
    """The first directory for a run of this rung that does not exist."""
    number = 1
    while (path := RUNS / f"{rung}-{number}").exists():
        number += 1
    return path
