"""A run that a person names, and the tasks of its rungs: `opened`, `task_of`, `task_option`, `quoted`."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.cli.inputs import InputError
from evolve.cli.tasks_option import chosen_task

if TYPE_CHECKING:
    from runs import Run
    from tasks import Task


@contextlib.contextmanager
def opened(directory: Path) -> Iterator[Run]:
    """The run in a directory.

    Raises:
        InputError: there is none that can be read, or it has not what is asked of it.
    """
    from runs import RunError, open_run

    try:
        with open_run(directory) as run:
            yield run
    except RunError as error:
        raise InputError(f"{error}.") from error


def task_of(run: Run, rung: str) -> Task:
    """The task of a rung of a run.

    Raises:
        InputError: it can't be loaded: the file of a person's own task is gone, or a text is missing.
    """
    named = run.configuration.get("task") or {}
    data = None if named.get("data") is None else Path(named["data"])
    task = chosen_task(None if named.get("file") else rung, named.get("file"), data)
    if task.name != rung:
        raise InputError(f"{named['file']} is {task.name} now, and was {rung} in this run.")
    return task


def task_option(run: Run, rung: str) -> str:
    """How the task of a rung is named on the command line."""
    file = (run.configuration.get("task") or {}).get("file")
    return f"--rung {rung}" if file is None else f"--task {shlex.quote(file)}"


def quoted(run: Run) -> str:
    """The directory of a run on the command line."""
    return shlex.quote(str(run.directory))
