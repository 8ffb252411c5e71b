"""Drawing instances: one stream of random numbers for each task, purpose, epoch and instance."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tasks.instances import Instance
from tasks.task import Purpose, Task


def instances(task: Task, purpose: Purpose, seed: int, count: int, epoch: int = 0) -> Iterator[Instance]:
    """Draw the first `count` instances of an epoch.

    What is drawn depends on nothing but the arguments, and no two of (task, purpose, seed, epoch, number) share a
    stream.

    Args:
        task: draws them; its name is part of the stream's seed.
        purpose: what they are for.
        seed: of the run; programs can't see it.
        count: how many.
        epoch: of a search; it takes new instances every epoch.
    """
    name = zlib.crc32(task.name.encode())
    for number in range(count):
        stream = np.random.SeedSequence(seed, spawn_key=(name, int(purpose), epoch, number))
        yield task.draw(np.random.default_rng(stream), purpose)
