"""What operators are told: the names at every place, what has to be control, and where energy goes."""

import ast

import numpy as np
import pytest

from evolve.variation import BY_NAME, Context, with_imports
from evolve.variation.random import Random
from primitives.errors import ProgramError
from primitives.types import FLOAT, INT
from tasks.contract import Contract, Parameter, Signature

PROGRAM = """\
from primitives import u1, zeros


def fit(x, y, n_symbols, n_classes):
    n = len(y)
    table = zeros(n, u1)
    for r in range(n):
        seen = y[r]
        table[seen] += 1
    return table


def predict(table, q):
    return table[q[0]]
"""


def scopes():
    return {scope.checked.name: scope for scope in Context(ast.parse(PROGRAM)).scopes}


def live_before(text):
    scope = scopes()["fit"]
    spot = next(each for each in scope.spots if ast.unparse(each.node) == text)
    return scope.live(scope.inspected.before[spot.node])


def test_only_what_is_assigned_on_every_path_is_live():
    assert set(live_before("table = zeros(n, u1)").names) == {"x", "y", "n_symbols", "n_classes", "n"}
    assert set(live_before("table[seen] += 1").names) >= {"seen", "r", "table"}
    assert "seen" not in live_before("return table").names


def test_counters_are_live_in_their_loop_only():
    assert live_before("seen = y[r]").counters == ("r",)
    assert live_before("return table").counters == ()


def test_data_and_control_are_told_apart():
    live = live_before("table[seen] += 1")
    assert {"n", "n_symbols", "n_classes", "r"} <= live.control
    assert "seen" not in live.control
    assert "seen" in live.of(INT)
    assert "seen" not in live.of(INT, control=True)


def test_what_a_size_depends_on_has_to_be_control():
    scope = scopes()["fit"]
    assert scope.pinned == {"n"}
    control = {ast.unparse(site.node) for site in scope.sites if site.control}
    assert {"n", "len(y)"} <= control
    assert "y[r]" not in control


def test_sites_lead_to_their_nodes_and_docstrings_are_none():
    for scope in scopes().values():
        for site in scope.sites:
            node = scope.node
            for field, index in site.path:
                node = getattr(node, field) if index < 0 else getattr(node, field)[index]
            assert node is site.node


def test_variation_aims_at_the_lines_that_cost_most():
    context = Context(ast.parse(PROGRAM), energy={9: 100.0})
    random = Random(np.random.default_rng(0))
    lines = [context.site(random, lambda scope, site: site.type is INT)[1].line for _ in range(200)]
    plain = [Context(ast.parse(PROGRAM)).site(random, lambda scope, site: site.type is INT)[1].line for _ in range(200)]
    assert lines.count(9) > 1.5 * plain.count(9)


def test_imports_are_those_that_functions_need():
    tree = ast.parse("from primitives import sum, dot\n\n\ndef fit(x):\n    sum = argmax(x)\n    return sum\n")
    assert ast.unparse(with_imports(tree)).startswith("from primitives import argmax\n")


def test_a_program_that_is_not_in_the_language_has_no_context():
    with pytest.raises(ProgramError, match="is not defined"):
        Context(ast.parse(PROGRAM.replace("return table\n", "return other\n")))


def test_programs_of_other_contracts_are_varied_too():
    blank = "def priority(item, bins):\n    return item * 0.5 + len(bins)\n"
    signature = Signature("priority", (Parameter("item", "float"), Parameter("bins", "i8[:]")), "float")
    context = Context(ast.parse(blank), Contract((signature,), blank))
    assert context.scopes[0].types["item"] is FLOAT
    generator = np.random.default_rng(1)
    children = [BY_NAME["replace expression"].vary(context, generator) for _ in range(40)]
    assert sum(context.accepts(child) is not None for child in children if child is not None) > 20
    assert BY_NAME["add model part"].vary(context, generator) is None
