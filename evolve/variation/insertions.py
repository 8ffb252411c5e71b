"""Operators that insert new statements, mostly together with a use of what they compute."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.idioms import IDIOMS
from evolve.variation.random import Random
from evolve.variation.scope import Block, Scope, Site
from evolve.variation.signatures import giving
from evolve.variation.statements import Writer
from evolve.variation.tree import at, replaced, with_block
from primitives.types import Type, element_type


def insert_statement(context: Context, random: Random) -> ast.Module | None:
    """A new statement, or a small loop or branch."""
    found = context.gap(random)
    if found is None:
        return None
    scope, block, position = found
    writer = Writer(context, scope, block, position, random)
    new = writer.statement(1 + random.below(random.choose((1, 3, 5))))
    return _inserted(writer, block, position, new)


def insert_idiom(context: Context, random: Random) -> ast.Module | None:
    """A new piece of an algorithm: a sum, the best of a range, a table, a profile, whether something holds for all."""
    found = context.gap(random)
    if found is None:
        return None
    scope, block, position = found
    writer = Writer(context, scope, block, position, random)
    return _inserted(writer, block, position, random.choose(IDIOMS)(writer))


def _inserted(writer: Writer, block: Block, position: int, new: Sequence[ast.stmt]) -> ast.Module:
    """A child with new statements at a position, and mostly with a use of a variable that they assign behind them."""
    context, scope = writer.context, writer.scope
    use = _use(writer, block, position) if writer.random.chance(0.8) else None
    function = scope.node if use is None else replaced(scope.node, use[0].path, use[1])
    statements = list(getattr(at(function, block.owner), block.field))
    if len(statements) == 1 and isinstance(statements[0], ast.Pass):
        statements, position = [], 0
    statements[position:position] = new
    return context.with_functions({scope.index: with_block(function, block.owner, block.field, statements)})


def _use(writer: Writer, block: Block, position: int) -> tuple[Site, ast.expr] | None:
    """An expression behind a position, and what takes its place: a new variable, or an element of a new array."""
    random, live = writer.random, writer.live
    name = writer.result
    if name is None or random.chance(0.2):
        name = random.pick([each for each in live.names if each in writer.new and each not in live.counters])
    if name is None:
        return None
    kind = live.names[name]
    wanted = element_type(kind) if kind.rank > 0 else kind
    sites = [
        site
        for site in _behind(writer.scope, block, position)
        if not site.control and site.role != "target" and (site.type is kind or site.type is wanted)
    ]
    site = random.pick(sites)
    if site is None:
        return None
    if site.type is kind:
        return site, nodes.name(name)
    there = writer.scope.live(site.place)
    writer.live = type(there)({**there.names, name: kind}, there.control, there.counters)
    if random.chance(0.5):
        reduced = _reduction(writer, name, kind, site.type)
        if reduced is not None:
            return site, reduced
    return site, writer.element(name, 3)


def _reduction(writer: Writer, name: str, kind: Type, wanted: Type) -> ast.expr | None:
    """A primitive that makes a scalar of an array alone."""
    found = [
        each for group in giving(wanted, frozenset({kind})).values() for each in group if each.arguments == (kind,)
    ]
    signature = writer.random.pick(found)
    return None if signature is None else nodes.call(signature.name, nodes.name(name))


def _behind(scope: Scope, block: Block, position: int) -> list[Site]:
    """The expressions in the statements of a block from a position on."""
    depth = len(block.owner)
    return [
        site
        for site in scope.sites
        if len(site.path) > depth
        and site.path[:depth] == block.owner
        and site.path[depth][0] == block.field
        and site.path[depth][1] >= position
    ]
