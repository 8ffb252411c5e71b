"""Operators on statements: deleting, replacing, moving, swapping, copying."""

from __future__ import annotations

import ast

from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Block, Scope, Spot
from evolve.variation.statements import Writer
from evolve.variation.tree import at, below, fresh, loaded, rebuilt, replaced, size, stored, with_fields
from primitives.types import UNKNOWN

ALL = (ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Break, ast.Continue, ast.Pass, ast.Return, ast.Expr)
_LEAVING = (ast.Return, ast.Break, ast.Continue)


def _inserted(context: Context, scope: Scope, block: Block, position: int, new: list[ast.stmt]) -> ast.Module:
    before, after = block.statements[block.first : position], block.statements[position:]
    if len(block.statements) == 1 and isinstance(block.statements[0], ast.Pass):
        before, after = [], []
    return context.with_block(scope, block, [*before, *new, *after])


def _removable(scope: Scope, spot: Spot) -> bool:
    """Whether a statement can be left out: no variable lacks its value then, and each path still ends in a return."""
    node = spot.node
    if isinstance(node, ast.Pass) or scope.loses(node):
        return False
    if spot.position == len(spot.block.statements) - 1 and any(isinstance(each, ast.Return) for each in below(node)):
        return bool(spot.block.owner) and not _ends_in(scope, node)
    return not (isinstance(node, ast.Break) and _is_endless(spot.block))


def _ends_in(scope: Scope, node: ast.stmt) -> bool:
    """Whether control never arrives behind the block that a statement ends."""
    return scope.inspected.after[node].assigned < 0


def _is_endless(block: Block) -> bool:
    loop = block.loops[-1] if block.loops else None
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant)


def delete(context: Context, random: Random) -> ast.Module | None:
    """A statement goes."""
    found = context.statement(random, ALL, _removable)
    if found is None:
        return None
    scope, (block, position) = found
    left = [*block.statements[block.first : position], *block.statements[position + 1 :]]
    return context.with_block(scope, block, left or ([] if block.field == "orelse" else [ast.Pass(lineno=1)]))


def replace(context: Context, random: Random) -> ast.Module | None:
    """A new statement in place of one, or a new value for what it assigns."""
    if random.chance(0.6):
        return _reassign(context, random)
    found = context.statement(random, ALL, lambda scope, spot: _removable(scope, spot) and size(spot.node) < 30)
    if found is None:
        return _reassign(context, random)
    scope, (block, position) = found
    if scope.place(block, position).assigned < 0:
        return None
    new = Writer(context, scope, block, position, random).statement(1 + random.below(3))
    return context.with_block(
        scope, block, [*block.statements[block.first : position], *new, *block.statements[position + 1 :]]
    )


def _reassign(context: Context, random: Random) -> ast.Module | None:
    """Another value of the same type on the right side of an assignment."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        node = spot.node
        return isinstance(node, ast.Assign | ast.AugAssign) and node.value in scope.checked.values

    found = context.statement(random, (ast.Assign, ast.AugAssign), wanted)
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.Assign | ast.AugAssign)
    kind = scope.checked.values[node.value][0]
    site = next(site for site in scope.sites if site.node is node.value)
    writer = Writer(context, scope, spot.block, spot.position, random)
    value = None if kind is UNKNOWN else writer.expression(kind, 1 + random.below(8), site.control)
    return None if value is None else context.replacing(scope, (*spot.path, ("value", -1)), value)


def swap(context: Context, random: Random) -> ast.Module | None:
    """Two neighbouring statements change places."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        block, position = spot
        if position + 1 >= len(block.statements):
            return False
        first, second = block.statements[position : position + 2]
        if isinstance(second, _LEAVING) or _leaves(scope, second) or isinstance(first, _LEAVING):
            return False
        return _readable_at(scope, second, block, position) and not (_unassigned(scope, second) & stored(first))

    found = context.statement(random, ALL, wanted)
    if found is None:
        return None
    scope, (block, position) = found
    statements = list(block.statements)
    statements[position], statements[position + 1] = statements[position + 1], statements[position]
    return context.with_block(scope, block, statements[block.first :])


def _leaves(scope: Scope, node: ast.stmt) -> bool:
    """Whether control never arrives behind a branch, since each side of it leaves."""
    return isinstance(node, ast.If) and node in scope.inspected.after and scope.inspected.after[node].assigned < 0


