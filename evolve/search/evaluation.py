"""Judging programs on a task: which instances, which limits, and the cheap gate before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fitness import Limits, play
from fitness.score import Failed, Problem, Score, problem, score, seconds_per_step
from population import Reference
from primitives.learner import Learner
from tasks import Instance, Task

SELECTION, VERIFICATION, HOLDOUT = range(3)
"""What instances are for: choosing survivors, admitting to the front, and the figures that people see."""

GATE_QUERIES: Final = 24
GATE_DEVIATIONS: Final = 2.0
"""How many standard deviations above chance a program must be on the gate's queries."""


class Evaluator:
    """Judges programs on the instances of one epoch.

    Programs can't see the seed, nor is an instance of one purpose or epoch ever one of another.
    """

    def __init__(self, task: Task, seed: int, verification: int):
        self.task = task
        self.limits = Limits(steps=task.budget.steps, energy=task.budget.energy, memory=task.budget.memory)
        self.reference = Reference(task.chance, task.budget.steps * seconds_per_step(), task.budget.energy)
        self._seed = seed
        self._verification = verification
        self.start(0)

    def start(self, epoch: int) -> None:
        """Draw the instances of an epoch."""
        self.epoch = epoch
        selection = self._draw(SELECTION, epoch, self.task.instances)
        self._problems = {
            SELECTION: _problems(selection),
            VERIFICATION: _problems(self._draw(VERIFICATION, epoch, self._verification)),
        }
        first = selection[0]
        self._gate = problem(replace(first, queries=first.queries[:GATE_QUERIES], answers=first.answers[:GATE_QUERIES]))
        self._behaviours: set[tuple[int, float, bytes]] = set()
        chance, count = self.task.chance, len(self._gate.answers)
        self._threshold = min(1.0, chance + GATE_DEVIATIONS * (chance * (1 - chance) / count) ** 0.5)

    def _draw(self, purpose: int, epoch: int, count: int) -> tuple[Instance, ...]:
        generator = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(purpose, epoch)))
        return tuple(self.task.draw(generator) for _ in range(count))

    def gate(self, program: Learner, demanding: bool) -> str | None:
        """Run a program on a few queries of one instance: why it is not worth more, or None.

        A demanding gate also turns away a program that answers these no better than a guess. Every gate turns away one
        that does exactly what another did before: the same answers in as many steps for the same energy.
        """
        played = play(program, self._gate.staged, limits=self.limits)
        if played.status != "ok":
            return played.status
        if demanding and float(np.mean(played.answers == self._gate.answers)) < self._threshold:
            return "at chance"
        behaviour = (played.steps, played.energy, played.answers.tobytes())
        if behaviour in self._behaviours:
            return "same behaviour"
        self._behaviours.add(behaviour)
        return None

    def score(self, program: Learner, purpose: int, demand: float = 0.0) -> Score | Failed:
        """The score of a program on this epoch's instances for selection or verification (`fitness.score.score`)."""
        return score(program, self._problems[purpose], self.limits, self._seed, demand)

    def holdout(self, program: Learner) -> Score | Failed:
        """The score of a program on instances that neither selection nor the front has seen."""
        return score(program, _problems(self._draw(HOLDOUT, 0, self._verification)), self.limits, self._seed)


def _problems(instances: Sequence[Instance]) -> tuple[Problem, ...]:
    return tuple(problem(each) for each in instances)
