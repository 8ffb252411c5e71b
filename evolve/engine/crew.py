"""The crew of a search: the workers that carry out its orders, and the crew that is this process alone.

`evolve.engine.ray_crew` has the one of several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from evolve.engine.garbage import RareCollections
from evolve.engine.orders import Answer, Evaluators, Order
from tasks import Task

WAIT: Final = 0.5
"""Seconds after which who waits for answers looks around, answers or not."""

LOSSES: Final = 3
"""How many workers an order may lose, one after the other."""


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

    def at_home(self, island: int) -> bool:
        """Whether the worker at which an island is at home, of whose programs it remembers much, is idle."""
        ...

    def give(self, order: Order, island: int | None = None) -> None:
        """Let an idle worker carry out an order: that at which an island is at home, if it can be."""
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

    def __init__(self, tasks: Sequence[Task], seed: int, energy: str):
        self._evaluators = Evaluators(tasks, seed, energy)
        self._order: Order | None = None
        self._collections = RareCollections()

    @property
    def idle(self) -> int:
        """How many orders can be given now."""
        return int(self._order is None)

    def at_home(self, island: int) -> bool:
        """All islands are at home here."""
        return self._order is None

    def give(self, order: Order, island: int | None = None) -> None:
        """Keep the order until someone waits for its answer."""
        self._order = order

    def answers(self, seconds: float) -> list[Answer]:
        """Carry out the order."""
        order, self._order = self._order, None
        self._collections.tidy()
        return [] if order is None else [Answer(order, order.perform(self._evaluators))]

    def close(self) -> None:
        """Leave the process as it was."""
        self._collections.close()


def carried_out(
    orders: Sequence[Order],
    crew: Crew,
    lost: Callable[[Order, str], object] = lambda *_: None,
    waited: Callable[[], object] = lambda: None,
) -> list[Any]:
    """The results of some orders, in their order; nothing else may be under way.

    Args:
        orders: to be carried out.
        crew: does it.
        lost: is told of each order that lost its worker, and why; the order is given again.
        waited: is called from time to time.

    Raises:
        CrewError: there are no workers, or they are lost again and again.
        TaskError: the task breaks its own contract.
    """
    results: dict[int, Any] = {}
    waiting = list(range(len(orders)))
    numbers: dict[int, int] = {}
    losses = 0
    while len(results) < len(orders):
        while waiting and crew.idle:
            number = waiting.pop(0)
            numbers[id(orders[number])] = number
            crew.give(orders[number])
        for answer in crew.answers(WAIT):
            number = numbers[id(answer.order)]
            if answer.lost is None:
                results[number] = answer.result
                continue
            losses += 1
            waiting.append(number)
            lost(answer.order, answer.lost)
            if losses >= LOSSES:
                raise CrewError(
                    f"{losses} workers were lost one after the other, the last one because {answer.lost}; what was "
                    f"found is kept: --resume and --workers 0 go on in one process"
                )
        waited()
    return [results[number] for number in range(len(orders))]
