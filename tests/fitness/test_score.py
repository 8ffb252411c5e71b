"""Scores: the seed programs reach the top, failures have no figures, an unreachable demand stops early."""

from dataclasses import replace

import numpy as np
import pytest

from fitness import Limits
from fitness.interval import TWO_SIDED, batch_means, interval_over_batches
from fitness.limits import limits_of
from fitness.problem import judge, problem, problems
from fitness.programs import compile_for
from fitness.score import Failed, Score, bounds, judged_on, pooled, score, streams, summary, unreachable
from primitives.seeds import source
from tasks import Purpose, SparseParity, TaskError, instances, rung

CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return a\n"
DRAWING = "from primitives import randint\n\n\n" + CONSTANT.replace("return 0", "return randint(0, 2)")
FAILS_LATE = CONSTANT.replace("return a", "return 1 // (q[0] + q[1])")
SEEDS = ("gf2_elimination", "subset_table")


def drawn(task, count, seed=0):
    return [problem(each) for each in instances(task, Purpose.SEARCH, seed, count)]


def judged(program, name, count, limits=None, demand=0.0):
    task = rung(name)
    verdict = unreachable(task, count, demand)
    done = judged_on(compile_for(task, program), drawn(task, count), limits or limits_of(task.budget), 0, verdict)
    return done if isinstance(done, Failed) else summary(done, task)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("task", ["parity-6-2", "parity-10-3"])
def test_the_seeds_learn_parity(name, task):
    result = judged(source(name), task, 8)
    assert isinstance(result, Score)
    assert result.accuracy > 0.97
    assert result.accuracy_low < result.accuracy <= result.accuracy_high
    assert 0 < result.fit_energy < result.energy
    assert 0 < result.fit_steps < result.steps


def test_a_constant_learner_is_at_chance_and_costs_next_to_nothing():
    result = judged(CONSTANT, "parity-10-3", 4)
    assert result.accuracy == 0.5
    assert result.energy == 0
    assert result.seconds > 0


def test_a_failure_on_one_instance_is_the_failure_of_the_whole_and_has_no_figures():
    result = judged(FAILS_LATE, "parity-6-2", 8)
    assert (result.status, result.line) == ("zero_division", 6)
    first = [judge_one(FAILS_LATE, "parity-6-2", number) for number in range(8)].index("zero_division")
    assert result == Failed("zero_division", 6, first)
    assert not hasattr(result, "accuracy")


def judge_one(program, name, number):
    task = rung(name)
    return judge(compile_for(task, program), drawn(task, number + 1)[-1], Limits(), 0).status


def test_a_limit_makes_a_failure():
    assert judged(source("gf2_elimination"), "parity-10-3", 2, Limits(steps=100)).status == "out_of_steps"


def test_a_score_is_the_same_every_time_and_random_draws_differ_between_instances():
    first, second = judged(DRAWING, "parity-10-3", 16), judged(DRAWING, "parity-10-3", 16)
    assert first == second
    assert len(set(streams(0, 100)) | set(streams(1, 100))) == 200
    assert streams(0, 3) == streams(0, 100)[:3]


def test_an_answer_of_minus_one_is_never_right():
    task = rung("parity-10-3")
    example = next(iter(instances(task, Purpose.SEARCH, 0, 1)))
    nothing = problem(replace(example, answers=np.full(len(example.answers), -1)))
    result = judge(compile_for(task, CONSTANT.replace("return 0", "return -1")), nothing, Limits(), 0)
    assert result.accuracy == 0.0
    assert not result.correct.any()


def test_a_program_that_failed_has_no_accuracy():
    task = rung("parity-4-1")
    result = judge(compile_for(task, source("gf2_elimination")), drawn(task, 1)[0], Limits(steps=20), 0)
    assert (result.status, result.accuracy, result.correct) == ("out_of_steps", None, None)


def test_a_program_that_cant_reach_the_demand_is_stopped():
    assert judged(CONSTANT, "parity-10-3", 30, demand=0.9) == Failed("inaccurate", None)
    good = source("subset_table")
    assert judged(good, "parity-10-3", 30, demand=0.9) == judged(good, "parity-10-3", 30)


class OneProblem(SparseParity):
    """Parity, as if every instance were the same problem."""

    interval = "batches"


