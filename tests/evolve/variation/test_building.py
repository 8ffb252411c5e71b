"""From the blank program: chains of random children hold all that a learning algorithm is made of."""

import ast

import numpy as np
import pytest

from evolve.variation import BY_NAME, OPERATORS, Context, OperatorSelection
from evolve.variation.tree import below
from tasks import LEARNER


def _loops(tree):
    return [node for node in below(tree) if isinstance(node, ast.For)]


def _sums(tree):
    return [each for loop in _loops(tree) for each in below(loop) if isinstance(each, ast.AugAssign)]


def _comparisons(tree):
    return [each for node in below(tree) if isinstance(node, ast.If | ast.IfExp) for each in below(node.test)]


def _best(tree):
    return [
        each
        for loop in _loops(tree)
        for node in below(loop)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare)
        for each in node.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Name) and each.value.id == loop.target.id
    ]


def _table_writes(tree):
    return [node for node in below(tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]


def _models(tree):
    return [node for node in below(tree) if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)]


def _helpers(tree):
    return [node for node in below(tree) if isinstance(node, ast.FunctionDef)][2:]


WANTED = {
    "loops over rows": _loops,
    "accumulations": _sums,
    "comparisons": _comparisons,
    "the best of a range": _best,
    "writes to tables": _table_writes,
    "models of several parts": _models,
    "helper functions": _helpers,
}


@pytest.fixture(scope="module")
def descendants():
    found = []
    for seed in range(8):
        generator = np.random.default_rng(seed)
        selection = OperatorSelection.start({each.name: each.weight for each in OPERATORS})
        context = Context(ast.parse(LEARNER.blank))
        for _ in range(60):
            child = BY_NAME[selection.choose(generator)].vary(context, generator)
            accepted = None if child is None else context.accepts(child)
            if accepted is not None and len(accepted.scopes[0].spots) < 40:
                context = accepted
                found.append(accepted.tree)
    return found


@pytest.mark.parametrize("what", WANTED)
def test_descendants_of_the_blank_program_have(what, descendants):
    assert any(WANTED[what](tree) for tree in descendants)
