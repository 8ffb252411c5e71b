"""How commands are told a task and its instances: the options `--rung`, `--task`, `--data` and `--seed`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evolve.cli.inputs import InputError

if TYPE_CHECKING:
    from tasks import Task

Command = TypeVar("Command", bound=Callable[..., Any])


def task_options(command: Command) -> Command:
    """Add the options to a command, whose function takes them as `rung`, `task` and `data`."""
    options = (
        click.option("--rung", metavar="NAME", help="A rung of the ladder; `evolve tasks` lists them."),
        click.option("--task", metavar="FILE.py:NAME", help="A task of your own, or the name of an installed one."),
        click.option(
            "--data",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Where WikiText is.  [default: EVOLVE_DATA, else ~/.cache/evolve]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def seed_option(command: Command) -> Command:
    """Add `--seed` to a command that judges programs; its function takes it as `seed`, None for `new_seed`."""
    option = click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        metavar="N",
        help="Starts the random draws, of the instances too.  [default: a new one, which is printed]",
    )
    return option(command)


def new_seed() -> int:
    """A seed that nobody has seen: a program might be made for the instances of one that is known."""
    return secrets.randbits(32)


def chosen_task(rung: str | None, task: str | None, data: Path | None, default: str | None = None) -> Task:
    """The task that the options name.

    Raises:
        InputError: they name none or two, there is no such task, or its data is missing.
    """
    from tasks import load_task
    from tasks import rung as rung_named

    if rung is not None and task is not None:
        raise InputError("--rung and --task name two tasks; give one of them.")
    look_for_texts(data)
    name = rung if rung is not None else None if task is not None else default
    if name is None and task is None:
        raise InputError("name a task: --rung NAME (`evolve tasks` lists them) or --task FILE.py:NAME.")
    try:
        return load_task(task) if task is not None else rung_named(str(name))
    except ValueError as error:
        raise InputError(f"{error}.") from error


def look_for_texts(data: Path | None) -> None:
    """Let tasks, in this process and in those it starts, look for texts in a directory.

    Raises:
        InputError: it is none.
    """
    if data is None:
        return
    if not data.is_dir():
        raise InputError(f"--data {data} is no directory; give the one that holds the texts.")
    os.environ["EVOLVE_DATA"] = str(data.resolve())
