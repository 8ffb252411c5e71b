"""Running a program in plain CPython, in a process of its own that can be stopped.

The text of a candidate is executed by Python nowhere but here, and only after the checker has accepted it. The process
(`runs.cpython_child`) is isolated and limited all the same: its time is bounded from outside, its memory, files and
further processes by the system where that is POSIX.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import primitives
from runs import cpython_child
from tasks.contract import Contract
from tasks.instances import Call, Examples

SECONDS: Final = 60.0
"""After which the process is killed."""

_ROOM: Final = 2 << 30
_OPEN_FILES: Final = 16
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""The environment variables that an interpreter and its libraries may need to start."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a run in CPython.

    Attributes:
        results: of each query or call, Python scalars and numpy arrays; None if there are none, because of `problem`.
        problem: why there are no results, in a few words.
    """

    results: tuple[Any, ...] | None
    problem: str | None = None


def run_learner(source: str, examples: Examples, seed: int, seconds: float = SECONDS) -> Outcome:
    """Fit a learner in CPython and ask it every query; the results are the classes it predicts.

    Args:
        source: a learner that the checker has accepted.
        examples: the instance, a small one.
        seed: the start of the program's stream of random numbers.
        seconds: after which it is killed.
    """
    fit = [_array(examples.x), _array(examples.y), int(examples.n_symbols), int(examples.n_classes)]
    return _run(source, {"fit": fit, "queries": _array(examples.queries)}, seed, seconds)


def run_calls(source: str, contract: Contract, calls: Sequence[Call], seed: int, seconds: float = SECONDS) -> Outcome:
    """Make calls of a program's functions in CPython, one after the other, with one stream of random numbers.

    Args:
        source: a program that the checker has accepted for `contract`.
        contract: the signatures of its functions.
        calls: which to make. Every array is a copy: arrays that share memory don't share it there.
        seed: the start of the program's stream of random numbers.
        seconds: after which it is killed.
    """
    signatures = {each.name: each for each in contract.functions or ()}
    request = [
        {
            "function": each.function,
            "arguments": [
                _argument(value, parameter.type, parameter.writable)
                for value, parameter in zip(each.arguments, signatures[each.function].parameters, strict=True)
            ],
        }
        for each in calls
    ]
    outcome = _run(source, {"calls": request}, seed, seconds)
    if outcome.results is None:
        return outcome
    return Outcome(tuple(map(_decoded, outcome.results)))


def _argument(value: Any, kind: str, writable: bool) -> Any:
    if isinstance(value, np.ndarray):
        return _array(value, writable)
    return {"bool": bool, "int": int, "float": float}[kind](value)


def _array(array: NDArray[Any], writable: bool = False) -> dict[str, Any]:
    text = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {"dtype": array.dtype.str, "shape": list(array.shape), "bytes": text, "readonly": not writable}


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return np.frombuffer(base64.b64decode(value["bytes"]), value["dtype"]).reshape(value["shape"])


def _run(source: str, what: dict[str, Any], seed: int, seconds: float) -> Outcome:
    """Start the process, hand it the request, and kill it when its time is over."""
    folders = {each.__name__: str(Path(str(each.__file__)).parent.parent) for each in (primitives, np)}
    allowed = round(seconds) + 1
    limits = {"RLIMIT_CPU": allowed, "RLIMIT_AS": _ROOM, "RLIMIT_NOFILE": _OPEN_FILES}
    limits |= dict.fromkeys(("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC"), 0)
    request = {"program": source, "seed": seed, "packages": folders, "limits": limits, **what}
    words = [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(cpython_child.__file__)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                words,
                input=json.dumps(request),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=seconds,
                cwd=folder,
                env=environment,
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:  # by now it was killed
            return Outcome(None, f"CPython was killed after {seconds:g} s")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        return Outcome(None, f"CPython ended with exit code {done.returncode}: {last}")
    answer = json.loads(done.stdout)
    if "failure" in answer:
        return Outcome(None, f"CPython raised {answer['failure']} in line {answer['line']}")
    return Outcome(tuple(answer["results"]))
