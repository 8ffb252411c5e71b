"""Islands and their shares of the work: what they forget and keep from epoch to epoch, and who may make how much."""

import ast
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from evolve.engine.batch import TRIALS, run_batch
from evolve.engine.breeding import Child
from evolve.engine.draws import CERTAIN, PART
from evolve.engine.evaluation import Evaluator
from evolve.engine.founding import found
from evolve.engine.island import PATIENCE
from evolve.engine.saving import restored, saved
from evolve.engine.schedule import LEAST, allowance, complete
from fitness.programs import compile_for
from population import normal_form_key
from tasks import LEARNER
from tests.evolve.searches import SEEDS, TASK, configured


@pytest.fixture
def evaluator():
    return Evaluator(TASK, 0)


def islands_of(**settings):
    return found(Evaluator(TASK, 0), 0, configured(**settings), SEEDS).islands


def test_no_key_is_judged_twice_in_an_epoch_and_an_epoch_forgets_those_that_died(evaluator):
    (island,) = islands_of(islands=1)
    children = [child for _, child in (island.ask(LEARNER) for _ in range(300)) if child is not None]
    keys = [child.key for child in children]
    assert len(set(keys)) == len(keys)
    assert {each.key for each in island.population}.isdisjoint(keys)
    island.next_epoch(())
    assert island.keys == {each.key for each in island.population}


NEUTRAL = """
def fit(x, y, n_symbols, n_classes):
    return y[0]

def predict(a, q):
    return (q[0] {} a) % 2
"""
"""A program that answers with the parity of a bit and a label, by one operator or another."""


def told(island, evaluator, text):
    """What an island is told of a child of its first individual."""
    tree = ast.parse(text)
    child = Child(tree, tree, normal_form_key(tree), (island.population[0].id,), ("change operator",))
    return child, evaluator.gate(compile_for(TASK, tree), False).conduct


def test_an_individual_hands_on_a_child_that_does_the_same_and_keeps_its_own_program(evaluator):
    (island,) = islands_of(islands=1)
    first, conduct = told(island, evaluator, NEUTRAL.format("^"))
    assert island.behaves(conduct)
    owner = replace(island.population[0], id=7, key=first.key, source=NEUTRAL.format("^"))
    island.population = (owner, *island.population)
    island.behaves(conduct, owner.id)
    second, same = told(island, evaluator, NEUTRAL.format("+"))
    assert second.key != first.key
    assert same == conduct
    assert not island.behaves(same)
    assert island.drift(same, second)
    assert island.breeding.carriers[owner.id].key == second.key
    assert island.population[0].source == NEUTRAL.format("^")
    assert restored(saved(island)).breeding.carriers == island.breeding.carriers


def test_nobody_hands_on_what_takes_many_steps_more_or_belongs_to_one_who_died(evaluator):
    (island,) = islands_of(islands=1)
    child, conduct = told(island, evaluator, NEUTRAL.format("^"))
    island.behaves(conduct)
    assert not island.drift(conduct, child)
    island.behaves(conduct, island.population[0].id)
    assert not island.drift(conduct._replace(steps=2 * conduct.steps), child)
    assert island.drift(conduct, child)


def test_fewer_steps_for_the_same_are_new(evaluator):
    (island,) = islands_of(islands=1)
    _, conduct = told(island, evaluator, NEUTRAL.format("^"))
    assert [island.behaves(conduct._replace(steps=each)) for each in (90, 100, 90, 80)] == [True, False, False, True]


def test_some_children_differ_by_several_changes():
    (island,) = islands_of(islands=1)
    changes = Counter(len(child.operators) for _, child in (island.ask(LEARNER) for _ in range(200)) if child)
    assert 0.1 < changes[2] / changes.total() < 0.35
    assert changes[1] > changes[2] > changes[3] > 0


def test_a_batch_makes_the_children_it_is_allowed_and_two_make_the_same_as_one(evaluator):
    whole, parts = islands_of()[0], islands_of()[0]
    assert run_batch(whole, evaluator, 40, 1e9).children == 40
    for most in (1, 24, 15):
        run_batch(parts, evaluator, most, 1e9)
    assert whole.population == parts.population
    assert whole.archive == parts.archive
    assert whole.generator.random() == parts.generator.random()


def test_islands_start_alike_and_go_different_ways(evaluator):
    first, second = islands_of()
    assert first.population == second.population
    for island in (first, second):
        run_batch(island, evaluator, 30, 1e9)
    born = [{each.id for each in island.population if each.parents} for island in (first, second)]
    assert all(born)
    assert born[0].isdisjoint(born[1])


