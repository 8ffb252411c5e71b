"""New nodes of syntax trees, as Python's own parser would make them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

LOAD: Final = ast.Load()
STORE: Final = ast.Store()


def name(identifier: str) -> ast.Name:
    """A variable that is read."""
    return ast.Name(identifier, LOAD)


def target(identifier: str) -> ast.Name:
    """A variable that is assigned."""
    return ast.Name(identifier, STORE)


def number(value: bool | int | float) -> ast.expr:
    """A literal; a negative one is a minus before a positive one."""
    if isinstance(value, bool) or value >= 0:
        return ast.Constant(value)
    return ast.UnaryOp(ast.USub(), ast.Constant(-value))


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """A call of a function by its name."""
    return ast.Call(name(function), list(arguments), [])


def binary(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.BinOp:
    """An operation of two operands."""
    return ast.BinOp(left, operator(), right)


def compare(left: ast.expr, operator: type[ast.cmpop], right: ast.expr) -> ast.Compare:
    """A comparison."""
    return ast.Compare(left, [operator()], [right])


def element(array: ast.expr, indices: Sequence[ast.expr], context: ast.expr_context = LOAD) -> ast.Subscript:
    """An element or a view of an array; an index may be a slice."""
    if len(indices) == 1:
        return ast.Subscript(array, indices[0], context)
    return ast.Subscript(array, ast.Tuple(list(indices), LOAD), context)


def axis_length(array: ast.expr, axis: int, rank: int) -> ast.expr:
    """The length of an axis: `len(a)`, or `a.shape[1]`."""
    if axis == 0:
        return call("len", array)
    assert rank == 2
    return ast.Subscript(ast.Attribute(array, "shape", LOAD), ast.Constant(axis), LOAD)


def assign(variable: str | ast.expr, value: ast.expr) -> ast.Assign:
    """An assignment to one target."""
    return ast.Assign([target(variable) if isinstance(variable, str) else variable], value, lineno=1)


def augment(variable: str | ast.expr, operator: type[ast.operator], value: ast.expr) -> ast.AugAssign:
    """An assignment with an operator."""
    where = target(variable) if isinstance(variable, str) else variable
    assert isinstance(where, ast.Name | ast.Attribute | ast.Subscript)
    return ast.AugAssign(where, operator(), value, lineno=1)


def loop(counter: str, bounds: Sequence[ast.expr], body: list[ast.stmt]) -> ast.For:
    """A `for` over a range."""
    return ast.For(target(counter), call("range", *bounds), body, [], lineno=1)


def branch(test: ast.expr, body: list[ast.stmt], other: list[ast.stmt] | None = None) -> ast.If:
    """An `if`."""
    return ast.If(test, body, other or [], lineno=1)


def returned(values: Sequence[ast.expr]) -> ast.Return:
    """A return of one value or several."""
    return ast.Return(values[0] if len(values) == 1 else ast.Tuple(list(values), LOAD), lineno=1)


def definition(function: str, parameters: Sequence[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """A function."""
    arguments = ast.arguments([], [ast.arg(each) for each in parameters], None, [], [], None, [])
    return ast.FunctionDef(function, arguments, body, [], lineno=1, col_offset=0, end_lineno=len(body) + 1)
