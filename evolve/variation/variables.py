"""Operators on variables: introducing one for an expression, putting its value in its place, dropping it."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site, Spot
from evolve.variation.tree import fresh, loaded, rebuilt, replaced, size, stored, with_block


def block_of(scope: Scope, statement: ast.stmt) -> Spot:
    """Where a statement stands."""
    return next(spot for spot in scope.spots if spot.node is statement)


def introduce(context: Context, random: Random) -> ast.Module | None:
    """A new variable for an expression, assigned just before its statement."""

    def wanted(scope: Scope, site: Site) -> bool:
        if site.type.rank < 0 or site.role == "target" or isinstance(site.node, ast.Name | ast.Constant):
            return False
        if isinstance(site.statement, ast.While) or site.place.assigned < 0:
            return False
        if site.control and not scope.is_control(site.place.context):
            return False
        return not isinstance(site.statement, ast.Assign) or site.statement.value is not site.node

    found = context.site(random, wanted)
    if found is None:
        return None
    scope, site = found
    name = context.unused("v")
    function = replaced(scope.node, site.path, nodes.name(name))
    block, position = block_of(scope, site.statement)
    depth = len(block.owner)
    statement = function
    for field, index in site.path[: depth + 1]:
        value = getattr(statement, field)
        statement = value if index < 0 else value[index]
    assert isinstance(statement, ast.stmt)
    assignment = nodes.assign(name, site.node)
    statements = [*block.statements[:position], assignment, statement, *block.statements[position + 1 :]]
    return context.with_functions({scope.index: with_block(scope.node, block.owner, block.field, statements)})


def _single_assignment(scope: Scope, spot: Spot) -> str | None:
    """The variable of an assignment that is its only one in the function; None if it is none."""
    node = spot.node
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return None
    name = node.targets[0].id
    if name not in scope.types or scope.types[name].rank < 0 or scope.checked.parameters.count(name):
        return None
    stores = sum(name in stored(each.node) for each in scope.spots if isinstance(each.node, ast.Assign | ast.AugAssign))
    return name if stores == 1 else None


def _uses(scope: Scope, name: str) -> list[Site]:
    return [site for site in scope.sites if isinstance(site.node, ast.Name) and site.node.id == name]


def _without_variable(context: Context, scope: Scope, spot: Spot, name: str, values: dict[int, ast.expr]) -> ast.Module:
    """A child without an assignment, and with other expressions in place of the variable's uses, by their identity."""

    def change(node: ast.AST) -> ast.AST | None:
        value = values.get(id(node))
        if value is not None:
            return fresh(value)
        for field in ("body", "orelse"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and any(each is spot.node for each in statements):
                left = [rebuilt(each, change) for each in statements if each is not spot.node]
                other = "orelse" if field == "body" else "body"
                changed = with_block(node, (), field, left)
                more = getattr(node, other, None)
                if more:
                    changed.__dict__[other] = [rebuilt(each, change) for each in more]
                for head in ("test", "iter"):
                    if hasattr(node, head):
                        changed.__dict__[head] = rebuilt(getattr(node, head), change)
                return changed
        return None

    return context.with_functions({scope.index: rebuilt(scope.node, change)})


def inline(context: Context, random: Random) -> ast.Module | None:
    """The value of a variable that is assigned once in place of all its uses; the assignment goes."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        name = _single_assignment(scope, spot)
        if name is None:
            return False
        node = spot.node
        assert isinstance(node, ast.Assign)
        reads = loaded(node.value) & scope.names
        uses = _uses(scope, name)
        if not uses or len(uses) > 4 or name in reads or size(node.value) > 25:
            return False
        if any(site.role == "target" for site in uses) and not isinstance(node.value, ast.Name):
            return False
        return all(reads <= scope.live(site.place).names.keys() for site in uses)

    found = context.statement(random, (ast.Assign,), wanted)
    if found is None:
        return None
    scope, spot = found
    name = _single_assignment(scope, spot)
    assert name is not None and isinstance(spot.node, ast.Assign)
    values = {id(site.node): spot.node.value for site in _uses(scope, name)}
    return _without_variable(context, scope, spot, name, values)


def drop(context: Context, random: Random) -> ast.Module | None:
    """A variable that is assigned once goes; another of its type is read instead."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        name = _single_assignment(scope, spot)
        return name is not None and all(_others(scope, site, name) for site in _uses(scope, name))

    found = context.statement(random, (ast.Assign,), wanted)
    if found is None:
        return None
    scope, spot = found
    name = _single_assignment(scope, spot)
    assert name is not None
    values: dict[int, ast.expr] = {}
    favourite: str | None = None
    for site in _uses(scope, name):
        others = _others(scope, site, name)
        favourite = favourite if favourite in others else random.choose(others)
        assert favourite is not None
        values[id(site.node)] = nodes.name(favourite)
    return _without_variable(context, scope, spot, name, values)


def _others(scope: Scope, site: Site, name: str) -> list[str]:
    return [each for each in scope.live(site.place).of(site.type, site.control) if each != name]


def merge(context: Context, random: Random) -> ast.Module | None:
    """Two scalar variables of one type become one."""
    for scope in context.shuffled_scopes(random):
        counters, pinned = scope.inspected.counter_names, scope.pinned
        free = [
            name
            for name, kind in scope.types.items()
            if kind.rank == 0 and name not in scope.checked.parameters and name not in counters | pinned
        ]
        pairs = [
            (first, second)
            for first in free
            for second in free
            if first != second and scope.types[first] is scope.types[second]
        ]
        if pairs:
            first, second = random.choose(pairs)

            def change(node: ast.AST, old: str = first, new: str = second) -> ast.AST | None:
                if isinstance(node, ast.Name) and node.id == old:
                    return ast.Name(new, node.ctx)
                return None

            return context.with_functions({scope.index: rebuilt(scope.node, change)})
    return None
