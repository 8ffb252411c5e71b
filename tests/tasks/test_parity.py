"""Sparse parity: what an instance is, and what it gives away."""

import numpy as np
import pytest

from tasks import RUNGS, SparseParity, rung
from tasks.task import Budget

BUDGET = Budget(1000, 1e3, 1000)


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed))


def subsets_that_explain(x, y, k):
    """The number of sets of k columns whose parity is y."""
    from itertools import combinations

    return sum(bool((x[:, list(columns)].sum(axis=1) % 2 == y).all()) for columns in combinations(range(x.shape[1]), k))


@pytest.mark.parametrize("task", RUNGS.values(), ids=RUNGS)
def test_rows_and_queries_have_the_shapes_of_the_task_and_one_secret(task):
    instance = drawn(task)
    assert instance.x.shape == (task.rows, task.n)
    assert instance.queries.shape == (task.queries, task.n)
    assert instance.x.dtype == instance.y.dtype == instance.queries.dtype == instance.answers.dtype == np.uint8
    everything = np.concatenate([instance.x, instance.queries]), np.concatenate([instance.y, instance.answers])
    assert subsets_that_explain(*everything, task.k) == 1


@pytest.mark.parametrize("task", RUNGS.values(), ids=RUNGS)
def test_the_same_generator_draws_the_same_instance_and_then_others(task):
    assert (drawn(task, 3).x == drawn(task, 3).x).all()
    assert (drawn(task, 3).queries != drawn(task, 4).queries).any()


@pytest.mark.parametrize("name", ["parity-4-1", "parity-6-2", "parity-10-3"])
def test_with_few_bits_no_query_is_a_training_row_and_the_classes_are_balanced(name):
    for seed in range(20):
        instance = drawn(rung(name), seed)
        patterns = {row.tobytes() for row in np.concatenate([instance.x, instance.queries])}
        assert len(patterns) == len(instance.x) + len(instance.queries)
        assert instance.y.mean() == instance.answers.mean() == 0.5


@pytest.mark.parametrize(
    ("n", "k", "rows", "queries"), [(4, 0, 4, 4), (4, 5, 4, 4), (3, 1, 6, 4), (4, 1, 5, 4), (9, 1, 0, 2)]
)
def test_sizes_of_which_there_are_no_instances_are_refused(n, k, rows, queries):
    with pytest.raises(ValueError, match=r"k lies|at least one|both are even"):
        SparseParity(n, k, rows, queries, instances=2, budget=BUDGET)


def test_an_unknown_rung_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"no rung parity-5-1; there are parity-4-1"):
        rung("parity-5-1")
