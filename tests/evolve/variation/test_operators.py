"""Operators: what each does to an example, and that children are typed, parents stay and nothing is shared."""

import ast

import numpy as np
import pytest

from evolve.variation import BY_NAME, OPERATORS, Context
from evolve.variation.tree import below
from fitness import learner
from primitives.errors import ProgramError
from primitives.seeds import SEEDS, source
from tasks import LEARNER
from tests.evolve.variation import expression_examples, locality_examples, statement_examples

EXAMPLES = statement_examples.EXAMPLES | expression_examples.EXAMPLES | locality_examples.EXAMPLES
PROGRAMS = {name: source(name) for name in sorted(SEEDS)} | {"blank": LEARNER.blank}
NAMES = [operator.name for operator in OPERATORS]
SYMBOLS = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context)


def shown(tree):
    return ast.dump(tree)


def chains(generations, seed):
    """For every program a chain of accepted children: the contexts, and the operator and child that follow each."""
    contexts = {name: Context(ast.parse(text)) for name, text in PROGRAMS.items()}
    for number, (name, context) in enumerate(contexts.items()):
        generator = np.random.default_rng([seed, number])
        others = [other for key, other in contexts.items() if key != name]
        for generation in range(generations):
            context = context.beside(others[generation % len(others)])
            operator = OPERATORS[generator.integers(len(OPERATORS))]
            child = operator.vary(context, generator)
            if child is None:
                continue
            yield context, operator.name, child
            accepted = context.accepts(child)
            if accepted is not None and len(accepted.scopes) < 9 and len(accepted.scopes[0].spots) < 60:
                context = accepted


@pytest.fixture(scope="module")
def family():
    return list(chains(50, seed=1))


def test_every_operator_has_an_example():
    assert set(EXAMPLES) == set(NAMES) == set(BY_NAME)


@pytest.mark.parametrize("name", NAMES)
def test_an_operator_makes_the_child_of_its_example(name):
    parent, child, donor = EXAMPLES[name].programs()
    context = Context(parent)
    if donor is not None:
        context = context.beside(Context(donor))
    made = (BY_NAME[name].vary(context, np.random.default_rng(seed)) for seed in range(300))
    assert any(each is not None and ast.unparse(each) == ast.unparse(child) for each in made)
    learner(child)


def test_of_hundreds_of_children_in_long_chains_95_percent_are_in_the_language(family):
    refused = 0
    for _, _, child in family:
        try:
            learner(child)
        except ProgramError:
            refused += 1
    assert len(family) > 300
    assert refused <= 0.05 * len(family)


def test_a_child_leaves_its_parent_alone_and_repeats_no_node():
    for context, _, child in chains(12, seed=2):
        before = shown(context.tree)
        nodes = [id(node) for node in below(child) if not isinstance(node, SYMBOLS)]
        assert len(nodes) == len(set(nodes))
        assert shown(context.tree) == before


def test_a_child_shares_with_its_parent_what_stayed_the_same(family):
    shares = 0
    for context, _, child in family:
        mine = {id(node) for node in below(context.tree)}
        nodes = below(child)
        shares += sum(id(node) in mine for node in nodes) > len(nodes) / 2
    assert shares > 0.9 * len(family)


def test_a_child_is_what_its_text_says(family):
    for _, _, child in family:
        assert shown(ast.parse(ast.unparse(child))) == shown(child)


def test_the_same_generator_makes_the_same_children():
    first, second = ([(name, shown(child)) for _, name, child in chains(15, seed=3)] for _ in range(2))
    assert first == second


def test_the_inspection_of_a_child_agrees_with_the_checker(family):
    for context, _, child in family[::5]:
        try:
            learner(child)
            sound = True
        except ProgramError:
            sound = False
        assert (context.accepts(child) is not None) == sound


def test_what_is_known_of_a_child_is_what_is_known_of_its_text(family):
    for context, _, child in family[::7]:
        known = context.accepts(child)
        if known is not None:
            alone = Context(ast.parse(ast.unparse(child)))
            assert [(each.names, each.data, each.pinned) for each in known.scopes] == [
                (each.names, each.data, each.pinned) for each in alone.scopes
            ]
