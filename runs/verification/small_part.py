"""A part of an instance that is small enough for plain Python, and what the machine does on it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

from fitness.limits import limits_of
from runs.verification.conduct import Conduct, conduct, shrunk
from runs.verification.trials import Subject
from tasks import Examples, Instance

_STEPS: Final = (2_000_000, 20_000_000)
"""Steps that the program may take on the machine: what CPython does in seconds, and what it does in its time at all."""

_ROWS: Final = (64, 16, 4, 256, 1024)
"""Numbers of training rows to try, until the program does not fail on the machine and takes no more steps."""

_QUERIES: Final = 32
_CALLS: Final = 32


def small_part(subject: Subject, instance: Instance) -> tuple[Instance, Conduct]:
    """Rows and queries, or calls of an episode, that are few enough; the last try, if the machine fails on all."""
    budget = limits_of(subject.task.budget)
    if not isinstance(instance, Examples):
        return instance, conduct(subject, instance, replace(budget, steps=_STEPS[-1]), subject.seed, _CALLS)
    for steps, rows in itertools.product(_STEPS, _ROWS):
        small = shrunk(instance, rows, _QUERIES)
        machine = conduct(subject, small, replace(budget, steps=steps), subject.seed)
        if machine.status == "ok":
            break
    return small, machine
