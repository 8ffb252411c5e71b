"""How sure an accuracy is: bounds of its expectation from the trials that were seen.

What counts as a trial is the task's to say (`tasks.task.Task.interval`). Where the secrets of an instance decide
between success and failure, an instance is one trial, whatever the number of its queries: they succeed together. Where
all instances are the same problem, as in text, trials are batches of consecutive queries: neighbours depend on each
other, means of long batches hardly do (method of batch means: A. M. Law, Simulation Modeling and Analysis, section
9.5.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

BATCHES: Final = 30
"""Batches of queries, each a trial; with fewer queries as many as there are."""

MANY_INSTANCES: Final = 10
"""As many as say how much instances differ."""

ROUNDING: Final = 1e-12
"""More than sums of accuracies are off."""

ONE_SIDED: Final = 1.6448536269514722
"""Quantile of the normal distribution: a bound that holds with a confidence of 95 %."""

TWO_SIDED: Final = 1.9599639845400545
"""Likewise for two bounds that hold together with a confidence of 95 %."""


class Interval(NamedTuple):
    """Bounds of an expected accuracy."""

    low: float
    high: float


def interval_over_instances(accuracies: Sequence[float], chance: float, quantile: float) -> Interval:
    """Bounds of a program's expected accuracy on an instance.

    They are the wider ones of two intervals. Student's takes the spread that was seen. Wilson's, with every instance as
    one trial that succeeds or is answered by chance, takes the largest spread there can be: a few instances on which
    all went well don't show that there are none on which it would not. Of one instance nothing is known: 0 and 1.

    Args:
        accuracies: of each instance.
        chance: the accuracy of guessing.
        quantile: `ONE_SIDED` if one bound is used, `TWO_SIDED` for both.
    """
    if len(accuracies) < 2:
        return Interval(0.0, 1.0)
    student = _student(accuracies, quantile)
    wilson = interval_of_mean(float(np.mean(accuracies)), len(accuracies), chance, quantile)
    return Interval(max(0.0, min(student.low, wilson.low)), min(1.0, max(student.high, wilson.high)))


def interval_of_mean(accuracy: float, instances: int, chance: float, quantile: float) -> Interval:
    """Likewise for a mean accuracy on so many instances of which no more is known: Wilson's interval."""
    successes = min(1.0, max(0.0, (accuracy - chance) / (1 - chance)))
    low, high = (chance + (1 - chance) * bound for bound in _wilson(successes, instances, quantile))
    return Interval(max(0.0, low), min(1.0, high))


def interval_over_batches(batches: Sequence[float], accuracies: Sequence[float], quantile: float) -> Interval:
    """Bounds of a program's expected accuracy where trials are batches of queries.

    It is Student's interval over the batches; with `MANY_INSTANCES` the wider one of that and Student's over the
    instances, since batches don't show how much instances differ.

    Args:
        batches: the means of batches (`batch_means`), each averaged over the instances.
        accuracies: of each instance.
        quantile: `ONE_SIDED` if one bound is used, `TWO_SIDED` for both.
    """
    if len(batches) < 2:
        return Interval(0.0, 1.0)
    low, high = _student(batches, quantile)
    if len(accuracies) >= MANY_INSTANCES:
        student = _student(accuracies, quantile)
        low, high = min(low, student.low), max(high, student.high)
    return Interval(max(0.0, low), min(1.0, high))


def batch_means(correct: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The accuracy in each of `BATCHES` batches of consecutive queries, which differ in length by at most one."""
    batches = min(BATCHES, len(correct))
    return np.array([np.mean(part) for part in np.array_split(correct, batches)]) if batches else np.zeros(0)


def lower_bound(accuracies: Sequence[float], chance: float) -> float:
    """The bound below a program's expected accuracy on an instance, with a confidence of 95 %."""
    return interval_over_instances(accuracies, chance, ONE_SIDED).low


def quick_low(accuracies: Sequence[float], chance: float) -> float:
    """`lower_bound` in a tenth of the time, or more than that by no more than twice `ROUNDING`."""
    count = len(accuracies)
    if count < 2:
        return 0.0
    mean = sum(accuracies) / count
    variance = sum((each - mean) ** 2 for each in accuracies) / (count - 1)
    student = mean - _student_quantile(ONE_SIDED, count - 1) * math.sqrt(variance / count)
    successes = min(1.0, max(0.0, (mean - chance) / (1 - chance)))
    wilson = chance + (1 - chance) * _wilson(successes, count, ONE_SIDED).low
    return min(student, wilson) + ROUNDING


def _student(trials: Sequence[float], quantile: float) -> Interval:
    """Student's interval (The Probable Error of a Mean, Biometrika 6, 1908)."""
    mean = float(np.mean(trials))
    half = _student_quantile(quantile, len(trials) - 1) * float(np.std(trials, ddof=1)) / math.sqrt(len(trials))
    return Interval(mean - half, mean + half)


def _student_quantile(x: float, freedom: int) -> float:
    """The quantile of Student's distribution from that of the normal one (Abramowitz and Stegun, 26.7.5).

    For the quantiles used here it is .5 % too small for 2 degrees of freedom, and 11 % for 1.
    """
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / float(freedom) ** power for power, term in enumerate(terms, start=1))


def _wilson(mean: float, count: int, quantile: float) -> Interval:
    """Wilson's score interval (E. B. Wilson, JASA 22, 1927)."""
    square = quantile * quantile / count
    centre, half = mean + square / 2, quantile * math.sqrt(mean * (1 - mean) / count + square / (4 * count))
    return Interval((centre - half) / (1 + square), (centre + half) / (1 + square))
