"""Tables of what an expression is for every value of a counter, filled in front of a loop that asks for it often.

D. Michie, "Memo functions and machine learning", Nature 218, 1968; here the table is full before it is read.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.dependence import Loop, around, is_data, loops_around
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.tree import fresh, loaded, rebuilt, renamed, shape
from evolve.variation.variables import block_of
from evolve.variation.words import bits_of
from primitives import syntax
from primitives.types import BOOL, FLOAT, INT, Type

LARGEST: Final = 0.8
"""How often the largest expression that can be tabulated is, of those that hold the one drawn."""
NARROWEST: Final = 0.7
"""How often the elements are as narrow as the values surely are."""


class Table(NamedTuple):
    """An expression of one counter that can be tabulated.

    Attributes:
        expression: the expression.
        counter: the counter that it depends on.
        loop: in front of which the table can be filled.
        start, end: the range of its indices.
        places: where the same stands for this or another counter of the range, with the counter's name.
        shared: whether it stands for another counter.
    """

    expression: ast.expr
    counter: str
    loop: Loop
    start: ast.expr | None
    end: ast.expr
    places: list[tuple[ast.expr, str]]
    shared: bool


def tabulate(context: Context, random: Random, wanted: Callable[[ast.expr], bool] | None = None) -> ast.Module | None:
    """An expression of one counter is computed for all its values before the outermost loop where that is possible.

    Args:
        context: the program.
        random: draws.
        wanted: which expressions come into question; all if not given.
    """

    def tabulable(scope: Scope, site: Site) -> bool:
        return (wanted is None or wanted(site.node)) and _table(context, scope, site) is not None

    found = context.site(random, tabulable)
    if found is None:
        return None
    scope, site = found
    table = _table(context, scope, site)
    if wanted is None and random.chance(LARGEST):
        table = next(each for larger in around(scope, site) if (each := _table(context, scope, larger)) is not None)
    assert table is not None
    return _tabulated(context, scope, table, wanted is not None or random.chance(NARROWEST), random)


def _table(context: Context, scope: Scope, site: Site) -> Table | None:
    """The table for an expression in front of the outermost loop; None if it would be made as often as it is read."""
    node = site.node
    if site.type not in (INT, FLOAT, BOOL) or site.control or isinstance(node, ast.Name | ast.Constant):
        return None
    if not site.loops or not is_data(scope, node) or _is_entry(scope, node):
        return None
    counters = sorted(loaded(node) & set(site.place.counters))
    loops = loops_around(context, scope, site)
    for position, loop in enumerate(loops):
        for counter in counters:
            inner = [each for each in loops[position:] if _counter(each.node) == counter]
            if not inner or not loop.keeps(node, but=counter):
                continue
            table = _over_range(scope, loop, inner[0].node, node, counter)
            if table is None:
                continue
            if loops[-1] is not inner[0] or loop is not inner[0] or table.shared:
                return table
    return None


def _is_entry(scope: Scope, node: ast.expr) -> bool:
    """Whether an expression is an element of an array of the program's own, as near as it would be in a table."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return False
    kind = scope.types.get(node.value.id)
    return kind is not None and kind.rank == 1 and not kind.readonly


def _counter(node: ast.stmt) -> str | None:
    return node.target.id if isinstance(node, ast.For) and isinstance(node.target, ast.Name) else None


def _over_range(scope: Scope, loop: Loop, inner: ast.stmt, node: ast.expr, counter: str) -> Table | None:
    """The table for the range of a counter, as far as it is known in front of a loop."""
    bounds = _bounds(inner)
    if bounds is None:
        return None
    end = _readable_end(scope, loop, bounds, counter)
    if end is None:
        return None
    start = bounds[0] if len(bounds) > 1 and (syntax.literal(bounds[0]) or 0) > 0 else None
    places = _places(scope, loop.node, inner, node, counter)
    shared = any(other != counter for _, other in places)
    return Table(node, counter, loop, None if shared else start, end, places, shared)


