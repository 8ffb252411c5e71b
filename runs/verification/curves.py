"""Checks of accuracy along one size of the task: what noise and the number of rows do to it, and what they may.

A curve can show knowledge that was not learned: the gate surely reached where the labels of all rows can't tell the
secret (`Task.floor` gives none there, and one at the task's own size), accuracy beyond the `best` of the task, or
accuracy that gets better with less information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fitness.interval import ONE_SIDED
from runs.verification.report import FAIL, PASS, Check
from runs.verification.trials import SURE, Subject, Trials, fewest, trials
from tasks import Task

DIRECTIONS: Final = {"rows": 1, "noise": -1}
"""Whether accuracy rises or falls along a curve, by its name; of others nothing is expected."""

_INSTANCES, _QUICK_INSTANCES, _FEWEST_INSTANCES = 32, 20, 6
_POINTS, _QUICK_POINTS = 8, 3
_STEPS: Final = 500_000_000
"""Steps that the instances of one point may take, if that leaves enough of them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A size, and what the program did there."""

    value: float
    done: Trials


def curve(subject: Subject, name: str, sizes: Sequence[tuple[float, Task]]) -> Check:
    """Judge the program along a curve of the task (`Task.curves`)."""
    chosen = thinned(subject, sizes)
    points = [Point(value, trials(subject, task, _instances(subject, task), priced=False)) for value, task in chosen]
    faults = [*_failures(subject, name, points), *_beyond_possible(subject, name, points), *_backwards(name, points)]
    figures = {"points": [_row(subject, name, point) for point in points]}
    if faults:
        return Check(f"curve: {name}", FAIL, "; ".join(faults), figures)
    return Check(f"curve: {name}", PASS, _praise(subject, name, points), figures)


def thinned(subject: Subject, sizes: Sequence[tuple[float, Task]]) -> list[tuple[float, Task]]:
    """The sizes to look at, in order: the least, the largest, the task's own, and others spread between them."""
    ordered = sorted(sizes, key=lambda each: each[0])
    slow = subject.steps * _INSTANCES > _STEPS
    most = _QUICK_POINTS if subject.quick or slow else _POINTS
    if len(ordered) <= most:
        return ordered
    own = {place for place, (_, task) in enumerate(ordered) if task.name == subject.task.name}
    room = most - len(own - {0, len(ordered) - 1})
    spread = {round(step * (len(ordered) - 1) / (room - 1)) for step in range(room)}
    return [ordered[place] for place in sorted(spread | own)]


def instances(subject: Subject, task: Task) -> int:
    """How many instances of a task give one point of a curve."""
    least = _FEWEST_INSTANCES if task.interval == "instances" else 1
    affordable = max(least, _STEPS // max(subject.steps, 1))
    return min(_QUICK_INSTANCES if subject.quick else _INSTANCES, affordable)


def plain(value: float) -> float:
    """A size of any kind of number as one of Python's, an int where it is whole."""
    return int(value) if value == int(value) else float(value)


def _failures(subject: Subject, name: str, points: Sequence[Point]) -> list[str]:
    """Failures at the task's own size; elsewhere it may fail, which the table shows."""
    return [
        f"at its own size, {name} {point.value:g}, it {point.done.failure}"
        for point in points
        if point.done.failure and point.done.task.name == subject.task.name
    ]


def _determined(subject: Subject, task: Task) -> bool | None:
    """Whether the training rows of a size can tell the secret; None if the task does not say."""
    return None if subject.task.floor is None else task.floor is not None


def _instances(subject: Subject, task: Task) -> int:
    """As many as a point needs; where nothing can be learned, enough to show that the gate is reached all the same."""
    usual = instances(subject, task)
    return max(usual, fewest(task)) if _determined(subject, task) is False else usual


def _beyond_possible(subject: Subject, name: str, points: Sequence[Point]) -> list[str]:
    """Sizes at which the program knows more than its rows tell."""
    faults = []
    for point in points:
        done, best, gate = point.done, point.done.task.best, point.done.task.gate
        found = f"accuracy {point.done.accuracy:.3f} at {name} {point.value:g}" if point.done.judged else ""
        if best is not None and done.interval(SURE).low > best:
            faults.append(f"{found}, where no honest program exceeds {best:.3f}")
        elif _determined(subject, done.task) is False and done.interval(ONE_SIDED).low >= gate:
            faults.append(f"{found}, where the labels can't tell the secret: it knows what it can't have learned")
    return faults


def _backwards(name: str, points: Sequence[Point]) -> list[str]:
    """Pairs of sizes where less information surely gives more accuracy; the worst of them."""
    direction = DIRECTIONS.get(name, 0)
    known = [point for point in points if len(point.done.judged) == point.done.count]
    worst: tuple[float, Point, Point] | None = None
    for place, before in enumerate(known):
        for after in known[place + 1 :]:
            poor, rich = (before, after) if direction > 0 else (after, before)
            gap = poor.done.interval(SURE).low - rich.done.interval(SURE).high
            if direction and gap > 0 and (worst is None or gap > worst[0]):
                worst = gap, poor, rich
    if worst is None:
        return []
    _, poor, rich = worst
    return [
        f"accuracy {poor.done.accuracy:.3f} at {name} {poor.value:g}, and only {rich.done.accuracy:.3f} at "
        f"{rich.value:g}, where it can learn more"
    ]


def _praise(subject: Subject, name: str, points: Sequence[Point]) -> str:
    parts = []
    blind = sum(_determined(subject, point.done.task) is False for point in points)
    if blind:
        parts.append(f"below the gate where the labels can't tell the secret ({blind} of {len(points)} sizes)")
    failed = sum(point.done.failure is not None for point in points)
    if name in DIRECTIONS:
        parts.append(f"{'never falls' if DIRECTIONS[name] > 0 else 'never rises'} beyond its intervals")
    if subject.task.floor is not None and not blind and name == "rows":
        parts.append("no size has too few labels to tell the secret")
    if failed:
        parts.append(f"fails at {failed} of {len(points)} sizes, not at its own")
    return "; ".join(parts) or "it runs at the task's own size"


def _row(subject: Subject, name: str, point: Point) -> dict[str, Any]:
    done = point.done
    interval = done.interval(ONE_SIDED)
    judged = bool(done.judged)
    return {
        name: plain(point.value),
        "instances": done.count,
        "accuracy": done.accuracy,
        "low": interval.low if judged else None,
        "high": interval.high if judged else None,
        "determined": _determined(subject, done.task),
        "failure": done.failure,
    }
