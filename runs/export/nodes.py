"""Short ways to write syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def name(identifier: str) -> ast.expr:
    """A name, or dotted names: `np.zeros`."""
    return ast.parse(identifier, mode="eval").body


def call(function: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    """A call: `np.zeros(n, dtype=np.int64)`."""
    return ast.Call(name(function), list(arguments), [ast.keyword(key, value) for key, value in keywords.items()])


def method(of: ast.expr, called: str, *arguments: ast.expr) -> ast.Call:
    """A call of a method: `a.copy()`."""
    return ast.Call(ast.Attribute(of, called, ast.Load()), list(arguments), [])


def assign(target: ast.expr, value: ast.expr) -> ast.Assign:
    """An assignment."""
    return ast.Assign([target], value)


def everything(of: ast.expr) -> ast.Subscript:
    """All of an array: `a[:]`."""
    return ast.Subscript(of, ast.Slice(None, None, None), ast.Store())


def _comprehension(items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> list[ast.comprehension]:
    if len(items) == 1:
        return [ast.comprehension(items[0], lists[0], [], 0)]
    return [ast.comprehension(ast.Tuple(list(items)), call("zip", *lists), [], 0)]


def listed(value: ast.expr, items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> ast.expr:
    """`[value for items in lists]`, of one list or of several side by side."""
    return ast.ListComp(value, _comprehension(items, lists))


def summed(value: ast.expr, items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> ast.expr:
    """`sum([value for items in lists])`."""
    return call("sum", ast.ListComp(value, _comprehension(items, lists)))
