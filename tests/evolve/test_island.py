"""The island: what it asks for, what its individuals carry, and what it learns about operators."""

import ast
import pickle

import pytest

from evolve.search.island import Island
from fitness import learner
from population import normal_form_key, without_dead_code
from tasks import LEARNER
from tests.population.test_population import individual

SCORE = individual(0, 0.9, 1.0, 100.0).score


def started(seed=0):
    island = Island(4, 0.5, 0.9, seed)
    island.tell(island.child_of_seed(LEARNER.blank, "blank"), SCORE)
    return island


def asked(island, times=150):
    return [child for _, child in (island.ask() for _ in range(times)) if child is not None]


def test_children_are_new_and_judged_without_dead_code():
    children = asked(started())
    assert len({child.key for child in children}) == len(children) > 20
    for child in children:
        assert ast.unparse(child.tree) == ast.unparse(without_dead_code(child.carrier))
        learner(child.tree)


def test_an_individual_takes_over_dead_code_of_children_that_do_the_same():
    island = started()
    asked(island)
    (only,) = island.population
    carried = island.carriers[only.id]
    assert len(carried) > len(only.source)
    assert normal_form_key(ast.parse(carried)) == only.key


def test_only_who_lives_is_carried():
    island = started()
    for child in asked(island, 60):
        island.tell(child, SCORE)
    assert set(island.carriers) == {each.id for each in island.population}


def test_operators_that_help_are_asked_for_more_often():
    island = started()
    for _ in range(200):
        island.learn("insert idiom", 1.0)
        island.learn("swap operands", 0.0)
    probabilities = island.selection.probabilities()
    assert probabilities["insert idiom"] > 1.5 * probabilities["swap operands"]


def test_a_pickled_island_goes_on_in_the_same_way():
    first = started()
    asked(first, 30)
    second = pickle.loads(pickle.dumps(first))
    one, other = ([child.key for child in asked(island, 60)] for island in (first, second))
    assert one == other


def test_an_operator_it_does_not_have_is_refused():
    with pytest.raises(KeyError):
        started().learn("no such operator", 1.0)
