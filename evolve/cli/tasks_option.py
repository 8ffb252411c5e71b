"""How commands are told a task and its instances: the options `--rung`, `--task`, `--data` and `--seed`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evolve.cli.inputs import InputError, refusing

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


def chosen_task(rung: str | None, task: str | None, data: Path | None) -> Task:
    """The task that the options name.

    Raises:
        InputError: they name none or two, there is no such task, or its data is missing.
    """
    from evolve.settings.naming import named_task

    if rung is not None and task is not None:
        raise InputError("--rung and --task name two tasks; give one of them.")
    if rung is None and task is None:
        raise InputError("name a task: --rung NAME (`evolve tasks` lists them) or --task FILE.py:NAME.")
    look_for_texts(data)
    with refusing(ValueError):
        return named_task(rung, task)


def look_for_texts(data: Path | None) -> None:
    """Let tasks, in this process and in those it starts, look for texts in a directory.

    Raises:
        InputError: it is none.
    """
    from evolve.settings import SettingsError, naming

    with refusing(SettingsError):
        naming.look_for_texts(data)
