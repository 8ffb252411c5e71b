"""Compiling the machine: once for each build and installation, with a word on the terminal, by one process at a time.

numba keeps what it compiled beside the sources (`kernels`), or in the user's cache directory where these can't be
written, so every later process loads a build in a fraction of a second.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

PATIENCE = 1.5
"""Seconds after which a compilation is announced; loading a compiled build takes less."""

_ready: set[str] = set()


def ensure(build: str, compile_it: Callable[[], object]) -> None:
    """Have a build ready: `compile_it` compiles it, or loads it, unless this process has done so before."""
    if build in _ready:
        return
    start = time.monotonic()
    word = threading.Timer(PATIENCE, _announce, [build])
    word.daemon = True
    word.start()
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"evolve-{_user()}-{build}.lock"):
            compile_it()
    finally:
        word.cancel()
    _ready.add(build)
    seconds = time.monotonic() - start
    if seconds > PATIENCE:
        print(f"the {build} build is ready after {seconds:.0f} s", file=sys.stderr)


def _announce(build: str) -> None:
    print(
        f"compiling the machine, {build} build (once per installation, half a minute at most) ...",
        file=sys.stderr,
        flush=True,
    )


def _user() -> str:
    """A short name of the user for the lock file: users don't share compiled files."""
    return hashlib.sha256(bytes(Path.home())).hexdigest()[:12]
