"""Orders: what the driver of a search asks of a worker. Each is carried out in one go, in the worker's process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from evolve.engine.batch import Batch, judged_individuals, run_batch
from evolve.engine.evaluation import Evaluator
from evolve.engine.island import Island
from fitness.limits import Limits
from population import Individual
from tasks import Purpose


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
    def programs(self) -> int:
        """How many programs may be judged after the time is over: the last one, or all on the island."""
        island = self.island
        return 1 + island.stale * (len(island.population) + len(island.entrants) + 2 * len(island.arrivals))

    def perform(self, evaluator: Evaluator) -> Advanced:
        """Do it. Raises TaskError if the task breaks its contract."""
        return Advanced(self.island, run_batch(self.island, evaluator, self.most, self.seconds))


@dataclass(frozen=True, slots=True)
class Appraise:
    """Judge individuals on the instances of an epoch for a purpose; the answer are those that don't fail."""

    individuals: tuple[Individual, ...]
    purpose: Purpose
    epoch: int
    limits: Limits
    seconds: float = 0.0

    @property
    def programs(self) -> int:
        """How many programs are judged."""
        return len(self.individuals)

    def perform(self, evaluator: Evaluator) -> tuple[Individual, ...]:
        """Do it. Raises TaskError if the task breaks its contract."""
        evaluator.limits = self.limits
        evaluator.start(self.epoch)
        return judged_individuals(self.individuals, evaluator, self.purpose)


Order = Advance | Appraise


class Answer(NamedTuple):
    """What came of an order: its result, or if `lost` says how the worker was lost, none."""

    order: Order
    result: Advanced | tuple[Individual, ...] | None
    lost: str | None = None
