"""Changed tasks: what makes no difference makes none, and what leaves nothing to learn leaves nothing."""

import pickle
from itertools import combinations
from math import comb

import numpy as np
import pytest

from tasks import RUNGS, Purpose, TaskError, load_task, rung
from tasks.text import TEXT_RUNGS
from tasks.variants import Changed, permute_columns

NAMES = [name for name in RUNGS if name not in TEXT_RUNGS]
SMALL = ["parity-4-1", "parity-6-2", "parity-10-3"]


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.VERIFICATION)


def variant(name, words):
    return next(each for each in rung(name).variants if words in each.name)


@pytest.mark.parametrize("name", NAMES)
def test_every_rung_has_a_variant_without_anything_to_learn_and_one_task_a_name(name):
    variants = rung(name).variants
    assert any(each.most is not None and rung(name).chance <= each.most < rung(name).gate for each in variants)
    names = [each.task.name for each in variants]
    assert len({rung(name).name, *names}) == 1 + len(names)


def fitted(instance, k):
    """The accuracy of the set of columns whose parity fits the labels best."""
    sets = [list(each) for each in combinations(range(instance.x.shape[1]), k)]
    errors = [np.sum(instance.x[:, each].sum(axis=1) % 2 != instance.y) for each in sets]
    best = sets[int(np.argmin(errors))]
    return np.mean(instance.queries[:, best].sum(axis=1) % 2 == instance.answers)


@pytest.mark.parametrize("name", SMALL)
def test_labels_of_another_instance_tell_nothing_even_on_few_rows(name):
    task, other = rung(name), variant(name, "labels")
    plain, changed = ([fitted(drawn(each, seed), task.k) for seed in range(150)] for each in (task, other.task))
    # Any one set is the secret one now and then, and is right on half of the queries otherwise.
    guessed = 0.5 + 0.5 / comb(task.n, task.k)
    assert np.mean(plain) > 0.99
    assert abs(np.mean(changed) - guessed) < 4 * np.std(changed) / 150**0.5
    assert guessed < other.most


def likeliest(task, row):
    """The likeliest class of a row if any columns may be the secret ones, by trying all."""
    sets = np.array(list(combinations(range(task.n), task.k)))
    return np.argmax(np.bincount(task.label(row[sets])))


@pytest.mark.parametrize("name", ["parity-4-1", "parity-6-2", "parity-10-3", "majority-15", "sum-20-3"])
def test_no_guess_without_labels_is_better_than_the_variant_allows(name):
    task, other = rung(name), variant(name, "labels")
    guesses = {}  # by the number of ones
    right = []
    for seed in range(100):
        instance = drawn(other.task, seed)
        for row, answer in zip(instance.queries, instance.answers, strict=True):
            weight = int(row.sum())
            if weight not in guesses:
                guesses[weight] = likeliest(task, row)
            right.append(guesses[weight] == answer)
    # With four bits it also tells a little that queries are not among the rows.
    assert np.mean(right) == pytest.approx(other.most, abs=4 * 0.5 / len(right) ** 0.5 + 0.02 * (task.n == 4))


def test_of_a_row_of_symbols_the_most_frequent_one_is_the_best_guess():
    other = variant("copy-8", "labels")
    instance = drawn(other.task)
    guess = [np.bincount(row).argmax() for row in instance.queries]
    assert np.mean(guess == instance.answers) == pytest.approx(other.most, abs=0.06)
    counts = [np.bincount(row).max() for row in instance.queries]
    assert np.mean(counts) / 8 == pytest.approx(other.most, abs=0.01)


def test_permuted_columns_are_permuted_in_rows_and_queries_alike():
    plain, changed = drawn(rung("parity-20-3")), drawn(variant("parity-20-3", "permuted").task)
    order = [int(np.argmax((changed.x == column[:, None]).all(axis=0))) for column in plain.x.T]
    assert sorted(order) == list(range(20)) != order
    assert (changed.queries[:, order] == plain.queries).all()
    assert (changed.y == plain.y).all()


def test_an_and_is_not_complemented():
    assert not [each for each in rung("and-20-3").variants if "complemented" in each.name]


@pytest.mark.parametrize("name", ["sum-20-3", "majority-15"])
def test_complemented_bits_follow_the_same_function(name):
    task, instance = rung(name), drawn(variant(name, "complemented").task)
    secret = np.random.default_rng(0).choice(task.n, task.k, replace=False)
    assert (task.label(instance.x[:, secret]) == instance.y).all()
    assert (task.label(instance.queries[:, secret]) == instance.answers).all()


@pytest.mark.parametrize("name", NAMES)
def test_variants_can_be_sent_to_another_process(name):
    for each in rung(name).variants:
        other = pickle.loads(pickle.dumps(each.task))
        assert other.name == each.task.name
        assert (drawn(other).x == drawn(each.task).x).all()


def test_a_changed_task_promises_what_the_task_did():
    task = rung("parity-10-2")
    changed = Changed(task, "permuted", permute_columns)
    for name in ("contract", "family", "budget", "gate", "chance", "best", "instances", "interval"):
        assert getattr(changed, name) == getattr(task, name)


def test_an_episode_can_not_be_changed():
    packing = load_task("docs/examples/bin_packing.py:OnlineBinPacking")
    with pytest.raises(TaskError, match="draws an episode"):
        drawn(Changed(packing, "permuted", permute_columns))
