"""The seed programs for text: what each learns and what breaks it, what it costs, that all run anywhere."""

import functools
from dataclasses import replace
from pydoc_data import topics

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from fitness import Limits, Play, learner, play, stage
from primitives import seeds
from tasks.instances import Examples
from tasks.markov import MarkovSource, usual_length
from tasks.sparse import LARGEST
from tasks.streams import instances
from tasks.task import Purpose
from tests import cpython

STREAMING = ("ppm_c", "context_mixing")
"""They go on learning while they answer."""

CONTEXTS = ("ngram_backoff", *STREAMING)
SEEDS = (*CONTEXTS, "softmax_regression")
COLUMNS = 16
LIMITS = Limits(steps=1_000_000_000)


def streamed(learned, asked, n_symbols, columns=COLUMNS):
    """Windows of a stream to learn from, and of another to predict."""
    rows, queries = (sliding_window_view(each[:-1], columns) for each in (learned, asked))
    return Examples(rows, learned[columns:], queries, asked[columns:], n_symbols, n_symbols)


@functools.cache
def english(characters=60_000, queries=4_000):
    """English of which the symbols have random names."""
    text = "\n\n".join(topics.topics[name] for name in sorted(topics.topics)).encode("ascii", "replace")
    symbols = np.random.default_rng(0).permutation(128).astype(np.uint8)[np.frombuffer(text, np.uint8)]
    return streamed(symbols[20_000 : 20_000 + characters].copy(), symbols[90_000 : 90_000 + queries].copy(), 128)


def scattered(rows, columns, n_symbols, n_classes, queries=20):
    """Symbols and classes, both random."""
    generator = np.random.default_rng([rows, columns])
    x = generator.integers(0, n_symbols, (rows + queries, columns), dtype=np.uint8)
    y = generator.integers(0, n_classes, rows + queries, dtype=np.uint8)
    return Examples(x[:rows], y[:rows], x[rows:], y[rows:], n_symbols, n_classes)


@functools.cache
def compiled(name):
    return learner(seeds.source(name))


def played(name, instance, priced=False) -> Play:
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    result = play(compiled(name), staged, limits=LIMITS, priced=priced)
    assert (result.status, result.line) == ("ok", None)
    assert len(result.answers) == len(instance.queries)
    return result


def accuracy(name, instance):
    return (played(name, instance).answers == instance.answers).mean()


@functools.cache
def sources(order):
    task = MarkovSource(order, usual_length(order), 1000, 8, LARGEST)
    return task, list(instances(task, Purpose.VERIFICATION, 0, 8))


def accuracy_on_sources(name, order):
    return np.mean([accuracy(name, each) for each in sources(order)[1]])


def test_all_are_registered_for_texts():
    assert set(SEEDS) <= set(seeds.seeds_for("text")) & set(seeds.seeds_for("symbols"))


def test_on_english_each_is_better_than_the_one_before():
    most_frequent = np.bincount(english().y).argmax()
    chance = (english().answers == most_frequent).mean()
    regression, ngrams, ppm, mixing = (accuracy(name, english()) for name in ("softmax_regression", *CONTEXTS))
    assert regression > chance + 0.05
    assert ngrams > regression + 0.1
    assert ppm > ngrams + 0.02
    assert mixing > ppm + 0.005


@pytest.mark.parametrize("name", CONTEXTS)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_markov_source_is_predicted_nearly_as_well_as_it_can_be(name, order):
    task, _ = sources(order)
    assert accuracy_on_sources(name, order) > 0.92 * task.best


def test_single_places_tell_half_of_a_source_of_order_2():
    task, _ = sources(2)
    assert task.chance + 0.1 < accuracy_on_sources("softmax_regression", 2) < 0.8 * task.best


@pytest.mark.parametrize(
    "label",
    [
        lambda x: x[:, 2],
        lambda x: (x[:, [1, 4, 7]] > 1).sum(1),
        lambda x: (x[:, 3:] > 1).sum(1) > 2,
    ],
)
def test_regression_learns_what_single_places_tell(label):
    generator = np.random.default_rng(3)
    x, queries = (generator.integers(0, 4, (1000, 8), dtype=np.uint8) for _ in range(2))
    instance = Examples(x, label(x).astype(np.uint8), queries, label(queries), 4, 10)
    assert accuracy("softmax_regression", instance) > 0.93


@pytest.mark.parametrize("name", STREAMING)
def test_a_streaming_learner_needs_no_training(name):
    late = english(characters=200)
    assert accuracy("ngram_backoff", late) < 0.25
    assert accuracy(name, late) > 0.35


@pytest.mark.parametrize("name", STREAMING)
def test_rows_that_are_no_stream_are_learned_but_queries_are_not(name):
    text, order = english(), np.random.default_rng(1).permutation(len(english().x))
    backwards = np.ascontiguousarray(text.queries[::-1])
    mixed = replace(text, x=text.x[order], y=text.y[order], queries=backwards, answers=text.answers[::-1])
    assert accuracy(name, mixed) > accuracy("ngram_backoff", text) - 0.02
    assert (played(name, replace(mixed, queries=text.queries)).answers == played(name, mixed).answers[::-1]).all()


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize(
    "shape",
    [
        (10, 4, 2, 2),
        (60, 6, 5, 3),
        (40, 100, 2, 2),
        (1, 1, 2, 2),
        (0, 1, 2, 2),
        (3, 2, 3, 9),
        (300, 1, 128, 128),
        (300, 7, 128, 128),
        (200, 8, 256, 256),
    ],
)
def test_every_seed_runs_on_any_shape(name, shape):
    played(name, scattered(*shape))


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("columns", [1, 3, 8])
def test_every_seed_runs_on_a_stream_of_one_symbol(name, columns):
    same = np.full(600, 5, np.uint8)
    assert accuracy(name, streamed(same, same[:300], 8, columns)) == 1


@pytest.mark.parametrize("name", CONTEXTS)
def test_contexts_that_repeat_without_end_fill_no_count(name):
    cycle = np.resize(np.array([0, 1, 0, 2], np.uint8), 4_000)
    assert accuracy(name, streamed(cycle, cycle[:2_000], 3, 8)) == 1


@pytest.mark.parametrize(
    ("name", "steps", "fit", "query"),
    [("ngram_backoff", 210, 3_300, 700), ("ppm_c", 140, 2_600, 2_400), ("context_mixing", 230, 2_100, 2_300)],
)
def test_a_character_takes_few_steps_and_little_energy(name, steps, fit, query):
    result = played(name, english(), priced=True)
    rows, queries = len(english().x), len(english().queries)
    assert result.fit_steps < steps * rows
    assert result.fit_energy < fit * rows
    assert result.energy - result.fit_energy < query * queries
    assert result.peak_memory < 10 * rows


REPLAY = """

def replay(x, y, n_symbols, n_classes, queries):
    model = fit(x, y, n_symbols, n_classes)
    return [int(predict(*model, queries[i])) for i in range(len(queries))]
"""


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("n_symbols", [3, 128])
def test_every_seed_answers_a_stream_as_in_cpython(name, n_symbols):
    symbols = np.random.default_rng(2).integers(0, 3, 130).astype(np.uint8)
    instance = streamed(symbols[:70].copy(), symbols[60:].copy(), n_symbols, 8)
    instance = replace(instance, x=instance.x.copy(), queries=instance.queries.copy())
    arguments = [instance.x, instance.y, n_symbols, n_symbols, instance.queries]
    there = cpython.run(seeds.source(name) + REPLAY, "replay", arguments)
    assert there.status == "ok"
    assert played(name, instance).answers.tolist() == there.value
