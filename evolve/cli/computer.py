"""What the computer gives this process: cores, memory, and the limits of a container on both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

GROUPS: Final = Path("/sys/fs/cgroup")
MEMBERSHIP: Final = Path("/proc/self/cgroup")
MEMORY: Final = Path("/proc/meminfo")

UNLIMITED: Final = 1 << 60
"""Bytes from which on a limit is none: old kernels write a number where they mean that."""


class Cores(NamedTuple):
    """Cores of the computer, those that this process may run on, and how many of these at a time (None: all)."""

    there: int
    allowed: int
    quota: float | None


class Memory(NamedTuple):
    """Bytes of memory in all, those that are free, and the limit of a container; None for what is not known."""

    total: int | None
    free: int | None
    limit: int | None


def cores() -> Cores:
    """The cores that there are."""
    there = os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else there
    return Cores(there, allowed, _quota())


def memory() -> Memory:
    """The memory that there is."""
    known: dict[str, int] = {}
    for line in _text(MEMORY).splitlines():
        name, _, rest = line.partition(":")
        known[name] = int(rest.split()[0]) << 10
    limits = [int(text) for _, text in _settings("memory", "memory.max", "memory.limit_in_bytes") if text.isdecimal()]
    limit = min(limits, default=UNLIMITED)
    return Memory(known.get("MemTotal"), known.get("MemAvailable"), None if limit >= UNLIMITED else limit)


def _quota() -> float | None:
    """The least number of cores at a time that a group of this process is allowed."""
    quotas = []
    for path, text in _settings("cpu", "cpu.max", "cpu.cfs_quota_us"):
        most, _, period = text.partition(" ")
        period = period or _text(path.with_name("cpu.cfs_period_us")).strip()
        if most.isdecimal() and period.isdecimal():
            quotas.append(int(most) / int(period))
    return min(quotas, default=None)


def _settings(controller: str, new: str, old: str) -> Iterator[tuple[Path, str]]:
    """A setting of the control groups that this process is in, as far as they have it: its file and its text.

    Args:
        controller: its name.
        new: the file in version 2 of control groups.
        old: the file in version 1.
    """
    for line in _text(MEMBERSHIP).splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root, name = (GROUPS / controller, old) if controllers else (GROUPS, new)
        inner = root / group.lstrip("/")
        for folder in dict.fromkeys((inner, *(each for each in inner.parents if each.is_relative_to(root)), root)):
            if text := _text(folder / name).strip():
                yield folder / name, text


def _text(path: Path) -> str:
    """The text of a file; nothing if it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
