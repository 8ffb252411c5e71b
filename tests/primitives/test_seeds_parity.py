"""The seed programs of the parity ladder: what each learns and what breaks it, what it costs, that all run anywhere."""

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fitness import Control, Limits, ReadOnly, learner, measure, play, stage
from primitives import seeds
from tasks.instances import Examples
from tests import cpython

EXACT = ("gf2_elimination", "gf2_packed", "backtracking", "subset_table", "walsh_hadamard")
NETWORKS = ("sgd_network_hinge", "sgd_network_logistic", "sign_sgd")
LINEAR = ("perceptron", "naive_bayes", "random_projection")
SEEDS = (*EXACT, *NETWORKS, *LINEAR, "sparse_linear", "nearest_neighbour", "majority_class", "constant")
LABELS = {
    "parity": (lambda bits: bits.sum(1) % 2, 2),
    "sum": (lambda bits: bits.sum(1), 4),
    "and": (lambda bits: bits.all(1), 2),
    "majority": (lambda bits: bits.sum(1) > 1, 2),
}
LIMITS = Limits(steps=1_000_000_000)


def drawn(number, n=20, k=3, rows=500, queries=500, noise=0.0, function="parity"):
    generator = np.random.default_rng([number, n, k])
    bits = generator.integers(0, 2, (rows + queries, n), dtype=np.uint8)
    label, n_classes = LABELS[function]
    classes = label(bits[:, generator.choice(n, k, replace=False)]).astype(np.uint8)
    wrong = (generator.random(rows) < noise).astype(np.uint8)
    return Examples(bits[:rows], classes[:rows] ^ wrong, bits[rows:], classes[rows:], 2, n_classes)


def symbols(rows, columns, n_symbols, n_classes, queries=20):
    """Symbols and classes, both random."""
    generator = np.random.default_rng([rows, columns])
    x = generator.integers(0, n_symbols, (rows + queries, columns), dtype=np.uint8)
    y = generator.integers(0, n_classes, rows + queries, dtype=np.uint8)
    return Examples(x[:rows], y[:rows], x[rows:], y[rows:], n_symbols, n_classes)


@functools.cache
def compiled(name):
    return learner(seeds.source(name))


def played(name, instance, priced=False):
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    result = play(compiled(name), staged, limits=LIMITS, priced=priced)
    assert (result.status, result.line) == ("ok", None)
    assert len(result.answers) == len(instance.queries)
    return result


def accuracies(name, count, **task):
    instances = [drawn(number, **task) for number in range(count)]
    return np.array([(played(name, each).answers == each.answers).mean() for each in instances])


