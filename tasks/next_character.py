"""Predicting the next character of a text: the task. `tasks.corpora` has the texts, `tasks.text` the rungs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tasks.alphabet import OTHER, SIZE, read_symbols, symbols
from tasks.corpora import Corpus, DataError
from tasks.instances import Examples
from tasks.task import Budget, Purpose, Task, Variant

WINDOW: Final = 16
"""Characters that a row shows before the one to predict."""

TRAINED: Final = 0.90
SEARCHED: Final = 0.95
"""Parts of the training text: up to the first for training in a search, up to the second for the queries of SEARCH, the
rest for those of SELECTION. For VERIFICATION all of it is trained on."""

SAMPLE: Final = 10_000_000
"""Bytes at the start of a training text in which characters are counted."""

ROWS: Final = (1_000, 3_000, 10_000, 30_000, 100_000)
"""Training characters along the curve "rows"."""


@dataclass(frozen=True)
class NextCharacter(Task):
    """The next character of a text, for every character of another text in order.

    Rows are windows of a random slice of the training text, and their classes are the characters that follow. Symbols
    are relabelled by a permutation of the alphabet that is secret and new in every instance. The symbol of characters
    outside the alphabet is never the right answer.

    Attributes:
        corpus: the texts.
        title: the name of the task.
        characters: of a slice; None for the whole training text.
        queries: of VERIFICATION, the first so many characters held back.
        searched: queries of SEARCH and SELECTION, from their own parts of the training text.
        gate, budget, instances: as for every task.
        shuffled: whether all characters, rows and queries, are drawn from the training text independently: nothing is
            left to learn but how frequent each is.
    """

    corpus: Corpus
    title: str
    characters: int | None
    queries: int
    searched: int
    gate: float
    budget: Budget
    instances: int
    shuffled: bool = False
    family = "text"
    interval = "batches"

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        if self.characters is not None and self.characters <= WINDOW:
            raise ValueError(f"{self.characters} characters: there are rows from {WINDOW + 1}")
        if self.queries < 1 or self.searched < 1:
            raise ValueError("an instance has at least one query")

    @property
    def name(self) -> str:
        """The rung's name; variants and curves add what they change."""
        return self.title

    @property
    def summary(self) -> str:
        """The text and the sizes."""
        part = "all of it" if self.characters is None else f"slices of {self.characters:,} characters"
        return (
            f"next character of {self.corpus.title}; {part}, {self.queries:,} queries ({self.searched:,} in a search)"
        )

    @property
    def chance(self) -> float:
        """How frequent the most frequent character is in the training text."""
        return _chance(self.corpus)

    @property
    def variants(self) -> Sequence[Variant]:
        """The same with characters in random order."""
        task = replace(self, title=f"{self.title}-shuffled", shuffled=True)
        return (Variant("text shuffled", task, self.chance),)

    @property
    def curves(self) -> Mapping[str, Sequence[tuple[float, Task]]]:
        """The same with less training text, and at most 10,000 queries."""
        few = min(self.queries, 10_000)
        return {
            "rows": [
                (rows, replace(self, title=f"{self.title}-{rows}-{few}", characters=rows, queries=few)) for rows in ROWS
            ]
        }

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        """Draw the permutation, a slice, and for a search the place of its queries.

        Raises:
            DataError: the texts are missing or damaged.
        """
        secret = generator.permutation(SIZE).astype(np.uint8)
        if self.shuffled:
            learned, asked = self._shuffled(generator, purpose)
        else:
            learned, asked = self._slice(generator, purpose), self._asked(generator, purpose)
        text, stream = secret[learned], secret[asked]
        answers = np.where(asked == OTHER, -1, stream.astype(np.int64))[WINDOW:]
        x, queries = (sliding_window_view(each[:-1], WINDOW) for each in (text, stream))
        return Examples(x, text[WINDOW:], queries, answers, SIZE, SIZE)

    def _slice(self, generator: np.random.Generator, purpose: Purpose) -> NDArray[np.uint8]:
        """The symbols to train on."""
        text = self.corpus.training()
        end = len(text) if purpose is Purpose.VERIFICATION else int(TRAINED * len(text))
        if self.characters is None:
            return _read(self.corpus, text, 0, end)
        return _excerpt(generator, self.corpus, text, (0, end), self.characters)

    def _asked(self, generator: np.random.Generator, purpose: Purpose) -> NDArray[np.uint8]:
        """The symbols to predict, after a window of those before them."""
        if purpose is Purpose.VERIFICATION:
            text = self.corpus.validation()
            asked = _read(self.corpus, text, 0, len(text), self.queries)
            if len(asked) < self.queries:
                raise DataError(f"{self.name} asks {self.queries:,} characters, and its text has {len(asked):,}")
            return np.concatenate([symbols("\n" * WINDOW), asked])
        text = self.corpus.training()
        first, last = (TRAINED, SEARCHED) if purpose is Purpose.SEARCH else (SEARCHED, 1.0)
        # The part after this one starts with the character that the end falls into; this one starts likewise.
        part = int(first * len(text)), int(last * len(text))
        return _excerpt(generator, self.corpus, text, part, WINDOW + self.searched)

    def _shuffled(
        self, generator: np.random.Generator, purpose: Purpose
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Characters drawn independently from the training text: as many to train on as ever, and to predict."""
        sample = _sample(self.corpus)
        asked = self.queries if purpose is Purpose.VERIFICATION else self.searched
        learned = len(sample) if self.characters is None else self.characters
        drawn = sample[generator.integers(0, len(sample), learned + WINDOW + asked)]
        return drawn[:learned], drawn[learned:]


def _read(corpus: Corpus, text: NDArray[np.uint8], start: int, stop: int, most: int | None = None) -> NDArray[np.uint8]:
    """Symbols of a corpus (`tasks.alphabet.read_symbols`). Raises `DataError`."""
    try:
        return read_symbols(text, start, stop, most)
    except UnicodeDecodeError as error:
        raise DataError(f"a text of {corpus.title} is not UTF-8 ({error.reason}); get the original") from error


def _excerpt(
    generator: np.random.Generator, corpus: Corpus, text: NDArray[np.uint8], part: tuple[int, int], count: int
) -> NDArray[np.uint8]:
    """So many consecutive characters from a random place of a part of a text. Raises `DataError` if it has fewer."""
    low, high = part
    start = low + int(generator.integers(0, max(1, high - low - count + 1)))
    found = _read(corpus, text, start, high, count)
    if len(found) < count:  # too near the end, since some characters have several bytes, at most 4
        found = _read(corpus, text, max(low, start - 4 * (count - len(found))), high)[-count:]
    if len(found) < count:
        raise DataError(f"a part of {corpus.title} has {len(found):,} characters; the task needs {count:,}")
    return found


def _sample(corpus: Corpus) -> NDArray[np.uint8]:
    """The symbols at the start of the training text."""
    text = corpus.training()
    return _read(corpus, text, 0, min(len(text), SAMPLE))


@cache
def _chance(corpus: Corpus) -> float:
    sample = _sample(corpus)
    return float(np.bincount(sample, minlength=SIZE)[:OTHER].max() / len(sample))
