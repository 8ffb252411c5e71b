"""A task that is not learning: online bin packing, where a program says into which bin each item goes.

Items come one at a time, and go into a bin for good. The program gives every bin that has room for the item a priority,
and the item goes into the first one of the highest: this is the problem of B. Romera-Paredes and others, "Mathematical
discoveries from program search with large language models", Nature 625, 2024.

    evolve tasks --task docs/examples/bin_packing.py:OnlineBinPacking --check
    evolve score docs/examples/best_fit.py --task docs/examples/bin_packing.py:OnlineBinPacking
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks import Budget, Call, Contract, Parameter, Purpose, Signature, Task, UnusableAnswer

CAPACITY = 100

PRIORITY = Contract(
    (Signature("priority", (Parameter("item", "int"), Parameter("bins", "i8[:]")), "f8[:]"),),
    '''\
"""All bins have the same priority: the item goes into the first one."""

from primitives import f8, zeros


def priority(item, bins):
    return zeros(len(bins), f8)
''',
)
"""`bins`: the room left in each bin that the item fits into, in the order they were opened, and that of a new bin."""


@dataclass(frozen=True)
class Items:
    """An episode: the sizes of the items, in the order in which they come."""

    sizes: NDArray[np.int64]

    def play(self) -> Generator[Call, NDArray[np.float64], float]:
        """Put every item into a bin; return the least possible number of bins over the number used."""
        room: list[int] = []
        for size in self.sizes.tolist():
            open_bins = [index for index, left in enumerate(room) if left >= size]
            bins = np.array([room[index] for index in open_bins] + [CAPACITY], dtype=np.int64)
            priorities = yield Call("priority", (size, bins))
            if len(priorities) != len(bins):
                raise UnusableAnswer(f"{len(priorities)} priorities of {len(bins)} bins")
            chosen = int(np.argmax(priorities))
            if chosen < len(open_bins):
                room[open_bins[chosen]] -= size
            else:
                room.append(CAPACITY - size)
        least = -(-int(self.sizes.sum()) // CAPACITY)
        return least / len(room)


@dataclass(frozen=True)
class OnlineBinPacking(Task):
    """Items of random sizes (Weibull, shape 3, scale 45), bins of capacity 100."""

    items: int = 250
    contract = PRIORITY
    family = "packing"
    budget = Budget(steps=10_000_000, energy=1e9, memory=1 << 16)
    gate = 0.88
    chance = 0.41  # of a new bin for every item
    instances = 64

    @property
    def name(self) -> str:
        return f"bin-packing-{self.items}"

    @property
    def summary(self) -> str:
        return f"online packing of {self.items} items into bins of {CAPACITY}"

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Items:
        sizes = 45 * generator.weibull(3, self.items)
        return Items(np.clip(np.rint(sizes), 1, CAPACITY).astype(np.int64))

    @property
    def larger(self) -> tuple[Task, ...]:
        return (OnlineBinPacking(2 * self.items),) if self.items == 250 else ()
