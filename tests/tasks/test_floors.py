"""Energy floors: the closed form against what the machine charges for the reads that it counts."""

import math
from itertools import combinations

import numpy as np
import pytest

from fitness.play import play, stage
from fitness.programs import learner
from tasks import RUNGS, Purpose, rung
from tasks.floors import information, rows_needed, sparse_floor

PARITY = [name for name in RUNGS if "parity" in name]


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.SEARCH)


def played(source, instance):
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    result = play(learner(source), staged)
    assert result.status == "ok"
    return result


def reader(rows, columns, places):
    """A program that reads rows with their labels, then certain bits of every query, and nothing else."""
    return f"""
def fit(x, y, n_symbols, n_classes):
    t = 0
    for i in range({rows}):
        for j in range({columns}):
            t = x[i, j]
        t = y[i]
    return 0


def predict(t, q):
    return {" ^ ".join(f"q[{place}]" for place in places)}
"""


def test_the_first_reads_of_rows_and_labels_cost_what_the_closed_form_says():
    task = rung("parity-20-3")
    rows, n = 11, task.n
    cells = sum(math.sqrt(place + 1) for place in range(rows * n))
    labels = sum(math.sqrt(task.rows * n + row + 1) for row in range(rows))
    measured = played(reader(rows, n, (0, 1, 2)), drawn(task)).fit_energy
    # The scalar that holds what was read adds its byte to each distance.
    assert cells + labels < measured < 1.05 * (cells + labels)


def test_a_query_costs_the_distances_of_its_bits_expected_over_secrets():
    n, k, queries = 6, 2, 16
    task = rung("parity-6-2")
    floor = sparse_floor(n, k, task.rows, queries, 1.0, (1.0, 1.0))
    instance = drawn(task)
    measured = []
    for places in combinations(range(n), k):
        result = played(reader(1, n, places), instance)
        measured.append(result.energy - result.fit_energy)
    assert np.mean(measured) == pytest.approx(floor.queries)


@pytest.mark.parametrize("name", PARITY)
def test_a_program_that_only_reads_what_the_floor_counts_costs_at_least_the_floor_and_not_much_more(name):
    task = rung(name)
    bits = information(task.frequencies, task.noise)
    rows = rows_needed(task.n, task.k, bits)
    fits, queries = [], []
    for seed in range(20):
        secret = sorted(np.random.default_rng(seed).choice(task.n, task.k, replace=False).tolist())
        result = played(reader(rows, task.n, secret), drawn(task, seed))
        fits.append(result.fit_energy)
        queries.append(result.energy - result.fit_energy)
    # The floor leaves out the columns that no secret still possible has; this program reads them all.
    assert task.floor.fit < np.mean(fits) < 1.6 * task.floor.fit
    assert 0.8 * task.floor.queries < np.mean(queries) < 1.3 * task.floor.queries


@pytest.mark.parametrize(("n", "k", "rows"), [(4, 1, 2), (6, 2, 4), (20, 3, 11), (50, 3, 15), (20, 5, 14)])
def test_a_label_of_a_parity_halves_the_secrets(n, k, rows):
    assert rows_needed(n, k, 1.0) == rows == math.ceil(math.log2(math.comb(n, k)))


def test_noise_takes_information_away_as_a_binary_symmetric_channel_does():
    assert information((0.5, 0.5)) == 1
    assert information((0.5, 0.5), 0.1) == pytest.approx(1 + 0.1 * math.log2(0.1) + 0.9 * math.log2(0.9))
    assert information((0.5, 0.5), 0.5) == pytest.approx(0)
    assert information((0.25,) * 4) == pytest.approx(2)
    assert rung("noisy-parity-20-3").floor.fit > 1.5 * rung("parity-20-3").floor.fit


def test_the_rows_that_the_floor_counts_are_fewer_than_those_that_identify_the_secret():
    # The floor is a floor: an exhaustive learner needs at least so many rows on average.
    task = rung("parity-10-3")
    needed = []
    subsets = np.array(list(combinations(range(task.n), task.k)))
    for seed in range(40):
        instance = drawn(task, seed)
        parities = instance.x[:, subsets].sum(axis=2) % 2 == instance.y[:, None]
        possible = np.logical_and.accumulate(parities, axis=0).sum(axis=1)
        needed.append(1 + int(np.argmax(possible == 1)))
    assert np.mean(needed) >= rows_needed(task.n, task.k, 1.0)


def test_the_columns_that_the_floor_counts_are_those_that_possible_secrets_have():
    task = rung("parity-10-2")
    subsets = np.array(list(combinations(range(task.n), task.k)))
    alive = []
    for seed in range(300):
        instance = drawn(task, seed)
        parities = instance.x[:5, subsets].sum(axis=2) % 2 == instance.y[:5, None]
        alive.append([len(np.unique(subsets[parities[:rows].all(axis=0)])) for rows in range(6)])
    stated = [task.k + (task.n - task.k) * (1 - (1 - 2.0**-rows) ** (task.n - 1)) for rows in range(6)]
    assert np.mean(alive, axis=0) == pytest.approx(stated, rel=0.06)


def test_there_is_no_floor_if_the_rows_can_not_tell():
    assert sparse_floor(20, 3, 10, 500, 1.0, (1.0,) * 3) is None


@pytest.mark.parametrize(("name", "elements"), [("and-20-3", 1.75), ("majority-15", 4.125), ("sum-20-3", 3)])
def test_a_query_is_read_until_its_answer_is_decided(name, elements):
    assert sum(rung(name).asked) == elements


@pytest.mark.parametrize("name", [name for name in RUNGS if name.split("-")[0] in ("parity", "sum", "and", "copy")])
def test_the_floor_is_within_the_budget(name):
    task = rung(name)
    assert 0 < task.floor.energy < task.budget.energy / 1000
