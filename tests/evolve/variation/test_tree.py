"""Trees as values: what a change copies and what it shares."""

import ast

from evolve.variation import tree
from evolve.variation.tree import (
    below,
    fresh,
    loaded,
    names,
    rebuilt,
    renamed,
    replaced,
    stored,
    with_block,
    with_distinct_lines,
    with_fields,
)

TEXT = "def f(a):\n    b = a + 1\n    for i in range(b):\n        b += a[i]\n    return b\n"


def function():
    return ast.parse(TEXT).body[0]


def test_a_replaced_node_leaves_its_neighbours_shared():
    old = function()
    new = replaced(old, (("body", 0), ("value", -1), ("right", -1)), ast.Constant(7))
    assert ast.unparse(new).splitlines()[1] == "    b = a + 7"
    assert ast.unparse(old) == ast.unparse(function())
    assert new.body[1] is old.body[1]
    assert new.body[0].targets is old.body[0].targets


def test_a_fresh_copy_shares_no_statement_or_expression():
    old = function()
    new = fresh(old)
    assert ast.dump(new) == ast.dump(old)
    parts = (ast.expr, ast.stmt)
    assert not {id(node) for node in below(old) if isinstance(node, parts)} & {id(node) for node in below(new)}


def test_a_rebuilt_tree_shares_what_did_not_change():
    old = function()
    new = rebuilt(old, lambda node: ast.Constant(2) if isinstance(node, ast.Constant) else None)
    assert ast.unparse(new.body[0]) == "b = a + 2"
    assert new.body[1] is old.body[1]
    assert rebuilt(old, lambda node: None) is old


def test_an_emptied_block_passes():
    assert ast.unparse(with_block(function(), (("body", 1),), "body", []).body[1]) == "for i in range(b):\n    pass"


def test_names_are_told_apart_by_what_happens_to_them():
    old = function()
    assert loaded(old.body[1]) == {"range", "b", "a", "i"}
    assert stored(old.body[1]) == {"i", "b"}
    assert names(old.body[0]) == tree.Names(frozenset({"a"}), frozenset({"b"}))


def test_renaming_gives_a_copy():
    old = function().body[0]
    assert ast.unparse(renamed(old, {"a": "c"})) == "b = c + 1"
    assert ast.unparse(old) == "b = a + 1"


def test_statements_get_line_numbers_that_no_others_have_and_keep_those_they_have_alone():
    old = ast.parse(TEXT)
    assert with_distinct_lines(old) is old
    first, loop, last = old.body[0].body
    repeated = ast.Module([with_fields(old.body[0], body=[first, loop, fresh(loop), ast.Pass(lineno=1), last])], [])
    new = with_distinct_lines(repeated)
    lines = [node.lineno for node in ast.walk(new) if isinstance(node, ast.stmt)]
    assert len(lines) == len(set(lines)) == 8
    assert ast.dump(new) == ast.dump(repeated)
    assert new.body[0].body[:2] == [first, loop]
    assert new.body[0].body[4] is last
