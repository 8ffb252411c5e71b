"""What `evolve doctor` looks at: one function for each check, in the order of `CHECKS`."""

from __future__ import annotations

import os
import platform
import re
import shutil
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from evolve.cli import computer
from evolve.cli.finding import Finding
from evolve.cli.model_check import language_model

MIB: Final = 1 << 20
GIB: Final = 1 << 30

WORKER: Final = 512 * MIB
"""Memory that a worker has room in."""

RAY_SECONDS: Final = 60.0
"""Seconds after which a task of Ray that has not come back is given up."""


def versions() -> Finding:
    """Whether evolve and what it depends on are installed, and new enough."""
    name = f"Python {platform.python_version()}"
    try:
        own, required = metadata.version("evolve"), metadata.requires("evolve") or []
    except metadata.PackageNotFoundError:
        return Finding("versions", "problem", f"{name}, evolve is not installed", "pip install evolve, or make install")
    shown, faults = [f"evolve {own}", name], []
    for requirement in required:
        match = re.match(r"([\w-]+)(?:>=([\d.]+))?$", requirement)
        if match is None:
            continue  # of an extra
        package, least = match[1], match[2] or "0"
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            faults.append(f"{package} is missing")
            continue
        if _numbers(version) < _numbers(least):
            faults.append(f"{package} {version} is older than {least}")
        if package in ("numpy", "numba", "llvmlite", "ray", "moocore"):
            shown.append(f"{package} {version}")
    if faults:
        return Finding("versions", "problem", ", ".join([*shown, *faults]), "pip install --upgrade evolve")
    return Finding("versions", "ok", ", ".join(shown))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version.partition("+")[0])[:3])


def cores() -> Finding:
    """How many workers a search can have."""
    found = computer.cores()
    text = f"{found.allowed} of {found.there}" if found.allowed < found.there else str(found.there)
    if found.quota is not None and found.quota < found.allowed:
        workers = max(1, int(found.quota))
        advice = f"evolve search --workers {workers if workers > 1 else 0}"
        return Finding("cores", "note", f"{text}, of which a container may use {found.quota:g} at a time", advice)
    if found.allowed == 1:
        return Finding("cores", "note", f"{text}: a search runs in one process", "more cores search faster")
    return Finding("cores", "ok", f"{text}: a search has {found.allowed} workers")


def memory() -> Finding:
    """Whether there is room for the workers."""
    found, workers = computer.memory(), computer.cores().allowed
    room = [each for each in (found.free, found.limit) if each is not None]
    if not room:
        return Finding("memory", "note", "not known on this system", f"a worker takes up to {WORKER // MIB} MiB")
    total = "" if found.total is None else f" of {_size(found.total)}"
    limit = "" if found.limit is None else f", {_size(found.limit)} for this container"
    text = f"{_size(found.free)} free{total}{limit}" if found.free is not None else f"{_size(min(room))}"
    fitting = min(room) // WORKER - 1
    if fitting < 1:
        return Finding("memory", "problem", text, f"a search needs {_size(2 * WORKER)}; end other programs")
    if fitting < workers:
        return Finding("memory", "note", text, f"there is room for evolve search --workers {fitting}")
    return Finding("memory", "ok", text)


def shared_memory() -> Finding:
    """Whether Ray finds room for what processes share."""
    from evolve.engine.ray_crew import OBJECT_STORE

    folder = Path("/dev/shm")
    if not folder.is_dir():
        return Finding("shared memory", "ok", "this system has no /dev/shm; Ray uses files")
    free = shutil.disk_usage(folder).free
    if free < OBJECT_STORE:
        advice = f"Ray will use slower files; a container gets more by --shm-size={2 * OBJECT_STORE // MIB}m"
        return Finding("shared memory", "note", f"{_size(free)} free in {folder}", advice)
    return Finding("shared memory", "ok", f"{_size(free)} free in {folder}")


def machine() -> Finding:
    """Whether the machine's kernels are compiled, and can be kept."""
    import numba

    from fitness import kernels

    config: Any = numba.config
    if config.DISABLE_JIT:
        advice = "unset NUMBA_DISABLE_JIT: uncompiled, the machine is hundreds of times slower"
        return Finding("machine", "problem", "numba must not compile (NUMBA_DISABLE_JIT)", advice)
    folder = Path(config.CACHE_DIR or kernels.HERE / "__pycache__")
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        advice = "make it writable, or set NUMBA_CACHE_DIR to a folder that is; else processes may compile again"
        return Finding("machine", "note", f"{folder} can't be written", advice)
    builds = len(list(folder.rglob("interpreter.run-*.nbc")))
    if not builds:
        advice = "nothing to do: its first use compiles it, which takes half a minute"
        return Finding("machine", "note", f"not compiled yet; kept in {folder}", advice)
    return Finding("machine", "ok", f"compiled, {builds} of 3 builds; kept in {folder}")


def ray() -> Finding:
    """Whether Ray starts a worker that answers."""
    from evolve.engine import CrewError
    from evolve.engine.ray_crew import connected

    began = time.monotonic()
    advice = "evolve search --workers 0 searches without Ray"
    try:
        module, owned = connected(1, None)
    except (CrewError, ImportError) as error:
        return Finding("Ray", "problem", str(error).partition("; ")[0], advice)
    try:
        module.get(module.remote(_answer).remote(), timeout=RAY_SECONDS)
    except module.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        return Finding("Ray", "problem", f"a task did not run: {reason[0]}", advice)
    finally:
        if owned:
            module.shutdown()
    return Finding("Ray", "ok", f"started and ran a task in {time.monotonic() - began:.1f} s")


def _answer() -> int:
    """What Ray is asked to run."""
    return os.getpid()


def texts() -> Finding:
    """Which texts the rungs of text have."""
    from tasks.corpora import PythonDocumentation, data_directory
    from tasks.download import ARCHIVES
    from tasks.splits import DataError, locate

    directory, there, missing = data_directory(), [], []
    try:
        there.append(PythonDocumentation().name)
    except DataError:
        missing.append("pydoc")
    for name, archive in ARCHIVES.items():
        complete = all(locate(split, directory).paths for split in archive.splits)
        (there if complete else missing).append(name)
    text = ", ".join(there) or "none"
    if missing:
        advice = "only their rungs need them: " + ", ".join(f"evolve data {name}" for name in missing)
        return Finding("texts", "note", f"{text}; not at hand: {', '.join(missing)}", advice)
    return Finding("texts", "ok", text)


def disk() -> Finding:
    """Whether runs can be kept here."""
    from evolve.settings.preparing import RUNS

    folder = RUNS if RUNS.is_dir() else Path()
    free = shutil.disk_usage(folder).free
    text = f"{_size(free)} free for runs in {RUNS.absolute()}"
    if not os.access(folder, os.W_OK):
        return Finding("disk", "problem", f"{folder.absolute()} can't be written", "evolve search --run DIR")
    if free < 100 * MIB:
        return Finding("disk", "problem", text, "make room, or keep runs elsewhere: evolve search --run DIR")
    if free < GIB:
        return Finding("disk", "note", text, "a run of an hour takes some hundred MiB; --run DIR keeps it elsewhere")
    return Finding("disk", "ok", text)


def _size(size: int) -> str:
    """Bytes for people."""
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size / MIB:.0f} MiB"


CHECKS: Final[tuple[Callable[[], Finding], ...]] = (
    versions,
    cores,
    memory,
    shared_memory,
    machine,
    texts,
    disk,
    language_model,
    ray,
)
"""All checks; those that take some seconds come last."""
