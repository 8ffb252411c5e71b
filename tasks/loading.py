"""Tasks from outside: in a person's file, or installed by another package.

Such a task is the person's own code, and runs as any Python does. Everything that can go wrong on the way is a
`TaskError` with one message.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import zlib
from importlib.machinery import SourceFileLoader
from importlib.metadata import entry_points
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from tasks.attribute_checks import attribute_findings
from tasks.guest import Guest
from tasks.task import Task, TaskError

GROUP: Final = "evolve.tasks"
"""The group of entry points in which other packages announce their tasks."""


def load_task(name: str) -> Task:
    """Load a task.

    Args:
        name: `path/to/file.py:NAME`, where NAME is a task, or a class of tasks whose constructor needs no arguments; or
            the name of an entry point of the group `evolve.tasks` that leads to one.

    Raises:
        TaskError: there is no such task, or it breaks the contract of tasks; the message says what to do.
    """
    path, colon, attribute = name.rpartition(":")
    if not colon and name.endswith(".py"):
        path, attribute = name, ""
    if path.endswith(".py"):
        found = _named(_module(Path(path), name), attribute, path)
    else:
        found = _installed(name)
    return _task(found, name)


def _module(path: Path, name: str) -> ModuleType:
    """Run a file, once for each text that it has, under a module name of its own."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise TaskError(f"can't read {path} ({error.strerror or error}); a task is FILE.py:NAME") from error
    title = f"evolve_task_{path.stem}_{zlib.crc32(str(path.resolve()).encode() + text):08x}"
    if title in sys.modules:
        return sys.modules[title]
    spec = importlib.util.spec_from_file_location(title, path, loader=_Uncached(title, str(path)))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # the file may import its neighbours; behind all else, so that none takes a known name
    sys.modules[title] = module  # before it runs: dataclasses and pickle look their module up
    try:
        with Guest(f"running {path}"):
            spec.loader.exec_module(module)
    except TaskError:
        del sys.modules[title]
        raise
    return module


class _Uncached(SourceFileLoader):
    """Compiles a file each time: bytecode that was kept may be that of an older text of the same second and size."""

    def get_code(self, fullname: str) -> CodeType:
        """The code of the text as it is now; nothing is written beside it."""
        return self.source_to_code(self.get_data(self.path), self.path)


def _named(module: ModuleType, attribute: str, path: str) -> Any:
    """What a file calls by a name."""
    if attribute and hasattr(module, attribute):
        return getattr(module, attribute)
    there = [each for each, value in vars(module).items() if _is_task(value) and not inspect.isabstract(value)]
    known = f"its tasks: {', '.join(there)}" if there else "it has no task: a class derived from tasks.Task"
    if not attribute:
        raise TaskError(f"{path} is a file; name the task in it, {path}:NAME ({known})")
    raise TaskError(f"{path} has no {attribute} ({known})")


def _is_task(value: object) -> bool:
    """Whether a value is a task or a class of tasks, other than those that a file imports to derive its own."""
    kind = value if isinstance(value, type) else type(value)
    return issubclass(kind, Task) and not kind.__module__.startswith("tasks.")


def _installed(name: str) -> Any:
    """What an entry point leads to."""
    points = entry_points(group=GROUP)
    if name not in points.names:
        installed = f"installed: {', '.join(sorted(points.names))}" if points.names else "none is installed"
        raise TaskError(f"there is no task {name!r} ({installed}); one of your own is FILE.py:NAME")
    with Guest(f"loading the installed task {name!r}"):
        return points[name].load()


def _task(found: Any, name: str) -> Task:
    """A task that is what it was named for, or an instance of it."""
    if isinstance(found, type) and issubclass(found, Task):
        found = _made(found, name)
    if not isinstance(found, Task):
        kind = (
            "a class, but not of tasks" if isinstance(found, type) else f"no task, but of type {type(found).__name__}"
        )
        raise TaskError(f"{name} is {kind}; name a class derived from tasks.Task, or a task that is made from one")
    findings = attribute_findings(found)
    if findings:
        more = f" ({len(findings) - 1} more like it)" if len(findings) > 1 else ""
        raise TaskError(f"{name} breaks the contract of tasks: {findings[0]}{more}")
    return found


def _made(kind: type[Task], name: str) -> Task:
    """An instance of a class of tasks."""
    missing = sorted(getattr(kind, "__abstractmethods__", ()))
    if missing:
        raise TaskError(f"{name} lacks {', '.join(missing)}; a task defines them (docs/tasks.md)")
    needed = [
        each.name
        for each in inspect.signature(kind).parameters.values()
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    if needed:
        raise TaskError(
            f"{name} needs {', '.join(needed)} to be made; give them defaults, "
            f"or write `task = {kind.__name__}(...)` into the file and name that"
        )
    with Guest(f"{kind.__name__}()"):
        return kind()
