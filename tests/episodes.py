"""A task with a contract of its own, for tests: bins are filled with items, one after the other."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks import Budget, Call, Contract, Parameter, Purpose, Signature, Task

BLANK = '''"""It puts every item into the first bin."""


def score(item, room, bins):
    return 0 * room


def least(room):
    return 0
'''

BEST_FIT = '''"""It puts an item where it leaves least room."""

from primitives import i8, zeros


def score(item, room, bins):
    scores = zeros(bins, i8)
    for i in range(bins):
        if room[i] >= item:
            scores[i] = 1000 - room[i]
    return scores


def least(room):
    return 1
'''

FIRST_FIT = BEST_FIT.replace("1000 - room[i]", "1000 - i")


@dataclass(frozen=True)
class Packing:
    """One sequence of items; quality is the part of them that found a place."""

    items: tuple[int, ...]
    bins: int = 4
    size: int = 20

    def play(self) -> Generator[Call, Any, float]:
        room = np.full(self.bins, self.size, dtype=np.int64)
        placed = 0
        for item in self.items:
            if (yield Call("least", (room,))) > item:
                continue
            scores = yield Call("score", (item, room, self.bins))
            chosen = int(np.argmax(scores))
            if scores[chosen] > 0:
                room[chosen] -= item
                placed += 1
        return placed / len(self.items)


class PackingTask(Task):
    """Items of random sizes."""

    contract = Contract(
        (
            Signature(
                "score",
                (Parameter("item", "int"), Parameter("room", "i8[:]"), Parameter("bins", "int", control=True)),
                "i8[:]",
            ),
            Signature("least", (Parameter("room", "i8[:]"),), "int"),
        ),
        BLANK,
    )
    family = "packing"
    budget = Budget(steps=20_000, energy=1e6, memory=1 << 16, literals=64)
    gate = 0.5
    instances = 8
    name = "packing"
    summary = "packing of 20 items"
    chance = 0.0

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Packing:
        return Packing(tuple(map(int, generator.integers(1, 12, 20))))
