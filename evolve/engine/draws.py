"""The instances of an epoch: those of a rung, and a few of its larger sizes.

What a program has learned must hold at larger sizes as well (`tasks.task.Task.larger`): of two programs that are
equally good at the rung's own, selection could not tell the one that reads the first eight columns from the one that
reads all. So accuracy is judged at both; costs are those of the rung alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fitness.limits import Limits, limits_of
from fitness.problem import Problem, problems
from tasks import Purpose, Task

CERTAIN: Final = 200
"""Instances for accuracies of the front: of thousands of programs some are right on a few by luck, and they are cheaper
than those that are always right, whom they would displace."""

MOST_CERTAIN: Final = 1000
"""Instances for verification where that takes no long time: on 200 one that fails on one of 500 mostly looks exact."""

VERIFYING: Final = 1e10
"""Steps that a program may take on all instances for verification, if these are more than `CERTAIN`."""

PART: Final = 4
"""For so many instances of the rung there is one of a larger size, if it has any and each instance is a trial."""

GROWTH: Final = 64
"""How many times the steps of a rung's instance a program may take on a larger one."""


def sizes(task: Task) -> tuple[Task, ...]:
    """The larger sizes of a task that its programs are judged on as well, if each instance is a trial."""
    if task.interval != "instances":
        return ()
    return tuple(each for each in task.larger if each.contract == task.contract and each.interval == "instances")


class Draws:
    """The instances of an epoch, the first one until `start` names another; drawn when they are first asked for.

    Those for verification are the same in all epochs: neither the search nor the front has seen them.

    Args:
        task: whose instances they are.
        seed: of the search; programs can't see it.
    """

    def __init__(self, task: Task, seed: int):
        self._task = task
        self._seed = seed
        self._epoch = 0
        self._steps = task.budget.steps
        self._own: dict[tuple[Purpose, int], list[Problem]] = {}
        self._larger: dict[tuple[Purpose, int], list[Problem]] = {}
        self._sizes = sizes(task)

    def start(self, epoch: int, steps: int) -> None:
        """Draw those of an epoch from now on, for programs that may take so many steps on each."""
        self._steps = steps
        if epoch != self._epoch:
            self._epoch = epoch
            self._own.clear()
            self._larger.clear()

    def own(self, purpose: Purpose) -> list[Problem]:
        """Those of the rung for a purpose, of which costs are counted on the first ones."""
        count = self._count(purpose)
        if (purpose, count) not in self._own:
            self._own[purpose, count] = problems(self._task, purpose, self._seed, count, self._when(purpose))
        return self._own[purpose, count]

    def larger(self, purpose: Purpose) -> list[Problem]:
        """Those of its larger sizes."""
        count = self._count(purpose) // PART // max(1, len(self._sizes))
        if (purpose, count) not in self._larger:
            drawn = [problems(task, purpose, self._seed, count, self._when(purpose)) for task in self._sizes]
            self._larger[purpose, count] = [one for those in drawn for one in those]
        return self._larger[purpose, count]

    def limits(self, own: Limits) -> Limits:
        """The limits of a program on a larger instance, from those on one of the rung's own."""
        budgets = [limits_of(each.budget) for each in self._sizes]
        steps = min([own.steps * GROWTH, *(each.steps for each in budgets)])
        return replace(own, steps=steps, memory=max([own.memory, *(each.memory for each in budgets)]))

    def _when(self, purpose: Purpose) -> int:
        return 0 if purpose is Purpose.VERIFICATION else self._epoch

    def _count(self, purpose: Purpose) -> int:
        """How many of the rung there are for a purpose."""
        count = self._task.instances
        if purpose is Purpose.SEARCH or self._task.interval != "instances":
            return count
        if purpose is Purpose.VERIFICATION:
            count = max(count, min(MOST_CERTAIN, int(VERIFYING / max(1, self._steps))))
        return max(count, CERTAIN)
