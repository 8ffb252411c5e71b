"""The bytes of the numbers that a program's text holds: what it may know before it has seen any data.

A task limits them (`tasks.task.Budget.literals`), since a table of answers in the source is no learning.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

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
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        value = literal(node) if isinstance(node, ast.Constant | ast.UnaryOp) else None
        if value is not None:
            width = width_of(value)
            total += width
            if width >= widest:  # of equal ones the last that is met is the first of the text
                widest, largest = width, node
            continue
        for child in vars(node).values():  # quicker than ast.iter_child_nodes; a search counts every child's literals
            if isinstance(child, ast.AST):
                pending.append(child)
            elif isinstance(child, list):
                pending.extend(each for each in child if isinstance(each, ast.AST))
    assert largest is None or isinstance(largest, ast.expr)
    return Literals(total, largest)


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
