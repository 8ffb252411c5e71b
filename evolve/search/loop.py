"""The loop of a search: ask an island for a child, judge it, tell the island, and keep the front."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from evolve.search.configuration import Configuration
from evolve.search.evaluation import Evaluator
from evolve.search.island import Child, Island
from evolve.search.planting import Seed, choose
from fitness.programs import Compiled, compile_for
from fitness.score import Failed, Score
from population import Archive, Individual, hypervolume
from primitives.errors import ProgramError
from tasks import Purpose, Task


@dataclass(slots=True)
class Progress:
    """Where a search stands: evaluations, seconds, hypervolume, the archive, and what became of children.

    `made` counts the children by operator, `outcomes` by operator and what became of them: `nothing new`, `rejected` by
    the compiler, a failing status, `at chance`, `same behaviour`, `inaccurate`, `died`, `survived` or `front`.
    """

    archive: Archive
    evaluations: int = 0
    seconds: float = 0.0
    hypervolume: float = 0.0
    made: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: bool = False


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

    def born(self, individual: Individual, epoch: int) -> None:
        """An individual survived its first selection."""
        ...

    def progressed(self, progress: Progress) -> None:
        """Called after every evaluation; it must be quick."""
        ...


def search(
    task: Task,
    configuration: Configuration,
    seeds: Sequence[Seed],
    observer: Observer,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Search for programs on a task, from the seeds, until a limit of the configuration is reached.

    With the same configuration (and a limit on evaluations alone) it finds the same. KeyboardInterrupt stops it, and
    what it found until then is the result.

    Raises:
        evolve.search.planting.SeedError: a required seed can't be compiled, or fails; or none is left.
    """
    run = _Run(task, configuration, observer, clock)
    try:
        run.plant(seeds)
        while not run.finished():
            run.step()
    except KeyboardInterrupt:
        run.progress.stopped = True
    return run.result()


_GAINS: Final = {"front": 1.0, "survived": 0.5}
"""What a use of an operator gained, by what became of its child; else nothing."""


class _Run:
    """One search under way."""

    def __init__(self, task: Task, configuration: Configuration, observer: Observer, clock: Callable[[], float]):
        self.task = task
        self.configuration = configuration
        self.observer = observer
        self.clock = clock
        self.began = clock()
        self.evaluator = Evaluator(task, configuration.seed)
        self.island = Island(configuration.population, task.chance, task.gate, configuration.seed, task.contract)
        self.progress = Progress(Archive(task.chance))
        self.planted: list[Individual] = []
        self.entrants: dict[int, Individual] = {}

    def finished(self) -> bool:
        limits, progress = self.configuration, self.progress
        progress.seconds = self.clock() - self.began
        if limits.evaluations is not None and progress.evaluations >= limits.evaluations:
            return True
        return limits.seconds is not None and progress.seconds >= limits.seconds

    def plant(self, seeds: Sequence[Seed]) -> None:
        """Let the seeds be the first population."""
        for seed, compiled, judged in choose(seeds, self.evaluator, self.observer.dropped):
            individual = self._born(self.island.child_of_seed(seed.source, seed.name), judged)
            if individual is not None:
                self.planted.append(individual)
                self._admit(individual, compiled)

    def step(self) -> None:
        """Make and judge one child; at the start of a new epoch all survivors again."""
        if self.progress.evaluations and self.progress.evaluations % self.configuration.epoch == 0:
            self._next_epoch()
        operator, child = self.island.ask()
        self.progress.made[operator] += 1
        outcome = "nothing new" if child is None else self._judge(child)
        self.progress.outcomes[operator, outcome] += 1
        self.island.learn(operator, _GAINS.get(outcome, 0.0))
        self.progress.evaluations += 1
        self.observer.progressed(self.progress)

    def _judge(self, child: Child) -> str:
        try:
            compiled = compile_for(self.task, child.tree)
        except ProgramError:
            return "rejected"
        demand = self.island.demand
        refused = self.evaluator.gate(compiled, demand > 0)
        if refused is not None:
            return refused
        judged = self.evaluator.score(compiled, Purpose.SEARCH, demand)
        if isinstance(judged, Failed):
            return judged.status
        individual = self._born(child, judged)
        if individual is None:
            return "died"
        return "front" if self._admit(individual, compiled) else "survived"

    def _born(self, child: Child, judged: Score) -> Individual | None:
        individual = self.island.tell(child, judged)
        if individual is not None:
            self.observer.born(individual, self.evaluator.epoch)
        return individual

    def _admit(self, individual: Individual, compiled: Compiled) -> bool:
        """Judge a leading survivor on the instances of the front, and admit it if none dominates it there."""
        if not self.island.leads(individual):
            return False
        judged = self.evaluator.score(compiled, Purpose.SELECTION)
        if isinstance(judged, Failed):
            return False
        verified = replace(individual, score=judged)
        self._set_archive(self.progress.archive.with_individuals([verified]))
        return verified in self.progress.archive.members

    def _set_archive(self, archive: Archive) -> None:
        """Take a new front; `entrants` collects all that stood on it in this epoch."""
        self.progress.archive = archive
        self.entrants |= {each.id: each for each in archive.members}
        self.progress.hypervolume = hypervolume([each.score for each in archive.members], self.evaluator.reference)

    def _next_epoch(self) -> None:
        """Draw new instances, and judge the population and the front on them."""
        self.evaluator.start(self.evaluator.epoch + 1)
        self.island.judged_again(self._judged(self.island.population, Purpose.SEARCH))
        self._renew_front()

    def _renew_front(self) -> None:
        """Judge all that stood on the front in the last epoch, and the seeds, on this epoch's instances.

        So one that was displaced by a lucky one gets its place back when luck has left that one.
        """
        candidates = {each.id: each for each in self.planted} | self.entrants
        self.entrants = {}
        again = self._judged(list(candidates.values()), Purpose.SELECTION)
        self._set_archive(Archive(self.progress.archive.chance).with_individuals(again))

    def _judged(self, individuals: Sequence[Individual], purpose: Purpose) -> list[Individual]:
        """The individuals that don't fail, with their scores on this epoch's instances."""
        judged = [(each, self.evaluator.score(compile_for(self.task, each.source), purpose)) for each in individuals]
        return [replace(each, score=new) for each, new in judged if isinstance(new, Score)]

    def result(self) -> Result:
        """Renew the front, and judge it and the seeds on instances that the search has not seen."""
        self.evaluator.start(self.evaluator.epoch + 1)
        self._renew_front()
        seeds = self._unseen(self.planted)
        found = self._unseen([each for each in self.progress.archive.members if each.parents])
        front = Archive(self.progress.archive.chance).with_individuals([*seeds, *found])
        return Result(front.members, tuple(seeds), self.progress)

    def _unseen(self, individuals: Sequence[Individual]) -> list[Individual]:
        judged = [(each, self.evaluator.holdout(compile_for(self.task, each.source))) for each in individuals]
        return [replace(each, score=new) for each, new in judged if isinstance(new, Score)]
