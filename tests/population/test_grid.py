"""The archive grid: what shares a cell, and who displaces whom."""

import ast
from dataclasses import replace

import numpy as np

from population import Grid, know_structure
from population.grid import structure
from primitives.seeds import seeds_for, source
from tests.population.test_population import ids, individual

FLAT = "def f(a):\n    return a\n"
LOOP = "def f(a):\n    for i in range(a):\n        a += i\n    return a\n"
NEST = "def f(a):\n    for i in range(a):\n        for j in range(i):\n            a += j\n    return a\n"


def program(number, source=FLAT, accuracy=0.7, energy=10.0):
    return replace(individual(number, accuracy, energy), source=source)


def grid_of(*programs, epoch=0):
    grid = Grid(0.5)
    for each in programs:
        if grid.admits(each, epoch):
            grid = grid.with_individual(each, epoch)
    return grid


def test_programs_of_other_structure_or_accuracy_live_beside_each_other():
    several = [program(0), program(1, LOOP), program(2, NEST), program(3, accuracy=0.9, energy=99.0)]
    assert sorted(ids(grid_of(*several).members)) == [0, 1, 2, 3]


def test_a_program_at_chance_has_a_cell_as_well():
    assert ids(grid_of(program(0, accuracy=0.4), program(1, accuracy=0.5, energy=11.0)).members) == [0]


def test_in_an_epoch_the_cheaper_one_displaces_and_an_equal_one_does_not():
    grid = grid_of(program(0), program(1, energy=9.0), program(2, energy=9.0))
    assert ids(grid.members) == [1]


def test_an_accuracy_that_is_higher_by_noise_does_not_displace():
    assert ids(grid_of(program(0, accuracy=0.71), program(1, accuracy=0.73, energy=11.0)).members) == [0]


def test_in_a_later_epoch_any_newcomer_displaces():
    grid = grid_of(program(0))
    assert not grid.admits(program(1, energy=11.0), 0)
    assert grid.admits(program(1, energy=11.0), 1)


def test_all_members_become_parents():
    grid = grid_of(program(0), program(1, LOOP), program(2, NEST))
    generator = np.random.default_rng(0)
    assert {grid.draw(generator).id for _ in range(50)} == {0, 1, 2}


def test_the_structure_of_a_tree_is_that_of_its_text():
    for name in seeds_for("parity"):
        tree = ast.parse(source(name))
        assert know_structure("", tree) == structure(ast.unparse(tree))
    assert structure(NEST) == (2, 5)
