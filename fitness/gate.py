"""Whether a program passes the gate of a rung: surely accurate enough there, and at larger sizes of the problem."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fitness.limits import limits_of
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Failed, Score, score
from primitives.errors import ProgramError
from tasks.task import Purpose, Task


@dataclass(frozen=True, slots=True)
class Gate:
    """How a program does at one gate.

    Attributes:
        task: the name of the task.
        least: the accuracy that it must surely have.
        outcome: its score there, or how it failed.
    """

    task: str
    least: float
    outcome: Score | Failed

    @property
    def passed(self) -> bool:
        """Whether its accuracy is at least that, with a confidence of 95 %."""
        return isinstance(self.outcome, Score) and self.outcome.accuracy_low >= self.least


def larger_gates(
    task: Task, source: str | ast.Module, seed: int, purpose: Purpose = Purpose.VERIFICATION, epoch: int = 0
) -> Iterator[Gate]:
    """The gates of a task's larger sizes, one after the other (`tasks.task.Task.larger`).

    A program that can't be compiled for a larger size has failed there with the status `rejected`.
    """
    for each in task.larger:
        yield Gate(each.name, each.gate, _outcome(each, source, seed, purpose, epoch))


def _outcome(task: Task, source: str | ast.Module, seed: int, purpose: Purpose, epoch: int) -> Score | Failed:
    try:
        program = compile_for(task, source)
    except ProgramError as error:
        return Failed("rejected", error.diagnostics[0].line)
    drawn = problems(task, purpose, seed, task.instances, epoch)
    return score(program, drawn, limits_of(task.budget), seed, task)
