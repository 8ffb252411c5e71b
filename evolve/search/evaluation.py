"""Judging programs on a task: which instances, which limits, and the cheap gate before them."""

from __future__ import annotations

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
    """Judges programs on the instances of one epoch.

    Programs can't see the seed, nor is an instance of one purpose or epoch ever one of another.
    """

    def __init__(self, task: Task, seed: int):
        self.task = task
        self.limits = limits_of(task.budget)
        self.reference = Reference(task.chance, task.budget.steps * STEP_SECONDS, task.budget.energy)
        self._seed = seed
        self.start(0)

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
        """Draw the instances of an epoch."""
        self.epoch = epoch
        self._problems = {purpose: self._draw(purpose, epoch) for purpose in (Purpose.SEARCH, Purpose.SELECTION)}
        self._set_gate(next(iter(instances(self.task, Purpose.SEARCH, self._seed, 1, epoch))))
        self._behaviours: set[tuple[int, float, bytes | float | None]] = set()

    def _draw(self, purpose: Purpose, epoch: int) -> list[Problem]:
        return problems(self.task, purpose, self._seed, self.task.instances, epoch)

    def _set_gate(self, first: Instance) -> None:
        """Make the gate of a few queries of the first instance, or of all of an episode."""
        chance, count = self.task.chance, 1
        if isinstance(first, Examples):
            first = replace(first, queries=first.queries[:GATE_QUERIES], answers=first.answers[:GATE_QUERIES])
            count = len(first.answers)
        self._gate = problem(first)
        self._threshold = min(1.0, chance + GATE_DEVIATIONS * (chance * (1 - chance) / count) ** 0.5)

    def trial(self, program: Compiled) -> Judged:
        """Run a program on a few queries of one instance."""
        return judge(program, self._gate, self.limits, streams(self._seed, 1)[0])

    def gate(self, program: Compiled, demanding: bool) -> str | None:
        """Try a program: why it is not worth more, or None.

        A demanding gate also turns away a program that answers these no better than a guess. Every gate turns away one
        that does exactly what another did before: the same queries right in as many steps for the same energy.
        """
        judged = self.trial(program)
        if judged.status != "ok":
            return judged.status
        assert judged.accuracy is not None
        if demanding and judged.correct is not None and judged.accuracy < self._threshold:
            return "at chance"
        answered = judged.accuracy if judged.correct is None else judged.correct.tobytes()
        behaviour = (judged.steps, judged.energy, answered)
        if behaviour in self._behaviours:
            return "same behaviour"
        self._behaviours.add(behaviour)
        return None

    def score(self, program: Compiled, purpose: Purpose, demand: float = 0.0) -> Score | Failed:
        """The score of a program on this epoch's instances for the search or for selection."""
        return score(program, self._problems[purpose], self.limits, self._seed, self.task, demand)

    def holdout(self, program: Compiled) -> Score | Failed:
        """The score of a program on instances that neither the search nor the front has seen."""
        return score(program, self._draw(Purpose.VERIFICATION, 0), self.limits, self._seed, self.task)
