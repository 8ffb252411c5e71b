"""The ladder of a search: its open rungs, what happens at the end of a turn, and who goes up.

After a turn, which is one epoch of one rung, individuals of the rung's front that pass its gates are promoted to the
next one. Nothing is judged here: the crew does that. All that a turn's end brings is stored in one transaction, so that
a search that was killed on the way does it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evolve.engine.configuration import Configuration
from evolve.engine.founding import Founded
from evolve.engine.island import Island
from evolve.engine.orders import Examine, Examined, Found, Order
from evolve.engine.planting import Seed
from evolve.engine.progress import Progress
from evolve.engine.saving import saved
from evolve.engine.schedule import next_rung
from fitness.limits import Limits
from population import Archive, Individual, ring
from runs import Birth, Store
from tasks import Task

MOST: Final = 4
"""Individuals that are examined after a turn."""

Carry = Callable[[Sequence[Order]], list[Any]]
"""Has orders carried out: their results in the same order."""


@dataclass(slots=True)
class Rung:
    """An open rung.

    Attributes:
        number: from 0.
        task: of the rung.
        islands: that live on it.
        seeds: individuals that it was founded with and that come from no other rung.
        since: the epochs that the rungs below had done when it was opened.
        tried: the keys of all that were examined, whether they passed or not.
        promoted: how many of them passed.
    """

    number: int
    task: Task
    islands: list[Island]
    seeds: tuple[Individual, ...]
    since: tuple[int, ...] = ()
    tried: set[str] = field(default_factory=set)
    promoted: int = 0

    @property
    def epoch(self) -> int:
        """That its islands are in, which is how many it has done."""
        return self.islands[0].epoch

    @property
    def limits(self) -> Limits:
        """Of a program on one instance."""
        return self.islands[0].place.limits

    @property
    def children(self) -> int:
        """How many were made on its islands."""
        return sum(each.children for each in self.islands)

    def front(self) -> Archive:
        """That of all islands together."""
        members = [member for island in self.islands for member in island.archive.members]
        return Archive(self.task.chance).with_individuals(members)

    def state(self) -> dict[str, Any]:
        """What is to be stored of it, apart from its islands."""
        seeds = [each.id for each in self.seeds]
        return {"seeds": seeds, "since": self.since, "tried": sorted(self.tried), "promoted": self.promoted}


def examinable(front: Archive, tried: set[str], gate: float) -> list[Individual]:
    """Who is examined: of those on a front that seem to pass and are new, the cheapest and the most accurate."""
    new = [each for each in front.members if each.score.accuracy_low >= gate and each.key not in tried]
    new = list({each.key: each for each in reversed(new)}.values())[::-1]
    if len(new) <= MOST:
        return new
    best = max(new[MOST - 1 :], key=lambda each: (each.score.accuracy, -each.score.energy))
    return [*new[: MOST - 1], best]


def welcome(island: Island, individuals: Sequence[Individual]) -> None:
    """Let individuals from another rung arrive on an island, before its next epoch; they are judged with all there."""
    known = {each.key for each in (*island.population, *island.arrivals)}
    new = tuple(each for each in individuals if each.key not in known)
    if new:
        island.arrivals += new
        island.keys |= {each.key for each in new}
        island.stale = True


class Ladder:
    """The open rungs of a search, and its way up.

    Args:
        tasks: of all rungs.
        configuration: of the search.
        seeds: programs to start from, on all rungs.
        store: the run's.
        rungs: the open ones.
        progress: is kept up to date.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        configuration: Configuration,
        seeds: Sequence[Seed],
        store: Store,
        rungs: list[Rung],
        progress: Progress,
    ):
        self.tasks = tasks
        self.configuration = configuration
        self.seeds = tuple(seeds)
        self.store = store
        self.rungs = rungs
        self.progress = progress

    @property
    def current(self) -> Rung:
        """The rung whose turn it is."""
        return self.rungs[next_rung([each.epoch for each in self.rungs], self.rungs[-1].since)]

    @property
    def islands(self) -> list[Island]:
        """Those of all open rungs."""
        return [island for rung in self.rungs for island in rung.islands]

    @property
    def founders_pass(self) -> bool:
        """Whether the current rung, on which nothing was born yet, has founders that seem to pass."""
        rung = self.current
        if rung.children or rung.epoch or rung.number + 1 == len(self.tasks):
            return False
        return bool(examinable(rung.front(), rung.tried, rung.task.gate))

    def end_turn(self, carry: Carry, noticed: Callable[[str], object]) -> None:
        """Promote those who pass, open the next rung if it is not, and begin the next epoch of the current rung.

        Args:
            carry: has orders carried out.
            noticed: is told what a person should know.

        Raises:
            CrewError, RunError, TaskError: what an order or the store raise.
        """
        rung = self.current
        examined: list[Examined] = carry(self._examinations(rung))
        passed = [each for each in examined if each.failure is None]
        above = self._above(rung)
        founded: Founded | None = None
        if passed and above is None and rung.number + 1 < len(self.tasks):
            promoted = tuple(each.individual for each in passed)
            (founded,) = carry([Found(rung.number + 1, self.configuration, self.seeds, promoted)])
        with self.store.transaction():
            self._settle(rung, examined, noticed)
            self._next_epoch(rung)
            if founded is not None:
                self._open(rung, founded, noticed)
            elif above is not None:
                self._send_up(above, passed)
            self.store.keep_rung(rung.task.name, rung.state())

    def _above(self, rung: Rung) -> Rung | None:
        return self.rungs[rung.number + 1] if rung.number + 1 < len(self.rungs) else None

    def _examinations(self, rung: Rung) -> list[Order]:
        """Whom to examine. On the last rung once one has passed nobody has to be."""
        if rung.number + 1 == len(self.tasks) and rung.promoted:
            return []
        above = self._above(rung)
        limits = None if above is None else above.limits
        candidates = examinable(rung.front(), rung.tried, rung.task.gate)
        return [Examine(rung.number, each, rung.epoch, rung.limits, limits) for each in candidates]

    def _settle(self, rung: Rung, examined: Sequence[Examined], noticed: Callable[[str], object]) -> None:
        """Keep in mind what came of the examinations."""
        name, passed = rung.task.name, [each.individual.id for each in examined if each.failure is None]
        rung.tried |= {each.individual.key for each in examined}
        for each in examined:
            if each.failure is not None:
                self._note("not promoted", rung=name, id=each.individual.id, reason=each.failure)
            elif each.misfit is not None:
                upper = self.tasks[rung.number + 1].name
                self._note("dropped", rung=upper, name=f"#{each.individual.id}", reason=each.misfit)
        if not passed:
            return
        if not rung.promoted:
            self._note("passed", rung=name, id=passed[0])
            noticed(f"{name} is passed, by #{passed[0]} after {self.progress.evaluations:,} children")
        rung.promoted += len(passed)
        if rung.number + 1 < len(self.tasks):
            self._note("promoted", rung=name, to=self.tasks[rung.number + 1].name, ids=passed)

    def _note(self, kind: str, **what: Any) -> None:
        """Store an event, with its time."""
        time = {"seconds": self.progress.seconds, "evaluations": self.progress.evaluations}
        self.store.note(kind, what | time)

    def _send_up(self, above: Rung, passed: Sequence[Examined]) -> None:
        """Let those who were promoted arrive on an open rung, one on each island in turn."""
        fit = [each.individual for each in passed if each.misfit is None]
        for number, each in enumerate(fit):
            welcome(above.islands[(above.epoch + number) % len(above.islands)], [each])
        if fit:
            self.keep(above.islands)

    def _open(self, below: Rung, founded: Founded, noticed: Callable[[str], object]) -> None:
        """Open a rung."""
        task = self.tasks[below.number + 1]
        rung = Rung(below.number + 1, task, founded.islands, founded.seeds, tuple(each.epoch for each in self.rungs))
        known = {each.id for each in (*below.seeds, *(seed for rung in self.rungs for seed in rung.seeds))}
        new = [each for each in founded.seeds if each.id not in known]
        self.rungs.append(rung)
        self.store.add(new, Birth(task.name, None, 0, self.configuration.seed, self.progress.seconds))
        self.store.open_rung(rung.number, task.name, self.progress.seconds, rung.state())
        self.keep(rung.islands)
        self._note("opened", rung=task.name, settlers=founded.settlers, seeds=[each.id for each in founded.seeds])
        for name, reason in founded.dropped:
            self._note("dropped", rung=task.name, name=name, reason=reason)
        noticed(f"{task.name} opens, with {len(founded.settlers)} from {below.task.name} and {len(founded.seeds)} new")

    def _next_epoch(self, rung: Rung) -> None:
        """Let individuals migrate, and all islands of a rung begin an epoch together."""
        fronts = [each.archive.members for each in rung.islands]
        arrivals = ring(fronts, self.configuration.migrants, rung.task.chance, rung.task.gate)
        for island, those in zip(rung.islands, arrivals, strict=True):
            island.next_epoch(those)
        self.keep(rung.islands)
        moved = [[each.id for each in those] for those in arrivals]
        self.store.note("epoch", {"rung": rung.task.name, "epoch": rung.epoch, "arrivals": moved})

    def keep(self, islands: Sequence[Island]) -> None:
        """Store islands as they are."""
        for island in islands:
            name = self.tasks[island.place.rung].name
            self.store.keep_island(
                island.place.number, name, island.epoch, island.children, self.progress.seconds, saved(island)
            )
