"""The syntax trees of the catalogue's definitions, parsed once."""

from __future__ import annotations

import ast
from functools import cache


@cache
def definition(source: str, name: str) -> ast.FunctionDef:
    """The function `name` that a definition's text defines."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise LookupError(f"the definition of {name} defines no function of that name")
