"""Whether a learner's predictions depend on more than the query: on the queries before it, or on random numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from fitness.limits import limits_of
from fitness.play import play
from fitness.problem import problem
from fitness.programs import learner
from runs.verification.conduct import shrunk
from tasks import Examples, Purpose, Task, instances

_INSTANCES: Final = 8
_QUERIES: Final = 64
_EPOCH: Final = 0x73746174


def depends_on_state(task: Task, source: str, seed: int) -> bool:
    """Whether the machine answers the same queries otherwise when they come in another order, or one after its own.

    Every query is asked twice, first in order and then in reverse, so that a prediction that draws random numbers, or
    changes the model, has many occasions to show.
    """
    compiled, limits = learner(source), limits_of(task.budget)
    for instance in instances(task, Purpose.VERIFICATION, seed, _INSTANCES, _EPOCH):
        assert isinstance(instance, Examples)
        small = shrunk(instance, len(instance.x), _QUERIES)
        both = np.concatenate([small.queries, small.queries[::-1]])
        staged = problem(replace(small, queries=both, answers=np.zeros(len(both), dtype=np.int64))).staged
        assert staged is not None
        played = play(compiled, staged, limits=limits, priced=False, seed=seed)
        half = len(small.queries)
        if played.status == "ok" and not np.array_equal(played.answers[:half], played.answers[half:][::-1]):
            return True
    return False
