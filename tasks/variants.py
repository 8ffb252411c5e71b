"""Changed tasks, for the checks of a sceptic: the same instances with something done to them.

Each change is a function of a task, its instance and a generator, so that it serves any task of `Examples` whose arrays
are no views of a stream. Tasks of streams change the stream before they make views of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from tasks.instances import Examples, Instance
from tasks.task import Purpose, Task, TaskError

Change: TypeAlias = Callable[[Task, Examples, np.random.Generator, Purpose], Examples]
"""What is done to an instance of a task; a function of a module, so that the changed task can be pickled."""


class Changed(Task):
    """A task whose instances are those of another, changed after they are drawn."""

    def __init__(self, base: Task, label: str, change: Change, best: float | None = None):
        """Change a task.

        Args:
            base: the task.
            label: what is changed, for the name.
            change: makes the changed instance; it may draw random numbers.
            best: the accuracy that no program can exceed; None if it is the same as before.
        """
        self.base, self.label, self.change = base, label, change
        self.contract, self.family, self.interval = base.contract, base.family, base.interval
        self.budget, self.gate, self.instances = base.budget, base.gate, base.instances
        self._best = best

    @property
    def name(self) -> str:
        """The name of the task, and what was changed."""
        return f"{self.base.name}-{self.label}"

    @property
    def summary(self) -> str:
        """That of the task, and what was changed."""
        return f"{self.base.summary}; {self.label}"

    @property
    def chance(self) -> float:
        """As before."""
        return self.base.chance

    @property
    def best(self) -> float | None:
        """As before, unless it was said otherwise."""
        return self.base.best if self._best is None else self._best

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Instance:
        """Draw an instance and change it. Raises TaskError for an episode."""
        instance = self.base.draw(generator, purpose)
        if not isinstance(instance, Examples):
            raise TaskError(f"{self.name} changes Examples, and {self.base.name} draws an episode")
        return self.change(self.base, instance, generator, purpose)


def labels_of_another_instance(
    task: Task, instance: Examples, generator: np.random.Generator, purpose: Purpose
) -> Examples:
    """Take the training labels from another instance: they are as frequent as ever, and say nothing about the rows.

    Shuffled labels would still say how many rows of each class there are, which on few rows tells columns apart.
    """
    other = task.draw(generator, purpose)
    assert isinstance(other, Examples)
    return replace(instance, y=other.y)


def permute_columns(task: Task, instance: Examples, generator: np.random.Generator, purpose: Purpose) -> Examples:
    """Put the columns of rows and queries into another order."""
    order = generator.permutation(instance.x.shape[1])
    return replace(instance, x=instance.x[:, order], queries=instance.queries[:, order])
