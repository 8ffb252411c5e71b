"""The bytes of the numbers that a program's text holds: what it may know before it has seen any data.

A task limits them (`tasks.task.Budget.literals`), since a table of answers in the source is no learning.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from primitives import syntax
from primitives.syntax import literal


@dataclass(frozen=True, slots=True)
class Literals:
    """The literals of a program.

    Attributes:
        bytes: of all numbers in functions and constants: 1 for a bool and for ints in -128..255, 2 for ints in
            -32,768..65,535, 4 for ints in -2^31..2^32-1, else 8; 8 for a float. Docstrings don't count.
        largest: the node of the widest one, the first of them; None without literals.
    """

    bytes: int
    largest: ast.expr | None


def literals(tree: ast.Module) -> Literals:
    """Count the literals of a program. A number is counted as often as it is written."""
    total, widest, largest = 0, 0, None
    for statement in tree.body:
        found = _below(statement)
        total += found.bytes
        if found.largest is not None and found.widest > widest:
            widest, largest = found.widest, found.largest
    return Literals(total, largest)


class _Found(NamedTuple):
    """The bytes of the literals below a node, the first of the widest of them, and its width."""

    bytes: int
    widest: int
    largest: ast.expr | None


@lru_cache(maxsize=1 << 14)
def _below(statement: ast.stmt) -> _Found:
    """The literals of a statement. Programs share statements, so that those of most are known."""
    found: list[_Found] = []
    inside = None
    for node in syntax.expressions_in(statement):
        kind = node.__class__
        if (kind is ast.Constant or kind is ast.UnaryOp) and node is not inside:
            value = literal(node)
            if value is not None:
                width = width_of(value)
                found.append(_Found(width, width, node))
                inside = node.operand if isinstance(node, ast.UnaryOp) else None
    for block in syntax.BLOCKS.get(statement.__class__, ()):
        found += [_below(inner) for inner in statement.__dict__[block]]
    total, widest, largest = 0, 0, None
    for each in found:
        total += each.bytes
        if each.widest > widest:
            widest, largest = each.widest, each.largest
    return _Found(total, widest, largest)


def width_of(value: bool | int | float) -> int:
    """The bytes of a literal, as wide as the cell of a variable with this value (docs/energy.md)."""
    if isinstance(value, bool):
        return 1
    if isinstance(value, float):
        return 8
    if -128 <= value <= 255:
        return 1
    if -32_768 <= value <= 65_535:
        return 2
    return 4 if -(2**31) <= value < 2**32 else 8
