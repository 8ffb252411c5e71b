"""The bytes of the numbers that a program's text holds: what it may know before it has seen any data.

A task limits them (`tasks.task.Budget.literals`), since a table of answers in the source is no learning.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from primitives.syntax import STATEMENTS, literal


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
    total, widest, largest = 0, 0, None
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        kind = node.__class__
        if kind is ast.Name:
            continue
        value = literal(node) if kind is ast.Constant or kind is ast.UnaryOp else None  # type: ignore[arg-type]
        if value is not None:
            width = width_of(value)
            found = _Found(width, width, node)  # type: ignore[arg-type]
        elif node is not statement and kind in _STATEMENTS:
            found = _below(node)
        else:
            values = node.__dict__
            for name in node._fields:  # quicker than ast.iter_child_nodes: every child of a search comes here
                child = values.get(name)
                if child.__class__ is list:
                    pending += [each for each in child if isinstance(each, ast.AST)]
                elif isinstance(child, _PARTS):
                    pending.append(child)
            continue
        total += found.bytes
        if found.largest is not None and found.widest >= widest:  # the last that is met is the first of the text
            widest, largest = found.widest, found.largest
    return _Found(total, widest, largest)


_STATEMENTS: Final = frozenset(STATEMENTS)
_PARTS: Final = (ast.expr, ast.stmt, ast.arguments)
"""The sorts of nodes that can hold literals."""


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
