"""Variation of programs: typed operators on syntax trees, and which of them to use next.

A `Context` holds what the checker knows of a program, an `Operator` makes a child of it, `OperatorSelection` learns
which operators help. What children are worth is for the search to say. docs/variation.md lists the operators.
"""

from evolve.variation.context import Context, with_imports
from evolve.variation.operators import BY_NAME, OPERATORS, Operator
from evolve.variation.selection import OperatorSelection

__all__ = ["BY_NAME", "OPERATORS", "Context", "Operator", "OperatorSelection", "with_imports"]
