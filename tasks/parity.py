"""Sparse parity: rows of random bits, labelled with the parity of a few secret ones.

The label is the XOR of the secret bits (0 or 1). The public challenge multiplies values of -1 and +1, which is the same
for odd k and the complement for even k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.sparse import Bits, SparseTask
from tasks.task import Task

FEW_BITS: Final = 16
"""Up to so many bits all patterns are enumerated, so that those of an instance differ from each other."""

SMALL: Final = 20
"""Below so many columns a program could pass the gate by memorising, and has to pass it with twice as many as well."""


@dataclass(frozen=True)
class SparseParity(SparseTask):
    """Parity of k secret bits out of n.

    With few bits the patterns of an instance are all different, so that no query can be looked up among the training
    rows. The rows are drawn without regard to the secret, and so tell nothing about it without their labels. The
    queries are as many of one class as of the other, so that the frequencies of the training labels tell nothing about
    theirs. With many bits all patterns are independent uniform draws, as in the public challenge.
    """

    kind = "parity"
    function = "parity"

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        super().__post_init__()
        object.__setattr__(self, "family", "noise" if self.noise else "parity")
        if self.n <= FEW_BITS and (self.queries % 2 or not self._fits(self.rows)):
            raise ValueError(
                f"{self.rows} rows and {self.queries} queries of {self.n} bits: the queries are even in number, and "
                f"both together at most {3 << self.n >> 2}, three quarters of the patterns"
            )

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Half of all rows are in each class."""
        return (0.5, 0.5)

    @property
    def asked(self) -> tuple[float, ...]:
        """A parity is open as long as one bit is missing."""
        return (1.0,) * self.k

    def label(self, bits: Bits) -> Bits:
        """The XOR of the bits."""
        parity: Bits = np.bitwise_xor.reduce(bits, axis=1)
        return parity

    def complemented(self, classes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Complementing an odd number of bits changes their parity."""
        return classes ^ (self.k & 1)

    @staticmethod
    def usual_rows(n: int) -> int:
        """Four for each column of a small task, or half of all patterns; else 500."""
        return min(4 * n, 1 << n >> 1) if n < SMALL else 500

    @staticmethod
    def usual_queries(n: int) -> int:
        """A hundred of a small task, or a quarter of all patterns; else 500."""
        return min(100, 1 << n >> 2) if n < SMALL else 500

    @property
    def larger(self) -> Sequence[Task]:
        """For a small task, one with twice the columns and four rows for each of them."""
        return (self.resized(2 * self.n, 8 * self.n),) if self.n < SMALL else ()

    def _fits(self, rows: int) -> bool:
        """Whether rows and queries leave a quarter of the patterns, so that they need not be those that are left."""
        return self.n > FEW_BITS or 4 * (rows + self.queries) <= 3 << self.n

    def patterns(self, generator: np.random.Generator, secret: NDArray[np.int64]) -> tuple[Bits, Bits]:
        """Training rows and queries, all different if there are few bits."""
        if self.n > FEW_BITS:
            return super().patterns(generator, secret)
        while True:
            codes = generator.permutation(1 << self.n)
            patterns = ((codes[:, None] >> np.arange(self.n)) & 1).astype(np.uint8)
            left = patterns[self.rows :]
            classes, half = self.label(left[:, secret]), self.queries // 2
            by_class = [left[classes == c][:half] for c in (0, 1)]
            # With four columns one draw in a hundred leaves too few patterns of a class, with more columns none does.
            if all(len(part) == half for part in by_class):
                return patterns[: self.rows].copy(), generator.permutation(np.concatenate(by_class))
