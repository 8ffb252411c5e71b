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
from numpy.typing import NDArray

from fitness.limits import Limits
from fitness.play import Staged, learner, play, stage
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


@dataclass(frozen=True, slots=True)
class Problem:
    """An instance ready to be played any number of times, the answers to its queries, and the accuracy of guessing."""

    staged: Staged
    answers: NDArray[np.uint8]
    chance: float


def problem(instance: Instance) -> Problem:
    """Prepare an instance of a task."""
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    return Problem(staged, instance.answers, 1 / instance.n_classes)


def score(
    program: Learner, problems: Sequence[Problem], limits: Limits, seed: int, demand: float = 0.0
) -> Score | Failed:
    """Judge a compiled learner on some instances.

    Args:
        program: the learner (`fitness.learner`).
        problems: the instances, at least one.
        limits: of each instance.
        seed: starts the stream of random numbers, which is another one for every instance.
        demand: the `accuracy_low` below which a score is not worth the time: the learner has `Failed` with the status
            `inaccurate` as soon as it can't be reached any more.
    """
    accuracies: list[float] = []
    energies, steps = [], []
    for number, each in enumerate(problems):
        played = play(program, each.staged, limits=limits, seed=seed + number)
        if played.status != "ok":
            return Failed(played.status, played.line)
        accuracies.append(float(np.mean(played.answers == each.answers)))
        energies.append(played.energy)
        steps.append(played.steps)
        rest = [1.0] * (len(problems) - len(accuracies))
        if demand > 0 and accuracies[-1] < 1 and lower_bound(accuracies + rest, each.chance) < demand:
            return Failed("inaccurate", None)
    mean_steps = float(np.mean(steps))
    return Score(
        len(problems),
        float(np.mean(accuracies)),
        lower_bound(accuracies, problems[0].chance),
        float(np.mean(energies)),
        mean_steps,
        mean_steps * seconds_per_step(),
    )


def lower_bound(accuracies: Sequence[float], chance: float) -> float:
    """A lower bound of a learner's expected accuracy on an instance, with a confidence of 95 %.

    It is the lesser of two. Student's bound takes the spread that was seen. Wilson's, with every instance as one trial
    that succeeds or is answered by chance, takes the largest spread there can be: a few instances on which all went
    well don't show that there are none on which it would not. Of one instance nothing is known: 0.

    Args:
        accuracies: of each instance.
        chance: the accuracy of guessing.
    """
    count = len(accuracies)
    if count < 2:
        return 0.0
    mean = float(np.mean(accuracies))
    spread = float(np.std(accuracies, ddof=1)) / math.sqrt(count)
    student = Z + (Z**3 + Z) / (4 * (count - 1))  # Abramowitz and Stegun, 26.7.5
    successes = max(0.0, (mean - chance) / (1 - chance))
    return max(0.0, min(mean - student * spread, chance + (1 - chance) * _wilson(successes, count)))


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
    staged = stage(x, y, x[:0], 2, 2)
    best = math.inf
    for _ in range(20):
        start = time.perf_counter()
        played = play(program, staged, priced=False)
        best = min(best, (time.perf_counter() - start) / played.steps)
    return best
