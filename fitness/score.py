"""What a program's answers are worth: accuracy, time and energy over several instances of a task.

A program that fails on any instance has a `Failed` and no figures at all. Which program is better is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fitness.interval import (
    ONE_SIDED,
    Interval,
    batch_means,
    interval_of_mean,
    interval_over_batches,
    interval_over_instances,
    quick_low,
)
from fitness.limits import Limits
from fitness.problem import Judged, Problem, judge
from fitness.programs import Compiled
from tasks.task import Task, TaskError


@dataclass(frozen=True, slots=True)
class Score:
    """What a program achieved, per instance on average.

    Attributes:
        instances: how many it was judged on.
        accuracy: the part of all queries that it answered correctly, or the quality of its episodes.
        accuracy_low, accuracy_high: bounds of its expectation, each with a confidence of 95 % (`fitness.interval`).
        energy, fit_energy: of the model `dmc`, in all, and up to the end of `fit`.
        steps, fit_steps: instructions of the machine, likewise.
        seconds: calibrated seconds in all (`fitness.calibration`).
        peak_memory: the largest number of live bytes of arrays in any instance.
    """

    instances: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    energy: float
    fit_energy: float
    steps: float
    fit_steps: float
    seconds: float
    peak_memory: int


@dataclass(frozen=True, slots=True)
class Failed:
    """How a program failed on an instance: the status, the source line where it happened, and the instance's number."""

    status: str
    line: int | None
    instance: int | None = None


Judging = Callable[[Compiled, Problem, Limits, int], Judged]
"""How a program is judged on an instance: `fitness.problem.judge`, or one that prices by another model."""

Verdict = Callable[[Sequence[Judged]], str | None]
"""Is asked after each instance whether a program is worth the next one: None, or why it is not."""


def score(program: Compiled, problems: Sequence[Problem], limits: Limits, seed: int, task: Task) -> Score | Failed:
    """Judge a compiled program on some instances.

    Args:
        program: compiled for the task (`fitness.programs.compile_for`).
        problems: the instances, at least one.
        limits: of each instance.
        seed: from which the program's streams of random numbers come, another one for every instance.
        task: says what chance is, and what counts as a trial.

    Raises:
        TaskError: the task breaks its own contract.
    """
    judged = judged_on(program, problems, limits, seed)
    return judged if isinstance(judged, Failed) else summary(judged, task)


def judged_on(
    program: Compiled,
    problems: Sequence[Problem],
    limits: Limits,
    seed: int,
    verdict: Verdict = lambda _: None,
    judging: Judging = judge,
    before: Sequence[Judged] = (),
) -> list[Judged] | Failed:
    """Judge a program on one instance after the other.

    Args:
        program: compiled for the task.
        problems: the instances.
        limits: of each instance.
        seed: from which the program's streams of random numbers come.
        verdict: may end it: the program has `Failed` with what it says as the status.
        judging: judges on one instance.
        before: what it did on the first instances, on which it is not judged again.
    """
    judged = list(before)
    randoms = streams(seed, len(problems))
    for number in range(len(before), len(problems)):
        one = judging(program, problems[number], limits, randoms[number])
        if one.status != "ok":
            return Failed(one.status, one.line, number)
        judged.append(one)
        ended = verdict(judged)
        if ended is not None:
            return Failed(ended, None)
    return judged


def unreachable(task: Task, count: int, demand: float) -> Verdict:
    """Says `inaccurate` as soon as the `accuracy_low` of a score on so many instances can't be `demand` any more."""

    def verdict(judged: Sequence[Judged]) -> str | None:
        if demand <= 0 or judged[-1].accuracy == 1:
            return None
        missing = count - len(judged)
        if task.interval == "instances":
            low = quick_low([*_accuracies(judged), *[1.0] * missing], task.chance)
        else:
            low = bounds(judged, task, ONE_SIDED, missing).low
        return "inaccurate" if low < demand else None

    return verdict


@lru_cache(maxsize=64)
def streams(seed: int, count: int) -> tuple[int, ...]:
    """The starts of a program's streams of random numbers, one for each instance.

    They have nothing to do with the streams that instances are drawn from (`tasks.streams`), so that a program can't
    find out anything about its instance from what `random()` gives it. A search asks for the same ones for every
    program.
    """
    words = np.random.SeedSequence(seed, spawn_key=(_PROGRAM,)).generate_state(count, np.uint64)
    return tuple([int(word) for word in words])


_PROGRAM = 0x70726F67
"""A key of its own for the streams of programs."""


def summary(judged: Sequence[Judged], task: Task, priced: Sequence[Judged] | None = None) -> Score:
    """The means over instances, on none of which the program failed.

    Args:
        judged: what it did on each.
        task: says what counts as a trial.
        priced: those from which the costs come, if not all.
    """
    interval = bounds(judged, task, ONE_SIDED)
    priced = judged if priced is None else priced
    return Score(
        len(judged),
        float(np.mean(_accuracies(judged))),
        interval.low,
        interval.high,
        float(np.mean([each.energy for each in priced])),
        float(np.mean([each.fit_energy for each in priced])),
        float(np.mean([each.steps for each in priced])),
        float(np.mean([each.fit_steps for each in priced])),
        float(np.mean([each.seconds for each in priced])),
        max(each.peak_memory for each in judged),
    )


def pooled(before: Score, now: Score, task: Task, most: int) -> Score:
    """A score whose accuracy is from the instances of two, and whose costs are those of the second.

    Args:
        before: of a program.
        now: of the same one, on other instances.
        task: on which it was judged; where instances are no trials of their own `now` is returned.
        most: instances that count; those of `before` count less if there are more.
    """
    if task.interval != "instances":
        return now
    kept = max(0, min(before.instances, most - now.instances))
    instances = kept + now.instances
    accuracy = (before.accuracy * kept + now.accuracy * now.instances) / instances
    low, high = interval_of_mean(accuracy, instances, task.chance, ONE_SIDED)
    return replace(now, instances=instances, accuracy=accuracy, accuracy_low=low, accuracy_high=high)


def bounds(judged: Sequence[Judged], task: Task, quantile: float, missing: int = 0) -> Interval:
    """The interval of the expected accuracy, with what counts as a trial in this task.

    Args:
        judged: instances on which the program did not fail.
        task: says what a trial is.
        quantile: `ONE_SIDED` or `TWO_SIDED`.
        missing: further instances, on which everything is assumed to be right.

    Raises:
        TaskError: trials are batches of queries, and there are no queries.
    """
    accuracies = [*_accuracies(judged), *[1.0] * missing]
    if task.interval == "instances":
        return interval_over_instances(accuracies, task.chance, quantile)
    batches = np.mean([*(_batches(each, task) for each in judged)], axis=0)
    right = missing / (len(judged) + missing)
    return interval_over_batches(batches * (1 - right) + right, accuracies, quantile)


def _accuracies(judged: Sequence[Judged]) -> list[float]:
    return [each.accuracy for each in judged if each.accuracy is not None]


def _batches(judged: Judged, task: Task) -> NDArray[np.float64]:
    if judged.correct is None:
        raise TaskError(f'{task.name} counts batches of queries, and plays episodes: its interval is "instances"')
    return batch_means(judged.correct)
