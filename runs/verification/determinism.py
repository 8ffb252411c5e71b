"""The check that a run can be repeated: the same seed gives the same answers, energy and steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from fitness.limits import limits_of
from runs.verification.conduct import Conduct, conduct, same, shrunk
from runs.verification.report import FAIL, PASS, Check
from runs.verification.trials import EPOCH, Subject
from tasks import Examples, Instance, Purpose
from tasks import instances as drawn

NAME: Final = "determinism"

_ROWS: Final = 20_000
_QUERIES: Final = 1_000
"""More than these are not needed; they bound what a text costs."""


def determinism(subject: Subject) -> Check:
    """Run the program twice on an instance, with another one between.

    For information it also says whether a learner's answers depend on the order of the queries: one that adapts to them
    may do that, and so may one that draws random numbers when it is asked.
    """
    first, other, again = (_instance(subject, number) for number in (0, 1, 0))
    limits = limits_of(subject.task.budget)
    one = conduct(subject, first, limits, subject.seed)
    conduct(subject, other, limits, subject.seed)
    two = conduct(subject, again, limits, subject.seed)
    figures: dict[str, Any] = {"answers": len(one.answers), "energy": one.energy, "steps": one.steps}
    if differences := _differences(one, two):
        return Check(NAME, FAIL, f"two runs with one seed differ in {' and '.join(differences)}", figures)
    detail = "two runs with one seed are the same: answers, energy and steps"
    if one.status != "ok":
        return Check(NAME, PASS, f"{detail}; both end with {one.status} in line {one.line}", figures)
    if isinstance(first, Examples):
        adapts = _adapts(subject, first, one)
        figures["adapts_to_queries"] = adapts
        detail += f"; its answers {'depend' if adapts else 'do not depend'} on the order of the queries"
    return Check(NAME, PASS, detail, figures)


def _instance(subject: Subject, number: int) -> Instance:
    """An instance drawn anew, of a bounded size."""
    *_, instance = drawn(subject.task, Purpose.VERIFICATION, subject.seed, number + 1, EPOCH)
    return shrunk(instance, _ROWS, _QUERIES) if isinstance(instance, Examples) else instance


def _differences(one: Conduct, two: Conduct) -> list[str]:
    names = [name for name in ("status", "line", "energy", "steps") if getattr(one, name) != getattr(two, name)]
    alike = len(one.answers) == len(two.answers) and all(map(same, one.answers, two.answers))
    return names if alike else ["answers", *names]


def _adapts(subject: Subject, examples: Examples, before: Conduct) -> bool:
    """Whether the program answers otherwise when the same queries come in another order."""
    order = np.random.default_rng(subject.seed).permutation(len(examples.queries))
    shuffled = replace(examples, queries=examples.queries[order], answers=examples.answers[order])
    after = conduct(subject, shuffled, limits_of(subject.task.budget), subject.seed)
    return after.status != "ok" or after.answers != tuple(before.answers[place] for place in order)
