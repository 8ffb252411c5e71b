"""The energy of a program's lines on fresh instances, as many as a person waits for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from fitness.limits import limits_of
from fitness.line_energy import energy_by_line
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import streams
from fitness.traced import MOST_EVENTS
from primitives.errors import ProgramError
from tasks import Purpose, Task

STEPS: Final = 60_000_000
"""Steps of the machine that a person is let wait for, some seconds; one instance is always judged."""


def instances_for(task: Task, steps: float, asked: int | None) -> int:
    """On how many instances to judge programs that take so many steps for one: as asked, or what fits into `STEPS`."""
    return asked or max(1, min(task.instances, int(STEPS / max(steps, 1))))


def line_energies(task: Task, source: str, seed: int, instances: int, model: str) -> dict[int, float]:
    """The energy of each line of a program, means over the same instances; empty if it is refused or fails on one.

    Raises:
        ValueError: there is no such model, or the task breaks its contract.
    """
    try:
        program = compile_for(task, source)
    except ProgramError:
        return {}
    limits = replace(limits_of(task.budget), events=MOST_EVENTS)
    drawn = problems(task, Purpose.VERIFICATION, seed, instances)
    total: Counter[int] = Counter()
    for each, stream in zip(drawn, streams(seed, instances), strict=True):
        status, spent = energy_by_line(program, each, limits, stream, model)
        if status != "ok":
            return {}
        total.update(spent)
    return {line: energy / instances for line, energy in total.items()}
