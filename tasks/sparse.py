"""Tasks whose label depends on a few secret columns: what parity, sum, AND and majority have in common.

A class of such a task says how the label follows from the secret bits; this module draws rows, labels and queries, and
derives the gate, the energy floor, the variants and the curves.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasks.floors import information, rows_needed, sparse_floor
from tasks.instances import Examples
from tasks.task import Budget, Floor, Purpose, Task, Variant
from tasks.variants import Changed, labels_of_another_instance, permute_columns

Bits = NDArray[np.uint8]
Sparse = TypeVar("Sparse", bound="SparseTask")

LARGEST: Final = Budget(steps=1_000_000_000, energy=1e12, memory=1 << 24)
"""The most that any rung allows: enough for stochastic gradient descent on a network with one hidden layer."""

NOISES: Final = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)
"""The parts of wrong labels along the curve of noise."""

USUAL_NOISE: Final = 0.1
"""The part of wrong labels that a `noisy` task has, whose name need not say it."""

ERRORS_OF_GUESSING: Final = 0.1
"""What passes the gate errs at most so often as this part of the errors of the best guess."""


@dataclass(frozen=True)
class SparseTask(Task):
    """A function of k secret bits out of n, learned from rows of random bits.

    Attributes:
        n, k: columns of a row, and how many of them decide.
        rows, queries: training rows and queries of an instance.
        instances: how many instances a program is judged on.
        budget: what a program may use on one instance.
        noise: the part of the training labels that is wrong. The queries' answers never are.
        gate: at most a tenth of the errors of a guess.
    """

    n: int
    k: int
    rows: int
    queries: int
    instances: int
    budget: Budget
    noise: float = 0.0
    gate: float = field(init=False)

    kind: ClassVar[str]
    """The first part of the name."""
    function: ClassVar[str]
    """What the label is, in words."""

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        if not 1 <= self.k <= self.n:
            raise ValueError(f"{self.k} secret bits out of {self.n}: k lies between 1 and n")
        if self.rows < 1 or self.queries < 1:
            raise ValueError("an instance has at least one training row and one query")
        if not 0 <= self.noise < 1:
            raise ValueError(f"noise {self.noise}: the part of wrong labels lies between 0 and 1")
        object.__setattr__(self, "gate", round(1 - ERRORS_OF_GUESSING * (1 - self.chance), 6))

    # -- what a class of these tasks says

    @property
    @abstractmethod
    def frequencies(self) -> tuple[float, ...]:
        """The expected frequency of each class."""

    @property
    @abstractmethod
    def asked(self) -> tuple[float, ...]:
        """For each secret bit, from the first on, the probability that the others before it leave the label open."""

    @abstractmethod
    def label(self, bits: Bits) -> Bits:
        """The classes of rows, given their secret bits alone, shape (rows, k)."""

    def complemented(self, classes: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """The classes that follow when every bit is complemented; None if they don't follow from the classes."""
        return None

    @staticmethod
    def usual_rows(n: int) -> int:
        """The training rows that a task of n columns has on the ladder, which its name need not say."""
        return 500

    @staticmethod
    def usual_queries(n: int) -> int:
        """The queries, likewise."""
        return 500

    # -- what follows

    @property
    def size(self) -> str:
        """The part of the name after the kind."""
        return f"{self.n}-{self.k}"

    @property
    def name(self) -> str:
        """The kind, n and k; rows, queries and noise where they are not the usual ones."""
        noisy = self.noise == USUAL_NOISE
        parts = [f"{'noisy-' if noisy else ''}{self.kind}-{self.size}"]
        if self.noise and not noisy:
            parts.append(f"noise{self.noise:g}")
        if self.rows != self.usual_rows(self.n):
            parts.append(f"{self.rows}rows")
        if self.queries != self.usual_queries(self.n):
            parts.append(f"{self.queries}queries")
        return "-".join(parts)

    @property
    def summary(self) -> str:
        """The task and its sizes."""
        noise = f", {100 * self.noise:g} % of the training labels wrong" if self.noise else ""
        secret = f"{self.k} secret bit{'s' if self.k > 1 else ''} of {self.n}"
        return f"{self.function} of {secret}{noise}; {self.rows:,} rows, {self.queries:,} queries"

    @property
    def chance(self) -> float:
        """The frequency of the most frequent class."""
        return max(self.frequencies)

    @property
    def best(self) -> float | None:
        """All of it: no answer to a query is random."""
        return 1.0

    @property
    def unlearned(self) -> float:
        """The accuracy of the best guess that looks at the query, but knows nothing of which bits are secret.

        It is above `chance`: the more ones a row has, the likelier each secret bit is 1. All functions here depend on
        the number of ones alone, which is hypergeometric.
        """
        bits = np.tri(self.k + 1, self.k, -1, dtype=np.uint8)
        label, right = self.label(bits).tolist(), 0
        for ones in range(self.n + 1):
            ways = [0] * len(self.frequencies)
            for secret_ones in range(self.k + 1):
                left = self.n - self.k, ones - secret_ones
                ways[label[secret_ones]] += math.comb(self.k, secret_ones) * math.comb(*left) if left[1] >= 0 else 0
            right += max(ways)
        return right / (1 << self.n)

    @property
    def floor(self) -> Floor | None:
        """The fewest labels that can tell, the columns that they are about, and the secret bits of the queries."""
        bits = information(self.frequencies, self.noise)
        return sparse_floor(self.n, self.k, self.rows, self.queries, bits, self.asked)

    @property
    def variants(self) -> Sequence[Variant]:
        """Labels that belong to other rows; columns permuted; and bits complemented, where the function allows it."""
        others = Changed(self, "labels", labels_of_another_instance, self.unlearned)
        variants = [
            Variant("labels of another instance", others, self.unlearned),
            Variant("columns permuted", Changed(self, "permuted", permute_columns)),
        ]
        if self.complemented(np.zeros(1, dtype=np.int64)) is not None:
            variants.append(Variant("bits complemented", Changed(self, "complemented", _complement_bits)))
        return variants

    @property
    def curves(self) -> Mapping[str, Sequence[tuple[float, Task]]]:
        """Training rows from too few to twice as many, wrong labels, and columns up to three times as many."""
        counts = {self._too_few, *(int(self.rows * 2.0**power) for power in range(-4, 2))}
        rows = [count for count in sorted(counts) if count >= 2 and self._fits(count)]
        columns = [self.n, self.n * 3 // 2, self.n * 2, self.n * 3]
        return {
            "rows": [(count, self.resized(self.n, count)) for count in rows],
            "noise": [(noise, replace(self, noise=noise)) for noise in NOISES],
            "n": [(n, self if n == self.n else self.resized(n, self.usual_rows(n))) for n in columns],
        }

    @property
    def _too_few(self) -> int:
        """Even, as some tasks need: about half of the rows that can tell the secret."""
        return rows_needed(self.n, self.k, information(self.frequencies, self.noise)) // 4 * 2

    def resized(self: Sparse, n: int, rows: int) -> Sparse:
        """This task with other numbers of columns and rows, and a budget that grows like the work of trying all sets.

        Args:
            n: columns.
            rows: training rows.
        """
        work = math.comb(n, self.k) * rows / (math.comb(self.n, self.k) * self.rows)
        budget = self.budget
        return replace(
            self,
            n=n,
            rows=rows,
            queries=self.queries if n == self.n else self.usual_queries(n),
            budget=replace(
                budget,
                steps=_grown(budget.steps, work, LARGEST.steps),
                energy=float(_grown(int(budget.energy), work**1.5, int(LARGEST.energy))),
                memory=_grown(budget.memory, n * rows / (self.n * self.rows), LARGEST.memory),
            ),
        )

    def _fits(self, rows: int) -> bool:
        """Whether there are instances with so many rows."""
        return True

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        """Draw the secret columns, then rows and queries, then which labels are wrong."""
        secret = generator.choice(self.n, self.k, replace=False)
        x, queries = self.patterns(generator, secret)
        y = self.label(x[:, secret])
        if self.noise:
            wrong = generator.random(self.rows) < self.noise
            others = generator.integers(1, len(self.frequencies), self.rows, dtype=np.uint8)
            y = np.where(wrong, (y + others) % len(self.frequencies), y).astype(np.uint8)
        answers = self.label(queries[:, secret]).astype(np.int64)
        return Examples(x, y, queries, answers, 2, len(self.frequencies))

    def patterns(self, generator: np.random.Generator, secret: NDArray[np.int64]) -> tuple[Bits, Bits]:
        """Training rows and queries: independent uniform bits."""
        both = generator.integers(0, 2, (self.rows + self.queries, self.n), dtype=np.uint8)
        return both[: self.rows].copy(), both[self.rows :].copy()


def _grown(limit: int, factor: float, most: int) -> int:
    """A limit that grows by a factor, never shrinks, and is never set beyond the most."""
    return max(limit, min(int(limit * factor), most))


def _complement_bits(task: Task, instance: Examples, generator: np.random.Generator, purpose: Purpose) -> Examples:
    """Complement every bit, and change the classes so that the same bits decide in the same way."""
    assert isinstance(task, SparseTask)
    y, answers = task.complemented(instance.y.astype(np.int64)), task.complemented(instance.answers)
    assert y is not None and answers is not None
    return replace(instance, x=1 - instance.x, y=y.astype(np.uint8), queries=1 - instance.queries, answers=answers)
