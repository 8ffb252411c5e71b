"""The check against CPython: the same program, as plain Python, gives the same answers on a small instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from runs.cpython import Outcome, run_calls, run_learner
from runs.verification.conduct import Conduct, same
from runs.verification.report import FAIL, NOT_APPLICABLE, PASS, Check
from runs.verification.small_part import small_part
from runs.verification.trials import EPOCH, Subject
from tasks import Call, Contract, Examples, Purpose
from tasks import instances as drawn

NAME: Final = "CPython"


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
    small, machine = small_part(subject, instance)
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
