"""A learner on an instance: what it may see and change, when it answers, and what fit and predict cost."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from fitness import Limits, Play, Staged, learner, measure, models, play, stage
from fitness.arguments import Control, ReadOnly
from fitness.play import loaded
from primitives.errors import ProgramError

X = np.array([[0, 1, 2], [2, 1, 0], [1, 1, 1], [2, 2, 0]], dtype=np.uint8)
Y = np.array([1, 0, 1, 0], dtype=np.uint8)
Q = np.array([[0, 1, 2], [2, 2, 2], [1, 0, 0], [2, 1, 0], [0, 0, 1]], dtype=np.uint8)


def played(source: str, queries: np.ndarray = Q, **options: Any) -> Play:
    return play(learner(source), stage(X, Y, queries, 3, 2), **options)


def limited(source: str, **limits: Any) -> Play:
    return played(source, limits=Limits(**limits))


FIRST_SYMBOL = "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return q[0]\n"
COUNTER = (
    "from primitives import i8, zeros\n"
    "def fit(x, y, k, c):\n    return zeros(1, i8)\n"
    "def predict(m, q):\n    m[0] += 1\n    return m[0] + 0\n"
)


def test_every_query_gets_an_answer_in_turn() -> None:
    p = played(FIRST_SYMBOL)
    assert (p.status, p.line, p.answers.tolist()) == ("ok", None, Q[:, 0].tolist())
    assert p.answers.dtype == np.int64


def test_without_queries_only_fit_runs() -> None:
    p = played(FIRST_SYMBOL, Q[:0])
    assert (p.status, p.answers.tolist()) == ("ok", [])
    assert (p.steps, p.energy) == (p.fit_steps, p.fit_energy)


def test_fit_sees_the_rows_the_classes_and_the_sizes() -> None:
    source = (
        "def fit(x, y, k, c):\n    return x[3, 1] * 1000 + y[2] * 100 + k * 10 + c, len(x), x.shape[1], len(y)\n"
        "def predict(m, rows, columns, ys, q):\n    return ((m * 10 + rows) * 10 + columns) * 10 + ys\n"
    )
    assert played(source, Q[:1]).answers.tolist() == [2132434]


def test_a_class_may_be_a_bool() -> None:
    source = "def fit(x, y, k, c):\n    return 1\ndef predict(m, q):\n    return q[0] > m\n"
    assert played(source).answers.tolist() == [0, 1, 0, 1, 0]


# The model


def test_a_model_of_scalars_and_arrays_arrives_as_it_was_returned() -> None:
    source = (
        "from primitives import zeros\n"
        "def fit(x, y, k, c):\n"
        "    w = zeros((2, 3))\n    w[1, 2] = 0.5\n"
        "    return w, 7, 2.5, x[1:3], True, w[1]\n"
        "def predict(w, n, f, rows, flag, row, q):\n"
        "    s = 0\n"
        "    if flag:\n        s = int(w[1, 2] * 2.0 + f * 2.0) + n + rows[0, 0] * 100 + int(row[2] * 2000.0)\n"
        "    return s\n"
    )
    assert played(source, Q[:2]).answers.tolist() == [6 + 7 + 200 + 1000] * 2


def test_arrays_of_the_model_persist_between_queries() -> None:
    assert played(COUNTER).answers.tolist() == [1, 2, 3, 4, 5]


def test_views_in_the_model_look_at_one_memory() -> None:
    source = (
        "from primitives import i8, zeros\n"
        "def fit(x, y, k, c):\n    a = zeros(4, i8)\n    return a, a[2:]\n"
        "def predict(a, v, q):\n    v[0] += 1\n    return a[2] * 1\n"
    )
    assert played(source).answers.tolist() == [1, 2, 3, 4, 5]


def test_scalars_of_the_model_are_fresh_for_every_query() -> None:
    source = "def fit(x, y, k, c):\n    return 3\ndef predict(m, q):\n    m = m + 1\n    return m\n"
    assert played(source).answers.tolist() == [4] * 5


def test_a_model_that_adapts_starts_anew_with_every_play() -> None:
    program, instance = learner(COUNTER), stage(X, Y, Q, 3, 2)
    first, second = play(program, instance), play(program, instance)
    assert first.answers.tolist() == second.answers.tolist() == [1, 2, 3, 4, 5]
    assert (first.steps, first.energy, first.peak_memory) == (second.steps, second.energy, second.peak_memory)


def test_an_array_variable_of_predict_does_not_persist() -> None:
    source = (
        "from primitives import i8, zeros\n"
        "def fit(x, y, k, c):\n    return zeros(1, i8)\n"
        "def predict(m, q):\n    m = m + 1\n    return m[0] * 1\n"
    )
    assert played(source).answers.tolist() == [1] * 5


# What a learner may not do


@pytest.mark.parametrize(
    "statement", ["x[0, 0] = 1", "y[0] = 1", "x[0] = y", "x += 1", "y[0] += 1", "z = x[1:]\n    z[0, 0] = 1", "f(x)"]
)
def test_fit_may_not_write_what_it_is_given(statement: str) -> None:
    source = f"def f(a):\n    a[0, 0] = 1\ndef fit(x, y, k, c):\n    {statement}\n    return 0\n"
    with pytest.raises(ProgramError, match=r"line [245]"):
        learner(source + "def predict(m, q):\n    return m\n")


@pytest.mark.parametrize("statement", ["q[0] = 1", "q += 1", "r = q[1:]\n    r[0] = 1", "m[0, 0] = 1"])
def test_predict_may_write_neither_the_query_nor_the_rows(statement: str) -> None:
    source = f"def fit(x, y, k, c):\n    return x\ndef predict(m, q):\n    {statement}\n    return 0\n"
    with pytest.raises(ProgramError, match=r"line [45]"):
        learner(source)


def test_the_caller_s_arrays_stay_as_they_are() -> None:
    x, y, q = X.copy(), Y.copy(), Q.copy()
    play(learner(COUNTER), stage(x, y, q, 3, 2))
    assert (x == X).all() and (y == Y).all() and (q == Q).all()


@pytest.mark.parametrize("index", ["len(q)", "-1", "3"])
def test_a_query_ends_where_the_next_begins(index: str) -> None:
    source = f"def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return q[{index}]\n"
    p = played(source)
    assert (p.status, p.line, p.answers.tolist()) == ("index_error", 4, [])


def test_an_answer_is_given_before_the_next_query_is_seen() -> None:
    later = Q.copy()
    later[3:] = 0
    source = (
        "from primitives import i8, zeros\n"
        "def fit(x, y, k, c):\n    return zeros(1, i8)\n"
        "def predict(m, q):\n    m[0] = m[0] * 3 + q[0]\n    return m[0] + 0\n"
    )
    first, second = played(source), played(source, later)
    assert first.answers[:3].tolist() == second.answers[:3].tolist() == [0, 2, 7]
    assert first.answers[3:].tolist() != second.answers[3:].tolist()


@pytest.mark.parametrize(
    "source",
    [
        "def fit(x, y, k, c):\n    return 0\n",
        "def predict(m, q):\n    return 0\n",
        "def fit(x, y, k):\n    return 0\ndef predict(m, q):\n    return 0\n",
        "def fit(x, y, k, c):\n    return 0, 1\ndef predict(m, q):\n    return 0\n",
        "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return 0.5\n",
        "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return q\n",
        "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return 0, 1\n",
        "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    pass\n",
        "def fit(x, y, k, c):\n    return 0\ndef predict(m, q):\n    return q[0, 0]\n",
    ],
)
def test_what_is_no_learner_is_rejected(source: str) -> None:
    with pytest.raises(ProgramError):
        learner(source)


# Failures and limits


def test_a_failure_in_fit_leaves_no_answers() -> None:
    p = played("def fit(x, y, k, c):\n    return x[9, 0] + 0\ndef predict(m, q):\n    return m\n")
    assert (p.status, p.line, p.answers.tolist()) == ("index_error", 2, [])
    assert (p.steps, p.energy) == (p.fit_steps, p.fit_energy)


def test_a_failure_in_predict_keeps_the_answers_before_it() -> None:
    source = "def fit(x, y, k, c):\n    return 6\ndef predict(m, q):\n    return m // (1 - q[1]) + q[0]\n"
    p = played(source, Q[1:])
    assert (p.status, p.line, p.answers.tolist()) == ("zero_division", 4, [-4, 7])
    assert p.steps > p.fit_steps


def test_steps_are_limited_over_fit_and_all_queries() -> None:
    steps = played(FIRST_SYMBOL).steps
    assert limited(FIRST_SYMBOL, steps=steps).status == "ok"
    starved = limited(FIRST_SYMBOL, steps=steps - 3)
    assert (starved.status, starved.steps) == ("out_of_steps", steps - 3)
    assert starved.answers.tolist() == Q[:4, 0].tolist()


def test_energy_is_limited_over_fit_and_all_queries() -> None:
    energy = played(FIRST_SYMBOL).energy
    assert limited(FIRST_SYMBOL, energy=energy).status == "ok"
    starved = limited(FIRST_SYMBOL, energy=energy * 0.5)
    assert starved.status == "out_of_energy" and 0 < len(starved.answers) < len(Q)


@pytest.mark.parametrize("memory", [0, 16, 40, 47])
def test_an_instance_that_does_not_fit_is_out_of_memory(memory: int) -> None:
    p = limited(FIRST_SYMBOL, memory=memory)
    assert (p.status, p.line, p.steps, p.energy) == ("out_of_memory", None, 0, 0.0)


def test_an_endless_predict_runs_out_of_steps() -> None:
    source = (
        "def fit(x, y, k, c):\n    return 1\ndef predict(m, q):\n    while m > 0:\n        m = m + 0\n    return m\n"
    )
    p = limited(source, steps=10_000)
    assert (p.status, p.steps, p.answers.tolist()) == ("out_of_steps", 10_000, [])


def test_memory_of_a_query_is_free_again_at_the_next() -> None:
    source = (
        "from primitives import zeros\n"
        "def fit(x, y, k, c):\n    return 0\n"
        "def predict(m, q):\n    a = zeros(1000)\n    b = a * 2.0\n    return int(b[0])\n"
    )
    once, often = played(source, Q[:1]), played(source, np.tile(Q, (100, 1)))
    assert often.status == "ok"
    assert often.peak_memory - once.peak_memory == 500 * 3 - 16


# Energy and steps


def test_energy_of_fit_and_of_the_queries_add_up() -> None:
    source = (
        "def fit(x, y, k, c):\n    s = 0\n    for i in range(len(y)):\n        s = s + y[i]\n    return s\n"
        "def predict(m, q):\n    return q[0] + m\n"
    )
    none, some = played(source, Q[:0]), played(source)
    assert some.fit_energy == none.energy > 0
    assert some.fit_steps == none.steps > 0
    assert some.energy > some.fit_energy and some.steps > some.fit_steps


def test_a_query_lies_on_top_with_its_first_symbol_first() -> None:
    source = "def fit(x, y, k, c):\n    return k\ndef predict(m, q):\n    return q[0] + q[1] + q[2]\n"
    p = played(source, Q[:1])
    assert p.fit_energy == 0.0
    # q[0] on top, q[1] then below it; their sum, a temporary on top; q[2] below the other two
    assert p.energy == pytest.approx(1 + math.sqrt(2) + 1 + math.sqrt(3))


def test_unpriced_plays_answer_the_same_in_as_many_steps() -> None:
    priced, unpriced = played(COUNTER), played(COUNTER, priced=False)
    assert unpriced.energy == unpriced.fit_energy == 0.0 < priced.energy
    assert priced.answers.tolist() == unpriced.answers.tolist()
    assert (priced.steps, priced.fit_steps) == (unpriced.steps, unpriced.fit_steps)


def test_random_numbers_go_on_from_fit_to_predict_and_depend_on_the_seed() -> None:
    source = (
        "from primitives import randint\n"
        "def fit(x, y, k, c):\n    return randint(0, 1000000)\n"
        "def predict(m, q):\n    return randint(0, 1000000) - m\n"
    )
    first, again, other = (played(source, seed=seed).answers.tolist() for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == len(first) and 0 not in first


# Queries as views


SUM = (
    "def fit(x, y, k, c):\n    return 0\n"
    "def predict(m, q):\n    s = 0\n    for i in range(len(q)):\n        s = s + q[i]\n    return s\n"
)
STREAM = np.arange(20, dtype=np.uint8)
VIEWS = {
    "reversed rows": sliding_window_view(STREAM, 5)[::-1],
    "reversed columns": sliding_window_view(STREAM, 5)[:, ::-1],
    "every second element": sliding_window_view(STREAM[::2], 5),
    "windows of every second element": sliding_window_view(STREAM, 9)[:, ::2],
    "one column repeated": np.broadcast_to(STREAM[:4, None], (4, 5)),
    "transposed": np.arange(20, dtype=np.uint8).reshape(5, 4).T,
    "no columns": np.zeros((3, 0), np.uint8),
}


@pytest.mark.parametrize("queries", VIEWS.values(), ids=VIEWS)
def test_a_view_that_is_no_stream_costs_as_much_as_its_copy(queries: np.ndarray) -> None:
    seen, copied = played(SUM, queries), played(SUM, np.ascontiguousarray(queries))
    assert seen.answers.tolist() == copied.answers.tolist() == queries.sum(axis=1).tolist()
    assert seen.energy == copied.energy


@pytest.mark.parametrize("stride", [1, 2, 7])
def test_the_queries_of_a_stream_share_their_elements(stride: int) -> None:
    queries = sliding_window_view(STREAM, 5)[::stride]
    seen, copied = played(SUM, queries), played(SUM, np.ascontiguousarray(queries))
    assert seen.answers.tolist() == copied.answers.tolist() == queries.sum(axis=1).tolist()
    assert (seen.peak_memory < copied.peak_memory) == (stride < 5)
    assert (seen.energy == copied.energy) == (stride >= 5)


def test_a_query_repeated_without_a_copy_stays_on_the_stack() -> None:
    queries = np.broadcast_to(STREAM[:5], (6, 5))
    p = played(SUM, queries)
    assert p.answers.tolist() == [10] * 6
    assert p.peak_memory == 16 * 3


def random_instance(generator: np.random.Generator) -> Staged:
    rows, columns, queries = (int(number) for number in generator.integers(2, 30, 3))
    stream = generator.integers(0, 2, rows + queries + columns, dtype=np.uint8)
    if generator.random() < 0.5:  # a text: rows and classes look at one buffer, and queries overlap
        windows = sliding_window_view(stream, columns)
        return stage(windows[:rows], stream[columns : rows + columns], windows[rows : rows + queries], 2, 2)
    x = generator.integers(0, 2, (rows, columns), dtype=np.uint8)
    return stage(x, x[:, 0].copy(), generator.integers(0, 2, (queries, columns), dtype=np.uint8), 2, 2)


MIXED = (
    "from primitives import f8, i8, random, zeros\n"
    "def fit(x, y, k, c):\n    m = zeros(3, i8)\n    w = zeros((2, 2), f8)\n    n = 0\n"
    "    for r in range(len(y)):\n        if x[r, 1] ^ y[r]:\n            n += 7\n"
    "            m = zeros(len(y), i8)\n    w[1, 0] = random()\n    m[1] = n\n    return m, w, n\n"
    "def predict(m, w, n, q):\n    m[0] += q[1] + n\n    if w[1, 0] > 0.9:\n        return m[9]\n"
    "    return (m[0] + q[0]) % 2\n"
)
"""It allocates, draws, adapts, and fails where `random` says so and there are few rows."""


@pytest.mark.parametrize("priced", [True, False])
def test_a_play_after_another_of_the_same_program_is_as_if_it_were_the_first(priced: bool) -> None:
    generator, limits = np.random.default_rng(3), Limits(steps=20_000)
    program = learner(MIXED)
    instances = [random_instance(generator) for _ in range(60)]
    alone = [play(program, each, limits=replace(limits), priced=priced, seed=n) for n, each in enumerate(instances)]
    in_turn = [play(program, each, limits=limits, priced=priced, seed=n) for n, each in enumerate(instances)]
    for one, other in zip(alone, in_turn, strict=True):
        assert one.answers.tolist() == other.answers.tolist()
        assert one._replace(answers=other.answers) == other
    assert {"ok", "index_error"} == {each.status for each in alone}


def test_a_machine_that_did_something_else_in_between_is_loaded_anew() -> None:
    program, instance, limits = learner(COUNTER), stage(X, Y, Q, 3, 2), Limits()
    first = play(program, instance, limits=limits)
    measure("def f():\n    return 3\n", "f", [])
    again = play(program, instance, limits=limits)
    assert first._replace(answers=again.answers) == again
    assert first.answers.tolist() == again.answers.tolist()


OVERWRITTEN = (
    "def fit(x, y, k, c):\n    s = x[0, 0] + x[c, 1]\n    if x[1, 1] > 0:\n        s += y[k - 1] * c\n"
    "        {change}\n    return s * c + k\ndef predict(m, q):\n    return (m + q[0]) % 2\n"
)
"""It reads a size, and replaces it with data."""


@pytest.mark.parametrize("change", ["c = s % 2", "k = x[2, 2] * 300", "k, c = c + s, k"])
@pytest.mark.parametrize("sizes", [(3, 2), (300, 2), (3, 70_000)])
def test_a_size_that_the_program_replaces_with_data_is_on_the_stack_like_any_argument(
    change: str, sizes: tuple[int, int]
) -> None:
    x, y = np.tile(X, (80_000, 1)) if sizes[1] > 2 else X, np.tile(Y, 100)
    source, limits = OVERWRITTEN.format(change=change), Limits(memory=1 << 22)
    called = measure(source, "fit", [ReadOnly(x), ReadOnly(y), *map(Control, sizes)], energy=("dmc", "bytedmd"))
    program, instance = learner(source), stage(x, y, Q[:, : x.shape[1]], *sizes)
    assert (called.status, called.energy["dmc"] > 0) == ("ok", True)
    for before in ("def f(a, b, c, d):\n    return a + b + c + d\n", "def f(a):\n    return a\n"):
        arguments = [1, 2, 3, 4][: before.count(",", 0, 16) + 1]
        measure(before, "f", arguments)  # its cells lay where the program's lie now
        assert play(program, instance, limits=limits).fit_energy == called.energy["dmc"]
    traced, _ = loaded(program, instance, limits, 0, traced=True)
    assert traced.run(program.code.entries["fit"]).status == "ok"
    trace = traced.trace(program.code.entries["fit"])
    assert models.get("bytedmd").price(trace).sum() == called.energy["bytedmd"]
    assert models.get("dmc").price(trace).sum() == pytest.approx(called.energy["dmc"], rel=1e-12)
