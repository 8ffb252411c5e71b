"""Orders: what the driver of a search asks of a worker. Each is carried out in one go, in the worker's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, Protocol

from evolve.engine.batch import Batch, judged_individuals, run_batch
from evolve.engine.configuration import Configuration
from evolve.engine.evaluation import Evaluator
from evolve.engine.founding import Founded, found
from evolve.engine.island import Island
from evolve.engine.planting import Seed
from fitness.gate import larger_gates
from fitness.limits import Limits
from fitness.programs import compile_for
from fitness.score import Failed
from population import Individual
from primitives.errors import ProgramError
from tasks import Purpose, Task

PROMOTION: Final = 1 << 30
"""Added to the epoch of the instances that decide on a promotion, so that nothing else is ever judged on them."""


class Evaluators:
    """An evaluator for each rung of a search, made when it is first asked for."""

    def __init__(self, tasks: Sequence[Task], seed: int, energy: str):
        self.seed = seed
        self._tasks = tuple(tasks)
        self._energy = energy
        self._made: dict[int, Evaluator] = {}

    def __getitem__(self, rung: int) -> Evaluator:
        """That of a rung, counted from 0."""
        if rung not in self._made:
            self._made[rung] = Evaluator(self._tasks[rung], self.seed, self._energy)
        return self._made[rung]


class Order(Protocol):
    """Something for a worker to do."""

    @property
    def rung(self) -> int:
        """On which rung it is to be done."""
        ...

    @property
    def seconds(self) -> float:
        """How long it may take, apart from its programs."""
        ...

    @property
    def programs(self) -> int:
        """How many programs may be judged after that."""
        ...

    def perform(self, evaluators: Evaluators) -> Any:
        """Do it. Raises TaskError if the task breaks its contract."""
        ...


class Answer(NamedTuple):
    """What came of an order: its result, or if `lost` says how the worker was lost, none."""

    order: Order
    result: Any
    lost: str | None = None


class Advanced(NamedTuple):
    """An island after a batch, and what happened in it."""

    island: Island
    batch: Batch


@dataclass(frozen=True, slots=True)
class Advance:
    """Let an island make children (`evolve.engine.batch.run_batch`); the answer is `Advanced`."""

    island: Island
    most: int
    seconds: float

    @property
    def rung(self) -> int:
        """The island's."""
        return self.island.place.rung

    @property
    def programs(self) -> int:
        """How many programs may be judged after the time is over: the last one, or all on the island."""
        island = self.island
        again = island.stale * (len(island.population) + len(island.entrants))
        return 1 + again + 2 * len(island.arrivals)

    def perform(self, evaluators: Evaluators) -> Advanced:
        """Do it. Raises TaskError if the task breaks its contract."""
        return Advanced(self.island, run_batch(self.island, evaluators[self.rung], self.most, self.seconds))


@dataclass(frozen=True, slots=True)
class Appraise:
    """Judge individuals on the instances for a purpose; the answer are those that don't fail.

    Nothing else is judged on these instances but at the end of a search, if the epoch comes after all others.
    """

    rung: int
    individuals: tuple[Individual, ...]
    purpose: Purpose
    epoch: int
    limits: Limits
    seconds: float = 0.0

    @property
    def programs(self) -> int:
        """How many programs are judged."""
        return len(self.individuals)

    def perform(self, evaluators: Evaluators) -> tuple[Individual, ...]:
        """Do it. Raises TaskError if the task breaks its contract."""
        evaluator = evaluators[self.rung]
        evaluator.limits = self.limits
        evaluator.start(self.epoch)
        return judged_individuals(self.individuals, evaluator, self.purpose)


class Examined(NamedTuple):
    """Whether an individual may be promoted.

    Attributes:
        individual: with the score that it was judged by, if it did not fail.
        failure: why not; None if it passes.
        misfit: why it can't live on the next rung; None if it can, or if that rung is not open yet.
    """

    individual: Individual
    failure: str | None = None
    misfit: str | None = None


@dataclass(frozen=True, slots=True)
class Examine:
    """Whether an individual passes the gates of its rung, on instances that are drawn for nothing else.

    The answer is `Examined`.

    Attributes:
        rung: whose gates they are.
        individual: that is examined.
        epoch: of the search, from which that of the instances follows.
        limits: of a program on this rung.
        above: limits on the next rung, if that is open.
    """

    rung: int
    individual: Individual
    epoch: int
    limits: Limits
    above: Limits | None = None
    seconds: float = 0.0

    @property
    def programs(self) -> int:
        """How many programs are judged: here, at a larger size, and on the next rung."""
        return 4

    def perform(self, evaluators: Evaluators) -> Examined:
        """Do it. Raises TaskError if the task breaks its contract."""
        individual, evaluator = self.individual, evaluators[self.rung]
        evaluator.limits = self.limits
        evaluator.start(PROMOTION + self.epoch)
        gate, task = evaluator.task.gate, evaluator.task
        judged = evaluator.score(compile_for(task, individual.source), Purpose.SELECTION, gate)
        if isinstance(judged, Failed):
            return Examined(individual, judged.status)
        individual = replace(individual, score=judged)
        if judged.accuracy_low < gate:
            return Examined(individual, f"accuracy {judged.accuracy:.3f}, at least {judged.accuracy_low:.3f}")
        for each in larger_gates(task, individual.source, evaluators.seed, Purpose.SELECTION, PROMOTION + self.epoch):
            if not each.passed:
                outcome = each.outcome
                how = outcome.status if isinstance(outcome, Failed) else f"accuracy {outcome.accuracy:.3f}"
                return Examined(individual, f"{how} on {each.task}")
        return Examined(individual, None, self._misfit(evaluators))

    def _misfit(self, evaluators: Evaluators) -> str | None:
        """Why the individual does not run on the next rung."""
        if self.above is None:
            return None
        evaluator = evaluators[self.rung + 1]
        evaluator.limits = self.above
        evaluator.start(PROMOTION + self.epoch)  # whatever it judged before
        try:
            status = evaluator.trial(compile_for(evaluator.task, self.individual.source)).status
        except ProgramError as error:
            return f"it can't be compiled: {error.diagnostics[0]}"
        return None if status == "ok" else status


@dataclass(frozen=True, slots=True)
class Found:
    """Open a rung (`evolve.engine.founding.found`); the answer is `Founded`.

    Attributes:
        rung: that is opened.
        configuration: of the search.
        seeds: all that there are.
        promoted: individuals that come from the rung below.
    """

    rung: int
    configuration: Configuration
    seeds: tuple[Seed, ...]
    promoted: tuple[Individual, ...]
    seconds: float = 0.0

    @property
    def programs(self) -> int:
        """How many programs are judged, each twice."""
        return 2 * (len(self.promoted) + len(self.seeds) + 1)

    def perform(self, evaluators: Evaluators) -> Founded:
        """Do it. Raises TaskError if the task breaks its contract."""
        return found(evaluators[self.rung], self.rung, self.configuration, self.seeds, self.promoted)
