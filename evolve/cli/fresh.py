"""Individuals of a run judged again, all on the same fresh instances: what they were born with can't be compared.

Scores of a run come from the instances of an epoch, and each epoch has others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from fitness import models
from fitness.assess import Assessment, assess
from fitness.limits import limits_of
from fitness.line_energy import energy_by_line
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Failed, Score, streams
from fitness.traced import MOST_EVENTS
from primitives.errors import ProgramError
from tasks import Purpose, Task

STEPS: Final = 60_000_000
"""Steps of the machine that a person is let wait for, some seconds; one instance is always judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a program does on instances that it shares with others.

    Attributes:
        score: means over the instances, `energy` and `fit_energy` by the model `dmc`; or how it failed.
        energy, fit_energy: by the model that was asked for; None if there is no figure.
    """

    score: Score | Failed
    energy: float | None
    fit_energy: float | None


def instances_for(task: Task, steps: float, asked: int | None) -> int:
    """On how many instances to judge programs that take so many steps for one: as asked, or what fits into `STEPS`."""
    return asked or max(1, min(task.instances, int(STEPS / max(steps, 1))))


def judged(task: Task, source: str, seed: int, instances: int, model: str) -> Judged:
    """Judge a program on fresh instances; the same for the same seed. One that the task refuses is `rejected`.

    Raises:
        ValueError: there is no such model, or the task breaks its contract.
    """
    try:
        found: Assessment = assess(task, source, seed=seed, instances=instances, models=(model,), repeats=0)
    except ProgramError as error:
        return Judged(Failed("rejected", error.diagnostics[0].line), None, None)
    if isinstance(found.outcome, Failed):
        return Judged(found.outcome, None, None)
    (energy,) = found.energy
    return Judged(found.outcome, energy.total, energy.fit)


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


def label(model: tuple[str, int]) -> str:
    """An energy model for people: its name and version."""
    return f"{model[0]} v{model[1]}"


def label_now(name: str) -> str:
    """The same for figures that are measured now. Raises ValueError if there is no such model."""
    return label((name, models.get(name).version))
