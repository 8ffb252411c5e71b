"""The instances of an epoch: those of the rung, and larger ones that tell who learned it for one size alone."""

from dataclasses import replace

import numpy as np
import pytest

from evolve.engine.draws import CERTAIN, GROWTH, MOST_CERTAIN, PART, VERIFYING, Draws
from evolve.engine.evaluation import Evaluator
from fitness.limits import Limits, limits_of
from fitness.programs import compile_for
from fitness.score import Failed
from tasks import Purpose, rung
from tests.evolve.ladders import MATCH

TASK = rung("parity-4-1")
(LARGER,) = TASK.larger


def columns(problems):
    """The columns of the rows of each instance."""
    return {each.staged.fit.arguments[0].shape[1] for each in problems}


@pytest.mark.parametrize("purpose", Purpose)
def test_for_four_instances_of_a_rung_there_is_one_of_its_larger_size(purpose):
    draws = Draws(TASK, 0)
    count = {Purpose.SEARCH: TASK.instances, Purpose.SELECTION: CERTAIN, Purpose.VERIFICATION: MOST_CERTAIN}[purpose]
    assert (len(draws.own(purpose)), columns(draws.own(purpose))) == (count, {TASK.n})
    assert (len(draws.larger(purpose)), columns(draws.larger(purpose))) == (count // PART, {LARGER.n})


def test_a_task_without_larger_sizes_has_none():
    draws = Draws(rung("parity-20-3"), 0)
    assert draws.larger(Purpose.SEARCH) == []
    assert len(draws.own(Purpose.SELECTION)) == CERTAIN


@pytest.mark.parametrize(("steps", "count"), [(10, MOST_CERTAIN), (VERIFYING / 500, 500), (VERIFYING, CERTAIN)])
def test_verification_has_fewer_instances_where_programs_may_take_long(steps, count):
    draws = Draws(TASK, 0)
    draws.start(0, int(steps))
    assert len(draws.own(Purpose.VERIFICATION)) == count
    assert len(draws.larger(Purpose.VERIFICATION)) == count // PART
    assert len(draws.own(Purpose.SELECTION)) == CERTAIN


def test_an_epoch_has_instances_of_its_own_and_verification_always_the_same():
    draws = Draws(TASK, 0)

    def answers(of, purpose):
        return np.concatenate([each.answers for each in of(purpose)]).tolist()

    first = {(of, purpose): answers(of, purpose) for of in (draws.own, draws.larger) for purpose in Purpose}
    draws.start(1, TASK.budget.steps)
    for (of, purpose), before in first.items():
        assert (answers(of, purpose) == before) == (purpose is Purpose.VERIFICATION)


def test_what_learned_one_size_alone_does_not_pass_and_costs_the_same():
    evaluator = Evaluator(TASK, 0)
    general, four = compile_for(TASK, MATCH), compile_for(TASK, MATCH.replace("x.shape[1]", "4"))
    right, half = (evaluator.score(each, Purpose.SEARCH) for each in (general, four))
    assert right.accuracy == 1.0
    assert (right.energy, right.steps) == pytest.approx((half.energy, half.steps), rel=0.01)
    assert half.accuracy < TASK.gate
    assert evaluator.score(four, Purpose.SEARCH, TASK.gate) == Failed("inaccurate", None)


def test_what_fails_at_the_larger_size_has_failed():
    bound = MATCH.replace("return", "best = best + 0 * (7 // (8 - x.shape[1]))\n    return", 1)
    evaluator = Evaluator(TASK, 0)
    outcome = evaluator.score(compile_for(TASK, bound), Purpose.SEARCH)
    assert isinstance(outcome, Failed)
    assert (outcome.status, outcome.instance >= TASK.instances) == ("zero_division", True)


def test_a_larger_instance_may_take_more_steps_up_to_its_own_budget():
    few, many = Limits(steps=1000), limits_of(LARGER.budget)
    draws = Draws(TASK, 0)
    assert draws.limits(few).steps == 1000 * GROWTH
    assert draws.limits(replace(many, steps=2 * many.steps)).steps == many.steps
