"""The shapes in which a program is exported: what is written around its functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from runs.export.module import Code
from tasks import Task

Shape = Callable[[Code, Task, str], Code]
"""Takes the code, the task and the program's source; gives the code with what the shape adds."""


def module(code: Code, task: Task, source: str) -> Code:
    """The functions of the task's contract, as they are."""
    return code


SHAPES: Final[dict[str, Shape]] = {"module": module}
"""By the names that `--as` takes."""
