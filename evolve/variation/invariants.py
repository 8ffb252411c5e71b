"""Loop-invariant code motion of expressions: what has one value in all rounds of a loop is computed in front of it.

F. E. Allen and J. Cocke, "A catalogue of optimizing transformations", 1971; with reassociation, as in P. Briggs and
K. D. Cooper, "Effective partial redundancy elimination", PLDI 1994.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from evolve.variation import nodes
from evolve.variation.associative import chain, chained, joined
from evolve.variation.context import Context
from evolve.variation.dependence import Loop, always_evaluated, around, is_data, loops_around
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.tree import loaded, rebuilt, shape
from evolve.variation.variables import block_of
from primitives.types import INT

LARGEST = 0.8
"""How often the largest expression that can be hoisted is, of those that hold the one drawn."""
OUTERMOST = 0.8
"""How often as far out as possible."""


class Hoist(NamedTuple):
    """An expression that can be computed before a loop.

    Attributes:
        site: of the expression that changes.
        loop: in front of which.
        value: what is computed there.
        parts: how many of the site's operands are in it; 0 if it is all of the site.
        left: what stays of the site, for the name of the new variable.
    """

    site: Site
    loop: Loop
    value: ast.expr
    parts: int
    left: Callable[[str], ast.expr]


def hoist_expression(
    context: Context, random: Random, wanted: Callable[[ast.expr], bool] | None = None
) -> ast.Module | None:
    """What has one value in all rounds of a loop becomes a variable before it: an expression, operands, sides of `==`.

    Args:
        context: the program.
        random: draws.
        wanted: which expressions come into question; all if not given.
    """

    def hoistable(scope: Scope, site: Site) -> bool:
        return (wanted is None or wanted(site.node)) and bool(_hoists(context, scope, site))

    found = context.site(random, hoistable)
    if found is None:
        return None
    scope, site = found
    hoists = _hoists(context, scope, site)
    if wanted is None and random.chance(LARGEST):
        hoists = next(each for larger in around(scope, site) if (each := _hoists(context, scope, larger)))
    if wanted is not None or random.chance(OUTERMOST):
        most = max(each.parts for each in hoists)
        chosen = next(each for each in hoists if each.parts == most)
    else:
        chosen = random.choose(hoists)
    return _hoisted(context, scope, chosen)


def _hoists(context: Context, scope: Scope, site: Site) -> list[Hoist]:
    """What can be hoisted of an expression, out of the outer loops first: all of it, or else operands."""
    node = site.node
    if site.type.rank != 0 or site.control or isinstance(node, ast.Name | ast.Constant) or site.place.assigned < 0:
        return []
    if not (site.loops or isinstance(site.statement, ast.While)) or not is_data(scope, node):
        return []
    if not always_evaluated(scope, site):
        return []
    loops = loops_around(context, scope, site)
    whole = [Hoist(site, loop, node, 0, nodes.name) for loop in loops if loop.keeps(node)]
    return whole or [hoist for loop in loops if (hoist := _operands(scope, site, loop)) is not None]


def _operands(scope: Scope, site: Site, loop: Loop) -> Hoist | None:
    """The operands of a chain, or of the chains on both sides of `==` or `!=`, that a loop does not change."""
    node = site.node
    compared = _compared(scope, node)
    if compared is not None:
        operator, operands = ast.BitXor, compared
    else:
        found = chained(scope, node)
        if found is None:
            return None
        operator, operands = found  # type: ignore[assignment]
    kept = [each for each in operands if loop.keeps(each)]
    rest = [each for each in operands if all(each is not other for other in kept)]
    if len(kept) < 2 or not rest or not any(is_data(scope, each) for each in kept):
        return None

    def left(name: str) -> ast.expr:
        if isinstance(node, ast.Compare):
            return nodes.compare(joined(operator, rest), type(node.ops[0]), nodes.name(name))
        return joined(operator, [nodes.name(name), *rest])

    return Hoist(site, loop, joined(operator, kept), len(kept), left)


def _compared(scope: Scope, node: ast.expr) -> list[ast.expr] | None:
    """The operands on both sides of `a ^ b == c`: an XOR can be moved from one side to the other."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return None
    sides = [node.left, node.comparators[0]]
    if any(scope.checked.values[side][0] is not INT for side in sides):
        return None
    return [each for side in sides for each in chain(scope, side, ast.BitXor)]


def _hoisted(context: Context, scope: Scope, chosen: Hoist) -> ast.Module:
    """The child; where all of an expression is hoisted, it is so wherever it stands in the loop."""
    name = context.unused("v")
    loop, site = chosen.loop.node, chosen.site
    changed = {id(site.node): chosen.left(name)}
    if not chosen.parts:
        text, reads = shape(site.node), loaded(site.node)
        for each in scope.sites:
            inside = loop in each.loops or each.statement is loop
            if inside and not each.control and loaded(each.node) == reads and shape(each.node) == text:
                changed[id(each.node)] = nodes.name(name)
    if isinstance(loop, ast.For):  # its bounds are evaluated before it
        heads = {id(each.node) for each in scope.sites if each.statement is loop}
        changed = {key: new for key, new in changed.items() if key not in heads}
    block, position = block_of(scope, loop)
    assignment = nodes.assign(name, chosen.value)
    new = rebuilt(loop, lambda node: changed.get(id(node)))
    statements = [*block.statements[block.first : position], assignment, new, *block.statements[position + 1 :]]
    return context.with_block(scope, block, statements)
