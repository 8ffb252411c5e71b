"""What a person is shown of a program on a task: its accuracy, time and energy on instances that no search has seen.

All of it but the measured seconds is a function of the arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fitness import models as energy_models
from fitness.interval import TWO_SIDED, Interval
from fitness.limits import Limits, limits_of
from fitness.measure import ONLINE
from fitness.models import EnergyModel
from fitness.problem import Judged, Problem, judge, problems
from fitness.programs import Compiled, compile_for
from fitness.score import Failed, Score, bounds, streams, summary
from fitness.timing import Spread, spread, timed
from fitness.traced import MOST_EVENTS, traced_energy
from tasks.task import Purpose, Task

Report = Callable[[str | None], object]
"""Is told what is being done; None, that times are being taken, when nothing else should run."""


@dataclass(frozen=True, slots=True)
class Energy:
    """The energy of a program by one model, per instance on average.

    Attributes:
        model, version: of the model.
        status: "ok", or why there are no figures.
        fit, predict: of `fit`, and of all queries together; None without figures.
    """

    model: str
    version: int
    status: str
    fit: float | None
    predict: float | None

    @property
    def total(self) -> float | None:
        """Of both together."""
        return None if self.fit is None or self.predict is None else self.fit + self.predict


@dataclass(frozen=True, slots=True)
class Times:
    """Measured seconds of one instance on this computer: of all, of `fit`, and of all queries."""

    total: Spread
    fit: Spread
    predict: Spread


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of a program on a task.

    Attributes:
        task: its name.
        seed: from which the instances and the program's random numbers come.
        instances: how many were drawn.
        literals: bytes of the numbers in the program's text.
        outcome: the score, means over the instances; or how it failed on one of them, and then there is nothing more.
        interval: of the accuracy, which lies in it with a confidence of 95 %.
        energy: by model.
        times: measured over all instances, `repeats` times each; None if it was not asked for.
        repeats: how often.
    """

    task: str
    seed: int
    instances: int
    literals: int
    outcome: Score | Failed
    interval: Interval | None
    energy: tuple[Energy, ...]
    times: Times | None
    repeats: int


def assess(
    task: Task,
    source: str | bytes | ast.Module,
    *,
    seed: int,
    instances: int | None = None,
    models: Sequence[str] = (ONLINE,),
    repeats: int = 5,
    purpose: Purpose = Purpose.VERIFICATION,
    share: float = 1.0,
    report: Report = lambda _: None,
) -> Assessment:
    """Find out all that a person is shown of a program on a task.

    Args:
        task: draws the instances.
        source: the program.
        seed: of the instances and of the program's random numbers.
        instances: how many; as many as the task says if None.
        models: the names of the energy models.
        repeats: how often the time of each instance is taken; 0 for no times.
        purpose: of the instances: others than those of VERIFICATION are no figures to show.
        share: the part of the task's budget of steps that the program may use.
        report: is told from time to time what is being done.

    Raises:
        ProgramError: the program can't be compiled for the task.
        TaskError: the task breaks its own contract.
        ValueError: a model is unknown, or there are to be no instances.
    """
    count = task.instances if instances is None else instances
    if count < 1:
        raise ValueError("a program is judged on at least one instance")
    chosen = [energy_models.get(name) for name in dict.fromkeys(models)]
    program, limits = compile_for(task, source), limits_of(task.budget)
    limits = replace(limits, steps=int(limits.steps * share))
    drawn, randoms = problems(task, purpose, seed, count), streams(seed, count)
    judged: list[Judged] = []
    for number, (each, stream) in enumerate(zip(drawn, randoms, strict=True)):
        report(f"instance {number + 1} of {count}")
        one = judge(program, each, limits, stream)
        if one.status != "ok":
            failed = Failed(one.status, one.line, number)
            return Assessment(task.name, seed, count, program.literals, failed, None, (), None, repeats)
        judged.append(one)
    score = summary(judged, task)
    energies = _energies(program, drawn, limits, randoms, chosen, score, report)
    report(None)
    return Assessment(
        task.name,
        seed,
        count,
        program.literals,
        score,
        bounds(judged, task, TWO_SIDED),
        energies,
        _times(program, drawn, limits, randoms, repeats) if repeats else None,
        repeats,
    )


def _energies(
    program: Compiled,
    drawn: Sequence[Problem],
    limits: Limits,
    randoms: Sequence[int],
    models: Sequence[EnergyModel],
    score: Score,
    report: Report,
) -> tuple[Energy, ...]:
    """The figures of all models: that of the machine itself from the score, the others from traces."""
    traced = [model for model in models if model.name != ONLINE]
    status = "ok"
    sums = {model.name: np.zeros(2) for model in traced}
    for number, (each, stream) in enumerate(zip(drawn, randoms, strict=True)):
        if not traced or status != "ok":
            break
        report(f"energy by {', '.join(sums)}, instance {number + 1} of {len(drawn)}")
        found = traced_energy(program, each, replace(limits, events=MOST_EVENTS), stream, traced)
        status = found.status
        if status == "ok":
            for name in sums:
                sums[name] += found.fit[name], found.predict[name]
    figures = []
    for model in models:
        if model.name == ONLINE:
            figures.append(Energy(model.name, model.version, "ok", score.fit_energy, score.energy - score.fit_energy))
        elif status == "ok":
            fit, predict = map(float, sums[model.name] / len(drawn))
            figures.append(Energy(model.name, model.version, status, fit, predict))
        else:
            figures.append(Energy(model.name, model.version, status, None, None))
    return tuple(figures)


def _times(
    program: Compiled,
    drawn: Sequence[Problem],
    limits: Limits,
    randoms: Sequence[int],
    repeats: int,
) -> Times:
    """The seconds of every instance, as often as asked; the repeats follow each other, so that noise is spread out."""
    pairs = []
    for _ in range(repeats):
        pairs += [timed(program, each, limits, stream) for each, stream in zip(drawn, randoms, strict=True)]
    return Times(
        spread([each.fit + each.predict for each in pairs]),
        spread([each.fit for each in pairs]),
        spread([each.predict for each in pairs]),
    )
