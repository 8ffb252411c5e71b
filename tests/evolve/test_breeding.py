"""Breeding: what children are made of, what individuals carry, and what is learned about operators."""

import ast
from dataclasses import replace

import numpy as np
import pytest

import evolve.engine.breeding as breeding_module
from evolve.engine.breeding import Breeding
from evolve.engine.parents import Parents
from fitness import learner
from population import Individual, normal_form_key, without_dead_code
from primitives.errors import ProgramError
from primitives.seeds import source
from primitives.text import text_of
from tasks import LEARNER
from tests.population.test_population import individual

SCORE = individual(0, 0.9).score
KEY = normal_form_key(ast.parse(LEARNER.blank))


@pytest.fixture
def bred():
    """Breeds for a while from the blank program: the breeding, the only individual, and the children."""
    only = replace(individual(0, 0.9), source=LEARNER.blank, key=KEY)
    breeding, known, generator = Breeding(), {KEY}, np.random.default_rng(0)
    children = []
    for _ in range(150):
        _, child = breeding.breed(Parents((only,)), known, LEARNER, generator)
        if child is not None:
            known.add(child.key)
            children.append(child)
    return breeding, only, children


def test_children_are_new_and_judged_without_dead_code(bred):
    _, _, children = bred
    assert len({child.key for child in children}) == len(children) > 10
    for child in children:
        assert ast.unparse(child.tree) == ast.unparse(without_dead_code(child.carrier))
        learner(child.tree)


def test_an_individual_takes_over_dead_code_of_children_that_do_the_same(bred):
    breeding, only, _ = bred
    carried = breeding.carriers[only.id]
    assert len(carried.source) > len(only.source)
    assert normal_form_key(ast.parse(carried.source)) == carried.key == only.key


def test_only_who_lives_is_carried(bred):
    breeding, only, _ = bred
    breeding.keep([only])
    assert set(breeding.carriers) == {only.id}
    breeding.keep([])
    assert breeding.carriers == {}


def test_operators_that_help_are_drawn_more_often():
    selection = Breeding().selection
    for _ in range(200):
        selection.reward("insert idiom", 1.0)
        selection.reward("swap operands", 0.0)
    probabilities = selection.probabilities()
    assert probabilities["insert idiom"] > 1.5 * probabilities["swap operands"]


def descendants(number):
    """The children of a population that changes: each takes the place of one of it in turn."""
    population = [
        Individual(place, name, source(name), (), name, SCORE)
        for place, name in enumerate(["gf2_elimination", "subset_table", "sparse_linear", "perceptron"])
    ]
    breeding, known, generator = Breeding(), set[str](), np.random.default_rng(4)
    born = []
    for _ in range(number):
        operator, child = breeding.breed(Parents(population), known, LEARNER, generator)
        if child is None:
            continue
        known.add(child.key)
        place, text = len(born) % len(population), text_of(child.tree)
        try:
            learner(child.tree)
        except ProgramError:
            continue
        population[place] = Individual(4 + len(born), child.key, text, child.parents, operator, SCORE)
        breeding.carry(population[place], child.carrier, child.key)
        born.append((operator, text, text_of(child.carrier)))
    return born, breeding.carriers


def test_children_are_the_same_whether_their_parents_are_remembered_or_read_from_their_text(monkeypatch):
    remembered = descendants(250)
    monkeypatch.setattr(breeding_module._TREES, "get", lambda _: None)
    breeding_module._context.cache_clear()
    assert descendants(250) == remembered
    assert len(remembered[0]) > 100
