"""A program on many instances of a task: `Trials`, with its failures counted beside its accuracy, never in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from fitness import models
from fitness.interval import ONE_SIDED, Interval, interval_over_instances
from fitness.limits import limits_of
from fitness.problem import Judged, judge, problem
from fitness.programs import Compiled
from fitness.score import bounds, streams, summary
from tasks import Purpose, Task, instances

SURE: Final = 3.090232306167814
"""Quantile of the normal distribution for what refutes a program: an honest one gets there once in a thousand."""

EPOCH: Final = 0x76657269
"""An epoch of its own: no search or score looks at these instances."""

_MANY: Final = 200
_QUICK: Final = 40
_STEPS: Final = 2_000_000_000
"""Steps of the machine that all instances of a check may take, beyond the task's own number of instances."""

_FAILURES: Final = 5
"""After so many failures no more instances are tried."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified.

    Attributes:
        task: what the program is said to do.
        source: the program.
        compiled: the same, accepted for the task.
        seed: of the instances, and of the program's random numbers.
        steps: that the program takes on one instance of the task: how many instances are looked at depends on it.
        instances: how many fresh instances; None lets `count` choose.
        quick: whether to look at fewer instances and sizes.
    """

    task: Task
    source: str
    compiled: Compiled
    seed: int
    steps: int
    instances: int | None = None
    quick: bool = False

    def count(self, task: Task) -> int:
        """How many instances of a task show whether the program reaches its gate."""
        if self.instances is not None:
            return self.instances
        if task.interval == "batches":
            return 1 if self.quick else task.instances
        if self.quick:
            return max(fewest(task), min(task.instances, _QUICK))
        return max(fewest(task), task.instances, min(_MANY, _STEPS // max(self.steps, 1)))


def steps_of(task: Task, compiled: Compiled, seed: int) -> int:
    """The steps that a program takes on one instance of a task, to its end or until it fails."""
    [instance] = instances(task, Purpose.VERIFICATION, seed, 1, EPOCH)
    return judge(compiled, problem(instance), limits_of(task.budget), seed, priced=False).steps


@dataclass(frozen=True, slots=True)
class Trials:
    """What a program did on instances of a task.

    Attributes:
        task: the task.
        judged: the instances on which it did not fail.
        failures: how often it failed with each status and source line.
    """

    task: Task
    judged: tuple[Judged, ...]
    failures: Counter[tuple[str, int | None]]

    @property
    def count(self) -> int:
        """How many instances there were."""
        return len(self.judged) + self.failures.total()

    @property
    def accuracy(self) -> float | None:
        """The mean accuracy where it did not fail; None if it failed everywhere."""
        return summary(self.judged, self.task).accuracy if self.judged else None

    def interval(self, quantile: float) -> Interval:
        """Bounds of the accuracy where it did not fail; 0 and 1 where nothing is known."""
        return bounds(self.judged, self.task, quantile) if self.judged else Interval(0.0, 1.0)

    @property
    def failure(self) -> str | None:
        """How it failed most often, for people; None if it did not fail."""
        if not self.failures:
            return None
        (status, line), _ = self.failures.most_common(1)[0]
        where = "" if line is None else f" in line {line}"
        return f"failed on {self.failures.total()} of {self.count} instances: {status}{where}"

    def figures(self) -> dict[str, Any]:
        """Everything, for JSON; costs are means over the instances on which it did not fail."""
        figures: dict[str, Any] = {"instances": self.count}
        if self.judged:
            score = summary(self.judged, self.task)
            figures |= {"accuracy": score.accuracy, "low": score.accuracy_low, "high": score.accuracy_high}
            if score.seconds:
                figures |= {f"energy ({energy_model()})": score.energy, "calibrated_seconds": score.seconds}
                figures |= {"steps": score.steps, "peak_memory": score.peak_memory}
        figures["failures"] = [
            {"status": status, "line": line, "instances": count} for (status, line), count in self.failures.items()
        ]
        return figures


def trials(subject: Subject, task: Task, count: int, priced: bool = True) -> Trials:
    """Judge the program on fresh instances of a task with the same contract, within that task's budget.

    Args:
        subject: the program.
        task: draws the instances.
        count: how many; fewer after many failures.
        priced: whether energy is counted, and limited.
    """
    limits = limits_of(task.budget)
    judged: list[Judged] = []
    failures: Counter[tuple[str, int | None]] = Counter()
    drawn = instances(task, Purpose.VERIFICATION, subject.seed, count, EPOCH)
    for instance, stream in zip(drawn, streams(subject.seed, count), strict=True):
        one = judge(subject.compiled, problem(instance), limits, stream, priced)
        if one.status == "ok":
            judged.append(one)
        else:
            failures[one.status, one.line] += 1
            if failures.total() == _FAILURES:
                break
    return Trials(task, tuple(judged), failures)


def fewest(task: Task) -> int:
    """The fewest instances on which the best possible program shows that it reaches the gate; 2 if it never does."""
    if task.interval == "batches":
        return 1
    best = 1.0 if task.best is None else task.best
    for count in range(2, 10_000):
        if interval_over_instances([best] * count, task.chance, ONE_SIDED).low >= task.gate:
            return count
    return 2


def energy_model() -> str:
    """The name and version of the energy model of all figures here."""
    model = models.get("dmc")
    return f"{model.name} v{model.version}"
