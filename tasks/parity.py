"""Sparse parity: rows of random bits, labelled with the parity of a few secret ones.

The label is the XOR of the secret bits (0 or 1). The public challenge multiplies values of -1 and +1, which is the same
for odd k and the complement for even k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.task import LEARNER, Budget, Contract, Instance

FEW_BITS = 12
"""Up to so many bits all patterns are enumerated, so that those of an instance differ from each other."""


@dataclass(frozen=True, slots=True)
class SparseParity:
    """Parity of k secret bits out of n.

    With few bits the patterns of an instance are all different, so that no query can be looked up among the training
    rows, and both parts hold as many rows of one class as of the other, so that the classes of the training rows say
    nothing about those of the queries. With many bits they are independent uniform draws, as in the public challenge.

    Attributes:
        n, k: bits of a row, and how many of them the label depends on.
        rows, queries: training rows and queries of an instance.
        instances: how many instances a program is judged on in selection.
        budget: what a program may use on one instance.
    """

    n: int
    k: int
    rows: int
    queries: int
    instances: int
    budget: Budget
    gate: float = 0.95
    chance: float = 0.5

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        if not 1 <= self.k <= self.n:
            raise ValueError(f"the parity of {self.k} bits out of {self.n}: k lies between 1 and n")
        if self.rows < 1 or self.queries < 1:
            raise ValueError("an instance has at least one training row and one query")
        if self.n <= FEW_BITS and (self.rows % 2 or self.queries % 2 or self.rows + self.queries > 1 << self.n):
            raise ValueError(
                f"{self.rows} rows and {self.queries} queries of {self.n} bits: "
                f"both are even, and together at most {1 << self.n}, the number of patterns"
            )

    @property
    def name(self) -> str:
        """The rung's name, `parity-N-K`."""
        return f"parity-{self.n}-{self.k}"

    @property
    def contract(self) -> Contract:
        """The functions of a learner."""
        return LEARNER

    def draw(self, generator: np.random.Generator) -> Instance:
        """Draw the secret bits, then rows and queries."""
        secret = generator.choice(self.n, self.k, replace=False)
        if self.n <= FEW_BITS:
            rows, queries = self._different(generator, secret)
        else:
            both = generator.integers(0, 2, (self.rows + self.queries, self.n), dtype=np.uint8)
            rows, queries = both[: self.rows], both[self.rows :]
        return Instance(rows, _parity(rows, secret), queries, _parity(queries, secret), 2, 2)

    def _different(
        self, generator: np.random.Generator, secret: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Patterns that all differ, half of each class in the rows and half in the queries."""
        codes = generator.permutation(1 << self.n)
        patterns = ((codes[:, None] >> np.arange(self.n)) & 1).astype(np.uint8)
        classes = _parity(patterns, secret)
        half, end = self.rows // 2, (self.rows + self.queries) // 2
        by_class = [patterns[classes == c] for c in (0, 1)]
        rows = np.concatenate([part[:half] for part in by_class])
        queries = np.concatenate([part[half:end] for part in by_class])
        return generator.permutation(rows), generator.permutation(queries)


def _parity(rows: NDArray[np.uint8], secret: NDArray[np.int64]) -> NDArray[np.uint8]:
    parity: NDArray[np.uint8] = np.bitwise_xor.reduce(rows[:, secret], axis=1)
    return parity
