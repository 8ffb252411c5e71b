"""`evolve search`: search for programs on a rung, and show the front that was found.

This module holds the command; `evolve.cli.search_setup` turns its options into a run, `evolve.engine` searches, and
`evolve.cli.front` writes fronts.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError
from evolve.cli.tasks_option import task_options

if TYPE_CHECKING:
    from types import FrameType

    from evolve.cli.search_setup import Prepared

FIXED = {"origins": "--from", "seed": "--seed", "islands": "--islands", "deterministic": "--deterministic"}
"""Options that a run that is gone on with has already."""


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
    help="Stop after so many children.  [default: 8000 if --minutes is not given]",
)
@click.option("--minutes", type=click.FloatRange(min=0), help="Stop after this time.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Starts the random draws."
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Processes that search, at most one for each island; 0 for this one alone.  [default: all cores]",
)
@click.option(
    "--address",
    metavar="HOST:PORT",
    help="A Ray cluster to search on with --workers processes; without it, this computer.",
)
@click.option(
    "--islands",
    type=click.IntRange(min=1),
    metavar="N",
    help="Populations that evolve apart, but for migrants.  [default: 4, or as many as workers if these are more]",
)
@click.option(
    "--deterministic", is_flag=True, help="Find the same with the same seed, whatever the number of workers (slower)."
)
@click.option(
    "--run",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the run is kept.  [default: ./evolve-runs/ and the task's name with a number]",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Go on with a run, also one that was killed; --evaluations and --minutes then say how much further.",
)
@click.pass_context
def command(
    context: click.Context,
    rung: str | None,
    task: str | None,
    data: Path | None,
    origins: tuple[str, ...],
    evaluations: int | None,
    minutes: float | None,
    seed: int,
    workers: int | None,
    address: str | None,
    islands: int | None,
    deterministic: bool,
    directory: Path | None,
    resume: Path | None,
) -> None:
    """Search for programs that learn a task with less energy and time.

    Without --rung and --task the rung is parity-10-3. Progress is written to standard error, the Pareto front at the
    end to standard output. Ctrl-C stops the search and shows what it found until then. A run can be gone on with at any
    time, even if its search was killed.
    """
    from evolve.cli.search_setup import Options, prepare_new, prepare_resumed, workers_here
    from evolve.engine import SeedError
    from runs import RunError
    from tasks.task import TaskError

    if address is not None and not workers:
        raise InputError("--address needs --workers, how many cores of the cluster to use.")
    workers = workers_here() if workers is None else workers
    seconds = None if minutes is None else minutes * 60
    options = Options(rung, task, data, origins, evaluations, seconds, seed, islands, deterministic)
    try:
        if resume is None:
            prepared = prepare_new(options, workers, directory)
        else:
            _refuse_changes(context, resume, directory)
            prepared = prepare_resumed(resume, options)
        with prepared.store:
            _search(prepared, workers, address)
    except (RunError, SeedError, TaskError) as error:
        raise InputError(f"{error}.") from error


def _refuse_changes(context: click.Context, resume: Path, directory: Path | None) -> None:
    """Raise InputError for settings that a run has already."""
    given = [
        option
        for name, option in FIXED.items()
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if directory is not None:
        given.append("--run")
    if given:
        raise InputError(f"{resume} has settings of its own, which --resume keeps; leave out {', '.join(given)}.")


def _search(prepared: Prepared, workers: int, address: str | None) -> None:
    """Search, watched on the terminal, and show what was found."""
    from evolve.cli.front import show
    from evolve.cli.search_view import watching
    from evolve.engine import CrewError, search
    from runs import open_run

    run = prepared.store.directory
    broken: CrewError | None = None
    interrupted = False
    with _stopping() as stop, watching(prepared.configuration, [prepared.task], run) as watcher:
        try:
            search(
                [prepared.task],
                prepared.configuration,
                prepared.seeds,
                prepared.store,
                workers=workers,
                address=address,
                observer=watcher,
                stop=stop,
            )
        except KeyboardInterrupt:
            interrupted = True
        except CrewError as error:
            broken = error
    with open_run(run) as opened:
        if opened.islands():
            show(opened, "table")
    click.echo(f"  evolve search --resume {run} --minutes 5")
    if broken is not None:
        raise click.ClickException(f"{broken}.")
    if interrupted:
        sys.exit(130)


@contextlib.contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; the second time they interrupt at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def first(number: int, frame: FrameType | None) -> None:
        stop.set()
        for each in before:
            signal.signal(each, signal.default_int_handler)

    for each in before:
        signal.signal(each, first)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
