"""Sparse parity: what an instance is, what it gives away, and what memorising reaches."""

from itertools import combinations

import numpy as np
import pytest

from tasks import RUNGS, Budget, Purpose, SparseParity, rung

BUDGET = Budget(1000, 1e3, 1 << 16)
NAMES = [name for name in RUNGS if name.startswith("parity-")]
SMALL = [name for name in NAMES if rung(name).n < 20]


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.SEARCH)


def accuracy(learner, task, count=40):
    return np.mean([np.mean(learner(each) == each.answers) for each in (drawn(task, seed) for seed in range(count))])


def subsets_that_explain(x, y, k):
    """The number of sets of k columns whose parity is y."""
    return sum(bool((x[:, list(columns)].sum(axis=1) % 2 == y).all()) for columns in combinations(range(x.shape[1]), k))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("parity-50-3", "parity-100-3", "parity-20-5")])
def test_rows_and_queries_have_one_secret(name):
    task = rung(name)
    instance = drawn(task)
    assert instance.x.shape == (task.rows, task.n)
    assert instance.queries.shape == (task.queries, task.n)
    everything = np.concatenate([instance.x, instance.queries]), np.concatenate([instance.y, instance.answers])
    assert subsets_that_explain(*everything, task.k) == 1


@pytest.mark.parametrize("name", SMALL)
def test_with_few_bits_all_patterns_differ_and_the_queries_are_balanced(name):
    for task in (rung(name), *rung(name).larger):
        if task.n > 16:
            continue
        for seed in range(20):
            instance = drawn(task, seed)
            patterns = {row.tobytes() for row in np.concatenate([instance.x, instance.queries])}
            assert len(patterns) == task.rows + task.queries
            assert instance.answers.mean() == 0.5


def test_rows_without_their_labels_tell_nothing_about_the_secret():
    # If the rows held as many of one class as of the other, the secret column would be one that is half ones.
    task = rung("parity-4-1")
    halves = []
    for seed in range(1500):
        instance = drawn(task, seed)
        secret = int(np.argmax((instance.x == instance.y[:, None]).all(axis=0)))
        halves.append(instance.x.sum(axis=0) == task.rows // 2)
        halves[-1] = (halves[-1][secret], np.delete(halves[-1], secret).mean())
    secret_rate, other_rate = np.mean(halves, axis=0)
    assert abs(secret_rate - other_rate) < 0.05


def nearest_neighbour(instance):
    """The label of the training row that differs in the fewest bits; of several the majority."""
    distance = (instance.queries[:, None, :] != instance.x[None]).sum(axis=2)
    votes = np.where(distance == distance.min(axis=1, keepdims=True), 2.0 * instance.y - 1, 0.0)
    return (votes.sum(axis=1) > 0).astype(int)


def kernel(function):
    """A learner that is one expression: labels weighted by a function of the agreement with each row."""

    def learner(instance):
        agreement = (2.0 * instance.queries - 1) @ (2.0 * instance.x - 1).T
        return (function(agreement, instance.x.shape[1]) @ (2.0 * instance.y - 1) > 0).astype(int)

    return learner


def ridge(degree):
    """The polynomial of a degree that fits the training labels best."""

    def learner(instance):
        x, queries = 2.0 * instance.x - 1, 2.0 * instance.queries - 1
        gram = (1 + x @ x.T) ** degree + 1e-3 * np.eye(len(x))
        return ((1 + queries @ x.T) ** degree @ np.linalg.solve(gram, 2.0 * instance.y - 1) > 0).astype(int)

    return learner


MEMORISERS = {
    "nearest neighbour": nearest_neighbour,
    "squared agreement": kernel(lambda agreement, n: agreement**2),
    "exponential of the agreement": kernel(lambda agreement, n: np.exp(agreement)),
    "alternating in the distance, inverted": kernel(lambda agreement, n: -((-0.3) ** ((n - agreement) / 2))),
    "ridge of degree 2": ridge(2),
    "ridge of degree 3": ridge(3),
}


@pytest.mark.parametrize(
    ("memoriser", "name"),
    # One bit is a linear function: fitting a polynomial learns it.
    [(each, name) for each in MEMORISERS for name in SMALL if rung(name).k > 1 or not each.startswith("ridge")],
)
def test_what_memorises_does_not_pass_the_gate_of_a_small_rung_and_of_the_larger_one(memoriser, name):
    task = rung(name)
    (larger,) = task.larger
    assert (larger.k, larger.n, larger.rows) == (task.k, 2 * task.n, 8 * task.n)
    passed = [accuracy(MEMORISERS[memoriser], each) >= each.gate for each in (task, larger)]
    assert not all(passed)


def test_the_larger_size_is_needed():
    assert accuracy(ridge(2), rung("parity-6-2")) > 0.95
    assert accuracy(ridge(2), rung("parity-6-2").larger[0]) < 0.95


@pytest.mark.parametrize("k", [1, 2, 3])
def test_complemented_bits_keep_the_secret(k):
    task = SparseParity(10, k, 40, 100, 2, BUDGET)
    variant = next(each for each in task.variants if each.name == "bits complemented")
    plain, changed = drawn(task), drawn(variant.task)
    assert (changed.x == 1 - plain.x).all()
    columns = [c for c in combinations(range(10), k) if (plain.x[:, c].sum(axis=1) % 2 == plain.y).all()]
    for instance in (plain, changed):
        assert (instance.queries[:, columns[0]].sum(axis=1) % 2 == instance.answers).all()


@pytest.mark.parametrize(
    ("n", "k", "rows", "queries", "message"),
    [
        (4, 0, 4, 4, "k lies between"),
        (4, 5, 4, 4, "k lies between"),
        (9, 1, 0, 2, "at least one training row"),
        (4, 1, 5, 3, "even in number"),
        (4, 1, 10, 6, "three quarters of the patterns"),
    ],
)
def test_sizes_of_which_there_are_no_instances_are_refused(n, k, rows, queries, message):
    with pytest.raises(ValueError, match=message):
        SparseParity(n, k, rows, queries, instances=2, budget=BUDGET)


def test_names_say_what_differs_from_the_ladder():
    assert rung("parity-20-3").name == "parity-20-3"
    assert SparseParity(20, 3, 80, 500, 2, BUDGET).name == "parity-20-3-80rows"
    assert SparseParity(20, 3, 500, 100, 2, BUDGET, noise=0.05).name == "parity-20-3-noise0.05-100queries"
    assert SparseParity(20, 3, 500, 500, 2, BUDGET, noise=0.1).name == "noisy-parity-20-3"
