"""Markov sources: a stream in which the last few symbols decide how likely each next one is.

The smallest model of text: the best possible accuracy is known, and a model of a lower order than the source falls
short of it by a known amount.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tasks.instances import Examples
from tasks.task import Budget, Purpose, Task, Variant

Floats = NDArray[np.float64]
Symbols = NDArray[np.uint8]

SYMBOLS: Final = 8
COLUMNS: Final = 8
"""Symbols of the stream that a row shows before the one to predict."""

CONCENTRATION: Final = 0.1
"""Of the Dirichlet distribution that transitions are drawn from: nearly all weight is on one or two symbols."""

UNIFORM: Final = 0.1
"""The part of each transition that is spread evenly, so that no source is caught in a loop."""

BURN_IN: Final = 256
"""Symbols before the stream begins, after which its start is forgotten."""

SOURCES: Final = 128
"""Over so many sources the expected accuracies are taken; for order 2 their standard error is .003."""

LEARNED: Final = 0.9
"""The gate is so far on the way from the best model of one order less to the best possible one."""


@dataclass(frozen=True)
class MarkovSource(Task):
    """The next symbol of a stream from a Markov source, which is drawn for each instance.

    Training rows are the windows of one stretch of the stream, queries those of the stretch that follows it. No source
    is learned or not learned as a whole, so that trials are batches of queries.

    Attributes:
        order: how many symbols the next one depends on.
        length: symbols of the stretch to learn from.
        queries: of an instance.
        instances: how many instances a program is judged on.
        budget: what a program may use on one instance.
        shuffled: whether the symbols of the stream are put into random order, which leaves nothing to learn but which
            is the most frequent.
        gate: `LEARNED` of the way from a model of one order less to the best possible one.
    """

    order: int
    length: int
    queries: int
    instances: int
    budget: Budget
    shuffled: bool = False
    gate: float = field(init=False)
    family = "symbols"
    interval = "batches"

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        if not 1 <= self.order <= 3:
            raise ValueError(f"order {self.order}: the source looks at 1 to 3 symbols")
        if self.length <= COLUMNS or self.queries < 1:
            raise ValueError(f"the stream is longer than a row of {COLUMNS} symbols, and there is at least one query")
        lower, best = expected_accuracies(self.order)[-2:]
        object.__setattr__(self, "gate", round(lower + LEARNED * (best - lower), 4))

    @property
    def name(self) -> str:
        """`markov-ORDER`; the length where it is not the usual one."""
        length = "" if self.length == usual_length(self.order) else f"-{self.length}symbols"
        return f"markov-{self.order}{length}{'-shuffled' if self.shuffled else ''}"

    @property
    def summary(self) -> str:
        """The task and its sizes."""
        shuffled = "; shuffled" if self.shuffled else ""
        return (
            f"the next of {SYMBOLS} symbols of a random Markov source of order {self.order}; "
            f"{self.length:,} symbols to learn from, {self.queries:,} queries{shuffled}"
        )

    @property
    def chance(self) -> float:
        """The expected frequency of a source's most frequent symbol."""
        return expected_accuracies(self.order)[0]

    @property
    def best(self) -> float:
        """The expected accuracy of one who knows the source."""
        return expected_accuracies(self.order)[0 if self.shuffled else -1]

    @property
    def variants(self) -> Sequence[Variant]:
        """The stream shuffled."""
        if self.shuffled:
            return ()
        return (Variant("stream shuffled", replace(self, shuffled=True), self.chance),)

    @property
    def curves(self) -> Mapping[str, Sequence[tuple[float, Task]]]:
        """Lengths from a sixteenth to all of it."""
        lengths = [self.length >> power for power in range(4, -1, -1) if self.length >> power > COLUMNS]
        return {"rows": [(length, replace(self, length=length)) for length in lengths]}

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        """Draw a source, then a stream from it."""
        stream = sample(source(self.order, generator), self.length + COLUMNS + self.queries, generator)
        if self.shuffled:
            stream = generator.permutation(stream)
        learned, asked = stream[: self.length].copy(), stream[self.length :].copy()
        return Examples(
            sliding_window_view(learned[:-1], COLUMNS),
            learned[COLUMNS:],
            sliding_window_view(asked[:-1], COLUMNS),
            asked[COLUMNS:].astype(np.int64),
            SYMBOLS,
            SYMBOLS,
        )


def usual_length(order: int) -> int:
    """The symbols to learn from on the ladder: about thirty for each context that the source tells apart."""
    return 32 * int(SYMBOLS**order)


def source(order: int, generator: np.random.Generator, count: int | None = None) -> Floats:
    """Draw the transitions of a source, or of several.

    Args:
        order: how many symbols the next one depends on.
        generator: of random numbers.
        count: how many sources; None for one.

    Returns:
        Probabilities of shape (SYMBOLS,) * (order + 1), the axis of the next symbol last and the oldest first; before
        them the axis of sources if there are several.
    """
    shape = (SYMBOLS,) * order if count is None else (count, *(SYMBOLS,) * order)
    peaks = generator.dirichlet(np.full(SYMBOLS, CONCENTRATION), shape)
    return (1 - UNIFORM) * peaks + UNIFORM / SYMBOLS


def sample(transitions: Floats, length: int, generator: np.random.Generator) -> Symbols:
    """Draw a stream from a source, uint8 of shape (length,); its start is drawn from the stationary distribution."""
    rows = transitions.reshape(-1, SYMBOLS)
    thresholds = rows.cumsum(axis=1)[:, :-1].tolist()
    context, stream = int(generator.integers(len(rows))), []
    for draw in generator.random(BURN_IN + length).tolist():
        symbol = bisect_right(thresholds[context], draw)
        stream.append(symbol)
        context = (context * SYMBOLS + symbol) % len(rows)
    return np.array(stream[BURN_IN:], dtype=np.uint8)


def stationary(transitions: Floats, order: int) -> Floats:
    """How often each context occurs: of each source a distribution of shape (SYMBOLS,) * order.

    Args:
        transitions: of several sources, from `source`.
        order: of the sources.
    """
    contexts = np.full(transitions.shape[:-1], SYMBOLS ** -float(order))
    while True:
        following: Floats = np.einsum("ba...,ba...s->b...s", contexts, transitions)
        if np.abs(following - contexts).max() < 1e-9:
            return following
        contexts = following


def accuracies(transitions: Floats, order: int) -> Floats:
    """The accuracy of the best model of each order from 0 to the sources' own, shape (sources, order + 1).

    Args:
        transitions: of several sources, from `source`.
        order: of the sources.
    """
    joint = stationary(transitions, order)[..., None] * transitions
    by_order = []
    for _ in range(order + 1):
        by_order.append(joint.max(axis=-1).reshape(len(joint), -1).sum(axis=1))
        joint = joint.sum(axis=1)
    return np.stack(by_order[::-1], axis=1)


@functools.cache
def expected_accuracies(order: int) -> tuple[float, ...]:
    """The expected accuracy, over sources, of the best model of each order from 0 to the sources' own."""
    transitions = source(order, np.random.default_rng(order), SOURCES)
    return tuple(map(float, accuracies(transitions, order).mean(axis=0)))
