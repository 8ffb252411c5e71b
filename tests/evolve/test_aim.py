"""Aiming mutation: what the lines of a parent cost is known of those that pass the gate, and follows from the epoch."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from evolve.engine import evaluation
from evolve.engine.evaluation import Evaluator
from evolve.variation import BY_NAME, Context
from population import Individual
from tasks import LEARNER
from tests.evolve.searches import CONSTANT, TASK, TEXTBOOK
from tests.population.test_population import individual

COSTLIEST = next(number for number, line in enumerate(TEXTBOOK.splitlines(), 1) if "x[row, i]" in line)
DEAD = TEXTBOOK.replace("    best, a, b = -1, 0, 0\n", "    best, a, b = -1, 0, 0\n    z = x[0, 0] + y[0] * 3\n")


def able(**changes) -> Individual:
    return replace(individual(0, 1.0), source=TEXTBOOK, **changes)


def aimed(evaluator, parent, source):
    return dict(evaluator.aim(parent, ast.parse(source)))


def test_the_line_that_costs_most_is_the_one_that_is_aimed_at():
    energy = aimed(Evaluator(TASK, 0), able(), TEXTBOOK)
    assert max(energy, key=energy.__getitem__) == COSTLIEST


def test_dead_code_that_a_parent_carries_costs_what_it_takes():
    without, carried = (aimed(Evaluator(TASK, 0), able(), source) for source in (TEXTBOOK, DEAD))
    dead = 1 + TEXTBOOK.splitlines().index("    best, a, b = -1, 0, 0") + 1
    assert carried[dead] > 0
    assert carried[COSTLIEST + 1] == pytest.approx(without[COSTLIEST], rel=0.5)


def test_nothing_is_aimed_at_below_the_gate_nor_in_programs_that_fail():
    evaluator = Evaluator(TASK, 0)
    low = able()
    assert aimed(evaluator, replace(low, score=replace(low.score, accuracy_low=TASK.gate - 0.01)), TEXTBOOK) == {}
    assert aimed(evaluator, able(), CONSTANT.replace("return 0", "return x[99, 0]")) == {}


def test_the_aim_follows_from_the_epoch_and_the_program_alone(monkeypatch):
    monkeypatch.setattr(evaluation, "MOST_AIMED", 1)
    used, fresh = Evaluator(TASK, 0), Evaluator(TASK, 0)
    tree = ast.parse(TEXTBOOK)
    first = dict(used.aim(able(), tree))
    aimed(used, able(), DEAD)  # takes the only place
    assert dict(used.aim(able(), tree)) == aimed(fresh, able(), TEXTBOOK) == first
    used.start(1)
    resumed = Evaluator(TASK, 0)
    resumed.start(1)
    assert dict(used.aim(able(), tree)) == aimed(resumed, able(), TEXTBOOK) != first


def test_operators_change_a_line_more_often_if_it_costs_most():
    line = 1 + TEXTBOOK.splitlines().index(" " * 20 + "wrong[row] = 1.0")
    context, changed = Context(ast.parse(TEXTBOOK), LEARNER), []
    for energy in ({}, {line: 100.0}):
        aimed, generator = context.beside(energy=energy), np.random.default_rng(0)
        names = ("change operand", "perturb constant", "grow expression", "replace expression")
        children = [BY_NAME[name].vary(aimed, generator) for name in names for _ in range(200)]
        changed.append(sum("wrong[row] = 1.0\n" not in ast.unparse(each) for each in children if each is not None))
    assert changed[1] > 1.2 * changed[0], changed
