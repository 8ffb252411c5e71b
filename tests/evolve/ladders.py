"""Searches for tests that climb a ladder of two small rungs, from a program that passes both."""

from dataclasses import asdict, replace

from evolve.engine import Seed, search
from runs import create_run
from tasks import rung
from tests.evolve.searches import configured

MATCH = """
def fit(x, y, n_symbols, n_classes):
    best, a = -1, 0
    for i in range(x.shape[1]):
        right = 0
        for row in range(len(y)):
            if x[row, i] == y[row]:
                right += 1
        if right > best:
            best, a = right, i
    return a


def predict(a, q):
    return q[a]
"""
"""The column that is right most often."""

TASKS = tuple(replace(rung(name), instances=40) for name in ("parity-4-1", "parity-6-1"))
SEEDS = (Seed("match", MATCH),)


def configured_for(tasks, **settings):
    return replace(configured(epoch=20, **settings), rungs=tuple(task.name for task in tasks))


def climbed(directory, tasks=TASKS, seeds=SEEDS, observer=None, workers=0, **settings):
    """The result of a new search that climbs a ladder."""
    configuration = configured_for(tasks, **settings)
    with create_run(directory, asdict(configuration)) as store:
        return search(tasks, configuration, seeds, store, observer=observer, workers=workers)
