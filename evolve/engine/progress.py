"""What a search tells those who watch it, and what it leaves at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from population import Archive, Individual


@dataclass(slots=True)
class Progress:
    """Where a search stands.

    Attributes:
        archive: the front of all islands.
        gate: the accuracy that a program must surely have to pass.
        evaluations: children made.
        seconds: for which it has searched, before it was resumed too.
        epoch: that the islands are in, from 0.
        hypervolume: of the front.
        outcomes: children by operator and what became of them (`evolve.engine.batch.Batch`).
        islands: how many there are.
        workers: how many there are.
        lost: workers that were lost and replaced.
        stopped: whether a person stopped it.
        history: evaluations and hypervolume, at the end of each batch since it was last resumed that changed the front.
    """

    archive: Archive
    gate: float
    evaluations: int = 0
    seconds: float = 0.0
    epoch: int = 0
    hypervolume: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    islands: int = 0
    workers: int = 0
    lost: int = 0
    stopped: bool = False
    history: list[tuple[int, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found. All scores in it come from the same instances, which the search has not seen.

    Attributes:
        front: the Pareto front, from the cheapest in energy to the dearest.
        seeds: the individuals that the search started from.
        progress: how it went; its archive is the front as the search saw it.
    """

    front: tuple[Individual, ...]
    seeds: tuple[Individual, ...]
    progress: Progress


class Observer(Protocol):
    """Who wants to know what happens in a search."""

    def dropped(self, name: str, reason: str) -> None:
        """A seed that is not required is not started from."""
        ...

    def noticed(self, message: str) -> None:
        """Something happened that a person should know: a worker was lost, the final check begins."""
        ...

    def progressed(self, progress: Progress) -> None:
        """Called after every batch, and at least once a second or so; it must be quick."""
        ...


class Silent:
    """An observer that does nothing."""

    def dropped(self, name: str, reason: str) -> None:
        """Ignore it."""

    def noticed(self, message: str) -> None:
        """Ignore it."""

    def progressed(self, progress: Progress) -> None:
        """Ignore it."""
