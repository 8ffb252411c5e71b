"""Short ways to write syntax trees."""

from __future__ import annotations

import ast


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
