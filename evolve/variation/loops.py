"""Operators on loops and branches: wrapping, unwrapping, nesting deeper, interchanging, fusing, hoisting."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Spot
from evolve.variation.statements import Writer
from evolve.variation.tree import below, fresh, loaded, rebuilt, renamed, shape, stored, with_fields
from primitives.types import INT

_WRAPPED = (ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Expr)


def _replacing(context: Context, scope: Scope, spot: Spot, new: list[ast.stmt], count: int = 1) -> ast.Module:
    """A child with other statements in place of one or several."""
    block, position = spot
    statements = [*block.statements[block.first : position], *new, *block.statements[position + count :]]
    return context.with_block(scope, block, statements)


def _optional(scope: Scope, spot: Spot) -> bool:
    """Whether a statement may be executed sometimes only, or several times."""
    node = spot.node
    if scope.loses(node) or not scope.pinned.isdisjoint(stored(node)):
        return False
    return spot.position < len(spot.block.statements) - 1 or scope.inspected.after[node].assigned >= 0


def wrap_in_branch(context: Context, random: Random) -> ast.Module | None:
    """A statement under a condition."""
    found = context.statement(random, (*_WRAPPED, ast.Break, ast.Continue), _optional)
    if found is None:
        return None
    scope, spot = found
    writer = Writer(context, scope, spot.block, spot.position, random)
    control = bool(scope.inspected.pinned) and isinstance(spot.node, ast.Break | ast.Continue)
    return _replacing(context, scope, spot, [nodes.branch(writer.test(5, control), [spot.node])])


def wrap_in_loop(context: Context, random: Random) -> ast.Module | None:
    """A statement repeated over a range; the counter may take the place of an int in it."""
    found = context.statement(random, _WRAPPED, lambda scope, spot: _optional(scope, spot) and not _leaving(spot.node))
    if found is None:
        return None
    scope, spot = found
    writer = Writer(context, scope, spot.block, spot.position, random)
    counter = writer.fresh_name("i")
    body = _with_counter(scope, spot.node, counter, random) if random.chance(0.7) else spot.node
    return _replacing(context, scope, spot, [nodes.loop(counter, writer.bounds(), [body])])


def _leaving(node: ast.AST) -> bool:
    """Whether a statement holds a break or continue of a loop around it."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    return not isinstance(node, ast.For | ast.While) and any(_leaving(each) for each in ast.iter_child_nodes(node))


def _with_counter(scope: Scope, node: ast.stmt, counter: str, random: Random) -> ast.stmt:
    """A statement in which a counter takes the place of an int that is read, if there is one."""
    inside = {id(each) for each in below(node)}
    sites = [
        site
        for site in scope.sites
        if id(site.node) in inside and site.type is INT and isinstance(site.node, ast.Name | ast.Constant)
    ]
    site = random.pick(sites)
    if site is None:
        return node
    return rebuilt(node, lambda each: nodes.name(counter) if each is site.node else None)


def unwrap(context: Context, random: Random) -> ast.Module | None:
    """The body of a loop or branch, or its other branch, in its place; a counter becomes the start of its range."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        node = spot.node
        if isinstance(node, ast.If):
            return not any(_leaving(each) for each in node.body) and not _returns(node)
        assert isinstance(node, ast.For | ast.While)
        return not any(_leaving(each) for each in node.body) and not _returns(node)

    found = context.statement(random, (ast.If, ast.For, ast.While), wanted)
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.If | ast.For | ast.While)
    body = node.orelse if node.orelse and random.chance(0.5) else node.body
    if isinstance(node, ast.For):
        start = _start(node)
        counter = node.target.id  # type: ignore[attr-defined]
        body = [_substituted(each, counter, start) for each in body]
    if isinstance(node, ast.If) and node.orelse and scope.loses(node):
        return None
    return _replacing(context, scope, spot, body)


def _returns(node: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return) for each in below(node))


def _start(node: ast.For) -> ast.expr:
    assert isinstance(node.iter, ast.Call)
    return node.iter.args[0] if len(node.iter.args) > 1 else nodes.number(0)


def _substituted(node: ast.stmt, name: str, value: ast.expr) -> ast.stmt:
    """A statement with an expression in place of a name that is read."""
    return rebuilt(node, lambda each: fresh(value) if isinstance(each, ast.Name) and each.id == name else None)


def nest_deeper(context: Context, random: Random) -> ast.Module | None:
    """A loop repeated inside itself, behind its own counter: pairs in place of singles, triples in place of pairs."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        return not any(_leaving(each) for each in _body(spot.node))

    found = context.statement(random, (ast.For,), wanted)
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Call)
    inner = context.unused("i")
    counter = node.target.id
    uses = [
        site
        for site in scope.sites
        if isinstance(site.node, ast.Name) and site.node.id == counter and not site.control and node in site.loops
    ]
    chosen = {id(site.node) for site in uses if random.chance(0.5)}
    body = [rebuilt(each, lambda old: nodes.name(inner) if id(old) in chosen else None) for each in node.body]
    end = node.iter.args[1] if len(node.iter.args) > 1 else node.iter.args[0]
    start = nodes.name(counter)
    bounds = [start if random.chance(0.3) else nodes.binary(start, ast.Add, nodes.number(1)), fresh(end)]
    if len(node.iter.args) > 2:
        bounds = [fresh(each) for each in node.iter.args]
    return _replacing(context, scope, spot, [with_fields(node, body=[nodes.loop(inner, bounds, body)])])


