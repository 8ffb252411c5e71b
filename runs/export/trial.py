"""Running an exported file in a fresh interpreter, to see that it predicts what the machine predicts.

The interpreter is isolated and starts in an empty directory; it finds numpy, and nothing of this project.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fitness.limits import limits_of
from fitness.play import play
from fitness.problem import problem
from fitness.programs import learner
from runs.verification.conduct import shrunk
from tasks import Examples, Purpose, Task, instances

SECONDS: Final = 120.0
_EPOCH: Final = 0x6578706F
_STEPS: Final = (2_000_000, 20_000_000)
_ROWS: Final = (64, 16, 4, 256, 1024)
_QUERIES: Final = 32

CHILD: Final = """\
import base64, json, sys
import numpy as np

request = json.load(sys.stdin)
arrays = {
    name: np.frombuffer(base64.b64decode(each["bytes"]), each["dtype"]).reshape(each["shape"])
    for name, each in request["arrays"].items()
}
module = {"__name__": "exported"}
exec(compile(request["text"], "exported.py", "exec"), module)
if "STREAM" in module:
    module["seed"](request["seed"])
model = module["fit"](arrays["x"], arrays["y"], request["n_symbols"], request["n_classes"])
model = model if isinstance(model, tuple) else (model,)
print(json.dumps([int(module["predict"](*model, query)) for query in arrays["queries"]]))
"""


class ExportError(Exception):
    """A program can't be exported; the message says why and what to do."""


class ShapeError(ExportError):
    """A program does not fit the shape that was asked for."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file predicted.

    Attributes:
        predictions: how many were compared; 0 if the machine failed on every small part of an instance.
        different: how many were others than the machine's.
    """

    predictions: int
    different: int


def tried(text: str, source: str, task: Task, seed: int) -> Trial:
    """Compare an exported learner with the machine, on a small part of an instance of its task.

    Raises ExportError if the file does not run.
    """
    [instance] = instances(task, Purpose.VERIFICATION, seed, 1, _EPOCH)
    assert isinstance(instance, Examples)
    compiled = learner(source)
    for steps in _STEPS:
        for rows in _ROWS:
            small = shrunk(instance, rows, _QUERIES)
            staged = problem(small).staged
            assert staged is not None
            played = play(
                compiled, staged, limits=replace(limits_of(task.budget), steps=steps), priced=False, seed=seed
            )
            if played.status == "ok":
                found = predictions(text, small, seed)
                return Trial(len(found), int(np.sum(found != played.answers)))
    return Trial(0, 0)


def predictions(text: str, examples: Examples, seed: int) -> NDArray[np.int64]:
    """What an exported learner predicts. Raises ExportError if it does not run."""
    return answers(CHILD, text, examples, seed)


def answers(child: str, text: str, examples: Examples, seed: int) -> NDArray[np.int64]:
    """The predictions of a file on examples, asked for by a script.

    Args:
        child: the script. It reads a request from standard input, and prints the predictions as JSON.
        text: the file.
        examples: to learn from and to predict.
        seed: of the file's random numbers.

    Raises:
        ExportError: it does not run.
    """
    arrays = {"x": examples.x, "y": examples.y, "queries": examples.queries}
    request: dict[str, Any] = {
        "text": text,
        "seed": seed,
        "n_symbols": examples.n_symbols,
        "n_classes": examples.n_classes,
        "arrays": {name: _array(each) for name, each in arrays.items()},
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", child],
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
            raise ExportError(f"the file was stopped after {SECONDS:g} s on a small instance") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        raise ExportError(f"the file ends with exit code {done.returncode} on a small instance: {last}")
    return np.array(json.loads(done.stdout), dtype=np.int64)


def _array(array: NDArray[Any]) -> dict[str, Any]:
    text = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {"dtype": array.dtype.str, "shape": list(array.shape), "bytes": text}
