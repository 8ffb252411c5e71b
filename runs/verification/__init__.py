"""The sceptic's check of a program: `verify` tries to find out that it does not do what is said of it.

Each check is a function of a `Subject` that gives a `Check`; docs/verification.md says what each means, and what it
can't show. May import `fitness` and below. It prints nothing; an `Observer` is told how it gets on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from fitness.programs import compile_for
from runs.verification import scaling as scaling_check
from runs.verification.agreement import NAME as CPYTHON
from runs.verification.agreement import Process, Runner, agreement
from runs.verification.curves import curve
from runs.verification.determinism import NAME as DETERMINISM
from runs.verification.determinism import determinism
from runs.verification.gates import fresh, larger, none_of, variant
from runs.verification.report import Check, Observer, Report, Silence, Verdict
from runs.verification.scaling import scaling
from runs.verification.trials import Subject, fewest, steps_of
from tasks import Task

__all__ = ["Check", "Observer", "Report", "Runner", "Silence", "Verdict", "verify"]

Step = tuple[str, Callable[[], Check]]
"""A check that is still to be made, and its name."""


def verify(
    task: Task,
    source: str,
    *,
    seed: int,
    instances: int | None = None,
    quick: bool = False,
    observer: Observer | None = None,
    runner: Runner | None = None,
) -> Report:
    """Make every check of a program on a task.

    Args:
        task: what the program is said to do.
        source: the program.
        seed: of the instances, which nothing else looks at, and of the program's random numbers.
        instances: how many fresh instances, larger ones, and ones of each variant; None for a number that suits the
            task.
        quick: look at fewer instances and sizes.
        observer: is told of every check as it begins and ends.
        runner: runs the program in CPython; None for a process of its own.

    Raises:
        ProgramError: the program is not in the language, or does not keep the task's contract.
        ValueError: on so few instances not even a perfect program could show anything.
    """
    compiled = compile_for(task, source)
    if instances is not None and instances < fewest(task):
        raise ValueError(
            f"on {instances} instances of {task.name} not even a perfect program surely reaches the gate, "
            f"{task.gate:g}; it takes {fewest(task)}"
        )
    watcher = observer or Silence()
    checks = []
    subject = Subject(task, source, compiled, seed, steps_of(task, compiled, seed), instances, quick)
    for name, make in _steps(subject, runner or Process()):
        watcher.started(name)
        check = make()
        watcher.finished(check)
        checks.append(check)
    return Report(task.name, seed, quick, tuple(checks))


def _steps(subject: Subject, runner: Runner) -> Iterator[Step]:
    """All checks, those that say most first."""
    task = subject.task
    yield "fresh instances", partial(fresh, subject)
    for size in task.larger:
        yield f"larger: {size.name}", partial(larger, subject, size)
    if not task.larger:
        yield "larger", partial(none_of, "larger", "larger tasks")
    yield CPYTHON, partial(agreement, subject, runner)
    yield DETERMINISM, partial(determinism, subject)
    for changed in task.variants:
        yield f"variant: {changed.name}", partial(variant, subject, changed)
    if not task.variants:
        yield "variants", partial(none_of, "variants", "variants")
    curves = {name: sizes for name, sizes in task.curves.items() if name != "n"}
    for name, sizes in curves.items():
        yield f"curve: {name}", partial(curve, subject, name, sizes)
    if not curves:
        yield "curves", partial(none_of, "curves", "curves of noise or rows")
    if "n" in task.curves:
        yield scaling_check.NAME, partial(scaling, subject, task.curves["n"])
    else:
        yield scaling_check.NAME, partial(none_of, scaling_check.NAME, "sizes n")
