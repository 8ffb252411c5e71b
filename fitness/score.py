"""What a learner's answers are worth: accuracy, time and energy over several instances of a task.

A learner that fails on any instance has a `Failed` and no figures at all. Which learner is better is decided elsewhere.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitness.limits import Limits
from fitness.play import learner, play
from primitives.learner import Learner
from tasks.task import Instance

Z = 1.6448536269514722
"""Quantile of the normal distribution: lower bounds hold with a confidence of 95 %."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a learner achieved, per instance on average.

    Attributes:
        instances: how many it was judged on.
        accuracy: the part of all queries that it answered correctly.
        accuracy_low: a lower bound of its expectation, with a confidence of 95 % (`lower_bound`).
        energy: of the model `dmc`, of fitting and answering.
        steps: instructions of the machine, of fitting and answering.
        seconds: steps times the measured seconds of a step on this computer: the same for every kind of instruction.
    """

    instances: int
    accuracy: float
    accuracy_low: float
    energy: float
    steps: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """How a learner failed on an instance: the status, and the source line where it happened."""

    status: str
    line: int | None


def score(program: Learner, instances: Sequence[Instance], limits: Limits, seed: int) -> Score | Failed:
    """Judge a compiled learner on some instances.

    Args:
        program: the learner (`fitness.learner`).
        instances: at least one.
        limits: of each instance.
        seed: starts the stream of random numbers, which is another one for every instance.
    """
    accuracies, energies, steps, queries = [], [], [], 0
    for number, instance in enumerate(instances):
        played = play(
            program,
            instance.x,
            instance.y,
            instance.queries,
            instance.n_symbols,
            instance.n_classes,
            limits=limits,
            seed=seed + number,
        )
        if played.status != "ok":
            return Failed(played.status, played.line)
        accuracies.append(float(np.mean(played.answers == instance.answers)))
        energies.append(played.energy)
        steps.append(played.steps)
        queries += len(instance.queries)
    mean_steps = float(np.mean(steps))
    return Score(
        len(instances),
        float(np.mean(accuracies)),
        lower_bound(accuracies, queries),
        float(np.mean(energies)),
        mean_steps,
        mean_steps * seconds_per_step(),
    )


def lower_bound(accuracies: Sequence[float], queries: int) -> float:
    """A lower bound of a learner's expected accuracy, with a confidence of 95 %.

    It is the lesser of two: Student's bound over the instances, because a learner may fail on some kinds of them, and
    Wilson's over all queries, because instances on which all went well don't prove that all always will. Of one
    instance nothing is known: 0.
    """
    count = len(accuracies)
    if count < 2:
        return 0.0
    mean = float(np.mean(accuracies))
    spread = float(np.std(accuracies, ddof=1)) / math.sqrt(count)
    student = Z + (Z**3 + Z) / (4 * (count - 1))  # Abramowitz and Stegun, 26.7.5
    return max(0.0, min(mean - student * spread, _wilson(mean, queries)))


def _wilson(mean: float, count: int) -> float:
    """The lower end of Wilson's score interval (E. B. Wilson, JASA 22, 1927)."""
    square = Z * Z / count
    return (mean + square / 2 - Z * math.sqrt(mean * (1 - mean) / count + square / (4 * count))) / (1 + square)


_CALIBRATION = """
def fit(x, y, n_symbols, n_classes):
    total = 0
    for i in range(100000):
        if x[i & 15, 0] == y[0]:
            total += i ^ 5
    return total


def predict(total, q):
    return total
"""


@functools.cache
def seconds_per_step() -> float:
    """Seconds that the unpriced machine takes for a step here, the best of a few runs of a loop; measured once."""
    program = learner(_CALIBRATION)
    x, y = np.zeros((16, 1), dtype=np.uint8), np.zeros(16, dtype=np.uint8)
    best = math.inf
    for _ in range(20):
        start = time.perf_counter()
        played = play(program, x, y, x[:0], 2, 2, priced=False)
        best = min(best, (time.perf_counter() - start) / played.steps)
    return best
