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
from typing import Any, TypeVar

from filelock import FileLock

PATIENCE = 1.5
"""Seconds after which a compilation is announced; loading a compiled build takes less."""

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

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


def direct(kernel: Kernel, *arguments: Any) -> Kernel:
    """A kernel as it is compiled for arguments of certain types, to be called with arguments of the same types only.

    At every call of a kernel numba finds out the types of all arguments, which for tuples of arrays takes ten times as
    long as the call. This leaves it out, and the check as well: as in C, the caller answers for the types. Arrays are
    alike if their element types, ranks and contiguity are.
    """
    dispatcher: Any = kernel
    entry: Kernel = dispatcher.compile(tuple([dispatcher.typeof_pyval(each) for each in arguments]))
    return entry


def _announce(build: str) -> None:
    print(
        f"compiling the machine, {build} build (once per installation, half a minute at most) ...",
        file=sys.stderr,
        flush=True,
    )


def _user() -> str:
    """A short name of the user for the lock file: users don't share compiled files."""
    return hashlib.sha256(bytes(Path.home())).hexdigest()[:12]
