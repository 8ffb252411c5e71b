"""Other functions of a few secret bits than parity: sum, AND and majority.

Their bits are correlated with the label one by one, so that they are learned in other ways than parity. Rows are
independent uniform draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.sparse import Bits, SparseTask


@dataclass(frozen=True)
class SparseSum(SparseTask):
    """The number of secret bits that are 1: k + 1 classes."""

    kind = "sum"
    function = "sum"
    family = "function"

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Those of the binomial distribution."""
        return tuple(math.comb(self.k, ones) / 2**self.k for ones in range(self.k + 1))

    @property
    def asked(self) -> tuple[float, ...]:
        """A sum is open as long as one bit is missing."""
        return (1.0,) * self.k

    def label(self, bits: Bits) -> Bits:
        """The number of ones."""
        ones: Bits = bits.sum(axis=1, dtype=np.uint8)
        return ones

    def complemented(self, classes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The ones are the zeros of before."""
        return self.k - classes


@dataclass(frozen=True)
class SparseAnd(SparseTask):
    """Whether all secret bits are 1, which one row in 2^k is."""

    kind = "and"
    function = "AND"
    family = "function"

    @property
    def frequencies(self) -> tuple[float, ...]:
        """All bits are 1 with probability 2^-k."""
        return (1 - 2.0**-self.k, 2.0**-self.k)

    @property
    def asked(self) -> tuple[float, ...]:
        """The first 0 decides."""
        return tuple(2.0**-rank for rank in range(self.k))

    def label(self, bits: Bits) -> Bits:
        """Whether all bits are 1."""
        label: Bits = np.asarray(bits.all(axis=1), dtype=np.uint8)
        return label


@dataclass(frozen=True)
class SparseMajority(SparseTask):
    """Whether more than half of the secret bits are 1; k is odd."""

    kind = "majority"
    function = "majority"
    family = "function"

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        super().__post_init__()
        if self.k % 2 == 0:
            raise ValueError(f"the majority of {self.k} bits: k is odd, so that there always is one")

    @property
    def size(self) -> str:
        """Usually a third of the columns are secret; k is said where it is another part."""
        return f"{self.n}" if 3 * self.k == self.n else f"{self.n}-{self.k}"

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Half of all rows are in each class."""
        return (0.5, 0.5)

    @property
    def asked(self) -> tuple[float, ...]:
        """A majority is open as long as neither value has more than half of all bits."""
        most = self.k // 2
        return tuple(
            sum(math.comb(rank, ones) for ones in range(rank + 1) if ones <= most and rank - ones <= most) / 2.0**rank
            for rank in range(self.k)
        )

    def label(self, bits: Bits) -> Bits:
        """Whether the ones are more than the zeros."""
        label: Bits = (2 * bits.sum(axis=1, dtype=np.int64) > self.k).astype(np.uint8)
        return label

    def complemented(self, classes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The other value has the majority."""
        return 1 - classes
