"""`evolve search`: search for programs on a rung or up a ladder, and show the front that was found.

This module holds the command; `evolve.settings` turns what a person asks for into a run, `evolve.engine` searches, and
`evolve.cli.front` writes fronts.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evolve.cli.inputs import refusing
from evolve.cli.setting_options import given_options, setting_options
from evolve.settings import preset_summaries

if TYPE_CHECKING:
    from types import FrameType

    from evolve.settings.preparing import Prepared


PRESETS = "\b\nPresets:\n" + "\n".join(f"  {name:10} {text}" for name, text in preset_summaries().items())


@click.command(name="search", epilog=PRESETS)
@click.argument("preset", required=False, metavar="[PRESET | CONFIG.toml]")
@setting_options
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Go on with a run, also one that was killed; --evaluations and --minutes then say how much further.",
)
@click.option("--show", is_flag=True, help="Print all settings as a TOML file, with what each means, and do no more.")
def command(preset: str | None, resume: Path | None, show: bool, **given: Any) -> None:
    """Search for programs that learn a task with less energy and time.

    PRESET names settings that come with evolve, CONFIG.toml is a file of your own; an option wins over both. Progress
    is written to standard error, the Pareto front at the end to standard output. Ctrl-C stops the search and shows what
    it found until then. A run can be gone on with at any time, even if its search was killed.

    With --llm MODEL language models propose programs beside the search, within --llm-budget; keys come from the
    environment. `evolve search --llm qwen3 --llm-endpoint http://localhost:8000/v1` asks a server of your own.
    --replay-llm RUN takes the replies of an earlier run instead. docs/llm.md explains it.
    """
    from evolve.settings import SettingsError, layer_of, resolve, to_toml

    options = given_options(given)
    with refusing(SettingsError):
        if resume is None:
            settings = resolve([options, *([] if preset is None else [layer_of(preset)])])
        elif preset is not None or show:
            word = preset or "--show"
            raise SettingsError(f"{resume} has settings of its own, which --resume keeps; leave out {word}")
    if show:
        click.echo(to_toml(settings), nl=False)
        return

    from evolve.engine import SeedError
    from evolve.settings.preparing import prepare_new, prepare_resumed
    from runs import RunError
    from tasks import TaskError

    with refusing(RunError, ValueError):
        prepared = prepare_new(settings) if resume is None else prepare_resumed(resume, options)
    with refusing(RunError, SeedError, TaskError), prepared.store:
        _search(prepared)


def _search(prepared: Prepared) -> None:
    """Search, watched on the terminal, and show what was found."""
    from evolve.cli.front import show
    from evolve.cli.search_view import watching
    from evolve.engine import CrewError
    from runs import open_run

    run = prepared.store.directory
    broken: CrewError | None = None
    interrupted = False
    with _stopping() as stop, watching(prepared.configuration, prepared.tasks, run) as watcher:
        try:
            prepared.search(watcher, stop)
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