def _body(node: ast.stmt) -> list[ast.stmt]:
    assert isinstance(node, ast.For)
    return node.body


def _inner_loop(spot: Spot) -> ast.For | None:
    """The loop that is all there is in the body of a loop and whose range does not depend on the outer counter."""
    node = spot.node
    assert isinstance(node, ast.For)
    inner = node.body[0] if len(node.body) == 1 else None
    if not isinstance(inner, ast.For) or not isinstance(node.target, ast.Name) or node.target.id in loaded(inner.iter):
        return None
    return inner


def interchange(context: Context, random: Random) -> ast.Module | None:
    """Two nested loops change places."""
    found = context.statement(random, (ast.For,), lambda scope, spot: _inner_loop(spot) is not None)
    if found is None:
        return None
    scope, spot = found
    node, inner = spot.node, _inner_loop(spot)
    assert inner is not None and isinstance(node, ast.For)
    return _replacing(context, scope, spot, [with_fields(inner, body=[with_fields(node, body=inner.body)])])


def fuse(context: Context, random: Random) -> ast.Module | None:
    """Two neighbouring loops over the same range become one."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        block, position = spot
        following = block.statements[position + 1] if position + 1 < len(block.statements) else None
        node = spot.node
        return (
            isinstance(following, ast.For) and isinstance(node, ast.For) and shape(node.iter) == shape(following.iter)
        )

    found = context.statement(random, (ast.For,), wanted)
    if found is None:
        return None
    scope, spot = found
    first, second = spot.block.statements[spot.position : spot.position + 2]
    assert isinstance(first, ast.For) and isinstance(second, ast.For)
    assert isinstance(first.target, ast.Name) and isinstance(second.target, ast.Name)
    names = {second.target.id: first.target.id}
    body = [renamed(each, names) for each in second.body]
    return _replacing(context, scope, spot, [with_fields(first, body=[*first.body, *body])], 2)


def split(context: Context, random: Random) -> ast.Module | None:
    """A loop over several statements becomes two loops over the same range."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        body = _body(spot.node)
        return len(body) > 1 and not any(_leaving(each) or _returns(each) for each in body)

    found = context.statement(random, (ast.For,), wanted)
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.For) and isinstance(node.target, ast.Name)
    cut = 1 + random.below(len(node.body) - 1)
    first, second = node.body[:cut], node.body[cut:]
    place, bits = scope.inspected.before[node], scope.checked.bits
    own = {name for each in first for name in stored(each)}
    missing = {name for name in own if name in bits and not place.assigned >> bits[name] & 1}
    if missing & {name for each in second for name in loaded(each)}:
        return None
    counter = context.unused("i")
    names = {node.target.id: counter}
    other = ast.For(
        nodes.target(counter), fresh(node.iter), [renamed(each, names) for each in second], [], lineno=node.lineno
    )
    return _replacing(context, scope, spot, [with_fields(node, body=first), other])


def hoist(context: Context, random: Random) -> ast.Module | None:
    """A statement of a loop's body that does not depend on its counter goes in front of the loop."""

    def movable(scope: Scope, spot: Spot) -> list[int]:
        node = spot.node
        assert isinstance(node, ast.For | ast.While)
        place = scope.inspected.before[node]
        live = scope.live(place).names if place.assigned >= 0 else {}
        found = []
        for position, each in enumerate(node.body):
            had = scope.live(scope.inspected.before[each]).names
            reads = loaded(each) & scope.names
            own = {name for name in stored(each) if name not in had}
            if isinstance(each, ast.Assign | ast.AugAssign | ast.For) and reads <= live.keys() | own:
                found.append(position)
        return found

    found = context.statement(random, (ast.For, ast.While), movable)
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.For | ast.While)
    position = random.choose(movable(scope, spot))
    body = [*node.body[:position], *node.body[position + 1 :]] or [ast.Pass(lineno=1)]
    return _replacing(context, scope, spot, [node.body[position], with_fields(node, body=body)])
