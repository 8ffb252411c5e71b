"""What a search tells those who watch it, and what it leaves at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from population import Archive, Individual


@dataclass(slots=True)
class Standing:
    """Where a search stands on a rung of its ladder.

    Attributes:
        rung: the task's name.
        gate: the accuracy that a program must surely have to pass.
        archive: the front of all islands.
        open: whether the search has got there.
        passed: whether a program has passed its gates, on instances drawn for that.
        promoted: how many programs went from here to the next rung.
        epoch: that its islands are in, from 0.
        children: made here.
        hypervolume: of the front.
        history: evaluations on all rungs and hypervolume, after each batch that changed the front.
    """

    rung: str
    gate: float
    archive: Archive
    open: bool = False
    passed: bool = False
    promoted: int = 0
    epoch: int = 0
    children: int = 0
    hypervolume: float = 0.0
    history: list[tuple[int, float]] = field(default_factory=list)


@dataclass(slots=True)
class Progress:
    """Where a search stands.

    Attributes:
        rungs: of the ladder, from the first to the last, those that are not open too.
        turn: the number of the rung whose islands are at work.
        evaluations: children made on all rungs.
        seconds: for which it has searched, before it was resumed too.
        outcomes: children by operator and what became of them (`evolve.engine.batch.Batch`).
        islands: how many each rung has.
        workers: how many there are.
        lost: workers that were lost and replaced.
        stopped: whether a person stopped it.
        beside: how it goes with what is done beside the islands, in one line; empty if nothing is.
    """

    rungs: list[Standing]
    turn: int = 0
    evaluations: int = 0
    seconds: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    islands: int = 0
    workers: int = 0
    lost: int = 0
    stopped: bool = False
    beside: str = ""

    @property
    def current(self) -> Standing:
        """The highest open rung, on which the search spends most; the first one before any is open."""
        return next((each for each in reversed(self.rungs) if each.open), self.rungs[0])

    @property
    def archive(self) -> Archive:
        """The front of the current rung."""
        return self.current.archive

    @property
    def hypervolume(self) -> float:
        """Of the front of the current rung."""
        return self.current.hypervolume

    @property
    def history(self) -> list[tuple[int, float]]:
        """Of the current rung."""
        return self.current.history


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found. All scores on a rung come from the same instances, which the search has not seen.

    Attributes:
        fronts: by rung, for those that are open, the Pareto front from the cheapest in energy to the dearest.
        started: by rung the individuals there that come from no other rung.
        progress: how it went; its archives are the fronts as the search saw them.
    """

    fronts: dict[str, tuple[Individual, ...]]
    started: dict[str, tuple[Individual, ...]]
    progress: Progress

    @property
    def rung(self) -> str:
        """The highest rung that has a front, or the first."""
        return next((rung for rung in reversed(self.fronts) if self.fronts[rung]), next(iter(self.fronts)))

    @property
    def front(self) -> tuple[Individual, ...]:
        """That of this rung."""
        return self.fronts[self.rung]

    @property
    def seeds(self) -> tuple[Individual, ...]:
        """The individuals that this rung was started with and that come from no other."""
        return self.started[self.rung]


class Observer(Protocol):
    """Who wants to know what happens in a search."""

    def dropped(self, name: str, reason: str) -> None:
        """A seed that is not required is not started from."""
        ...

    def noticed(self, message: str) -> None:
        """Something happened that a person should know: a rung opened, a worker was lost, the final check begins."""
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
