"""The check against CPython: the same program, as plain Python, gives the same answers on a small instance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from fitness.limits import limits_of
from runs.cpython import Outcome, run_calls, run_learner
from runs.verification.conduct import Conduct, conduct, same, shrunk
from runs.verification.report import FAIL, NOT_APPLICABLE, PASS, Check
from runs.verification.trials import EPOCH, Subject
from tasks import Call, Contract, Examples, Instance, Purpose
from tasks import instances as drawn

NAME: Final = "CPython"

_STEPS: Final = (2_000_000, 20_000_000)
"""Steps that the program may take on the machine: what CPython does in seconds, and what it does in its time at all."""

_ROWS: Final = (64, 16, 4, 256, 1024)
"""Numbers of training rows to try, until the program does not fail on the machine and takes no more steps."""

_QUERIES: Final = 32
_CALLS: Final = 32


class Runner(Protocol):
    """Runs programs in CPython; `runs.cpython` has the functions."""

    def learner(self, source: str, examples: Examples, seed: int) -> Outcome:
        """Fit a learner, and ask it every query."""

    def calls(self, source: str, contract: Contract, calls: Sequence[Call], seed: int) -> Outcome:
        """Make calls, one after the other."""


class Process:
    """Runs programs in a process of their own."""

    def learner(self, source: str, examples: Examples, seed: int) -> Outcome:
        """Fit a learner, and ask it every query."""
        return run_learner(source, examples, seed)

    def calls(self, source: str, contract: Contract, calls: Sequence[Call], seed: int) -> Outcome:
        """Make calls, one after the other."""
        return run_calls(source, contract, calls, seed)


def agreement(subject: Subject, runner: Runner) -> Check:
    """Whether CPython predicts what the machine predicts, with the same random numbers.

    The program was accepted by the checker before. It runs on the first rows and queries of an instance, or the first
    calls of an episode, few enough for CPython.
    """
    [instance] = drawn(subject.task, Purpose.VERIFICATION, subject.seed, 1, EPOCH)
    small, machine = _small(subject, instance)
    if machine.status != "ok" and not machine.answers:
        where = "" if machine.line is None else f" in line {machine.line}"
        reason = f"the program ends with {machine.status}{where} on every small part of an instance that was tried"
        return Check(NAME, NOT_APPLICABLE, reason)
    if isinstance(small, Examples):
        size = f"{len(small.x)} rows and {len(small.queries)} queries"
        outcome = runner.learner(subject.source, small, subject.seed)
    else:
        size = f"the first {len(machine.answers)} calls of an episode"
        outcome = runner.calls(subject.source, subject.task.contract, machine.calls, subject.seed)
    return compared(machine, outcome, size)


def compared(machine: Conduct, outcome: Outcome, size: str) -> Check:
    """The check for what the machine and CPython answered; `size` says to what."""
    figures: dict[str, Any] = {"answers": len(machine.answers), "steps": machine.steps}
    if outcome.results is None:
        return Check(NAME, FAIL, f"the machine answers and CPython does not: {outcome.problem}", figures)
    differ = [
        place
        for place, (left, right) in enumerate(zip(machine.answers, outcome.results, strict=False))
        if not same(left, right)
    ]
    figures["different"] = len(differ) + abs(len(machine.answers) - len(outcome.results))
    if not figures["different"]:
        return Check(NAME, PASS, f"all {len(machine.answers)} answers are the same ({size})", figures)
    detail = f"{figures['different']} of {len(machine.answers)} answers differ ({size})"
    if differ:
        first = differ[0]
        detail += f", first number {first}: machine {machine.answers[first]!r}, CPython {outcome.results[first]!r}"
    return Check(NAME, FAIL, detail, figures)


def _small(subject: Subject, instance: Instance) -> tuple[Instance, Conduct]:
    """A part of an instance that is small enough, and what the machine does on it; the last try, if none is."""
    budget = limits_of(subject.task.budget)
    if not isinstance(instance, Examples):
        return instance, conduct(subject, instance, replace(budget, steps=_STEPS[-1]), subject.seed, _CALLS)
    for steps, rows in itertools.product(_STEPS, _ROWS):
        small = shrunk(instance, rows, _QUERIES)
        machine = conduct(subject, small, replace(budget, steps=steps), subject.seed)
        if machine.status == "ok":
            break
    return small, machine