def test_where_batches_are_the_trials_queries_are_averaged_over_instances():
    sizes = rung("parity-10-3")
    task = OneProblem(10, 3, rows=40, queries=100, instances=4, budget=sizes.budget)
    program = compile_for(task, "def fit(x, y, k, c):\n    return 0\n\n\ndef predict(a, q):\n    return q[0]\n")
    results = [judge(program, each, Limits(), 0) for each in drawn(task, 4)]
    together = np.mean([batch_means(each.correct) for each in results], axis=0)
    assert bounds(results, task, TWO_SIDED) == interval_over_batches(together, [], TWO_SIDED)
    found = score(program, drawn(task, 4), Limits(), 0, task)
    assert found.accuracy_low < found.accuracy < found.accuracy_high
    assert judged_on(program, drawn(task, 4), Limits(), 0, unreachable(task, 4, 0.99)) == Failed("inaccurate", None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": np.zeros((40, 10))}, "x of Examples: float64, rank 2; it is an array of uint8, rank 2"),
        ({"x": np.zeros(40, np.uint8)}, "x of Examples: uint8, rank 1; it is an array of uint8, rank 2"),
        ({"y": [0] * 40}, "y of Examples: list; it is an array of uint8, rank 1"),
        ({"answers": np.zeros(100, np.uint8)}, "answers of Examples: uint8, rank 1; it is an array of int64, rank 1"),
        ({"y": np.zeros(39, np.uint8)}, r"don't fit each other: x \(40, 10\), y \(39,\)"),
        ({"queries": np.zeros((100, 9), np.uint8)}, r"queries \(100, 9\)"),
    ],
)
def test_examples_of_other_types_or_shapes_are_the_fault_of_the_task(changes, message):
    example = next(iter(instances(rung("parity-10-3"), Purpose.SEARCH, 0, 1)))
    with pytest.raises(TaskError, match=message):
        problem(replace(example, **changes))


class Broken(SparseParity):
    """It can't draw anything, or nothing of use."""

    def draw(self, generator, purpose):
        return 7 if self.k == 1 else {}["secret"]


def test_a_task_that_can_t_draw_is_told_so():
    sizes = rung("parity-10-3")
    raising, useless = (Broken(10, k, 40, 100, 4, sizes.budget) for k in (3, 1))
    with pytest.raises(
        TaskError, match=r"draw\(generator, SEARCH\) of parity-10-3 raises KeyError: 'secret' \(.*line \d+"
    ):
        problems(raising, Purpose.SEARCH, 0, 1)
    with pytest.raises(TaskError, match="draw returned a int; an instance is Examples or an Episode"):
        problems(useless, Purpose.SEARCH, 0, 1)


def test_pooled_scores_have_the_accuracy_of_both_and_the_costs_of_the_second():
    task = rung("parity-6-2")
    before = Score(200, 1.0, 0.98, 1.0, 5.0, 4.0, 3.0, 2.0, 1.0, 64)
    now = Score(100, 0.97, 0.95, 0.99, 50.0, 40.0, 30.0, 20.0, 10.0, 640)
    both = pooled(before, now, task, 1000)
    assert (both.instances, both.accuracy) == (300, pytest.approx(0.99))
    assert now.accuracy_low < both.accuracy_low < both.accuracy < both.accuracy_high < 1
    assert replace(both, instances=100, accuracy=0.97, accuracy_low=0.95, accuracy_high=0.99) == now


def test_of_pooled_scores_the_older_one_counts_less_where_there_are_too_many_instances():
    task = rung("parity-6-2")
    score = Score(200, 0.0, 0.0, 1.0, 5.0, 4.0, 3.0, 2.0, 1.0, 64)
    right = replace(score, accuracy=1.0)
    lows = []
    for _ in range(6):
        score = pooled(score, right, task, 500)
        lows.append(score.accuracy_low)
    assert score.instances == 500
    assert score.accuracy == pytest.approx(1 - 0.5 * 0.6**5)
    assert lows == sorted(lows)


def test_where_instances_are_no_trials_scores_are_not_pooled():
    before = Score(4, 0.5, 0.4, 0.6, 5.0, 4.0, 3.0, 2.0, 1.0, 64)
    now = replace(before, accuracy=0.6)
    assert pooled(before, now, rung("markov-2"), 1000) is now
