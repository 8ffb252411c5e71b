"""Scores: the seed programs reach the top, failures have no figures, bounds are careful."""

import numpy as np
import pytest

from fitness import Limits, learner
from fitness.score import Failed, Score, lower_bound, problem, score
from primitives.seeds import SEEDS, source
from tasks import rung

CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return a\n"
DRAWING = "from primitives import randint\n\n\n" + CONSTANT.replace("return 0", "return randint(0, 2)")
FAILS_LATE = CONSTANT.replace("return a", "return 1 // (q[0] + q[1] + q[2] + q[3])")


def judged(program, name, instances, **limits):
    generator = np.random.default_rng(0)
    task = rung(name)
    return score(learner(program), [problem(task.draw(generator)) for _ in range(instances)], Limits(**limits), 0)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("task", ["parity-6-2", "parity-10-2", "parity-20-3"])
def test_the_seeds_learn_parity(name, task):
    result = judged(source(name), task, 8)
    assert isinstance(result, Score)
    if task == "parity-20-3":
        assert result.accuracy == 1.0
    assert result.accuracy > 0.97
    assert result.accuracy_low < result.accuracy


def test_a_constant_learner_is_at_chance_and_costs_next_to_nothing():
    result = judged(CONSTANT, "parity-10-3", 4)
    assert result.accuracy == 0.5
    assert result.energy == 0
    assert result.seconds > 0


def test_a_failure_on_one_instance_is_the_failure_of_the_whole_and_has_no_figures():
    result = judged(FAILS_LATE, "parity-4-1", 8)
    assert result == Failed("zero_division", 6)
    assert not hasattr(result, "accuracy")


def test_a_limit_makes_a_failure():
    assert judged(source("gf2_elimination"), "parity-10-3", 2, steps=100).status == "out_of_steps"


def test_random_draws_differ_between_instances_and_not_between_scores():
    first, second = judged(DRAWING, "parity-10-3", 16), judged(DRAWING, "parity-10-3", 16)
    assert first == second
    assert first.accuracy == 0.5


def test_the_lower_bound_grows_with_instances_and_never_reaches_certainty():
    assert lower_bound([1.0], 0.5) == 0.0
    assert lower_bound([1.0] * 2, 0.5) < lower_bound([1.0] * 8, 0.5) < 0.9 < lower_bound([1.0] * 30, 0.5) < 1.0
    assert lower_bound([0.4, 0.6], 0.5) < lower_bound([0.4, 0.6] * 10, 0.5) < 0.5


@pytest.mark.parametrize("failures", [0.02, 0.1, 0.3])
def test_the_lower_bound_holds_for_learners_that_fail_on_some_instances(failures):
    generator = np.random.default_rng(1)
    trials = np.where(generator.random((4000, 30)) < failures, 0.5, 1.0)
    holds = np.mean([lower_bound(list(trial), 0.5) <= 1 - failures / 2 for trial in trials])
    assert holds > 0.9


def test_the_lower_bound_holds_for_learners_whose_accuracy_varies():
    generator = np.random.default_rng(1)
    trials = generator.normal(0.7, 0.1, (4000, 10))
    assert np.mean([lower_bound(list(trial), 0.0) <= 0.7 for trial in trials]) > 0.94


def test_a_learner_that_cant_reach_the_demand_is_stopped():
    task, generator = rung("parity-10-3"), np.random.default_rng(0)
    problems = [problem(task.draw(generator)) for _ in range(30)]
    constant, good = learner(CONSTANT), learner(source("gf2_elimination"))
    assert score(constant, problems, Limits(), 0, demand=0.9) == Failed("inaccurate", None)
    assert score(good, problems, Limits(), 0, demand=0.9) == score(good, problems, Limits(), 0)
