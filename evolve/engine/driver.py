"""The driver of a search: it gives orders to a crew, keeps what comes back, and lets turns follow one another.

It makes and judges no programs itself. What it knows it stores at once, so that a search that was killed goes on from
the last batches that it had heard of.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from evolve.engine.beside import Beside
from evolve.engine.climbing import Ladder, Rung
from evolve.engine.configuration import Configuration
from evolve.engine.crew import LOSSES, WAIT, Crew, CrewError, carried_out
from evolve.engine.evaluation import Evaluator
from evolve.engine.inbox import take_in
from evolve.engine.orders import Advance, Advanced, Answer, Order
from evolve.engine.progress import Observer, Progress
from evolve.engine.schedule import allowance, complete, turn_over
from population import hypervolume
from runs import Birth, Point, Store

BATCH: Final = 1.0
"""Seconds of a batch: long enough that messages don't count, short enough to lose."""


class Driver:
    """A search under way.

    Args:
        ladder: its open rungs, where it starts or goes on.
        configuration: its settings.
        store: the run's.
        crew: who does the work.
        observer: is told what happens.
        stop: set by whoever wants the search to stop after the batches that are under way.
        progress: is kept up to date.
        beside: goes on while the islands do.
        clock: of seconds.
    """

    def __init__(
        self,
        ladder: Ladder,
        configuration: Configuration,
        store: Store,
        crew: Crew,
        observer: Observer,
        stop: threading.Event,
        progress: Progress,
        beside: Beside,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.ladder = ladder
        self.configuration = configuration
        self.store = store
        self.crew = crew
        self.observer = observer
        self.stop = stop
        self.progress = progress
        self.beside = beside
        self._clock = clock
        self._began = 0.0
        self._references = [Evaluator(task, configuration.seed).reference for task in ladder.tasks]
        self._busy: dict[int, int] = {}
        self._losses: dict[int, int] = {}

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
        if not (self.ladder.founders_pass or turn_over(self.ladder.current.islands, self.configuration)):
            self._take_in()
        for rung in self.ladder.rungs:
            self._show(rung)
        while True:
            if self.stop.is_set() and not self.progress.stopped:
                self.progress.stopped = True
                self.observer.noticed("stopping after the batches that are under way; once more stops at once")
            if not self.configuration.deterministic:
                self._take_in()
            over = self._halted() or complete(self.ladder.islands, self.configuration)
            at_once = not self._busy and self.ladder.founders_pass
            if not (over or at_once):
                self._give()
            if self._busy or not (over or self.crew.idle):
                for answer in self.crew.answers(WAIT):
                    self._take(answer)
                self._progressed()
            elif not self._halted() and (at_once or turn_over(self.ladder.current.islands, self.configuration)):
                self._end_turn()
            elif over:
                break
        self.beside.over()
        self._tell()
        self._take_in()

    def _halted(self) -> bool:
        return self.stop.is_set() or self._left() <= 0

    def _left(self) -> float:
        """Seconds until the limit of time."""
        limit = self.configuration.seconds
        return BATCH if limit is None else limit - (self._clock() - self._began)

    def _take_in(self) -> None:
        """Let proposals arrive on islands that rest."""
        take_in(self.ladder, self._busy, self.observer.noticed)

    def _tell(self) -> None:
        """Tell how it goes beside the islands."""
        self.progress.beside = self.beside.line
        for message in self.beside.notices():
            self.observer.noticed(message)

    def _progressed(self) -> None:
        self.progress.seconds = self._clock() - self._began
        self._tell()
        self.observer.progressed(self.progress)

    def _give(self) -> None:
        """Let idle workers advance the islands that are behind most, of the rung whose turn it is.

        First those at home there: a worker that has to get to know an island's programs anew makes fewer children.
        """
        rung = self.ladder.current
        elsewhere = sum(each.children for each in self.ladder.rungs) - rung.children
        resting = [each for each in rung.islands if each.place.number not in self._busy]
        while resting and self.crew.idle:
            island = min(resting, key=lambda each: (not self.crew.at_home(each.place.number), each.children))
            resting.remove(island)
            reserved = self._busy.values()
            most = allowance(island, rung.islands, reserved, self.configuration, self.crew.size, elsewhere)
            if most or island.stale or island.arrivals:
                self._busy[island.place.number] = most
                self.crew.give(Advance(island, most, max(0.01, min(BATCH, self._left()))), island.place.number)

    def _take(self, answer: Answer) -> None:
        """Keep what came of an order to an island."""
        assert isinstance(answer.order, Advance)
        number = answer.order.island.place.number
        del self._busy[number]
        if answer.lost is not None:
            self.lost(answer.order, answer.lost)
            self._replaced(number, answer.lost)
            return
        assert isinstance(answer.result, Advanced)
        island, batch = answer.result
        rung = self.ladder.rungs[island.place.rung]
        self._losses[number] = 0
        rung.islands[number % len(rung.islands)] = island
        progress = self.progress
        progress.evaluations = sum(each.children for each in self.ladder.rungs)
        progress.seconds = self._clock() - self._began
        progress.outcomes += batch.outcomes
        with self.store.transaction():
            birth = Birth(rung.task.name, number, island.epoch, self.configuration.seed, progress.seconds)
            self.store.add(batch.born, birth)
            self.ladder.keep([island])
            self.store.count({key: progress.outcomes[key] for key in batch.outcomes})
            self._show(rung)

    def lost(self, order: Order, reason: str) -> None:
        """Tell of a worker that was lost."""
        name = self.ladder.tasks[order.rung].name
        whose = f"island {order.island.place.number}" if isinstance(order, Advance) else f"rung {name}"
        self.progress.lost += 1
        self.store.note("worker lost", {"rung": name, "reason": reason, "seconds": self.progress.seconds})
        self.observer.noticed(f"a worker of {whose} was lost ({reason}); another one goes on")

    def _replaced(self, number: int, reason: str) -> None:
        """Let an island that lost its worker go on from where it was, but not for ever (CrewError)."""
        self._losses[number] = self._losses.get(number, 0) + 1
        if self._losses[number] >= LOSSES:
            raise CrewError(
                f"island {number} lost {LOSSES} workers one after the other, the last one because {reason}; what was "
                f"found is kept: evolve search --resume {self.store.directory} --workers 0 goes on in one process"
            )

    def _show(self, rung: Rung) -> None:
        """Put the fronts of a rung's islands together, once all of them are judged on the instances of this epoch."""
        progress, standing = self.progress, self.progress.rungs[rung.number]
        progress.turn = self.ladder.current.number
        standing.open, standing.passed, standing.promoted = True, bool(rung.promoted), rung.promoted
        standing.children = rung.children
        if any(each.stale for each in rung.islands):
            return
        front = rung.front()
        standing.epoch = rung.epoch
        if front == standing.archive:
            return
        standing.archive = front
        scores = [each.score for each in front.members]
        standing.hypervolume = hypervolume(scores, self._references[rung.number])
        standing.history.append((progress.evaluations, standing.hypervolume))
        point = Point(progress.evaluations, progress.seconds, rung.epoch, standing.hypervolume, len(front.members))
        with self.store.transaction():
            self.store.set_front(rung.task.name, front.members, verified=False)
            self.store.chart(rung.task.name, point)

    def _end_turn(self) -> None:
        """Let the ladder end a turn, and show what came of it."""

        def carry(orders: Sequence[Order]) -> list[Any]:
            return carried_out(orders, self.crew, self.lost, self._progressed)

        self.beside.turn_over()
        self.ladder.end_turn(carry, self.observer.noticed)
        self._take_in()
        for rung in self.ladder.rungs:
            self._show(rung)
        self._progressed()
