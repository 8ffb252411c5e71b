"""Individuals of a run judged again, all on the same fresh instances: what they were born with can't be compared.

Scores of a run come from the instances of an epoch, and each epoch has others.
"""

from __future__ import annotations

from dataclasses import dataclass

from fitness import models
from fitness.assess import Assessment, assess
from fitness.score import Failed, Score
from primitives.errors import ProgramError
from tasks import Task


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


def label(model: tuple[str, int]) -> str:
    """An energy model for people: its name and version."""
    return f"{model[0]} v{model[1]}"


def label_now(name: str) -> str:
    """The same for figures that are measured now. Raises ValueError if there is no such model."""
    return label((name, models.get(name).version))
