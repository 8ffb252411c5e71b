"""Quick draws from an explicit generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


class Random:
    """Draws from a generator: the same generator gives the same draws."""

    def __init__(self, generator: np.random.Generator):
        self.generator = generator
        self._uniform: Callable[[], float] = generator.random

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self._uniform() < probability

    def below(self, count: int) -> int:
        """An int from 0 to `count` - 1."""
        return int(self._uniform() * count)

    def pick(self, items: Sequence[Item]) -> Item | None:
        """One of the items, None if there are none."""
        return items[int(self._uniform() * len(items))] if items else None

    def choose(self, items: Sequence[Item]) -> Item:
        """One of the items, of which there is at least one."""
        return items[int(self._uniform() * len(items))]

    def weighted(self, weights: Sequence[float]) -> int:
        """A position, drawn with the probabilities that the weights have."""
        left = self._uniform() * sum(weights)
        for position, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return position
        return len(weights) - 1

    def normal(self) -> float:
        """From the standard normal distribution."""
        return float(self.generator.normal())

    def lazily_shuffled(self, items: Sequence[Item]) -> Iterator[Item]:
        """The items in a random order, of which no more is drawn than is asked for."""
        left = list(items)
        while left:
            position = self.below(len(left))
            left[position], left[-1] = left[-1], left[position]
            yield left.pop()

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in a random order."""
        result = list(items)
        for index in range(len(result) - 1, 0, -1):
            other = self.below(index + 1)
            result[index], result[other] = result[other], result[index]
        return result
