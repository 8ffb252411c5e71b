"""The contract of tasks as checks that anyone can run on a task of their own, in a test or by `evolve tasks --check`.

    def test_my_task_keeps_the_contract():
        assert_task_conforms(MyTask())

It draws a few instances, and runs no program: whether a task can be learned is for programs to show.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from tasks.attribute_checks import Finding, attribute_findings
from tasks.guest import Guest
from tasks.instance_checks import instance_findings, transcript
from tasks.instances import Examples, Instance
from tasks.streams import instances
from tasks.task import Purpose, Task, TaskError, Variant

__all__ = ["Finding", "assert_task_conforms", "check_task"]

DRAWN: Final = 6
"""Instances that are drawn for each check that needs several."""

_SPREAD: Final = 4.0
"""Standard errors that a guess may be better than chance."""


def assert_task_conforms(task: Task) -> None:
    """Raise AssertionError, with everything that was found, if a task breaks the contract of tasks."""
    findings = check_task(task)
    assert not findings, "\n".join(map(str, findings))


def check_task(task: Task) -> list[Finding]:
    """Check a task and those that it names: larger ones, variants, curves.

    Returns:
        What is wrong, nothing if the task keeps the contract.
    """
    findings = attribute_findings(task) or _drawn(task)
    return findings or _relatives(task)


# -- what is drawn


def _drawn(task: Task) -> list[Finding]:
    """What is wrong with the instances of a task, and with the way it draws them."""
    try:
        first = _draw(task, 0)
        findings = instance_findings(task, first)
        return findings or [*_stream(task, first), *_pickled(task, first), *_guesses(task)]
    except TaskError as error:
        return [Finding(str(error), "see docs/tasks.md")]


def _draw(task: Task, seed: int, purpose: Purpose = Purpose.SEARCH) -> Instance:
    """The first instance of a seed. Raises TaskError."""
    with Guest(f"draw(generator, {purpose.name})"):
        return next(instances(task, purpose, seed, 1))


def _stream(task: Task, first: Instance) -> Iterator[Finding]:
    """All that is random comes from the generator."""
    before = pickle.dumps((random.getstate(), np.random.get_state()))
    again = _draw(task, 0)
    if pickle.dumps((random.getstate(), np.random.get_state())) != before:
        yield Finding("draw uses the global random numbers of Python or numpy", "draw all from its generator")
    if not _alike(task, first, again):
        yield Finding("two draws with one seed differ", "draw all that is random from its generator")
        return
    if _alike(task, first, _draw(task, 1)):
        yield Finding("draws with different seeds are the same", "draw the secrets of an instance from its generator")
    elif _alike(task, _draw(task, 0, Purpose.SELECTION), _draw(task, 0, Purpose.VERIFICATION)):
        yield Finding("selection and verification get the same instance", "draw from its generator for every purpose")


def _pickled(task: Task, first: Instance) -> Iterator[Finding]:
    """Instances may travel between processes."""
    try:
        with Guest("pickling an instance"):
            copy = pickle.loads(pickle.dumps(first))
    except TaskError as error:
        yield Finding(str(error), "let it hold numbers and arrays, and define its class in a module")
        return
    if not _alike(task, first, copy):
        yield Finding("an instance is another after it was pickled", "let it hold numbers and arrays")


def _alike(task: Task, first: Instance, second: Instance) -> bool:
    """Whether two instances give programs the same, and judge them in the same way as far as zeros show."""
    return bool(_shown(task, first) == _shown(task, second))


def _shown(task: Task, instance: Instance) -> Any:
    if isinstance(instance, Examples):
        arrays = (instance.x, instance.y, instance.queries, instance.answers)
        return [(each.shape, each.tobytes()) for each in arrays], instance.n_symbols, instance.n_classes
    return transcript(task.contract.functions or (), instance)


def _guesses(task: Task) -> Iterator[Finding]:
    """Answers that are not all one, and of which nothing gives away more than `chance` says."""
    if task.contract.functions is not None:
        return
    with Guest("draw(generator, SEARCH)"):
        everything = list(instances(task, Purpose.SEARCH, 2, DRAWN))
    drawn = [each for each in everything if isinstance(each, Examples)]
    if len(np.unique(np.concatenate([each.answers for each in drawn]))) == 1:
        yield Finding("all queries have the same answer", "let the answer depend on the query")
        return
    right = [np.mean(each.answers == np.argmax(np.bincount(each.y))) for each in drawn]
    spread = float(np.std(right, ddof=1) / np.sqrt(len(right)))
    if float(np.mean(right)) > task.chance + _SPREAD * spread + 0.02:
        yield Finding(
            f"always answering the most frequent training label is right on {np.mean(right):.2f} of the queries, "
            f"and its chance is {task.chance:.2f}",
            "chance is the accuracy of the best guess that looks at no query",
        )


# -- the tasks that a task names


def _relatives(task: Task) -> list[Finding]:
    """What is wrong with the tasks that it names; of each one instance is drawn."""
    findings: list[Finding] = []
    try:
        with Guest("its larger, variants or curves"):
            relatives = list(_named(task))
    except TaskError as error:
        return [Finding(str(error), "they are tasks, tasks.Variant, and {name: [(value, task)]}")]
    known = {task.name: task}
    for where, other, passable in relatives:
        if not isinstance(other, Task):
            findings.append(Finding(f"{where} is {type(other).__name__}", "it is a task"))
            continue
        faults = attribute_findings(other, passable) or _drawn_once(other, known)
        findings.extend(Finding(f"{where}: {fault.wrong}", fault.advice) for fault in faults)
    return findings


def _drawn_once(task: Task, known: dict[str, Task]) -> list[Finding]:
    """What is wrong with one instance of a task, or with its name."""
    try:
        first, namesake = _draw(task, 0), known.setdefault(task.name, task)
        findings = instance_findings(task, first)
        if not findings and namesake is not task and not _alike(task, first, _draw(namesake, 0)):
            findings.append(Finding(f"another task is named {task.name} as well", "a name says all that differs"))
    except TaskError as error:
        return [Finding(str(error), "see docs/tasks.md")]
    return findings


def _named(task: Task) -> Iterable[tuple[str, Any, bool]]:
    for other in task.larger:
        yield "a larger task", other, True
    for variant in task.variants:
        if isinstance(variant, Variant):
            yield f"the variant {variant.name!r}", variant.task, variant.most is None
        else:
            yield "a variant", variant, True
    for name, points in task.curves.items():
        for value, other in points:
            yield f"the curve {name!r} at {value:g}", other, True
