"""The process in which a program runs in plain CPython: a script that `runs.cpython` starts, not a module to import.

It reads a request from standard input and writes an answer to standard output, both JSON. The interpreter is isolated
(no site-packages, no environment, no current directory): beside the standard library it finds `primitives` and numpy,
and the program itself finds nothing but `primitives` and the builtins of the language.
"""

from __future__ import annotations

import base64
import builtins
import json
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

PROGRAM = "<program>"

FAILURES = (ArithmeticError, LookupError, ValueError, TypeError, NameError, AttributeError, MemoryError)
"""What a program can raise: its own failures, and what a program would raise that should never have been accepted."""


class Packages(MetaPathFinder):
    """Finds some packages, each in the folder that is given for it."""

    def __init__(self, folders: dict[str, str]):
        self.folders = folders

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of one of the packages; None for all others."""
        folder = self.folders.get(fullname.partition(".")[0])
        return None if folder is None else PathFinder.find_spec(fullname, path or [folder], target)


def restrict(limits: dict[str, int]) -> None:
    """Set the system's limits on this process, by their POSIX names; those it lacks or refuses are left out."""
    try:
        import resource
    except ImportError:  # no POSIX system
        return
    for name, most in limits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        try:
            resource.setrlimit(number, (most, most))
        except (ValueError, OSError):
            continue


def namespace() -> dict[str, Any]:
    """What a program finds when it starts: the builtins of the language, and an import of `primitives` alone."""
    import primitives
    from primitives.parser import BUILTINS

    def only_primitives(name: str, *_: object) -> ModuleType:
        if name != "primitives":
            raise ImportError(f"a program imports primitives, not {name}")
        return primitives

    allowed = {each: getattr(builtins, each) for each in BUILTINS}
    return {"__builtins__": {**allowed, "__import__": only_primitives}}


def decoded(value: Any) -> Any:
    """An argument: a Python scalar, or an `Array` with memory of its own."""
    if not isinstance(value, dict):
        return value
    import numpy as np

    from primitives.array import Array

    memory = np.frombuffer(bytearray(base64.b64decode(value["bytes"])), value["dtype"]).reshape(value["shape"])
    return Array.from_numpy(memory, readonly=value["readonly"])


def encoded(value: Any) -> Any:
    """A result, for JSON."""
    from primitives.array import Array

    if not isinstance(value, Array):
        return value
    memory = value.to_numpy()
    text = base64.b64encode(memory.tobytes()).decode("ascii")
    return {"dtype": memory.dtype.str, "shape": list(memory.shape), "bytes": text}


def learn(functions: dict[str, Any], request: dict[str, Any]) -> list[int]:
    """The classes that a learner predicts, one query after the other."""
    model = functions["fit"](*(decoded(each) for each in request["fit"]))
    model = model if isinstance(model, tuple) else (model,)
    queries = decoded(request["queries"])
    return [int(functions["predict"](*model, queries[row])) for row in range(len(queries))]


def call(functions: dict[str, Any], request: dict[str, Any]) -> list[Any]:
    """The results of calls, one after the other."""
    return [
        encoded(functions[each["function"]](*(decoded(argument) for argument in each["arguments"])))
        for each in request["calls"]
    ]


def failed_line(error: BaseException) -> int | None:
    """The line of the program where it failed."""
    line, frame = None, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == PROGRAM:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    sys.meta_path.insert(0, Packages(request["packages"]))
    functions = namespace()
    from primitives import generator

    restrict(request["limits"])  # after the imports, which open files
    generator.reseed(request["seed"])
    try:
        exec(compile(request["program"], PROGRAM, "exec"), functions)
        results = learn(functions, request) if "fit" in request else call(functions, request)
        answer: dict[str, Any] = {"results": results}
    except FAILURES as error:
        answer = {"failure": f"{type(error).__name__}: {error}", "line": failed_line(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