def _bounds(loop: ast.stmt) -> list[ast.expr] | None:
    """The start and end of a loop that counts upwards by a literal; the end alone if that is all there is."""
    if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Call):
        return None
    arguments = loop.iter.args
    if len(arguments) > 2 and (syntax.literal(arguments[2]) or 0) <= 0:
        return None
    return arguments[:2]


def _readable_end(scope: Scope, loop: Loop, bounds: Sequence[ast.expr], counter: str) -> ast.expr | None:
    """A range's end if it is known in front of a loop, else the length of an array that the counter runs over."""
    end = bounds[-1]
    if loop.keeps(end):
        return end if loop.is_control(end) else None
    dimension = scope.dimensions.of_counter(counter)
    for name, kind in loop.live.names.items():
        for axis in range(max(kind.rank, 0)):
            if dimension is not None and scope.dimensions.of(name, axis) == dimension:
                length = nodes.axis_length(nodes.name(name), axis, kind.rank)
                if name not in loop.changes.names and scope.is_control(1 << scope.checked.bits[name]):
                    return length
    return None


def _places(scope: Scope, loop: ast.stmt, inner: ast.stmt, node: ast.expr, counter: str) -> list[tuple[ast.expr, str]]:
    """Where in a loop an expression stands, for its counter or for one that has the same range."""
    reads = loaded(node)
    found: list[tuple[ast.expr, str]] = []
    for site in scope.sites:
        if type(site.node) is not type(node) or loop not in site.loops or site.control:
            continue
        for each in site.loops:
            other = _counter(each)
            if other is None or loaded(site.node) != reads - {counter} | {other}:
                continue
            if _same_range(scope, inner, each) and shape(site.node) == shape(renamed(node, {counter: other})):
                found.append((site.node, other))
                break
    return found


def _same_range(scope: Scope, first: ast.stmt, second: ast.stmt) -> bool:
    """Whether two counters stay below the same end."""
    if first is second:
        return True
    bounds = _bounds(first), _bounds(second)
    if bounds[0] is None or bounds[1] is None:
        return False
    if shape(bounds[0][-1]) == shape(bounds[1][-1]):
        return True
    dimensions = [scope.dimensions.of_counter(name) for each in (first, second) if (name := _counter(each))]
    return dimensions[0] is not None and dimensions[0] == dimensions[-1]


def _tabulated(context: Context, scope: Scope, table: Table, narrow: bool, random: Random) -> ast.Module:
    """The child: an array and a loop that fills it before a loop, and elements in it."""
    kind = scope.checked.values[table.expression][0]
    name, counter = context.unused("v"), context.unused("i")
    changed: dict[int, ast.expr] = {}
    for node, index in table.places:
        element: ast.expr = nodes.element(nodes.name(name), [nodes.name(index)])
        changed[id(node)] = nodes.compare(element, ast.Eq, nodes.number(1)) if kind is BOOL else element
    loop = table.loop.node
    block, position = block_of(scope, loop)
    dtype = _dtype(scope, table.expression, kind, narrow, random)
    array = nodes.assign(name, nodes.call("zeros", fresh(table.end), nodes.name(dtype)))
    where = nodes.element(nodes.name(name), [nodes.name(counter)], nodes.STORE)
    value = renamed(table.expression, {table.counter: counter})
    bounds = [fresh(each) for each in (table.start, table.end) if each is not None]
    filling = nodes.loop(counter, bounds, [nodes.assign(where, value)])
    new = rebuilt(loop, lambda node: changed.get(id(node)))
    statements = [*block.statements[block.first : position], array, filling, new, *block.statements[position + 1 :]]
    return context.with_block(scope, block, statements)


def _dtype(scope: Scope, node: ast.expr, kind: Type, narrow: bool, random: Random) -> str:
    """An element type that the values fit, mostly."""
    if kind is BOOL:
        return "u1"
    if kind is FLOAT:
        return "f8" if narrow else "f4"
    bits = bits_of(scope, node)
    narrowest = "i8" if bits > 31 else "i4" if bits > 8 else "u1"
    return narrowest if narrow else random.choose(("u1", "i4", "i8"))
