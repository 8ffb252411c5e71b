"""The crew of a search: the workers that carry out its orders, and the crew that is this process alone.

`evolve.engine.ray_crew` has the one of several processes.
"""

from __future__ import annotations

from typing import Protocol

from evolve.engine.evaluation import Evaluator
from evolve.engine.orders import Answer, Order
from tasks import Task


class CrewError(Exception):
    """There are no workers, or they are lost again and again; the message says what to do."""


class Crew(Protocol):
    """Workers. Every order that is given is answered once, if only with how its worker was lost."""

    @property
    def size(self) -> int:
        """How many orders can be under way at a time."""
        ...

    @property
    def idle(self) -> int:
        """How many can be given now."""
        ...

    def give(self, order: Order) -> None:
        """Let an idle worker carry out an order."""
        ...

    def answers(self, seconds: float) -> list[Answer]:
        """Wait until there are answers, or so long.

        Raises:
            CrewError: no worker can be had.
            TaskError: the task breaks its own contract.
        """
        ...

    def close(self) -> None:
        """Send the workers home, whatever they do."""
        ...


class LocalCrew:
    """One worker that is this process: it carries out an order while the driver waits for the answer."""

    size = 1

    def __init__(self, task: Task, seed: int):
        self._evaluator = Evaluator(task, seed)
        self._order: Order | None = None

    @property
    def idle(self) -> int:
        """How many orders can be given now."""
        return int(self._order is None)

    def give(self, order: Order) -> None:
        """Keep the order until someone waits for its answer."""
        self._order = order

    def answers(self, seconds: float) -> list[Answer]:
        """Carry out the order."""
        order, self._order = self._order, None
        return [] if order is None else [Answer(order, order.perform(self._evaluator))]

    def close(self) -> None:
        """Nothing has to be closed."""