def test_an_epoch_judges_all_who_live_on_an_island_and_who_arrive_anew(evaluator):
    first, second = islands_of()
    for island in (first, second):
        run_batch(island, evaluator, 60, 1e9)
    living = (*first.entrants.values(), *first.population, *second.archive.members)
    before = {each.id: each.score for each in living}
    first.next_epoch(second.archive.members)
    newcomers = {each.id for each in first.arrivals}
    assert newcomers
    run_batch(first, evaluator, 0, 1e9)
    assert not first.stale
    assert newcomers & {each.id for each in (*first.population, *first.archive.members)}
    assert all(each.score != before[each.id] for each in (*first.population, *first.archive.members))


def test_the_accuracy_of_the_front_is_from_all_epochs_that_a_member_was_on_it(evaluator):
    (island,) = islands_of(islands=1)
    run_batch(island, evaluator, 60, 1e9)
    each_epoch = CERTAIN + CERTAIN // PART
    counts = []
    for _ in range(6):
        stood = dict(island.entrants)
        island.next_epoch(())
        run_batch(island, evaluator, 0, 1e9)
        for each in island.archive.members:
            before = stood[each.id].score.instances
            assert each.score.instances == min(TRIALS, before + each_epoch)
        counts.append(max(each.score.instances for each in island.archive.members))
    assert counts[0] == 2 * each_epoch
    assert counts[-1] == TRIALS
    assert restored(saved(island)).archive == island.archive


def test_who_is_on_an_island_already_does_not_arrive():
    first, second = islands_of()
    first.next_epoch(second.population)
    assert not first.arrivals


def test_a_population_that_fails_as_a_whole_stays_to_have_children(evaluator):
    (island,) = islands_of(islands=1)
    population = island.population
    island.next_epoch(())
    island.judged_again((), ())
    assert island.population == population
    assert not island.archive.members


def test_an_island_whose_front_nobody_enters_starts_again_from_its_founders_and_its_grid(evaluator):
    (island,) = islands_of(islands=1)
    run_batch(island, evaluator, 60, 1e9)
    front = island.archive.members
    island.next_epoch(())
    for _ in range(PATIENCE - 1):
        before = island.population
        island.next_epoch(())
        assert island.population == before
    island.next_epoch(())
    kept = {each.key for each in (*island.founders, *island.grid.members)}
    assert {each.key for each in island.population} <= kept
    assert {each.key for each in island.founders} <= {each.key for each in island.population}
    assert island.archive.members == front
    run_batch(island, evaluator, 0, 1e9)
    assert island.population


def test_an_island_is_restored_with_its_grid(evaluator):
    (island,) = islands_of(islands=1)
    run_batch(island, evaluator, 60, 1e9)
    other = restored(saved(island))
    assert len(island.grid.cells) > 1
    assert other.grid == island.grid
    assert other.founders == island.founders
    run_batch(island, evaluator, 40, 1e9)
    run_batch(other, evaluator, 40, 1e9)
    assert (other.population, other.grid) == (island.population, island.grid)


@pytest.mark.parametrize("reserved", [(), (30,)])
def test_islands_share_the_children_of_an_epoch(reserved):
    islands = islands_of(islands=4)
    settings = configured(islands=4, epoch=100, evaluations=1000, deterministic=False)
    assert allowance(islands[0], islands, reserved, settings, workers=2) == (400 - sum(reserved)) // 2
    islands[1].children = 395
    assert allowance(islands[0], islands, (), settings, workers=2) == 5 < LEAST
    assert allowance(islands[0], islands, (5,), settings, workers=2) == 0


def test_a_deterministic_island_has_a_share_of_its_own():
    islands = islands_of(islands=4)
    settings = configured(islands=4, epoch=100, evaluations=402)
    islands[3].children = 100
    assert [allowance(each, islands, (), settings, workers=2) for each in islands] == [100, 100, 100, 0]
    for island in islands:
        island.children, island.epoch = 100, 1
    assert [allowance(each, islands, (), settings, workers=2) for each in islands] == [1, 1, 0, 0]
    assert not complete(islands, settings)
    assert complete(islands, replace(settings, evaluations=400))


def test_random_numbers_of_islands_are_their_own():
    draws = [island.generator.random() for island in (*islands_of(islands=3), *islands_of(islands=3, seed=1))]
    assert len(np.unique(draws)) == 6
