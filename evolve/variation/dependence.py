"""What a loop may change, and which expressions have the same value in all of its rounds."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import NamedTuple

from evolve.variation.context import Context
from evolve.variation.scope import Live, Scope, Site
from evolve.variation.signatures import is_call_of
from evolve.variation.tree import below, loaded, stored
from population.usefulness import DRAWING, WRITING, effects_of
from primitives.dtypes import DType


class Changes(NamedTuple):
    """What the rounds of a loop may change: names, and the element types of the arrays that are written to."""

    names: frozenset[str]
    dtypes: frozenset[DType]


@lru_cache(maxsize=64)
def effectful(context: Context) -> frozenset[str]:
    """The functions and primitives that write to arrays or draw random numbers, those that call others included."""
    found = DRAWING | WRITING
    statements = {scope.checked.name: [spot.node for spot in scope.spots] for scope in context.scopes}
    changed = True
    while changed:
        new = {
            name
            for name, body in statements.items()
            if any(effects_of(each).written or effects_of(each).calls & found for each in body)
        }
        changed = not new <= found
        found |= new
    return found


def changes(context: Context, scope: Scope, loop: ast.stmt) -> Changes:
    """What a loop may change; an array may share memory with all others of its element type."""
    effects = effectful(context)
    written: set[str] = set()
    for each in below(loop):
        if isinstance(each, ast.stmt):
            written |= effects_of(each).written
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in effects:
            written |= loaded(each)
    kinds = (scope.types.get(name) for name in written)
    return Changes(stored(loop), frozenset(kind.dtype for kind in kinds if kind is not None and kind.dtype is not None))


def is_pure(context: Context, node: ast.expr) -> bool:
    """Whether an expression does nothing but give a value."""
    return not any(isinstance(each, ast.Call) and loaded(each.func) & effectful(context) for each in below(node))


class Loop:
    """A loop, and what can be computed in front of it instead of in it."""

    def __init__(self, context: Context, scope: Scope, node: ast.stmt):
        self.context = context
        self.scope = scope
        self.node = node
        self.changes = changes(context, scope, node)
        place = scope.inspected.before[node]
        self.live = scope.live(place) if place.assigned >= 0 else Live({}, frozenset(), ())

    def keeps(self, node: ast.expr, *, but: str = "") -> bool:
        """Whether a pure expression has one value in front of the loop and in it, apart from a name in it."""
        elements = _elements(node)
        for name in loaded(node) & self.scope.names - {but}:
            kind = self.live.names.get(name)
            if kind is None or name in self.changes.names:
                return False
            if name in elements and kind.dtype in self.changes.dtypes and not kind.readonly:
                return False
        return is_pure(self.context, node)

    def is_control(self, node: ast.expr) -> bool:
        """Whether an expression depends on no data in front of the loop."""
        value = self.scope.checked.values.get(node)
        return value is not None and self.scope.is_control(value[1])


def _elements(node: ast.expr) -> set[str]:
    """The names in an expression that are not only asked for a length."""
    found: set[str] = set()
    pending: list[ast.AST] = [node]
    for each in pending:
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif not is_call_of(each, "len") and not isinstance(each, ast.Attribute):
            pending += ast.iter_child_nodes(each)
    return found


def loops_around(context: Context, scope: Scope, site: Site) -> list[Loop]:
    """The loops in whose rounds an expression is evaluated, the outer ones first."""
    inner = (site.statement,) if isinstance(site.statement, ast.While) else ()
    return [_loop(context, scope, each) for each in (*site.loops, *inner)]


@lru_cache(maxsize=64)
def _loop(context: Context, scope: Scope, node: ast.stmt) -> Loop:
    """A loop; remembered, since all expressions in it are asked for the loops around them one after the other."""
    return Loop(context, scope, node)


def always_evaluated(scope: Scope, site: Site) -> bool:
    """Whether an expression is evaluated whenever its statement is: it is no later part of `and`, `or`, or a choice."""
    node: ast.AST = scope.node
    for field, index in site.path:
        if isinstance(node, ast.BoolOp) and index > 0:
            return False
        if isinstance(node, ast.IfExp) and field != "test":
            return False
        value = getattr(node, field)
        node = value if index < 0 else value[index]
    return True


def is_data(scope: Scope, node: ast.expr) -> bool:
    """Whether the value of an expression costs energy."""
    value = scope.checked.values.get(node)
    return value is not None and not scope.is_control(value[1])


def around(scope: Scope, site: Site) -> list[Site]:
    """An expression and those that it is part of in its statement, the largest first."""
    path = site.path
    return [
        each
        for each in scope.sites
        if each.statement is site.statement and len(each.path) <= len(path) and path[: len(each.path)] == each.path
    ]
