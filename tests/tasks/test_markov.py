"""Markov sources: the stated accuracies are right, lower orders fall short, and arrays are views of one stream."""

import numpy as np
import pytest

from tasks import Budget, Purpose, rung
from tasks.markov import SYMBOLS, MarkovSource, accuracies, expected_accuracies, sample, source, stationary

MARKOV = ["markov-2", "markov-3"]


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.SEARCH)


def contexts(windows, order):
    """The last symbols of each window, as one number."""
    return windows[:, windows.shape[1] - order :] @ SYMBOLS ** np.arange(order - 1, -1, -1)


def counted(instance, order):
    """The accuracy of a table that counts what follows each context in the training rows."""
    counts = np.zeros((SYMBOLS**order, SYMBOLS))
    np.add.at(counts, (contexts(instance.x.astype(int), order), instance.y), 1)
    return np.mean(counts.argmax(axis=1)[contexts(instance.queries.astype(int), order)] == instance.answers)


@pytest.mark.parametrize("name", MARKOV)
def test_an_oracle_that_knows_the_source_reaches_the_best_accuracy_and_one_order_less_falls_short(name):
    task = rung(name)
    oracle, short, stated = [], [], []
    for seed in range(12):
        transitions = source(task.order, np.random.default_rng(seed))  # what the generator draws first
        occurs = stationary(transitions[None], task.order)[0]
        joint = (occurs[..., None] * transitions).sum(axis=0)
        instance = drawn(task, seed)
        windows = instance.queries.astype(int)
        full, less = transitions.reshape(-1, SYMBOLS), joint.reshape(-1, SYMBOLS)
        oracle.append(np.mean(full.argmax(axis=1)[contexts(windows, task.order)] == instance.answers))
        short.append(np.mean(less.argmax(axis=1)[contexts(windows, task.order - 1)] == instance.answers))
        stated.append(accuracies(transitions[None], task.order)[0])
    lower, best = np.mean(stated, axis=0)[-2:]
    assert abs(np.mean(oracle) - best) < 0.02
    assert abs(np.mean(short) - lower) < 0.03
    assert abs(np.mean(oracle) - task.best) < 0.04
    assert np.mean(short) < task.gate - 0.2


@pytest.mark.parametrize("name", MARKOV)
def test_a_table_of_the_right_order_passes_the_gate_and_shorter_and_longer_ones_do_not(name):
    task = rung(name)
    instances = [drawn(task, seed) for seed in range(task.instances)]
    by_order = {order: np.mean([counted(each, order) for each in instances]) for order in range(1, task.order + 2)}
    assert task.gate < by_order[task.order] < task.best
    assert all(value < task.gate for order, value in by_order.items() if order != task.order)


@pytest.mark.parametrize("name", MARKOV)
def test_chance_is_the_most_frequent_symbol(name):
    task = rung(name)
    most = [np.bincount(drawn(task, seed).y).max() / len(drawn(task, seed).y) for seed in range(30)]
    assert abs(np.mean(most) - task.chance) < 0.02


@pytest.mark.parametrize("name", MARKOV)
def test_in_a_shuffled_stream_no_order_helps(name):
    task = rung(name)
    (variant,) = task.variants
    accuracy = np.mean([counted(drawn(variant.task, seed), task.order) for seed in range(10)])
    assert accuracy < variant.most + 0.02
    assert variant.task.best == variant.most == task.chance


def test_the_stationary_distribution_is_where_the_source_goes():
    transitions = source(2, np.random.default_rng(4))
    stream = sample(transitions, 40_000, np.random.default_rng(5)).astype(int)
    counted_pairs = np.bincount(stream[:-1] * SYMBOLS + stream[1:], minlength=SYMBOLS**2) / (len(stream) - 1)
    exact = stationary(transitions[None], 2)[0].reshape(-1)
    assert exact.sum() == pytest.approx(1)
    assert np.abs(counted_pairs - exact).max() < 0.02


def test_expected_accuracies_rise_with_the_order_of_the_model():
    for order in (1, 2, 3):
        expected = expected_accuracies(order)
        assert len(expected) == order + 1
        assert all(np.diff(expected) > 0.02)


@pytest.mark.parametrize("name", MARKOV)
def test_rows_and_labels_are_views_of_one_stream_and_queries_of_another(name):
    task = rung(name)
    instance = drawn(task)
    assert instance.x.strides == (1, 1)
    assert np.shares_memory(instance.x, instance.y)
    assert not np.shares_memory(instance.x, instance.queries)
    assert len(instance.x) == task.length - 8
    assert (instance.x[8:, 0] == instance.y[:-8]).all()
    assert (instance.queries[1:, -1] == instance.answers[:-1]).all()
    assert len(instance.answers) == task.queries


@pytest.mark.parametrize(("order", "length", "message"), [(0, 100, "order 0"), (4, 100, "order 4"), (2, 8, "longer")])
def test_sizes_of_which_there_are_no_instances_are_refused(order, length, message):
    with pytest.raises(ValueError, match=message):
        MarkovSource(order, length, 10, 2, Budget(1000, 1e3, 1000))
