"""The least energy (`dmc`, version 1) of reading the data that decide: closed forms from the rules of docs/energy.md.

What they rest on: at the start x is on top of y, inside an array element 0 is on top, and a read moves a cell to the
top. So the first read of an element that lies under p others costs at least sqrt(p + 1), whatever was read before: what
lay above it still does. A query's elements are put on top when it is asked, element 0 highest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tasks.task import Floor


def information(frequencies: Sequence[float], noise: float = 0.0) -> float:
    """Bits that a label tells about the secret: its entropy, less what noise takes away.

    Args:
        frequencies: of the classes.
        noise: the part of labels replaced by another class, all others alike. With two classes as frequent this is the
            capacity of a binary symmetric channel (C. Shannon, A Mathematical Theory of Communication, 1948).
    """
    others = len(frequencies) - 1
    observed = [p * (1 - noise) + (1 - p) * noise / others for p in frequencies]
    return _entropy(observed) - _entropy([1 - noise, *[noise / others] * others])


def rows_needed(n: int, k: int, bits: float) -> int:
    """The fewest labels that can tell one set of k columns out of n from all others, at so many bits a label."""
    # A little less, so that a rounding error does not ask for a whole row more.
    return math.ceil(math.log2(math.comb(n, k)) / bits - 1e-9)


def sparse_floor(n: int, k: int, rows: int, queries: int, bits: float, asked: Sequence[float]) -> Floor | None:
    """The floor of learning which k columns out of n decide, and of looking at these in each query.

    A label of so many bits leaves 2^-bits of the wrong sets possible. Of a row a learner needs the columns that are in
    a set which is still possible: the secret ones, and each other one with the probability that any of its sets is
    left. It is expected over secrets, which are uniform.

    Args:
        n: columns.
        k: secret ones among them.
        rows: training rows, all of which lie above the labels.
        queries: of an instance.
        bits: what a label tells (`information`).
        asked: for each of the k secret columns, from the nearest on, the probability that a query can't be answered
            without it.

    Returns:
        The floor; None if the labels of all rows can't tell.
    """
    needed = rows_needed(n, k, bits)
    if needed > rows:
        return None
    fit = 0.0
    for row in range(needed):
        part = (k + (n - k) * _still_possible(row * bits, math.comb(n - 1, k - 1))) / n
        fit += part * sum(math.sqrt(row * n + column + 1) for column in range(n))
        fit += math.sqrt(rows * n + row + 1)
    query = sum(p * _distance(n, k, rank) for rank, p in enumerate(asked))
    reason = (
        f"labels of {needed} rows, in each row the columns of secrets still possible, {_plain(sum(asked))} of a query"
    )
    return Floor(fit, queries * query, reason)


def _still_possible(bits: float, sets: int) -> float:
    """The probability that, after so many bits, any of some wrong sets has not been ruled out."""
    return 1.0 if bits == 0 else -math.expm1(sets * math.log1p(-(2.0**-bits)))


def _distance(n: int, k: int, rank: int) -> float:
    """The expected sqrt(p + 1) of the secret column of a rank, 0 for the nearest: p counts the columns above it."""
    return sum(
        math.comb(p, rank) * math.comb(n - 1 - p, k - 1 - rank) * math.sqrt(p + 1) for p in range(n)
    ) / math.comb(n, k)


def _entropy(frequencies: Sequence[float]) -> float:
    return -sum(p * math.log2(p) for p in frequencies if p > 0)


def _plain(number: float) -> str:
    return f"{number:.3g} {'element' if number == 1 else 'elements'}"
