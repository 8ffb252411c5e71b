"""Seconds that a program takes on this computer, in the plain build of the machine: nothing is priced or recorded.

They are noisy, so they are measured often and shown with their spread; selection uses calibrated seconds
(`fitness.calibration`), which are the same everywhere.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from fitness.episode import Caller, play_with
from fitness.limits import Limits
from fitness.machine import Machine, Trap
from fitness.play import loaded
from fitness.problem import Problem
from fitness.programs import Compiled
from primitives.code import Entry
from primitives.compiler import compile_program

CROSSINGS: Final = 50
"""Runs of nothing, the quickest of which says what entering and leaving the machine takes."""

SMALL_MEMORY: Final = 1 << 12


class Seconds(NamedTuple):
    """Seconds of `fit`, and of all queries; those of an episode count as queries."""

    fit: float
    predict: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Many measurements of one thing: the median, and the first and third quartile."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The median and the quartiles of at least one value."""
    low, median, high = map(float, np.quantile(values, (0.25, 0.5, 0.75)))
    return Spread(median, low, high)


def timed(program: Compiled, instance: Problem, limits: Limits, seed: int) -> Seconds:
    """Run a program, which does not fail, on one instance, and take the time."""
    if instance.episode is not None:
        caller = _TimedCaller(program.task_contract, program.functions, limits, seed)
        play_with(caller, instance.episode)
        return Seconds(0.0, caller.seconds)
    assert program.learner is not None and instance.staged is not None
    machine, _ = loaded(program.learner, instance.staged, limits, seed)
    _, fit = _clocked(machine, program.learner.code.entries["fit"])
    predict = _clocked(machine, program.learner.play)[1] if instance.staged.count else 0.0
    return Seconds(fit, predict)


class _TimedCaller(Caller):
    """Takes the time of every call."""

    seconds = 0.0

    def run(self, entry: Entry) -> Trap:
        trap, seconds = _clocked(self.machine, entry)
        self.seconds += seconds
        return trap


def _clocked(machine: Machine, entry: Entry) -> tuple[Trap, float]:
    """Run an entry: how it ended, and the seconds that it took, without those of entering and leaving the machine."""
    start = time.perf_counter()
    trap = machine.run(entry)
    return trap, max(0.0, time.perf_counter() - start - _crossing())


@functools.cache
def _crossing() -> float:
    """Seconds of entering the machine and leaving it: the quickest of a few runs of a program that does nothing."""
    machine = Machine(SMALL_MEMORY)  # one of its own: the shared one is in the middle of an instance
    code = compile_program("def f():\n    return 0\n", "f", [])
    machine.load(code, Limits(memory=SMALL_MEMORY), 0)
    times = []
    for _ in range(CROSSINGS):
        start = time.perf_counter()
        machine.run(code.entries["f"])
        times.append(time.perf_counter() - start)
    return min(times)