def _unassigned(scope: Scope, node: ast.stmt) -> set[str]:
    """The variables that a statement assigns and that may have had no value before."""
    place, bits = scope.inspected.before[node], scope.checked.bits
    return {name for name in stored(node) if name in bits and not place.assigned >> bits[name] & 1}


def _readable_at(scope: Scope, node: ast.stmt, block: Block, position: int) -> bool:
    """Whether all names that a statement reads can be read at a position, unless it assigns them itself."""
    place = scope.place(block, position)
    if place.assigned < 0:
        return False
    live = scope.live(place).names
    own = stored(node)
    if own & set(place.counters):
        return False
    reads = loaded(node) & scope.names
    had = scope.live(scope.inspected.before[node]).names
    return all(name in live or (name in own and name not in had) for name in reads)


def _homes(scope: Scope, node: ast.stmt) -> list[tuple[Block, int]]:
    """Where in its function a statement could stand as well."""
    inside = {id(each) for each in below(node)}
    leaving = free_leaving(node)
    return [
        (block, position)
        for block in scope.blocks
        if not (block.statements and id(block.statements[0]) in inside) and (block.loops or not leaving)
        for position in range(block.first, len(block.statements) + 1)
        if _readable_at(scope, node, block, position)
    ]


def free_leaving(node: ast.AST) -> bool:
    """Whether a statement holds a break or continue of a loop around it."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    return not isinstance(node, ast.For | ast.While) and any(free_leaving(each) for each in ast.iter_child_nodes(node))


def _copied_where(scope: Scope, spot: Spot, random: Random) -> tuple[Block, int] | None:
    pinned = scope.pinned
    homes = _homes(scope, spot.node)
    if not pinned.isdisjoint(stored(spot.node)):
        homes = [(block, position) for block, position in homes if block is spot.block]
    return random.pick([home for home in homes if home not in (spot, (spot.block, spot.position + 1))])


def move(context: Context, random: Random) -> ast.Module | None:
    """A statement goes to another place in its function."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        return not isinstance(spot.node, _LEAVING) and _removable(scope, spot)

    found = context.statement(random, ALL, wanted)
    if found is None:
        return None
    scope, spot = found
    home = _copied_where(scope, spot, random)
    if home is None:
        return None
    block, position = home
    marker = ast.Pass(lineno=1)
    function = replaced(scope.node, spot.path, marker)
    moved = [each if each is not spot.node else marker for each in block.statements]
    moved.insert(position, spot.node)
    if block is spot.block:
        function = replaced(scope.node, block.owner, _holding(scope, block, moved))
    else:
        function = _put(function, block, position, spot.node)
    return context.with_functions({scope.index: _without(function, marker)})


def _holding(scope: Scope, block: Block, statements: list[ast.stmt]) -> ast.AST:
    return with_fields(at(scope.node, block.owner), **{block.field: statements})


def _put(function: ast.FunctionDef, block: Block, position: int, node: ast.stmt) -> ast.FunctionDef:
    owner = at(function, block.owner)
    statements = list(getattr(owner, block.field))
    statements.insert(position, node)
    return replaced(function, block.owner, with_fields(owner, **{block.field: statements}))


def _without(function: ast.FunctionDef, marker: ast.stmt) -> ast.FunctionDef:
    """The function without a statement; a `pass` stays where nothing else is left."""

    def change(node: ast.AST) -> ast.AST | None:
        for field in ("body", "orelse"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and any(each is marker for each in statements) and len(statements) > 1:
                return with_fields(node, **{field: [each for each in statements if each is not marker]})
        return None

    return rebuilt(function, change)


def copy(context: Context, random: Random) -> ast.Module | None:
    """A copy of a statement is put somewhere else in the same function."""
    found = context.statement(random, ALL, lambda scope, spot: size(spot.node) < 60)
    if found is None:
        return None
    scope, spot = found
    home = _copied_where(scope, spot, random)
    if home is None or isinstance(spot.node, ast.Pass):
        return None
    block, position = home
    leaves = isinstance(spot.node, _LEAVING) or _leaves(scope, spot.node)
    if leaves and position < len(block.statements):
        return None
    return _inserted(context, scope, block, position, [fresh(spot.node)])
