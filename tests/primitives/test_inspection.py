"""Inspections of programs: what the checker knows, written down, and taken over from a program to one like it."""

import ast

import pytest

from primitives.compiler import Argument
from primitives.dtypes import u1
from primitives.errors import ProgramError
from primitives.inspection import inspect_functions, inspect_learner
from primitives.types import INT, array_type

FIT = [Argument(array_type(u1, 2, True)), Argument(array_type(u1, 1, True)), Argument(INT), Argument(INT)]
QUERY = array_type(u1, 1, True)
PROGRAM = """\
from primitives import zeros


def fit(x, y, n_symbols, n_classes):
    n = len(y)
    table = zeros(n)
    for r in range(n):
        table[r] = twice(y[r])
    return table, n


def twice(v):
    return v * 2


def predict(table, n, q):
    if n > 0:
        return 1
    return q[0]
"""


def inspected(text):
    return inspect_learner(ast.parse(text) if isinstance(text, str) else text, FIT, QUERY)


def by_name(inspection):
    return {each.checked.name: each for each in inspection.functions.values()}


def names(each, mask):
    return {name for name, bit in each.checked.bits.items() if mask >> bit & 1}


def test_every_function_that_is_reached_is_inspected():
    inspection = inspected(PROGRAM)
    assert set(by_name(inspection)) == {"fit", "twice", "predict"}
    assert set(inspection.entries) == {"fit", "predict"}


def test_a_place_has_the_variables_and_counters_of_every_path():
    fit = by_name(inspected(PROGRAM))["fit"]
    loop = next(node for node in fit.checked.node.body if isinstance(node, ast.For))
    before, inside = fit.before[loop], fit.before[loop.body[0]]
    assert names(fit, before.assigned) == {"x", "y", "n_symbols", "n_classes", "n", "table"}
    assert not before.counters
    assert set(inside.counters) == {"r"}
    assert fit.after[loop.body[-1]].assigned == inside.assigned


def test_control_never_arrives_behind_a_return():
    predict = by_name(inspected(PROGRAM))["predict"]
    assert predict.after[predict.checked.node.body[-1]].assigned < 0


def test_sizes_and_what_they_depend_on_have_to_be_control():
    fit = by_name(inspected(PROGRAM))["fit"]
    assert "n" in names(fit, fit.pinned)
    assert "n" in {ast.unparse(node) for node in fit.control}


def test_data_is_what_is_data_in_one_call_of_the_function():
    inspection = inspected(PROGRAM)
    functions = by_name(inspection)
    assert names(functions["twice"], inspection.data[functions["twice"]]) == {"v"}
    assert "n" not in names(functions["predict"], inspection.data[functions["predict"]])


def test_a_program_like_another_takes_over_the_functions_that_stayed_the_same():
    tree = ast.parse(PROGRAM)
    first = inspected(tree)
    changed = ast.Module([*tree.body[:-1], ast.parse(PROGRAM.replace("return 1", "return 2")).body[-1]], [])
    second = inspected(changed)
    assert by_name(second)["fit"] is by_name(first)["fit"]
    assert by_name(second)["twice"] is by_name(first)["twice"]
    assert by_name(second)["predict"] is not by_name(first)["predict"]


def test_a_function_whose_callee_changed_is_inspected_again():
    tree = ast.parse(PROGRAM)
    first = inspected(tree)
    helper = ast.parse("def twice(v):\n    return v * 3\n").body[0]
    second = inspected(ast.Module([*tree.body[:2], helper, tree.body[3]], []))
    assert by_name(second)["fit"] is not by_name(first)["fit"]
    assert by_name(second)["predict"] is by_name(first)["predict"]


def test_a_fault_is_found_in_what_was_taken_over_too():
    tree = ast.parse(PROGRAM)
    inspected(tree)
    helper = ast.parse("def twice(v):\n    return 0.5 * v\n").body[0]
    assert inspected(ast.Module([*tree.body[:2], helper, tree.body[3]], []))
    with pytest.raises(ProgramError, match="twice is not defined"):
        inspected(ast.Module([*tree.body[:2], tree.body[3]], []))
    with pytest.raises(ProgramError, match="takes the 2 values"):
        other = ast.parse(PROGRAM.replace("(table, n, q)", "(table, q)")).body[-1]
        inspected(ast.Module([*tree.body[:3], other], []))


def test_functions_of_other_contracts_are_inspected_for_their_arguments():
    tree = ast.parse("def f(a, n):\n    return zeros(n)\n\n\ndef g(v):\n    return v\n")
    tree.body[:0] = ast.parse("from primitives import zeros").body
    inspection = inspect_functions(tree, {"f": [Argument(INT), Argument(INT)], "g": [Argument(INT, True)]})
    assert set(inspection.entries) == {"f", "g"}
    with pytest.raises(ProgramError, match="a size depends on data"):
        inspect_functions(tree, {"f": [Argument(INT), Argument(INT, True)]})
