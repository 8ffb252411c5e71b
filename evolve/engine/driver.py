"""The driver of a search: it gives orders to a crew, keeps what comes back, and lets epochs follow one another.

It makes and judges no programs itself. What it knows it stores at once, so that a search that was killed goes on from
the last batches that it had heard of.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from evolve.engine.configuration import Configuration
from evolve.engine.crew import Crew, CrewError
from evolve.engine.evaluation import Evaluator
from evolve.engine.island import Island
from evolve.engine.orders import Advance, Advanced, Answer
from evolve.engine.progress import Observer, Progress
from evolve.engine.saving import saved
from evolve.engine.schedule import allowance, complete
from population import Archive, Individual, hypervolume, ring
from runs import Birth, Point, Store
from tasks import Task

BATCH: Final = 1.0
"""Seconds of a batch: long enough that messages don't count, short enough to lose."""

WAIT: Final = 0.5
"""Seconds after which the driver looks around, answers or not."""

LOSSES: Final = 3
"""How many workers an order may lose, one after the other."""


class Driver:
    """A search under way.

    Args:
        task: to search on.
        configuration: its settings.
        store: the run's.
        crew: who does the work.
        observer: is told what happens.
        stop: set by whoever wants the search to stop after the batches that are under way.
        islands: where it starts or goes on.
        progress: likewise.
        clock: of seconds.
    """

    def __init__(
        self,
        task: Task,
        configuration: Configuration,
        store: Store,
        crew: Crew,
        observer: Observer,
        stop: threading.Event,
        islands: list[Island],
        progress: Progress,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.task = task
        self.configuration = configuration
        self.store = store
        self.crew = crew
        self.observer = observer
        self.stop = stop
        self.islands = islands
        self.progress = progress
        self._clock = clock
        self._began = 0.0
        self._reference = Evaluator(task, configuration.seed).reference
        self._busy: dict[int, int] = {}
        self._losses = [0] * len(islands)

    def run(self) -> None:
        """Search until a limit is reached, or the search is stopped.

        Raises:
            CrewError: there are no workers, or an island loses one after the other.
            RunError: the run can't be written.
            TaskError: the task breaks its own contract.
        """
        while not (self.crew.idle or self.stop.is_set()):
            self.crew.answers(WAIT)
        self._began = self._clock() - self.progress.seconds
        self._show_front()
        while True:
            if self.stop.is_set() and not self.progress.stopped:
                self.progress.stopped = True
                self.observer.noticed("stopping after the batches that are under way; once more stops at once")
            if not self._halted():
                self._give()
            if self._busy or not (self._halted() or self.crew.idle):
                for answer in self.crew.answers(WAIT):
                    self._take(answer)
                self.progress.seconds = self._clock() - self._began
                self.observer.progressed(self.progress)
            elif self._halted() or complete(self.islands, self.configuration):
                break
            else:
                self._next_epoch()

    def _halted(self) -> bool:
        return self.stop.is_set() or self._left() <= 0

    def _left(self) -> float:
        """Seconds until the limit of time."""
        limit = self.configuration.seconds
        return BATCH if limit is None else limit - (self._clock() - self._began)

    def _give(self) -> None:
        """Let idle workers advance the islands that are behind most."""
        resting = [each for each in self.islands if each.place.number not in self._busy]
        for island in sorted(resting, key=lambda each: each.children):
            if not self.crew.idle:
                break
            most = allowance(island, self.islands, self._busy.values(), self.configuration, self.crew.size)
            if most or island.stale:
                self._busy[island.place.number] = most
                self.crew.give(Advance(island, most, max(0.01, min(BATCH, self._left()))))

    def _take(self, answer: Answer) -> None:
        """Keep what came of an order."""
        assert isinstance(answer.order, Advance)
        number = answer.order.island.place.number
        del self._busy[number]
        if answer.lost is not None:
            self._replaced(number, answer.lost)
            return
        assert isinstance(answer.result, Advanced)
        island, batch = answer.result
        self._losses[number] = 0
        self.islands[number] = island
        self.progress.evaluations = sum(each.children for each in self.islands)
        self.progress.seconds = self._clock() - self._began
        self.progress.outcomes += batch.outcomes
        with self.store.transaction():
            birth = Birth(self.task.name, number, island.epoch, self.configuration.seed, self.progress.seconds)
            self.store.add(batch.born, birth)
            self._keep(island)
            self.store.count({key: self.progress.outcomes[key] for key in batch.outcomes})
            self._show_front()

    def _keep(self, island: Island) -> None:
        number, seconds = island.place.number, self.progress.seconds
        self.store.keep_island(number, island.epoch, island.children, seconds, saved(island))

    def _replaced(self, number: int, reason: str) -> None:
        """Let an island that lost its worker go on from where it was, but not for ever."""
        self._losses[number] += 1
        self.progress.lost += 1
        self.store.note("worker lost", {"island": number, "reason": reason, "seconds": self.progress.seconds})
        if self._losses[number] >= LOSSES:
            raise CrewError(
                f"island {number} lost {LOSSES} workers one after the other, the last one because {reason}; what was "
                f"found is kept: evolve search --resume {self.store.directory} --workers 0 goes on in one process"
            )
        self.observer.noticed(f"a worker of island {number} was lost ({reason}); another one goes on")

    def _show_front(self) -> None:
        """Put the fronts of all islands together, once all of them are judged on the instances of this epoch."""
        if any(each.stale for each in self.islands):
            return
        members = [member for island in self.islands for member in island.archive.members]
        archive = Archive(self.task.chance).with_individuals(members)
        progress = self.progress
        progress.epoch = self.islands[0].epoch
        if archive == progress.archive:
            return
        progress.archive = archive
        progress.hypervolume = hypervolume([each.score for each in archive.members], self._reference)
        progress.history.append((progress.evaluations, progress.hypervolume))
        self.store.set_front(archive.members, verified=False)
        self.store.chart(
            Point(progress.evaluations, progress.seconds, progress.epoch, progress.hypervolume, len(archive.members))
        )

    def _next_epoch(self) -> None:
        """Let individuals migrate, and all islands begin an epoch together."""
        arrivals = ring(
            [each.archive.members for each in self.islands],
            self.configuration.migrants,
            self.task.chance,
            self.task.gate,
        )
        with self.store.transaction():
            for island, those in zip(self.islands, arrivals, strict=True):
                island.next_epoch(those)
                self._keep(island)
            moved = [[each.id for each in those] for those in arrivals]
            self.store.note("epoch", {"epoch": self.islands[0].epoch, "arrivals": moved})


def candidates(islands: Sequence[Island], seeds: Sequence[Individual]) -> tuple[Individual, ...]:
    """The seeds and all on the islands' fronts, each once, in the order of their ids."""
    everyone = {each.id: each for each in seeds}
    everyone |= {each.id: each for island in islands for each in island.archive.members}
    return tuple(everyone[number] for number in sorted(everyone))
