"""The Mann-Whitney U test, exact for small samples with ties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """How one sample stands to another (H. Mann and D. Whitney, Ann. Math. Stat. 18, 1947).

    Args:
        first: a sample, not empty.
        second: another one.

    Returns:
        The probability that a value of the first exceeds one of the second, ties counted half (U divided by the number
        of pairs); and the exact two-sided p-value of that under all permutations of the pooled values.
    """
    pooled = np.array([*first, *second], dtype=np.float64)
    below = (pooled[:, None] > pooled[None, :]).sum(axis=1)
    equal = (pooled[:, None] == pooled[None, :]).sum(axis=1)
    twice = 2 * below + equal + 1  # twice the midranks: whole numbers
    ways = np.zeros((len(first) + 1, int(twice.sum()) + 1))  # subsets by how many they hold and what these add up to
    ways[0, 0] = 1
    for rank in twice:
        for count in range(len(first), 0, -1):
            ways[count, rank:] += ways[count - 1, : ways.shape[1] - rank]
    distribution = ways[len(first)] / ways[len(first)].sum()
    mean = len(first) * (len(pooled) + 1)
    distance = abs(int(twice[: len(first)].sum()) - mean)
    extreme = np.abs(np.arange(len(distribution)) - mean) >= distance
    u = (twice[: len(first)].sum() / 2 - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))
    return float(u), float(min(1.0, distribution[extreme].sum()))
