"""The ladder: the rungs by name, from what random programs can solve upwards."""

from __future__ import annotations

from typing import Final

from tasks.parity import SparseParity
from tasks.task import Budget, Task

_SMALL: Final = Budget(steps=400_000, energy=1e7, memory=1 << 16)
_LARGE: Final = Budget(steps=3_000_000, energy=1e9, memory=1 << 20)

RUNGS: Final[dict[str, Task]] = {
    task.name: task
    for task in (
        SparseParity(4, 1, rows=10, queries=6, instances=64, budget=_SMALL),
        SparseParity(6, 2, rows=24, queries=40, instances=32, budget=_SMALL),
        SparseParity(10, 2, rows=40, queries=100, instances=32, budget=_SMALL),
        SparseParity(10, 3, rows=40, queries=100, instances=32, budget=_SMALL),
        SparseParity(20, 3, rows=500, queries=500, instances=32, budget=_LARGE),
    )
}
"""All rungs by name, from the easiest to the hardest."""


def rung(name: str) -> Task:
    """The task of a rung. Raises ValueError, with the names there are, for an unknown one."""
    if name not in RUNGS:
        raise ValueError(f"there is no rung {name}; there are {', '.join(RUNGS)}")
    return RUNGS[name]
