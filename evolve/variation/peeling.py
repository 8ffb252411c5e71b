"""Loops in parts: the first round in front of a loop, and a range in two pieces.

Peeling and index set splitting: M. Wolfe, "High Performance Compilers for Parallel Computing", 1996, chapter 9.
"""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Spot
from evolve.variation.signatures import is_call_of
from evolve.variation.statement_edits import free_leaving
from evolve.variation.tree import fresh, loaded, rebuilt, stored, with_fields
from primitives import syntax

PIECES: Final = (1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 8, 8)
"""How many rounds the first piece of a range has; or half of them."""


def _bounds(node: ast.stmt) -> tuple[ast.expr, ast.expr] | None:
    """The start and end of a loop that counts upwards by one."""
    if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call) or len(node.iter.args) > 2:
        return None
    arguments = node.iter.args
    return (arguments[0], arguments[1]) if len(arguments) > 1 else (nodes.number(0), arguments[0])


def _divisible(scope: Scope, spot: Spot) -> bool:
    """Whether a loop counts upwards by one over a range that it does not change, and nothing leaves it but a return."""
    node = spot.node
    assert isinstance(node, ast.For)
    bounds = _bounds(node)
    if bounds is None or any(free_leaving(each) for each in node.body):
        return False
    return all(stored(node).isdisjoint(loaded(each)) for each in bounds)


def peel(context: Context, random: Random) -> ast.Module | None:
    """The first round of a loop stands in front of it, and the loop starts one later."""
    found = context.statement(random, (ast.For,), _divisible)
    if found is None:
        return None
    scope, (block, position) = found
    loop = block.statements[position]
    bounds = _bounds(loop)
    assert bounds is not None and isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
    start, end = bounds
    counter = loop.target.id

    def change(node: ast.AST) -> ast.AST | None:
        return fresh(start) if isinstance(node, ast.Name) and node.id == counter else None

    first = [rebuilt(fresh(each), change) for each in loop.body]
    later = _later(start, 1)
    rest = with_fields(loop, iter=nodes.call("range", later, fresh(end)))
    if _has_a_round(start, end):
        new: list[ast.stmt] = [*first, rest]
    else:
        new = [nodes.branch(nodes.compare(fresh(start), ast.Lt, fresh(end)), first), rest]
    statements = [*block.statements[block.first : position], *new, *block.statements[position + 1 :]]
    return context.with_block(scope, block, statements)


def _later(start: ast.expr, count: int) -> ast.expr:
    """An index behind a start; a sum with a literal is put together."""
    value = syntax.literal(start)
    if isinstance(value, int):
        return nodes.number(value + count)
    if isinstance(start, ast.BinOp) and isinstance(start.op, ast.Add):
        added = syntax.literal(start.right)
        if isinstance(added, int):
            return nodes.binary(fresh(start.left), ast.Add, nodes.number(added + count))
    return nodes.binary(fresh(start), ast.Add, nodes.number(count))


def _has_a_round(start: ast.expr, end: ast.expr) -> bool:
    """Whether a range has an index, the arrays of the program being taken not to be empty."""
    first, last = syntax.literal(start), syntax.literal(end)
    if isinstance(first, int) and isinstance(last, int):
        return first < last
    if isinstance(end, ast.Call) and is_call_of(end, "min"):
        return all(_has_a_round(start, each) for each in end.args)
    length = is_call_of(end, "len") or (isinstance(end, ast.Subscript) and syntax.is_shape(end.value))
    return first == 0 and length


def split_range(context: Context, random: Random) -> ast.Module | None:
    """A loop becomes two, over a first piece of its range, of a few rounds or half of them, and over the rest."""
    found = context.statement(random, (ast.For,), _divisible)
    if found is None:
        return None
    scope, (block, position) = found
    loop = block.statements[position]
    bounds = _bounds(loop)
    assert bounds is not None and isinstance(loop, ast.For)
    start, end = bounds
    cut = _cut(start, end, random)
    if cut is None:
        return None
    first = with_fields(loop, iter=nodes.call("range", *loop.iter.args[:-1], cut))  # type: ignore[attr-defined]
    body = [fresh(each) for each in loop.body]
    assert isinstance(loop.target, ast.Name)
    rest = nodes.loop(loop.target.id, [fresh(cut), fresh(end)], body)
    statements = [*block.statements[block.first : position], first, rest, *block.statements[position + 1 :]]
    return context.with_block(scope, block, statements)


def _cut(start: ast.expr, end: ast.expr, random: Random) -> ast.expr | None:
    """Where a range is cut; None if it is too short."""
    first, last = syntax.literal(start), syntax.literal(end)
    if random.chance(0.15):
        whole = fresh(end) if first == 0 else nodes.binary(fresh(start), ast.Add, fresh(end))
        return nodes.binary(whole, ast.FloorDiv, nodes.number(2))
    cut = _later(start, random.choose(PIECES))
    if isinstance(first, int) and isinstance(last, int):
        row = syntax.literal(cut)
        return cut if isinstance(row, int) and row < last else None
    return nodes.call("min", cut, fresh(end))
