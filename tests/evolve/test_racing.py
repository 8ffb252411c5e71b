"""Racing and hurdles: a child that surely dies is stopped early, for a reason; one that may live is judged in full."""

import math
from dataclasses import replace

import numpy as np
import pytest

from evolve.engine.batch import run_batch
from evolve.engine.draws import PART
from evolve.engine.evaluation import PRICED, TRACED, Evaluator
from evolve.engine.founding import found
from evolve.engine.island import Place
from evolve.engine.racing import NOBODY, Race, Rivals, figures, rivals
from fitness.limits import limits_of
from fitness.problem import Judged
from fitness.programs import compile_for
from fitness.score import Failed, Score
from population import Individual
from primitives.seeds import source
from tasks import Purpose, rung
from tests.evolve.searches import SEEDS, TASK, TEXTBOOK, configured

GOOD = Score(48, 1.0, 0.97, 1.0, 100.0, 50.0, 200.0, 100.0, 1e-6, 10)
WASTEFUL = TEXTBOOK.replace(
    "        right = 0\n", "        right = 0\n            z = wrong[0] + wrong[1] + wrong[2]\n"
)


def individual(number, **changes):
    return Individual(number, str(number), TEXTBOOK, (), "", replace(GOOD, **changes))


def judged(count, energy=100.0, seconds=1e-6, accuracy=1.0):
    return [Judged("ok", None, None, accuracy, 200, 100, energy, 50.0, seconds, 10)] * count


def race(member, by_cost=True, spread=0.0):
    known = figures([*judged(8, 100 - spread), *judged(8, 100 + spread)])
    known = known[np.argsort(np.arange(16) % 8, kind="stable")]
    return Race(Rivals((member,), by_cost), lambda _, count: known[:count], 16, 48)


def test_a_child_displaces_one_of_the_last_rank_of_a_full_population_or_the_least_accurate():
    first, second = individual(1), individual(2, energy=120.0, seconds=2e-6)
    assert rivals((first, second), 3, 0.5, 0.95) == NOBODY
    assert rivals((first, second), 2, 0.5, 0.95) == Rivals((second,), True)
    unable = individual(3, accuracy=0.5, accuracy_low=0.4)
    assert rivals((first, unable), 2, 0.5, 0.95) == Rivals((unable,))
    able = individual(4, accuracy=0.8, accuracy_low=0.7)
    assert rivals((first, able), 2, 0.5, 0.95) == NOBODY


def test_a_child_that_is_surely_dearer_in_both_costs_is_dominated():
    assert race(individual(1)).verdict(judged(2, 150.0, 2e-6)) == "dominated"
    assert race(individual(1)).verdict(judged(2, 150.0, 1e-6)) is None
    assert race(individual(1)).verdict(judged(2, 90.0, 2e-6)) is None
    assert race(individual(1)).verdict(judged(3, 150.0, 2e-6)) is None  # it is not compared after three


def test_the_more_the_difference_varies_the_later_is_it_sure():
    dearer = 110.0, 2e-6
    assert race(individual(1), spread=1.0).verdict(judged(2, *dearer)) == "dominated"
    assert race(individual(1), spread=30.0).verdict(judged(2, *dearer)) is None
    assert race(individual(1), spread=30.0).verdict(judged(16, *dearer)) == "dominated"  # all costs are known


def test_who_may_be_more_accurate_is_not_dominated():
    worse = individual(1, accuracy=0.99)
    assert race(worse).verdict(judged(2, 150.0, 2e-6)) is None
    assert race(worse).verdict(judged(2, 150.0, 2e-6, accuracy=0.6)) == "dominated"


def test_where_accuracy_decides_a_child_is_outperformed_by_a_surely_more_accurate_one():
    member = individual(1, accuracy=0.6, accuracy_low=0.4)
    errors = [each._replace(accuracy=0.5 + 0.01 * (number % 2)) for number, each in enumerate(judged(8))]
    assert race(member, by_cost=False).verdict(errors) == "outperformed"
    assert race(member, by_cost=False).verdict(errors[:4]) is None
    assert race(member, by_cost=False).verdict(judged(8)) is None


