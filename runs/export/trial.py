"""Running an exported file in a fresh interpreter, to see that it answers what the machine answers.

The interpreter is isolated and starts in an empty directory; it finds what the file may need, and nothing of this
project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fitness.programs import compile_for
from runs.export.words import Words
from runs.verification.conduct import Conduct
from runs.verification.small_part import small_part
from runs.verification.trials import Subject
from tasks import Examples, Instance, Purpose, Task, instances

SECONDS: Final = 120.0
_EPOCH: Final = 0x6578706F

CHILD: Final = """\
import json, sys

request = json.load(sys.stdin)
for name in request["blocked"]:
    sys.modules[name] = None  # so that it can't be imported
if "numpy" not in request["blocked"]:
    import numpy


def given(argument):
    if not isinstance(argument, dict):
        return argument
    return argument["values"] if "numpy" in request["blocked"] else numpy.array(argument["values"], argument["dtype"])


def plain(result):
    if hasattr(result, "tolist"):
        return result.tolist()
    return [plain(result[place]) for place in range(len(result))] if hasattr(result, "__len__") else result


module = {"__name__": "exported"}
exec(compile(request["text"], "exported.py", "exec"), module)
if "numba" not in request["blocked"] and "use_numba" in module:
    module["use_numba"]()
if "STREAM" in module:
    module["seed"](request["seed"])
answers, model = [], ()
for function, *arguments in request["calls"]:
    answers.append(module[function](*(model if function == "predict" else ()), *map(given, arguments)))
    if function == "fit":
        answer = answers.pop()
        model = answer if isinstance(answer, tuple) else (answer,)
print(json.dumps([plain(each) for each in answers]))
"""


class ExportError(Exception):
    """A program can't be exported; the message says why and what to do."""


class ShapeError(ExportError):
    """A program does not fit the shape that was asked for."""


class FileFailed(ExportError):
    """A file does not run; the message says how it ended."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file answered.

    Attributes:
        interpreter: what the interpreter had: "numpy", "numpy and numba", or "the standard library".
        answers: how many were compared, predictions or results of calls; 0 if the machine failed on every small part of
            an instance.
        different: how many were others than the machine's.
    """

    interpreter: str
    answers: int
    different: int


_BLOCKED: Final = {
    "numpy": ("numba",),
    "numpy and numba": (),
    "the standard library": ("numpy", "numba", "sklearn"),
}
INTERPRETERS: Final = {
    Words.NUMPY: ("numpy",),
    Words.EITHER: ("numpy", "numpy and numba"),
    Words.NUMBA: ("numpy and numba",),
    Words.PURE: ("the standard library",),
}
"""Those in which a file in certain words is tried."""


def tried(text: str, source: str, task: Task, seed: int, interpreter: str) -> Trial:
    """Compare an exported program with the machine, on a small part of an instance of its task.

    Args:
        text: the file.
        source: the program in the language.
        task: of the program.
        seed: of the instance and the program's random numbers.
        interpreter: one of `INTERPRETERS`.

    Raises:
        FileFailed: the file does not run.
    """
    [instance] = instances(task, Purpose.VERIFICATION, seed, 1, _EPOCH)
    small, machine = small_part(Subject(task, source, compile_for(task, source), seed, steps=0), instance)
    if not machine.answers:
        return Trial(interpreter, 0, 0)
    request = {
        "text": text,
        "seed": seed,
        "blocked": _BLOCKED[interpreter],
        "calls": calls_of(small, machine),
    }
    found = run(CHILD, request, isolated="numpy" in _BLOCKED[interpreter])
    wanted = [each.tolist() if isinstance(each, np.ndarray) else each for each in machine.answers]
    return Trial(interpreter, len(wanted), sum(one != other for one, other in zip(found, wanted, strict=True)))


def calls_of(instance: Instance, machine: Conduct) -> list[list[Any]]:
    """The calls of a program on an instance, as JSON: the name of a function, then its arguments."""
    if not isinstance(instance, Examples):
        return [[each.function, *map(_written, each.arguments)] for each in machine.calls]
    sizes = [int(instance.n_symbols), int(instance.n_classes)]
    fit = ["fit", _written(instance.x), _written(instance.y), *sizes]
    return [fit, *(["predict", _written(query)] for query in instance.queries)]


def _written(argument: Any) -> Any:
    if isinstance(argument, np.ndarray):
        return {"values": argument.tolist(), "dtype": argument.dtype.name}
    return argument.item() if isinstance(argument, np.generic) else argument


def run(child: str, request: dict[str, Any], isolated: bool = False) -> Sequence[Any]:
    """What a script answers to a request, in an interpreter of its own.

    Args:
        child: the script. It reads the request from standard input and prints its answers, both as JSON.
        request: what it is asked.
        isolated: whether it finds the standard library only.

    Raises:
        FileFailed: it ends otherwise.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    flags = ["-I", "-B", "-X", "utf8", *(["-S"] if isolated else [])]
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, *flags, "-c", child],
                input=json.dumps(request),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
                cwd=folder,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise FileFailed(f"the file was stopped after {SECONDS:g} s on a small instance") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        raise FileFailed(f"the file ends with exit code {done.returncode} on a small instance: {last}")
    found: Sequence[Any] = json.loads(done.stdout)
    return found
