"""What a task is: the interface `Task`, and the data it is made of. The tasks themselves are in other modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Contract:
    """Which functions a program of a task defines.

    Attributes:
        functions: their first lines, for people.
        blank: the source of a program that keeps the contract and learns nothing: where a search from scratch starts.
    """

    functions: tuple[str, ...]
    blank: str


LEARNER = Contract(
    ("fit(x, y, n_symbols, n_classes) -> model", "predict(model, q) -> class"),
    '''\
"""The blank learner: it predicts one element of the query."""


def fit(x, y, n_symbols, n_classes):
    a = 0
    return a


def predict(a, q):
    return q[a]
''',
)
"""The contract of learners: `fit` returns the model, any number of values, and `predict` takes it before the query."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a program may use on one instance. Its costs are compared with these limits, on a log scale.

    Attributes:
        steps: instructions of the machine.
        energy: of the model `dmc`.
        memory: live bytes of arrays.
    """

    steps: int
    energy: float
    memory: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One problem: rows to learn from, queries, and their answers, which no program is ever given.

    Attributes:
        x: training rows, uint8 of shape (rows, columns), symbols 0..n_symbols-1.
        y: their classes, uint8 of shape (rows,).
        queries: uint8 of shape (queries, columns).
        answers: the queries' classes, uint8 of shape (queries,).
        n_symbols, n_classes: sizes of the alphabets.
    """

    x: NDArray[np.uint8]
    y: NDArray[np.uint8]
    queries: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    n_symbols: int
    n_classes: int


class Task(Protocol):
    """A source of instances, with what programs must define, may use, and have to reach.

    Attributes:
        name: the rung's name.
        contract: the functions of a program.
        gate: the accuracy that a program must surely have to be promoted to the next rung.
        chance: the accuracy of guessing.
        instances: how many instances a program is judged on in selection.
        budget: what a program may use on one instance.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def contract(self) -> Contract: ...  # noqa: D102
    @property
    def gate(self) -> float: ...  # noqa: D102
    @property
    def chance(self) -> float: ...  # noqa: D102
    @property
    def instances(self) -> int: ...  # noqa: D102
    @property
    def budget(self) -> Budget: ...  # noqa: D102

    def draw(self, generator: np.random.Generator) -> Instance:
        """Draw an instance; every one has secrets of its own."""
        ...
