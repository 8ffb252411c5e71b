"""The shapes in which a program is exported: what is written around its functions.

A shape is a function of the code, the task, the program's source and a seed; it gives the texts of what it adds, and of
what `__main__` does. `--as` takes the names of `SHAPES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from runs.export.charmodel import charmodel
from runs.export.estimator import estimator
from runs.export.main_block import main_of
from runs.export.module import Code
from runs.export.parity_challenge import parity_challenge
from tasks import Task

Shape = Callable[[Code, Task, str, int], tuple[str, str]]


def module(code: Code, task: Task, source: str, seed: int) -> tuple[str, str]:
    """The functions of the task's contract, and a `__main__` that learns a fresh instance."""
    return "", main_of(task, code.parts, code.compiled)


SHAPES: Final[Mapping[str, Shape]] = {
    "module": module,
    "numba": module,
    "parity-challenge": parity_challenge,
    "sklearn": estimator,
    "charmodel": charmodel,
}
"""By the names that `--as` takes."""

COMPILED: Final = frozenset({"numba"})
"""Those whose functions numba compiles."""
