"""The lock of a run: one search at a time writes to it. It ends with its process, however that ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from runs.schema import RunError

LOCK: Final = "run.lock"
HOLDER: Final = "run.process"


def locked(directory: Path) -> FileLock:
    """Take the lock of a run's directory, until it is released or the process ends.

    Raises:
        RunError: another process has it.
        OSError: the directory can't be written.
    """
    lock = FileLock(directory / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(f"{directory} is in use by a search that is running ({_holder(directory)})") from None
    (directory / HOLDER).write_text(f"{os.getpid()}\n", encoding="utf-8")
    return lock


def _holder(directory: Path) -> str:
    try:
        return f"process {int((directory / HOLDER).read_text(encoding='utf-8'))}"
    except (OSError, ValueError):
        return "its process is unknown"