def test_the_registry_and_the_files_agree():
    folder = Path(seeds.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(seeds.SEEDS)
    assert set().union(*seeds.SEEDS.values()) == set(seeds.FAMILIES)
    assert set(seeds.SEEDS) >= set(SEEDS)
    assert set(EXACT) <= set(seeds.seeds_for("parity"))
    with pytest.raises(ValueError, match="there is no family odd; there are parity"):
        seeds.seeds_for("odd")
    with pytest.raises(ValueError, match="there is no seed odd; there are gf2_elimination"):
        seeds.source("odd")


@pytest.mark.parametrize("name", EXACT)
def test_exact_learners_make_no_mistake_on_200_instances(name):
    assert (accuracies(name, 200) == 1).all()


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize(("n", "k"), [(10, 1), (10, 2), (50, 3)])
def test_exact_learners_need_not_know_the_size(name, n, k):
    assert (accuracies(name, 5, n=n, k=k) == 1).all()


@pytest.mark.parametrize("name", ["gf2_elimination", "gf2_packed"])
@pytest.mark.parametrize(("n", "k"), [(20, 5), (20, 0), (100, 3), (50, 20), (62, 62)])
def test_elimination_learns_parities_of_any_size(name, n, k):
    assert (accuracies(name, 2, n=n, k=k) == 1).all()


def test_elimination_breaks_with_noise_and_the_spectrum_does_not():
    for name in ("gf2_elimination", "gf2_packed"):
        assert np.median(accuracies(name, 11, noise=0.1)) < 0.6
    assert (accuracies("walsh_hadamard", 20, noise=0.1) == 1).all()
    assert (accuracies("walsh_hadamard", 5, noise=0.2) == 1).all()
    assert (accuracies("sparse_linear", 2, noise=0.1) == 1).all()


def test_the_spectrum_finds_the_opposite_of_a_parity():
    instance = drawn(0, k=2)
    instance = replace(instance, y=1 - instance.y, answers=1 - instance.answers)
    assert (played("walsh_hadamard", instance).answers == instance.answers).all()


def test_backtracking_needs_few_rows():
    assert (accuracies("backtracking", 100, rows=12, queries=100) > 0.95).mean() > 0.8
    assert (accuracies("backtracking", 100, rows=15, queries=100) > 0.95).mean() > 0.95


@pytest.mark.parametrize("name", LINEAR)
def test_linear_learners_stay_at_chance_on_parity(name):
    assert abs(accuracies(name, 8).mean() - 0.5) < 0.03


def test_the_nearest_neighbour_remembers_small_parities_only():
    assert accuracies("nearest_neighbour", 2, n=6).mean() > 0.99
    assert 0.57 < accuracies("nearest_neighbour", 4).mean() < 0.66


@pytest.mark.parametrize("name", NETWORKS)
def test_gradient_descent_learns_a_parity_in_some_passes(name):
    instances = [drawn(number) for number in range(5)]
    results = [played(name, each) for each in instances]
    right = [(result.answers == each.answers).mean() for result, each in zip(results, instances, strict=True)]
    assert sum(part >= 0.95 for part in right) >= 4
    assert np.mean([result.steps for result in results]) < 30_000_000


@pytest.mark.parametrize("function", ["sum", "and", "majority"])
@pytest.mark.parametrize("name", ["subset_table", "sparse_linear", "perceptron", *NETWORKS])
def test_functions_of_three_bits_are_learned(name, function):
    assert accuracies(name, 2, function=function).mean() > 0.97


def test_the_subset_table_makes_no_mistake_on_functions():
    for function in ("sum", "and", "majority"):
        assert (accuracies("subset_table", 100, function=function) == 1).all()


@pytest.mark.parametrize("name", ["subset_table", "backtracking", "perceptron", "naive_bayes"])
def test_a_symbol_is_copied(name):
    instance = symbols(500, 8, 8, 8, queries=100)
    instance = replace(instance, y=instance.x[:, 5], answers=instance.queries[:, 5])
    assert (played(name, instance).answers == instance.answers).mean() > 0.95


@pytest.mark.parametrize(
    ("name", "fit", "answering"),
    [
        ("backtracking", 10_000, 15_000),
        ("gf2_packed", 18_000, 21_000),
        ("subset_table", 45_000, 22_000),
        ("walsh_hadamard", 52_000, 15_500),
        ("gf2_elimination", 60_000, 21_000),
    ],
)
def test_few_rows_are_read_and_of_a_query_little_but_the_secret_bits(name, fit, answering):
    results = [played(name, drawn(number), priced=True) for number in range(10)]
    assert np.mean([result.fit_energy for result in results]) < fit
    assert np.mean([result.energy - result.fit_energy for result in results]) < answering


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize(
    "shape", [(10, 4, 2, 2), (60, 6, 5, 3), (40, 100, 2, 2), (1, 1, 2, 2), (3, 2, 3, 2), (30, 8, 20, 20)]
)
def test_every_seed_runs_on_any_shape(name, shape):
    played(name, symbols(*shape))


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_gives_the_same_in_cpython(name):
    instance = drawn(1, n=5, k=2, rows=12, queries=5)
    source, sizes = seeds.source(name), (instance.n_symbols, instance.n_classes)
    there = cpython.run(source, "fit", [instance.x, instance.y, *sizes])
    here = measure(
        source, "fit", [ReadOnly(instance.x), ReadOnly(instance.y), *map(Control, sizes)], energy=(), limits=LIMITS
    )
    assert there.status == here.status == "ok"
    models = [value if isinstance(value, tuple) else (value,) for value in (there.value, here.value)]
    for expected, found in zip(*models, strict=True):
        np.testing.assert_array_equal(found, expected)
    answers = [cpython.run(source, "predict", [*models[0], query]).value for query in instance.queries]
    assert played(name, instance).answers.tolist() == answers
