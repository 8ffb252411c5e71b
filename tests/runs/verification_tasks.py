"""Tasks for the tests of verification: small, and some of them with the faults that verification is there to find."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tasks import Budget, Call, Contract, Examples, Floor, Parameter, Signature, Task, Variant

BUDGET = Budget(steps=300_000, energy=1e8, memory=1 << 16)


@dataclass(frozen=True)
class Parity(Task):
    """Parity of two secret columns. Rows and queries are independent draws, so that few columns can be memorised."""

    n: int = 8
    rows: int = 80
    shuffled: bool = False
    fixed: bool = False
    """Whether the secret is the same in every instance: a fault."""

    budget = BUDGET
    gate = 0.9
    instances = 16
    chance = 0.5

    @property
    def name(self):
        return f"test-parity-{self.n}-{self.rows}{'-shuffled' * self.shuffled}{'-fixed' * self.fixed}"

    @property
    def summary(self):
        return self.name

    @property
    def larger(self):
        return [replace(self, n=12)]

    @property
    def floor(self):
        return None if 2**self.rows < self.n * (self.n - 1) / 2 else Floor(1.0, 1.0, "what is read")

    @property
    def variants(self):
        return [Variant("labels shuffled", replace(self, shuffled=True), 0.5), Variant("itself", self)]

    @property
    def curves(self):
        return {
            "rows": [(rows, replace(self, rows=rows)) for rows in (2, 40, 80)],
            "n": [(n, replace(self, n=n)) for n in (8, 12, 18)],
        }

    def draw(self, generator, purpose):
        secret = [1, 3] if self.fixed else generator.choice(self.n, 2, replace=False)
        x, queries = (generator.integers(0, 2, (count, self.n), dtype=np.uint8) for count in (self.rows, 20))
        y = x[:, secret].sum(axis=1, dtype=np.uint8) % 2
        if self.shuffled:
            y = generator.integers(0, 2, self.rows, dtype=np.uint8)
        return Examples(x, y, queries, queries[:, secret].sum(axis=1, dtype=np.int64) % 2, 2, 2)


CHOICE = Contract(
    (Signature("choose", (Parameter("seen", "i8[:]", writable=True), Parameter("scale", "float")), "int"),),
    "def choose(seen, scale):\n    return 0\n",
)

counter = itertools.count()


@dataclass(frozen=True)
class Choices(Task):
    """An episode: find the largest of five numbers, ten times."""

    impure: bool = False
    """Whether what the task asks depends on what was asked before: a fault."""

    contract: ClassVar[Contract] = CHOICE
    budget = BUDGET
    gate = 0.9
    instances = 30
    name = "test-choices"
    summary = "find the largest of five numbers"
    chance = 0.2

    def draw(self, generator, purpose):
        return _Choosing(generator.integers(0, 1000, (10, 5)), self.impure)


@dataclass(frozen=True)
class _Choosing:
    numbers: np.ndarray
    impure: bool

    def play(self):
        right = 0
        for row in self.numbers:
            given = row + next(counter) if self.impure else row.copy()
            answer = yield Call("choose", (given, 1))
            right += answer == int(np.argmax(row))
        return right / len(self.numbers)
