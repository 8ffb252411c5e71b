"""Judging programs on a task: which instances, which limits, and the cheap gate before them."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import Final

from fitness.limits import limits_of
from fitness.problem import Judged, Problem, judge, problem, problems
from fitness.programs import Compiled
from fitness.score import Failed, Score, score, streams
from population import Reference
from tasks import Examples, Instance, Purpose, Task, instances

GATE_QUERIES: Final = 24
GATE_DEVIATIONS: Final = 2.0
"""How many standard deviations above chance a program must be on the gate's queries."""

STEP_SECONDS: Final = 1e-8
"""Calibrated seconds of a step in the reference point: more than nearly any program takes on average."""

ROOM: Final = 32
"""How many times the cost of a program that passes the gate a search lets others use."""


class Evaluator:
    """Judges programs on the instances of an epoch, the first one until `start` names another.

    Programs can't see the seed, nor is an instance of one purpose or epoch ever one of another.
    """

    def __init__(self, task: Task, seed: int):
        self.task = task
        self.limits = limits_of(task.budget)
        self.reference = Reference(task.chance, task.budget.steps * STEP_SECONDS, task.budget.energy)
        self.epoch = 0
        self._seed = seed
        self._drawn: dict[Purpose, list[Problem]] = {}
        self._gate: tuple[Problem, float] | None = None

    def cap(self, steps: float, energy: float) -> None:
        """Let programs use no more than `ROOM` times as much, if the budget is larger.

        Budgets leave room for programs that are far from the best; in a search they would only take time.

        Args:
            steps: of one instance, of a program that passes the gate.
            energy: likewise.
        """
        budget = limits_of(self.task.budget)
        steps, energy = math.ceil(steps * ROOM), energy * ROOM
        self.limits = replace(budget, steps=min(budget.steps, steps), energy=min(budget.energy, energy))

    def start(self, epoch: int) -> None:
        """Judge on the instances of an epoch from now on; they are drawn when they are needed."""
        if epoch != self.epoch:
            self.epoch = epoch
            self._gate = None
            self._drawn.pop(Purpose.SEARCH, None)
            self._drawn.pop(Purpose.SELECTION, None)

    def _problems(self, purpose: Purpose) -> list[Problem]:
        if purpose not in self._drawn:
            epoch = 0 if purpose is Purpose.VERIFICATION else self.epoch
            self._drawn[purpose] = problems(self.task, purpose, self._seed, self.task.instances, epoch)
        return self._drawn[purpose]

    def _first_gate(self) -> tuple[Problem, float]:
        """A few queries of the first instance, or all of an episode, and the accuracy that they demand."""
        if self._gate is None:
            first: Instance = next(iter(instances(self.task, Purpose.SEARCH, self._seed, 1, self.epoch)))
            chance, count = self.task.chance, 1
            if isinstance(first, Examples):
                first = replace(first, queries=first.queries[:GATE_QUERIES], answers=first.answers[:GATE_QUERIES])
                count = len(first.answers)
            threshold = min(1.0, chance + GATE_DEVIATIONS * (chance * (1 - chance) / count) ** 0.5)
            self._gate = problem(first), threshold
        return self._gate

    def trial(self, program: Compiled) -> Judged:
        """Run a program on a few queries of one instance."""
        return judge(program, self._first_gate()[0], self.limits, streams(self._seed, 1)[0])

    def gate(self, program: Compiled, demanding: bool, behaviours: set[str]) -> str | None:
        """Try a program: why it is not worth more, or None.

        A demanding gate also turns away a program that answers these no better than a guess. Every gate turns away one
        that does exactly what another did before: the same queries right in as many steps for the same energy.

        Args:
            program: compiled for the task.
            demanding: whether a guess is turned away.
            behaviours: what programs did before, in this epoch; that of this one is added.
        """
        judged = self.trial(program)
        if judged.status != "ok":
            return judged.status
        assert judged.accuracy is not None
        if demanding and judged.correct is not None and judged.accuracy < self._first_gate()[1]:
            return "at chance"
        behaviour = _behaviour(judged)
        if behaviour in behaviours:
            return "same behaviour"
        behaviours.add(behaviour)
        return None

    def score(self, program: Compiled, purpose: Purpose, demand: float = 0.0) -> Score | Failed:
        """The score of a program on this epoch's instances for the search or for selection.

        Those for verification are the same in all epochs: neither the search nor the front has seen them.
        """
        return score(program, self._problems(purpose), self.limits, self._seed, self.task, demand)


def _behaviour(judged: Judged) -> str:
    """A hash of which queries a program got right, in how many steps, for which energy."""
    answered = repr(judged.accuracy) if judged.correct is None else judged.correct.tobytes().hex()
    text = f"{judged.steps} {judged.energy!r} {answered}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