def test_one_that_fails_in_this_epoch_displaces_nobody():
    failure = judged(1)[0]._replace(status="index_error", accuracy=None)
    assert figures([failure]).tolist() == [[0.0, math.inf, math.inf]]


@pytest.fixture
def evaluator():
    return Evaluator(TASK, 0)


def standing_of(evaluator, source=TEXTBOOK):
    score = evaluator.score(compile_for(TASK, source), Purpose.SEARCH)
    member = Individual(1, "textbook", source, (), "", score)
    return evaluator.rivals(Place(0, 1, 1, 1, TASK.chance, 0.5, evaluator.limits, 0), (member,))


def test_a_child_that_only_wastes_loses_its_race_and_one_that_saves_does_not(evaluator):
    standing = standing_of(evaluator)
    assert evaluator.race(compile_for(TASK, WASTEFUL), "1", 0.0, standing) == Failed("dominated", None)
    saving = TEXTBOOK.replace("range(x.shape[1]):\n            right", "range(i):\n            right")
    assert isinstance(evaluator.race(compile_for(TASK, saving), "2", 0.0, standing), Score)


def test_a_long_run_is_stopped_where_it_has_cost_far_more_than_a_rival(evaluator):
    endless = TEXTBOOK.replace(
        "    return a, b", "    while a < 99:\n        wrong[0] = wrong[1] + 1.0\n    return a, b"
    )
    assert evaluator.gate(compile_for(TASK, endless), False, standing_of(evaluator)).refusal == "dominated"
    loop = "    n = 0\n    while n < 10**9:\n        n += 1\n"
    free = TEXTBOOK.replace("    return a, b", f"{loop}    return a, b")
    assert evaluator.gate(compile_for(TASK, free), False, standing_of(evaluator)).refusal == "out_of_steps"
    assert evaluator.gate(compile_for(TASK, endless), False).refusal in ("out_of_steps", "out_of_energy")


def test_costs_for_the_search_come_from_the_first_instances_and_accuracies_from_all(evaluator):
    program = compile_for(TASK, TEXTBOOK)
    few = Evaluator(replace(TASK, instances=PRICED), 0).score(program, Purpose.SEARCH)
    found = evaluator.score(program, Purpose.SEARCH)
    assert found.instances == TASK.instances + TASK.instances // PART > PRICED + PRICED // PART
    assert (found.energy, found.seconds) == (few.energy, few.seconds)
    assert found.accuracy != few.accuracy or found.accuracy_low > few.accuracy_low
    assert evaluator.score(program, Purpose.SELECTION).energy != found.energy


def test_figures_that_are_not_known_are_those_that_were_not_kept(evaluator):
    member = Individual(1, "here", TEXTBOOK, (), "", GOOD)
    evaluator.score(compile_for(TASK, TEXTBOOK), Purpose.SEARCH, key="here")
    elsewhere = Evaluator(TASK, 0)
    for count in (1, 8, 16, 2):
        assert np.array_equal(evaluator._known(member, count), elsewhere._known(member, count))


def test_another_model_prices_the_first_instances_of_the_search_and_all_for_verification():
    task = replace(rung("parity-6-2"), instances=12)
    program = compile_for(task, source("gf2_elimination"))
    usual, other = Evaluator(task, 0), Evaluator(task, 0, energy="bytedmd")
    first = Evaluator(replace(task, instances=TRACED), 0, energy="bytedmd")
    for purpose in (Purpose.SEARCH, Purpose.SELECTION):
        found = other.score(program, purpose)
        assert found.energy == first.score(program, purpose).energy != usual.score(program, purpose).energy
        assert found.accuracy == usual.score(program, purpose).accuracy
    verified = [each.score(program, Purpose.VERIFICATION).energy for each in (other, first)]
    assert verified[0] != verified[1]
    assert 0 < other.score(program, Purpose.VERIFICATION).fit_energy < verified[0]


def test_an_island_evolves_by_another_model():
    evaluator = Evaluator(TASK, 0, energy="bytedmd")
    (island,) = found(evaluator, 0, configured(islands=1), SEEDS).islands
    done = run_batch(island, evaluator, 40, 1e9)
    assert any(outcome in ("front", "survived") for _, outcome in done.outcomes)
    assert evaluator.limits.energy == limits_of(TASK.budget).energy
