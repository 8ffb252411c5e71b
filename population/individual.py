"""An individual of a population, and the key that two individuals of the same code share."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from typing import Final

from fitness.score import Score
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from primitives.parser import BUILTINS


@dataclass(frozen=True, slots=True)
class Individual:
    """A program with its origin and its score.

    Attributes:
        id: its number in the run.
        key: `normal_form_key` of its program.
        source: its program.
        parents: the ids of the individuals it came from; none for a seed.
        operator: the name of the operator that made it, or of the seed.
        score: what it achieved; scores are compared only between individuals that were judged on the same instances.
    """

    id: int
    key: str
    source: str
    parents: tuple[int, ...]
    operator: str
    score: Score


def normal_form_key(tree: ast.Module) -> str:
    """A hash that is the same for programs that differ in docstrings, imports and names of variables only."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    constants = sorted(ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign))
    fixed = _FIXED.union([node.name for node in functions], [line.partition(" ")[0] for line in constants])
    texts = sorted(_function_text(node, fixed) for node in functions)
    return hashlib.sha256("\n".join([*constants, *texts]).encode()).hexdigest()[:16]


_FIXED: Final = frozenset({*CATALOGUE, *DTYPES, *BUILTINS})
"""Names that mean the same in every program."""


def _function_text(function: ast.FunctionDef, fixed: frozenset[str]) -> str:
    """A text of a function in which variables are numbered by their first occurrence."""
    numbers = {argument.arg: f"v{index}" for index, argument in enumerate(function.args.args)}
    head = f"def {function.name} {len(numbers)}:"
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return head + ";".join(_text(statement, fixed, numbers) for statement in body)


def _text(node: object, fixed: frozenset[str], numbers: dict[str, str]) -> str:
    """Write a node as its type and fields, its variables as numbers."""
    if isinstance(node, ast.Name):
        name = node.id
        return name if name in fixed else numbers.setdefault(name, f"v{len(numbers)}")
    if isinstance(node, list):
        return "[" + ",".join([_text(item, fixed, numbers) for item in node]) + "]"
    if isinstance(node, ast.AST):
        fields = [_text(getattr(node, name, None), fixed, numbers) for name in node._fields if name != "ctx"]
        return f"{type(node).__name__}({','.join(fields)})"
    return repr(node)
