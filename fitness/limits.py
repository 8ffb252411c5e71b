"""What a measurement may use. Running into a limit is a status, not an error."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tasks.task import Budget

MEBIBYTE = 1 << 20
DEFAULT_MEMORY = 64 * MEBIBYTE
MOST_MEMORY = 256 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run.

    Attributes:
        steps: instructions; an allocation of 8 elements and a return from 8 cells or arrays count as one more.
        energy: of the model `dmc`, in its own unit.
        memory: live bytes of arrays, each at least 16; at most 256 MiB.
        output: bytes of the returned arrays.
        events: rows of a trace, for the models that price one after the run.
    """

    steps: int = 100_000_000
    energy: float = math.inf
    memory: int = DEFAULT_MEMORY
    output: int = MEBIBYTE
    events: int = 20_000_000

    def __post_init__(self) -> None:
        """Raise ValueError for a limit that makes no sense."""
        if self.steps < 0 or self.energy < 0 or self.output < 0 or self.events < 0:
            raise ValueError("limits are not negative")
        if not 0 <= self.memory <= MOST_MEMORY:
            raise ValueError(f"the limit on memory lies between 0 and {MOST_MEMORY} bytes")


def limits_of(budget: Budget) -> Limits:
    """The limits of one instance of a task."""
    return Limits(steps=budget.steps, energy=budget.energy, memory=budget.memory)
