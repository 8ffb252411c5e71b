"""Mutation: trees are values, every operator finds something to do, and children are programs."""

import ast

import numpy as np
import pytest

from evolve.search.operators import OPERATORS
from evolve.search.tree import blocks, replaced, sites, with_imports
from fitness import learner
from primitives.errors import ProgramError
from primitives.seeds import SEEDS, source
from tasks import LEARNER

PROGRAMS = {name: source(name) for name in SEEDS} | {"blank": LEARNER.blank}

NESTED = '''
def fit(x, y, n_symbols, n_classes):
    """Fits nothing."""
    a = 0
    for i in range(len(y)):
        if y[i] == 0:
            a += x[i, 0]
        else:
            a = a ^ 1
    return a


def predict(a, q):
    return a
'''


def shown(tree):
    return ast.dump(tree, include_attributes=False)


def children(operator, name, count=60):
    tree = ast.parse(PROGRAMS[name])
    made = [operator.vary(tree, np.random.default_rng(seed)) for seed in range(count)]
    return tree, [child for child in made if child is not None]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("operator", OPERATORS, ids=lambda each: each.name)
def test_an_operator_changes_no_tree_and_repeats_no_node(operator, name):
    tree, made = children(operator, name)
    assert shown(tree) == shown(ast.parse(PROGRAMS[name]))
    for child in made:
        nodes = [id(site.node) for site in sites(child)]
        assert len(nodes) == len(set(nodes))


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda each: each.name)
def test_a_child_is_what_its_source_says(operator):
    for child in children(operator, "gf2_elimination")[1]:
        assert shown(ast.parse(ast.unparse(child))) == shown(child)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda each: each.name)
def test_an_operator_makes_new_programs_some_of_which_compile(operator):
    tree, made = children(operator, "subset_table")
    assert len(made) > 50
    assert sum(shown(child) != shown(tree) for child in made) > 50
    compiled = 0
    for child in made:
        try:
            learner(child)
            compiled += 1
        except ProgramError:
            pass
    assert compiled > 3


def test_an_operator_is_a_function_of_tree_and_generator():
    tree = ast.parse(PROGRAMS["gf2_elimination"])
    for operator in OPERATORS:
        first, second = (operator.vary(tree, np.random.default_rng(5)) for _ in range(2))
        assert shown(first) == shown(second)


def test_sites_and_blocks_lead_to_their_nodes_and_docstrings_are_none():
    tree = ast.parse(NESTED)
    for site in sites(tree):
        node = tree
        for field, index in site.path:
            node = getattr(node, field) if index < 0 else getattr(node, field)[index]
        assert node is site.node
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, str))
    assert len(list(blocks(tree))) == 5


def test_a_replaced_node_leaves_its_neighbours_shared():
    tree = ast.parse(LEARNER.blank)
    site = next(each for each in sites(tree) if isinstance(each.node, ast.Constant))
    other = replaced(tree, site.path, ast.Constant(7))
    assert "a = 7" in ast.unparse(other)
    assert other.body[2] is tree.body[2]
    assert other.body[1] is not tree.body[1]


def test_imports_are_those_of_primitives_and_not_of_what_a_program_calls_likewise():
    text = "from primitives import dot, fill\n\n\ndef fit(x, y, k, c):\n    full = zeros(3)\n    a = mean(y) + DOT\n"
    text += "    return full\n\n\ndef mean(sort):\n    return sort[0]\n\n\ndef predict(full, q):\n    return q[0]\n"
    first, *_ = with_imports(ast.parse(text)).body
    assert ast.unparse(first) == "from primitives import zeros"
