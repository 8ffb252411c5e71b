"""Examples keep what they share when they are pickled; streams of random numbers never meet."""

import copy
import itertools
import pickle

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from fitness.play import play, stage
from fitness.programs import learner
from tasks import Budget, Examples, Purpose, SparseParity, instances, rung

READER = """
def fit(x, y, n_symbols, n_classes):
    s = 0
    for i in range(len(x)):
        for j in range(x.shape[1]):
            s += x[i, j]
        s += y[i]
    return s


def predict(s, q):
    return q[0]
"""


def energy(each):
    staged = stage(each.x, each.y, each.queries, each.n_symbols, each.n_classes)
    return play(learner(READER), staged).energy


@pytest.mark.parametrize("name", ["parity-10-3", "markov-2"])
@pytest.mark.parametrize("copied", [lambda each: pickle.loads(pickle.dumps(each)), copy.deepcopy])
def test_a_pickled_instance_is_the_same_and_costs_the_same(name, copied):
    (instance,) = instances(rung(name), Purpose.SEARCH, 0, 1)
    other = copied(instance)
    for field in ("x", "y", "queries", "answers"):
        before, after = getattr(instance, field), getattr(other, field)
        assert (before == after).all()
        assert (before.dtype, before.strides) == (after.dtype, after.strides)
    assert np.shares_memory(other.x, other.y) == np.shares_memory(instance.x, instance.y)
    assert energy(other) == energy(instance)


def test_views_of_a_long_stream_are_pickled_without_the_rest_of_it():
    stream = np.arange(100_000).astype(np.uint8)
    windows = sliding_window_view(stream[500:600], 4)
    instance = Examples(windows[:-1], stream[504:600], stream[None, 7:3:-1], np.array([1]), 256, 256)
    text = pickle.dumps(instance)
    assert len(text) < 2000
    other = pickle.loads(text)
    assert (other.x == instance.x).all()
    assert (other.queries == [[7, 6, 5, 4]]).all()


def test_no_two_purposes_epochs_numbers_seeds_or_names_share_an_instance():
    budget = Budget(1000, 1e3, 1 << 16)
    tasks = [SparseParity(20, 3, rows, 10, 2, budget) for rows in (10, 11)]
    drawn = [
        each.queries.tobytes()
        for task, purpose, seed, epoch in itertools.product(tasks, Purpose, (0, 1), (0, 1))
        for each in instances(task, purpose, seed, 3, epoch)
    ]
    assert len(set(drawn)) == len(drawn) == 2 * 3 * 2 * 2 * 3


def test_more_instances_of_an_epoch_begin_with_the_same():
    few, many = (list(instances(rung("parity-10-3"), Purpose.SEARCH, 5, count, 2)) for count in (2, 4))
    assert all((a.x == b.x).all() for a, b in zip(few, many, strict=False))
