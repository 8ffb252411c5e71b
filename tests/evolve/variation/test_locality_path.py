"""There is a way down: from a textbook program to less energy than the hand-tuned one, each step of it cheaper."""

import ast

import numpy as np
import pytest

from evolve.variation import BY_NAME, Context
from fitness.limits import limits_of
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Score, score
from primitives.seeds import source
from tasks import Purpose, rung

REFERENCE = rung("parity-20-3")
STEPS = (
    "change bound",
    "bits at once",
    "change bound",
    "gather model",
    "hoist expression",
    "change bound",
    "hoist expression",
)
CHILDREN = 20
QUICKLY, ALL = 10, 48


@pytest.fixture(scope="module")
def drawn():
    return problems(REFERENCE, Purpose.VERIFICATION, 1, ALL)


def energy(tree, instances):
    """What a program costs; infinity if it is not right on all instances."""
    found = score(compile_for(REFERENCE, tree), instances, limits_of(REFERENCE.budget), 1, REFERENCE)
    return found.energy if isinstance(found, Score) and found.accuracy == 1.0 else float("inf")


def cheapest(tree, name, drawn):
    """The cheapest of some children by one operator, and what it costs."""
    context = Context(tree)
    children = [BY_NAME[name].vary(context, np.random.default_rng(seed)) for seed in range(CHILDREN)]
    texts = sorted({ast.unparse(child) for child in children if child is not None and context.accepts(child)})
    order = sorted(texts, key=lambda text: energy(ast.parse(text), drawn[:QUICKLY]))
    return min((energy(ast.parse(text), drawn), text) for text in order[:3])


def test_seven_steps_each_cheaper_than_the_last_lead_from_the_textbook_below_the_tuned_program(drawn):
    tree = ast.parse(source("exhaustive_search"))
    energies = [energy(tree, drawn)]
    for name in STEPS:
        found, text = cheapest(tree, name, drawn)
        assert found < energies[-1], name
        energies.append(found)
        tree = ast.parse(text)
    assert energies[-1] < energy(ast.parse(source("backtracking")), drawn)
