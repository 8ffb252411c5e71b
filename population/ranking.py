"""Objectives, Pareto ranks, crowding and hypervolume. Dominance itself is computed by moocore."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import moocore
import numpy as np
from numpy.typing import NDArray

from fitness.score import Score

Floats = NDArray[np.float64]
MAXIMISED = (True, False, False)
"""Accuracy is maximised, seconds and energy are minimised."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The worst point of a rung, always the same: the accuracy of chance, and the limits on time and energy."""

    accuracy: float
    seconds: float
    energy: float


def objectives(scores: Sequence[Score], surely: bool = False) -> Floats:
    """Accuracy or its lower bound, and logarithms (base 10) of seconds and energy: an array of shape (scores, 3)."""
    rows = [(s.accuracy_low if surely else s.accuracy, _logarithm(s.seconds), _logarithm(s.energy)) for s in scores]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _logarithm(value: float) -> float:
    """The logarithm of a cost, with a floor for the program that costs nothing."""
    return math.log10(max(value, 1e-12))


def pareto_ranks(scores: Sequence[Score]) -> NDArray[np.int64]:
    """The rank of each score: 0 on the front, 1 on the front of the rest, and so on."""
    ranks: NDArray[np.int64] = moocore.pareto_rank(objectives(scores), maximise=list(MAXIMISED))
    return ranks


def nondominated(scores: Sequence[Score], surely: bool = False) -> NDArray[np.bool_]:
    """Which scores no other one dominates, in accuracy or its lower bound and costs; of equal ones the first."""
    kept: NDArray[np.bool_] = moocore.is_nondominated(objectives(scores, surely), maximise=list(MAXIMISED))
    return kept


def crowding(scores: Sequence[Score]) -> Floats:
    """The crowding distance within one front (K. Deb et al., NSGA-II, 2002, section III-B); infinite at the ends."""
    points = objectives(scores)
    distances = np.zeros(len(points))
    for column in points.T:
        order = np.argsort(column, kind="stable")
        span = column[order[-1]] - column[order[0]]
        distances[order[[0, -1]]] = math.inf
        if span > 0 and len(order) > 2:
            distances[order[1:-1]] += (column[order[2:]] - column[order[:-2]]) / span
    return distances


def hypervolume(scores: Sequence[Score], reference: Reference) -> float:
    """The volume dominated up to the reference: accuracy times decades of time times decades of energy."""
    if not scores:
        return 0.0
    worst = [reference.accuracy, math.log10(reference.seconds), math.log10(reference.energy)]
    return float(moocore.hypervolume(objectives(scores), ref=worst, maximise=list(MAXIMISED)))
