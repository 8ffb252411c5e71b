"""The names of an exported file: those of the program, and new ones that nothing in it has."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Collection
from typing import Final

from runs.export.scalars import SCALARS

TAKEN: Final = frozenset(
    {
        *("np", "math", "sys", "time", "numba", "njit", "place_1", "place_2", "random_stream", "reseed"),
        *("main", "draw", "learn_and_predict", "STREAM"),
        *(name for name, written in SCALARS.items() if written.text is not None),
    }
)
"""Names that an exported file may give a meaning of its own."""

BUILTINS: Final = frozenset(
    {
        *("sum", "max", "min", "sorted", "zip", "list", "range", "len", "int", "float", "bool", "abs"),
        *("struct", "filled", "array_of", "generator", "Counter", "slice", "isinstance", "hasattr", "tuple"),
    }
)
"""Names that a file without numpy needs for what they are in Python."""


def names_of(tree: ast.AST, bound: bool = False) -> set[str]:
    """Every name in a program: of functions, parameters, variables and constants; or those that it gives a meaning."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and (isinstance(node.ctx, ast.Store) or not bound):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return found


def renamed(tree: ast.Module, taken: Collection[str] = TAKEN) -> ast.Module:
    """The program, with other names for what would take the name of something in the file."""
    known = names_of(tree)
    imported = {each.name for node in tree.body if isinstance(node, ast.ImportFrom) for each in node.names}
    new: dict[str, str] = {}
    for name in sorted((names_of(tree, bound=True) & set(taken)) - imported):
        new[name] = free(f"{name}_", known)
        known.add(new[name])
    return _Renamer(new).visit(ast.parse(ast.unparse(tree))) if new else tree


class _Renamer(ast.NodeTransformer):
    def __init__(self, new: dict[str, str]):
        self.new = new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.new.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.new.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.new.get(node.name, node.name)
        self.generic_visit(node)
        return node


def free(wanted: str, known: Collection[str]) -> str:
    """A name like the one that is wanted, which is not among those known, and no keyword or builtin of Python."""
    if keyword.iskeyword(wanted) or hasattr(builtins, wanted):
        wanted = f"{wanted}_of"
    name, number = wanted, 1
    while name in known:
        number += 1
        name = f"{wanted}_{number}"
    return name
