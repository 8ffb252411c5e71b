"""What a task is: the base class `Task`, and what it says of programs: their contract, budget, and what must hold.

The data that programs are given are in `tasks.instances`; the tasks themselves are in other modules.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np

from tasks.contract import LEARNER, Contract
from tasks.instances import Instance


class TaskError(ValueError):
    """A task breaks its contract, or can't be loaded; the message says what is wrong and what to do."""


class Purpose(IntEnum):
    """What instances are for. Each has a stream of random numbers of its own (`tasks.streams`).

    SEARCH chooses survivors, SELECTION admits to the Pareto front, VERIFICATION gives the figures that people see. Only
    for VERIFICATION may a task use data that it holds back, such as a validation text.
    """

    SEARCH = 0
    SELECTION = 1
    VERIFICATION = 2


@dataclass(frozen=True, slots=True)
class Budget:
    """What a program may use on one instance; more is a failure. Costs are compared with these limits, on a log scale.

    Attributes:
        steps: instructions of the machine.
        energy: of the model `dmc`.
        memory: live bytes of arrays.
        literals: bytes of the numbers written in the program (`primitives.literals`).
    """

    steps: int
    energy: float
    memory: int
    literals: int = 1024


@dataclass(frozen=True, slots=True)
class Floor:
    """The least energy (`dmc`) that a task can be done with, as far as its author knows.

    Attributes:
        fit: of reading the fewest training data that can determine the answer.
        queries: of reading what decides each query, all queries of an instance together.
        reason: what is counted, in a few words.
    """

    fit: float
    queries: float
    reason: str

    @property
    def energy(self) -> float:
        """Of both together."""
        return self.fit + self.queries


@dataclass(frozen=True, slots=True)
class Variant:
    """The task with its instances changed in a way that should make no difference, or all the difference.

    Attributes:
        name: what was changed, in a few words: "columns permuted".
        task: draws the changed instances.
        most: the highest accuracy that an honest program has on them, apart from luck; None if it should still reach
            the gate.
    """

    name: str
    task: Task
    most: float | None = None


class Task(ABC):
    """A source of instances, with what programs must define, may use, and have to reach.

    Attributes:
        contract: the functions that a program defines.
        family: the kind of problem; seed algorithms are meant for families ("parity", "noise", "function", "symbols",
            "text").
        budget: what a program may use on one instance.
        gate: the accuracy that a program must surely have to be promoted to the next rung.
        instances: on how many of them a program is judged.
        interval: what counts as one trial for the confidence interval of accuracy: "instances", whose secrets decide
            between success and failure; or "batches" of consecutive queries, where every instance is the same problem,
            as in text.
    """

    contract: Contract = LEARNER
    family: str = "other"
    budget: Budget
    gate: float
    instances: int
    interval: Literal["instances", "batches"] = "instances"

    @property
    @abstractmethod
    def name(self) -> str:
        """The rung's name, such as `parity-20-3`; it says everything that distinguishes the task from others."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """The task and its sizes in one line, for people."""

    @property
    @abstractmethod
    def chance(self) -> float:
        """The accuracy of the best guess that looks at no query."""

    @abstractmethod
    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Instance:
        """Draw an instance; every one has secrets of its own, all of which come from the generator."""

    @property
    def best(self) -> float | None:
        """The accuracy that no program can exceed (Bayes), None if it is not known."""
        return None

    @property
    def larger(self) -> Sequence[Task]:
        """Tasks of larger size at which the gate must hold as well, so that what memorises is not promoted."""
        return ()

    @property
    def floor(self) -> Floor | None:
        """The least energy that the task can be done with, None if it is not known."""
        return None

    @property
    def variants(self) -> Sequence[Variant]:
        """Changed tasks for verification, such as one with shuffled labels."""
        return ()

    @property
    def curves(self) -> Mapping[str, Sequence[tuple[float, Task]]]:
        """Families of tasks along one size, for verification: {"rows": [(10, task), (20, task)]}.

        The names with a meaning are "rows" (training rows), "noise" (the part of training labels that is wrong) and "n"
        (columns): accuracy falls with noise, rises with rows, and costs grow with n.
        """
        return {}
