"""Nothing leaks: what tries to answer without learning stays at chance, fails, or is no program at all."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fitness import play
from fitness.limits import limits_of
from fitness.problem import Judged, judge, problem
from fitness.programs import compile_for, learner
from fitness.score import streams
from primitives.errors import ProgramError
from primitives.generator import Generator
from primitives.seeds import source
from tasks import Budget, Examples, Purpose, SparseParity, Task, instances

BUDGET = Budget(steps=1_000_000, energy=1e9, memory=1 << 18)
FEW = SparseParity(10, 3, rows=40, queries=100, instances=60, budget=BUDGET)
MANY = SparseParity(20, 3, rows=60, queries=100, instances=60, budget=BUDGET)


class NextSymbol(Task):
    """The class of a window is the symbol after it, which stands in the next window; symbols are random."""

    family = summary = "next symbol"
    name, budget, gate, chance, instances = "next-symbol", BUDGET, 0.9, 0.25, 60

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        text = generator.integers(0, 4, 160, dtype=np.uint8)
        windows = np.lib.stride_tricks.sliding_window_view(text, 6)[:-1]
        answers = text[6:]
        return Examples(windows[:50], answers[:50], windows[50:], answers[50:].astype(np.int64), 4, 4)


NEXT = NextSymbol()


def program(fit: str, predict: str, model: str = "m") -> str:
    """A learner from the bodies of its functions."""
    names = [
        name for name in ("zeros", "random", "randint", "window", "mix", "seed", "u1", "i8") if name in fit + predict
    ]
    imports = f"from primitives import {', '.join(names)}\n\n\n" if names else ""
    body = "".join(f"    {line}\n" for line in fit.split("\n"))
    answer = "".join(f"    {line}\n" for line in predict.split("\n"))
    return f"{imports}def fit(x, y, k, c):\n{body}\n\ndef predict({model}, q):\n{answer}"


def results(task: Task, text: str, seed: int = 7) -> list[Judged]:
    compiled, limits = compile_for(task, text), limits_of(task.budget)
    drawn = instances(task, Purpose.VERIFICATION, seed, task.instances)
    return [
        judge(compiled, problem(each), limits, stream)
        for each, stream in zip(drawn, streams(seed, task.instances), strict=True)
    ]


def is_at_chance(task: Task, judged: list[Judged]) -> bool:
    """Whether the mean accuracy of the instances, which are independent, is within 4 standard errors of chance.

    The spread is at least that of independent guesses, so that a lucky lack of it is no verdict. It is wrong once in
    16,000 times; the seed is fixed.
    """
    accuracies = [each.accuracy for each in judged]
    guesses = sum(len(each.correct) for each in judged)
    error = max(np.std(accuracies, ddof=1) / math.sqrt(len(judged)), math.sqrt(task.chance / guesses))
    return abs(float(np.mean(accuracies)) - task.chance) < 4 * error


COUNTING = "m = zeros(8, i8)\nreturn m"

ORDER = {
    "every second query": program(COUNTING, "m[0] += 1\nreturn m[0] & 1"),
    "first half, second half": program(COUNTING, "m[0] += 1\nreturn m[0] > 50"),
    "as often as not yet": program(COUNTING, "m[q[0]] += 1\nreturn m[0] > m[1]"),
    "what the query before had first": program(COUNTING, "a = m[0] * 1\nm[0] = q[0]\nreturn a"),
    "the class of the row of this number": program(
        "return y, zeros(1, i8)", "a[0] += 1\nreturn m[(a[0] - 1) % len(m)] * 1", "m, a"
    ),
    "the class that is rarer among the rows": program(
        "s = 0\nfor i in range(len(y)):\n    s += y[i]\nreturn s * 2 < len(y)", "return m"
    ),
    "a query like the one before": program(
        "return zeros(30, u1)",
        "s = 0\nfor i in range(len(q)):\n    s += q[i] ^ m[i]\n    m[i] = q[i]\nreturn s & 1",
    ),
}
SHAPES = {
    "sizes": program("return len(x) + x.shape[1] + len(y) + k + c", "return m + len(q) & 1"),
    "sums of the query": program("return 0", "s = m\nfor i in range(len(q)):\n    s += q[i]\nreturn s & 1"),
    "the last column": program("return 0", "return q[len(q) - 1] + m"),
    "a table of the source": program("return 0", "return 22609 * (q[0] + 2 * q[1] + m) // 64 & 1"),
}
LUCK = {
    "a random class": program("return 0", "return randint(0, 2) + m"),
    "a random class for all": program("return randint(0, 2)", "return m"),
    "columns drawn like the secret": program(
        "n = x.shape[1]\nreturn randint(0, n), randint(0, n), randint(0, n)", "return q[a] ^ q[b] ^ q[c]", "a, b, c"
    ),
    "a class from a seed of its own": program("seed(7)\nreturn 0", "return randint(0, 2) + m"),
    "columns hashed from the first draw": program(
        "n = x.shape[1]\na = int(random() * 9007199254740992.0)\nreturn mix(a) & 7, mix(a + 1) & 7, mix(a + 2) & 7",
        "return q[a] ^ q[b] ^ q[c]",
        "a, b, c",
    ),
}
ATTACKS = ORDER | SHAPES | LUCK


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("task", [FEW, MANY], ids=lambda task: task.name)
def test_what_looks_at_anything_but_the_rows_is_at_chance(task: Task, attack: str) -> None:
    judged = results(task, attack)
    assert {each.status for each in judged} == {"ok"}
    assert is_at_chance(task, judged)


@pytest.mark.parametrize("task", [FEW, MANY], ids=lambda task: task.name)
def test_what_learns_is_not_at_chance_by_the_same_measure(task: Task) -> None:
    assert not is_at_chance(task, results(task, source("gf2_elimination")))


# The next window holds this one's answer

BEYOND = {
    "behind the query": "return q[len(q)]",
    "before it": "return q[m - 1]",
    "a window behind it": "w = window(q, len(q), 1)\nreturn w[0] * 1",
    "a window one further": "w = window(q, 1, len(q))\nreturn w[len(q) - 1] * 1",
    "a longer window": "w = window(q, 0, len(q) + 1)\nreturn w[len(q)] * 1",
    "a longer slice": "w = q[0:7]\nreturn w[6] * 1",
    "behind a row": "return q[m + 6]",
    "behind a slice": "w = q[2:5]\nreturn w[4] * 1",
}


@pytest.mark.parametrize("predict", BEYOND.values(), ids=BEYOND)
def test_the_next_window_can_t_be_reached(predict: str) -> None:
    for each in results(NEXT, program("return 0", predict)):
        assert each.status == "index_error"
        assert each.correct is None


@pytest.mark.parametrize(
    "fit", ["return x[len(x)]", "return x[49:51]", "return x[:, 0:7]", "return window(x, 1, len(x))"]
)
def test_the_rows_end_where_the_queries_begin(fit: str) -> None:
    assert {each.status for each in results(NEXT, program(fit, "return len(m)"))} == {"index_error"}


@pytest.mark.parametrize(
    "expression", ["q.T", "q[0, 0]", "q[::-1]", "q[-1:]", "q[None]", "q.base", "q.strides", "id(q)"]
)
def test_tricks_with_views_are_no_programs_or_failures(expression: str) -> None:
    try:
        compiled = compile_for(NEXT, program("return 0", f"a = {expression}\nreturn q[0] + m"))
    except ProgramError:
        return
    drawn = next(instances(NEXT, Purpose.VERIFICATION, 7, 1))
    assert judge(compiled, problem(drawn), limits_of(BUDGET), 0).status == "index_error"


@pytest.mark.parametrize(
    "attack",
    [
        program("return zeros(8, u1), x", "a = m[0] * 1\nm[0] = q[5]\nreturn a", "m, x"),
        program("return x", "return m[len(m) - 1, 5] * 1"),
        program("return x.T", "return m[5, 49] * 1"),
        program("return zeros(400, u1)", "s = 0\nfor i in range(len(m)):\n    s += m[i]\nreturn s"),
    ],
    ids=["the query before", "the last row", "the rows turned", "fresh memory"],
)
def test_what_is_within_reach_of_a_window_says_nothing_of_its_answer(attack: str) -> None:
    judged = results(NEXT, attack)
    assert {each.status for each in judged} == {"ok"}
    assert is_at_chance(NEXT, judged)


def test_an_answer_is_the_same_whatever_the_queries_after_it() -> None:
    drawn = next(instances(NEXT, Purpose.VERIFICATION, 7, 1))
    text = program(
        "return zeros(64, i8)", "s = 1\nfor i in range(6):\n    s = s * 5 + q[i]\nm[s & 63] += 1\nreturn m[7] * 1"
    )
    compiled = learner(text)
    whole = play(compiled, problem(drawn).staged)
    for count in (1, 10, 60):
        cut = replace(drawn, queries=drawn.queries[:count], answers=drawn.answers[:count])
        assert play(compiled, problem(cut).staged).answers.tolist() == whole.answers[:count].tolist()


# State

LEAVES_TRACES = program(
    "m = zeros(2000, i8)\nfor i in range(len(m)):\n    m[i] = 1 + y[i % len(y)]\nreturn m", "m[0] += 1\nreturn m[0] * 1"
)
LOOKS_FOR_THEM = program(
    "m = zeros(2000, i8)\nreturn m",
    "s = 0\nfor i in range(len(m)):\n    s += m[i]\na = zeros((9, 9), u1)\nreturn s + a[8, 8]",
)


def test_memory_is_empty_whatever_ran_before() -> None:
    first, second = (problem(each).staged for each in instances(FEW, Purpose.VERIFICATION, 7, 2))
    looking, leaving = learner(LOOKS_FOR_THEM), learner(LEAVES_TRACES)
    for staged in (first, second, first):
        play(leaving, staged)
        assert set(play(looking, staged).answers) == {0}


def test_a_play_repeats_itself_whatever_ran_before() -> None:
    drawn = [problem(each).staged for each in instances(FEW, Purpose.VERIFICATION, 7, 3)]
    text = learner(program("return zeros(4, i8), randint(0, 9)", "m[0] += a\nreturn m[0] + randint(0, 9)", "m, a"))
    alone = [play(text, staged, seed=number) for number, staged in enumerate(drawn)]
    for number in (2, 0, 1, 1):
        again = play(text, drawn[number], seed=number)
        assert again.answers.tolist() == alone[number].answers.tolist()
        assert (again.energy, again.steps) == (alone[number].energy, alone[number].steps)


# Seeds


def test_a_program_s_random_numbers_are_not_those_of_its_instance() -> None:
    """The first draws of both streams over many seeds: as numbers, and as the columns that they would choose."""
    words, columns = 0, 0
    for seed in range(200):
        own = Generator(streams(seed, 1)[0])
        theirs = np.random.default_rng(np.random.SeedSequence(seed))
        drawn = [own.random() for _ in range(3)]
        words += drawn == list(theirs.random(3))
        columns += [int(each * 20) for each in drawn] == theirs.integers(0, 20, 3).tolist()
    assert words == 0
    assert columns <= 2


def test_streams_differ_between_instances_and_from_the_seed() -> None:
    for seed in (0, 1, 2**63 - 1):
        starts = streams(seed, 50)
        assert len({seed, *starts, *streams(seed + 1, 50)}) == 101


def test_steps_energy_and_status_of_an_instance_depend_on_no_other() -> None:
    text = source("gf2_elimination")
    few = results(FEW, text)[:5]
    again = results(replace(FEW, instances=5), text)
    assert [(each.steps, each.energy) for each in few] == [(each.steps, each.energy) for each in again]
