"""The mutation operators: `OPERATORS`, and how one is applied.

What each does is in `expression_mutations` and `statement_mutations`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from evolve.search import expression_mutations as expressions
from evolve.search import statement_mutations as statements

Vary = Callable[[ast.Module, np.random.Generator], ast.Module | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to vary a program.

    Attributes:
        name: what it does, in a word or three.
        vary: gives a new tree that shares what did not change with the one given, or None if it finds nothing to vary.
    """

    name: str
    vary: Vary


OPERATORS: Final = (
    Operator("perturb constant", expressions.perturb_constant),
    Operator("change operator", expressions.change_operator),
    Operator("replace name", expressions.replace_name),
    Operator("change element type", expressions.change_element_type),
    Operator("shrink bound", expressions.shrink_bound),
    Operator("hoist operand", expressions.hoist_operand),
    Operator("grow expression", expressions.grow_expression),
    Operator("swap statements", statements.swap),
    Operator("delete statement", statements.delete),
    Operator("copy statement", statements.copy),
    Operator("unwrap statement", statements.unwrap),
    Operator("wrap statement", statements.wrap),
)
"""All operators; each is drawn as often as any other."""


def mutate(tree: ast.Module, generator: np.random.Generator) -> tuple[str, ast.Module | None]:
    """Vary a program with an operator drawn at random: its name, and the child, None if it found nothing to vary."""
    operator = OPERATORS[int(generator.integers(len(OPERATORS)))]
    return operator.name, operator.vary(tree, generator)
