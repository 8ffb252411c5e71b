"""Tasks and rungs as people name them, and where their texts are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from evolve.settings.errors import SettingsError, like
from tasks import RUNGS, Task, load_task, rung

DEFAULT_LADDER: Final = (
    *("parity-4-1", "parity-6-1", "parity-6-2", "parity-8-2", "parity-10-2", "parity-10-3", "parity-15-3"),
    "parity-20-3",
)
"""The rungs of parity that need no data, up to the one that the field compares on; the last takes minutes to climb."""


def ladder_of(words: Sequence[str]) -> tuple[str, ...]:
    """The rungs that words name: names with commas, FIRST..LAST, or `default`.

    Raises:
        SettingsError: they name none, one that does not exist, or one twice.
    """
    names: list[str] = []
    for part in (part.strip() for word in words for part in word.split(",")):
        first, dots, last = part.partition("..")
        if part == "default":
            names += DEFAULT_LADDER
        elif dots:
            names += _between(first.strip(), last.strip())
        else:
            names.append(rung_of(part))
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise SettingsError(f"the ladder names {', '.join(twice)} twice; name each rung once")
    return tuple(names)


def _between(first: str, last: str) -> list[str]:
    """The rungs from one to another."""
    order = list(RUNGS)
    start, end = order.index(rung_of(first)), order.index(rung_of(last))
    if start > end:
        raise SettingsError(f"{last} comes before {first} in the order of `evolve tasks`; write {last}..{first}")
    return order[start : end + 1]


def rung_of(name: str) -> str:
    """The full name of a rung. Raises SettingsError if there is no such one."""
    if name not in RUNGS:
        raise SettingsError(f"there is no rung {name}{like(name, RUNGS) or ';'} there are {', '.join(RUNGS)}")
    return name if name in list(RUNGS) else RUNGS[name].name


def named_task(name: str | None, task: str | None) -> Task:
    """The task of a rung, or the one in a file or installed.

    Raises:
        ValueError: there is no such task, or its data is missing; the message says what to do.
    """
    return load_task(task) if task is not None else rung(rung_of(str(name)))


def look_for_texts(data: Path | None) -> None:
    """Let tasks, in this process and in those it starts, look for texts in a directory.

    Raises:
        SettingsError: it is none.
    """
    if data is None:
        return
    if not data.is_dir():
        raise SettingsError(f"{data} is no directory of texts; give as data the one that holds them")
    os.environ["EVOLVE_DATA"] = str(data.resolve())
