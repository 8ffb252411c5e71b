"""Conditions: their negation without a `not` where that is possible, and as bools."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.scope import Scope
from primitives.types import BOOL

OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
"""The comparison that holds if and only if another does not; there are no numbers that can't be compared."""


def negated(node: ast.expr) -> ast.expr:
    """A bool that is true if a condition is false."""
    if isinstance(node, ast.Compare):
        return nodes.compare(node.left, OPPOSITE[type(node.ops[0])], node.comparators[0])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare):
        return node.operand
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return ast.BoolOp(other, [negated(each) for each in node.values])
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return nodes.number(not node.value)
    return ast.UnaryOp(ast.Not(), node)


def as_bool(scope: Scope, node: ast.expr) -> ast.expr:
    """A condition of the function as a bool; one that is never reached has no type, and stays as it is."""
    known = scope.checked.values.get(node)
    if known is None or known[0] is BOOL:
        return node
    return nodes.compare(node, ast.NotEq, nodes.number(0))


def bool_literal(node: ast.AST | None) -> bool | None:
    """The value of `return True` or `return False`; None for anything else."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        return node.value.value
    return None
