"""Functions of a few secret bits: what sum, AND, majority and noisy parity are, and what is derived for all of them."""

import numpy as np
import pytest

from tasks import Budget, Purpose, rung
from tasks.functions import SparseMajority
from tasks.sparse import LARGEST, NOISES

SPARSE = ["noisy-parity-20-3", "sum-20-3", "and-20-3", "majority-15"]


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.SEARCH)


def secret(task, seed=0):
    """The columns that the generator draws first."""
    return np.random.default_rng(seed).choice(task.n, task.k, replace=False)


LABELS = {
    "noisy-parity-20-3": lambda bits: bits.sum(axis=1) % 2,
    "sum-20-3": lambda bits: bits.sum(axis=1),
    "and-20-3": lambda bits: bits.min(axis=1),
    "majority-15": lambda bits: bits.mean(axis=1) > 0.5,
}


@pytest.mark.parametrize("name", SPARSE)
def test_the_answers_are_the_function_of_the_secret_bits(name):
    task = rung(name)
    for seed in range(5):
        instance = drawn(task, seed)
        assert (instance.answers == LABELS[name](instance.queries[:, secret(task, seed)].astype(int))).all()


@pytest.mark.parametrize("name", SPARSE)
def test_so_many_training_labels_are_wrong_as_the_task_says(name):
    task = rung(name)
    wrong = [
        np.mean(each.y != LABELS[name](each.x[:, secret(task, seed)].astype(int)))
        for seed in range(20)
        for each in [drawn(task, seed)]
    ]
    assert abs(np.mean(wrong) - task.noise) < 0.015


@pytest.mark.parametrize("name", SPARSE)
def test_chance_is_how_often_the_most_frequent_class_occurs(name):
    task = rung(name)
    answers = np.concatenate([drawn(task, seed).answers for seed in range(20)])
    assert abs(np.bincount(answers).max() / len(answers) - task.chance) < 0.01


@pytest.mark.parametrize("name", [*SPARSE, "parity-20-3", "copy-8"])
def test_the_gate_leaves_a_tenth_of_the_errors_of_guessing(name):
    task = rung(name)
    assert task.gate == pytest.approx(1 - (1 - task.chance) / 10)


@pytest.mark.parametrize("name", ["and-20-3", "majority-15"])
def test_knowing_all_but_one_of_the_secret_bits_does_not_pass_the_gate(name):
    task = rung(name)
    known = [
        np.mean(each.answers == LABELS[name](each.queries[:, secret(task, seed)[:-1]].astype(int)))
        for seed in range(10)
        for each in [drawn(task, seed)]
    ]
    assert np.mean(known) < task.gate


@pytest.mark.parametrize("name", [*SPARSE, "parity-20-3"])
def test_curves_change_one_thing_and_leave_room_for_it(name):
    task = rung(name)
    curves = task.curves
    assert [value for value, _ in curves["noise"]] == list(NOISES)
    for value, other in curves["noise"]:
        assert (other.noise, other.n, other.rows) == (value, task.n, task.rows)
    for value, other in curves["rows"]:
        assert (other.rows, other.n, other.noise) == (value, task.n, task.noise)
    for value, other in curves["n"]:
        assert (other.n, other.k, other.rows, other.noise) == (value, task.k, task.rows, task.noise)
        assert other.budget.memory >= other.rows * other.n + other.queries * other.n + other.rows
    for points in curves.values():
        values = [value for value, _ in points]
        assert len(values) >= 3
        assert values == sorted(values)
        assert task in [other for _, other in points]


def test_a_larger_task_gets_a_larger_budget_up_to_the_largest():
    task = rung("parity-10-3")
    larger = task.resized(20, 80)
    assert larger.budget.steps > 8 * task.budget.steps
    assert task.resized(100, 500).budget.steps == LARGEST.steps
    assert task.resized(5, 10).budget == task.budget


def test_an_even_number_of_bits_has_no_majority():
    with pytest.raises(ValueError, match="k is odd"):
        SparseMajority(15, 4, 500, 500, 2, Budget(1000, 1e3, 1000))


def test_noise_is_a_part():
    with pytest.raises(ValueError, match="noise"):
        SparseMajority(15, 5, 500, 500, 2, Budget(1000, 1e3, 1000), noise=1.5)
