"""Syntax trees as values: places in a tree, and new trees that differ in one place and share the rest.

A tree is never changed, and no node object stands in two places of one tree: what is moved or repeated is copied.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from primitives.parser import BUILTINS

Step = tuple[str, int]
"""A field of a node, and the index in it; -1 for a field that holds a single node."""

Node = TypeVar("Node", bound=ast.AST)


class Site(NamedTuple):
    """A node and where it stands: the steps from the module down to it."""

    path: tuple[Step, ...]
    node: ast.AST

    @property
    def function(self) -> int:
        """The position in the module of the function that the node stands in."""
        return self.path[0][1]


class Block(NamedTuple):
    """A list of statements, and where it stands: the node that holds it, and the field of it."""

    owner: Site
    field: str
    statements: list[ast.stmt]


@functools.lru_cache(maxsize=256)
def sites(tree: ast.Module) -> tuple[Site, ...]:
    """Every node in the bodies of functions, parents first; not docstrings, contexts and operators."""
    return tuple(_sites(tree))


def _sites(tree: ast.Module) -> Iterator[Site]:
    for index, function in enumerate(tree.body):
        if isinstance(function, ast.FunctionDef):
            for position, statement in enumerate(function.body):
                if not (position == 0 and _is_docstring(statement)):
                    yield from _below(Site((("body", index), ("body", position)), statement))


def _below(site: Site) -> Iterator[Site]:
    yield site
    for field in site.node._fields:
        value = getattr(site.node, field, None)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.stmt | ast.expr):
                    yield from _below(Site((*site.path, (field, index)), item))
        elif isinstance(value, ast.stmt | ast.expr):
            yield from _below(Site((*site.path, (field, -1)), value))


def blocks(tree: ast.Module) -> Iterator[Block]:
    """Every list of statements in the functions, the outer ones first; a docstring stays in front of it."""
    for index, function in enumerate(tree.body):
        if isinstance(function, ast.FunctionDef):
            yield Block(Site((("body", index),), function), "body", function.body)
    for site in sites(tree):
        for field in ("body", "orelse"):
            statements = getattr(site.node, field, None)
            if isinstance(site.node, ast.stmt) and statements:
                yield Block(site, field, statements)


def replaced(tree: ast.Module, path: tuple[Step, ...], node: ast.AST) -> ast.Module:
    """The tree with another node at a place."""
    result = _replaced(tree, path, node)
    assert isinstance(result, ast.Module)
    return result


def _replaced(root: ast.AST, path: tuple[Step, ...], node: ast.AST) -> ast.AST:
    if not path:
        return node
    (field, index), rest = path[0], path[1:]
    value = getattr(root, field)
    if index < 0:
        return with_fields(root, **{field: _replaced(value, rest, node)})
    items = list(value)
    items[index] = _replaced(items[index], rest, node)
    return with_fields(root, **{field: items})


def with_fields(node: Node, **changes: Any) -> Node:
    """A node like another, except for some fields."""
    result = copy.copy(node)
    for field, value in changes.items():
        setattr(result, field, value)
    return result


def with_statements(tree: ast.Module, block: Block, statements: list[ast.stmt]) -> ast.Module:
    """The tree with other statements in a block; `pass` where none are left."""
    body = statements or ([] if block.field == "orelse" else [ast.Pass(lineno=1)])
    return replaced(tree, block.owner.path, with_fields(block.owner.node, **{block.field: body}))


def fresh(node: Node) -> Node:
    """A copy of a node and all below it, to stand in a second place."""
    return copy.deepcopy(node)


@functools.lru_cache(maxsize=256)
def variables(tree: ast.Module) -> dict[int, list[str]]:
    """The parameters, variables and counters of each function, by its position in the module."""
    names = {
        index: dict.fromkeys(argument.arg for argument in function.args.args)
        for index, function in enumerate(tree.body)
        if isinstance(function, ast.FunctionDef)
    }
    for site in sites(tree):
        if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Store):
            names[site.function][site.node.id] = None
    return {index: list(its) for index, its in names.items()}


def with_imports(tree: ast.Module) -> ast.Module:
    """The tree with exactly the imports that its functions need.

    A name of a primitive that stands for a function or a variable of the program itself is not imported.
    """
    names = [site.node for site in sites(tree) if isinstance(site.node, ast.Name)]
    own = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            own |= {node.name, *(argument.arg for argument in node.args.args)}
        elif isinstance(node, ast.Assign):
            own |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    used = {name.id for name in names}.intersection([*CATALOGUE, *DTYPES]) - BUILTINS - own
    body = [node for node in tree.body if not isinstance(node, ast.ImportFrom)]
    if used:
        docstring = int(bool(body) and _is_docstring(body[0]))
        aliases = [ast.alias(name=name, asname=None) for name in sorted(used)]
        body.insert(docstring, ast.ImportFrom(module="primitives", names=aliases, level=0))
    return with_fields(tree, body=body)


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
