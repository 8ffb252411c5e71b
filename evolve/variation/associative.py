"""Chains of one associative and commutative operator on ints: taken apart, and put together again."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from evolve.variation import nodes
from evolve.variation.scope import Scope
from primitives.types import INT

ASSOCIATIVE: Final = (ast.BitXor, ast.Add, ast.BitAnd, ast.BitOr, ast.Mult)


def chain(scope: Scope, node: ast.expr, operator: type[ast.operator]) -> list[ast.expr]:
    """The operands of a chain of one operator on ints, from left to right; of what is none, itself."""
    if isinstance(node, ast.BinOp) and type(node.op) is operator and _of_ints(scope, node):
        return [*chain(scope, node.left, operator), *chain(scope, node.right, operator)]
    return [node]


def chained(scope: Scope, node: ast.expr) -> tuple[type[ast.operator], list[ast.expr]] | None:
    """The operator of a chain, and its operands; None for another expression."""
    if isinstance(node, ast.BinOp) and type(node.op) in ASSOCIATIVE and _of_ints(scope, node):
        operator = type(node.op)
        return operator, chain(scope, node, operator)
    return None


def joined(operator: type[ast.operator], operands: Sequence[ast.expr]) -> ast.expr:
    """A chain of at least one operand."""
    whole = operands[0]
    for each in operands[1:]:
        whole = nodes.binary(whole, operator, each)
    return whole


def _of_ints(scope: Scope, node: ast.BinOp) -> bool:
    values = scope.checked.values
    return all(side in values and values[side][0] is INT for side in (node.left, node.right))
