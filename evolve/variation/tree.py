"""Syntax trees as values: new trees that differ from others in one place and share the rest.

A tree is never changed, and no node object stands in two places of one tree: what is moved or repeated is copied.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, TypeVar

from primitives.syntax import BLOCKS, expressions_at, expressions_in

Step = tuple[str, int]
"""A field of a node, and the index in it; -1 for a field that holds a single node."""

Path = tuple[Step, ...]
"""The steps from a node down to one below it."""

Node = TypeVar("Node", bound=ast.AST)


def with_fields(node: Node, **changes: Any) -> Node:
    """A node like another, except for some fields."""
    result = node.__class__.__new__(node.__class__)
    result.__dict__.update(node.__dict__)
    result.__dict__.update(changes)
    return result


def replaced(root: Node, path: Path, node: ast.AST) -> Node:
    """The tree with another node at a place below its root."""
    return _replaced(root, path, 0, node)  # type: ignore[return-value]


def _replaced(root: ast.AST, path: Path, depth: int, node: ast.AST) -> ast.AST:
    if depth == len(path):
        return node
    field, index = path[depth]
    value = getattr(root, field)
    if index < 0:
        return with_fields(root, **{field: _replaced(value, path, depth + 1, node)})
    items = list(value)
    items[index] = _replaced(items[index], path, depth + 1, node)
    return with_fields(root, **{field: items})


def at(root: ast.AST, path: Path) -> ast.AST:
    """The node at a place."""
    for field, index in path:
        value = getattr(root, field)
        root = value if index < 0 else value[index]
    return root


def with_block(root: Node, owner: Path, field: str, statements: Sequence[ast.stmt]) -> Node:
    """The tree with other statements in a block; `pass` where none are left."""
    body = list(statements) or ([] if field == "orelse" else [ast.Pass(lineno=1)])
    return replaced(root, owner, with_fields(at(root, owner), **{field: body}))


def with_distinct_lines(tree: ast.Module) -> ast.Module:
    """The tree with a line number for every statement that no other one has, so that each can be told by it.

    They are not those of its text. Only statements that lack one of their own are replaced.
    """
    taken: set[int] = set()
    body = _with_distinct_lines(tree.body, taken, count(max(_lines(tree.body), default=0) + 1))
    return tree if body is tree.body else with_fields(tree, body=body)


def _with_distinct_lines(statements: list[ast.stmt], taken: set[int], free: Iterator[int]) -> list[ast.stmt]:
    changed: dict[int, ast.stmt] = {}
    for position, node in enumerate(statements):
        changes: dict[str, Any] = {}
        if node.lineno in taken:
            changes["lineno"] = next(free)
        taken.add(node.lineno)
        for field in BLOCKS.get(node.__class__, ()):
            block = getattr(node, field)
            new = _with_distinct_lines(block, taken, free)
            if new is not block:
                changes[field] = new
        if changes:
            changed[position] = with_fields(node, **changes)
    return [changed.get(position, node) for position, node in enumerate(statements)] if changed else statements


def _lines(statements: Sequence[ast.stmt]) -> Iterator[int]:
    for node in statements:
        yield node.lineno
        for field in BLOCKS.get(node.__class__, ()):
            yield from _lines(getattr(node, field))


def fresh(node: Node) -> Node:
    """A copy of a node and all below it, to stand in a second place; contexts and operators stay shared."""
    result = node.__class__.__new__(node.__class__)
    fields = result.__dict__
    fields.update(node.__dict__)
    for name in node._fields:
        value = fields.get(name)
        if value.__class__ is list:
            fields[name] = [fresh(each) if isinstance(each, _COPIED) else each for each in value]
        elif isinstance(value, _COPIED):
            fields[name] = fresh(value)
    return result


_COPIED = (ast.expr, ast.stmt, ast.arguments, ast.arg)


def rebuilt(node: Node, change: Callable[[ast.AST], ast.AST | None]) -> Node:
    """The tree in which every node that `change` gives something for is that, from the top down; the rest is shared."""
    return _rebuilt(node, change)  # type: ignore[return-value]


def _rebuilt(node: ast.AST, change: Callable[[ast.AST], ast.AST | None]) -> ast.AST:
    new = change(node)
    if new is not None:
        return new
    if node.__class__ is ast.Name or node.__class__ is ast.Constant:
        return node
    changes: dict[str, Any] = {}
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            items = [_rebuilt(each, change) if isinstance(each, ast.AST) else each for each in value]
            if items != value:  # nodes are equal if they are the same
                changes[field] = items
        elif isinstance(value, ast.expr | ast.stmt):
            item = _rebuilt(value, change)
            if item is not value:
                changes[field] = item
    return with_fields(node, **changes) if changes else node


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """A fresh copy with other names for some variables."""

    def change(each: ast.AST) -> ast.AST | None:
        if isinstance(each, ast.Name) and each.id in names:
            return with_fields(each, id=names[each.id])
        return None

    return rebuilt(fresh(node), change)


def below(node: ast.AST) -> list[ast.AST]:
    """A node, and the statements and expressions below it, parents first."""
    found = [node]
    for each in found:
        for value in each.__dict__.values():
            if value.__class__ is list:
                found.extend([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, _PARTS):
                found.append(value)
    return found


_PARTS = (ast.expr, ast.stmt)


class Names(NamedTuple):
    """The names in a statement: those that are read, and those that are assigned or count."""

    loaded: frozenset[str]
    stored: frozenset[str]


@lru_cache(maxsize=1 << 15)
def names(node: ast.stmt | ast.expr) -> Names:
    """The names in a statement or expression: of variables, counters, constants, primitives, functions.

    Since trees share their statements, those of a child are mostly known from its parents.
    """
    loaded: set[str] = set()
    stored: set[str] = set()
    for each in expressions_in(node) if isinstance(node, ast.stmt) else expressions_at(node):
        if isinstance(each, ast.Name):
            (loaded if each.ctx.__class__ is ast.Load else stored).add(each.id)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        loaded.add(node.target.id)
    for block in BLOCKS.get(node.__class__, ()):
        for inner in node.__dict__[block]:
            found = names(inner)
            loaded |= found.loaded
            stored |= found.stored
    return Names(frozenset(loaded), frozenset(stored))


def loaded(node: ast.AST) -> frozenset[str]:
    """The names that are read in a statement or expression."""
    return names(node).loaded


def stored(node: ast.AST) -> frozenset[str]:
    """The names that are assigned in a statement, and its counters."""
    return names(node).stored


def size(node: ast.AST) -> int:
    """The number of statements and expressions."""
    return sum(isinstance(each, _PARTS) for each in below(node))


def shape(node: ast.AST) -> str:
    """A text that is the same for equal trees."""
    return ast.dump(node, include_attributes=False)
