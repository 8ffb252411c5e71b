"""Bits of several rows compared at once, as words: bit-slicing.

L. Lamport, "Multiple byte processing with full-word instructions", CACM 18, 1975; E. Biham, "A fast new DES
implementation in software", FSE 1997.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final, NamedTuple

from evolve.variation import nodes
from evolve.variation.associative import joined
from evolve.variation.context import Context
from evolve.variation.dependence import is_pure
from evolve.variation.guards import inline_guard
from evolve.variation.invariants import hoist_expression
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Spot
from evolve.variation.signatures import is_call_of
from evolve.variation.tables import tabulate
from evolve.variation.tree import fresh, loaded, rebuilt, stored, with_fields
from evolve.variation.words import at_most
from primitives import syntax

MOST: Final = 62
"""The rows that an int has bits for."""
WORDS: Final = (7, 8, 8, 16, 32)
"""How many rows a word is given, if the loop does not say how many there are."""
COMPOSED: Final = 0.7
"""How often the words are kept in tables at once: without, they are mostly dearer than the bits."""


class Test(NamedTuple):
    """What is asked of every row: whether two expressions differ (or agree), with what is assigned for it put in."""

    left: ast.expr
    right: ast.expr
    differ: bool
    branch: ast.If


def bits_at_once(context: Context, random: Random) -> ast.Module | None:
    """A loop that compares bits row by row compares words of several rows, which are mostly put into tables."""
    if not context.offers("pack"):
        return None
    found = context.statement(random, (ast.For,), lambda scope, spot: _words(context, scope, spot, 0, 1) is not None)
    if found is None:
        return None
    scope, spot = found
    child = _compared(context, scope, spot, random)
    if child is None or not random.chance(COMPOSED):
        return child
    return _with_tables(context, scope, child, random) or child


def _with_tables(context: Context, scope: Scope, child: ast.Module, random: Random) -> ast.Module | None:
    """The child with its words in tables, or before loops that do not change them; in callers if need be."""
    current = context.accepts(child)
    if current is None:
        return None
    later = inline_guard(current, random, scope.checked.name)
    current = (later and context.accepts(later)) or current
    for vary in (tabulate, hoist_expression):
        for _ in range(4):
            later = vary(current, random, _is_word)
            following = context.accepts(later) if later is not None else None
            if following is None:
                break
            current = following
    return current.tree


def _is_word(node: ast.expr) -> bool:
    return is_call_of(node, "pack")


def _asked(context: Context, scope: Scope, loop: ast.For) -> Test | None:
    """What a loop asks of every row if it does nothing else."""
    assert isinstance(loop.target, ast.Name)
    *opening, branch = loop.body
    if not isinstance(branch, ast.If) or branch.orelse:
        return None
    values: dict[str, ast.expr] = {}

    def change(node: ast.AST) -> ast.AST | None:
        return fresh(values[node.id]) if isinstance(node, ast.Name) and node.id in values else None

    for each in opening:
        if not isinstance(each, ast.Assign) or not isinstance(each.targets[0], ast.Name):
            return None
        name = each.targets[0].id
        if not is_pure(context, each.value) or scope.uses_outside(loop, frozenset({name})):
            return None
        values[name] = rebuilt(each.value, change)
    if any({loop.target.id, *values} & loaded(each) or _repeats(each) for each in branch.body):
        return None
    test = rebuilt(branch.test, change)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.NotEq):
        return Test(test.left, test.comparators[0], isinstance(test.ops[0], ast.NotEq), branch)
    return Test(test, nodes.number(0), True, branch)


def _repeats(node: ast.stmt) -> bool:
    """Whether a statement would do something else if it were executed once for all rows together."""
    return not isinstance(node, ast.Return | ast.Break) and not (
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )


def _words(
    context: Context, scope: Scope, spot: Spot, first: int, behind: int
) -> tuple[Test, ast.expr, ast.expr] | None:
    """What a loop asks, and both sides as words of the rows from one literal to another; None if they have none."""
    return _sides(context, scope, spot, nodes.number(first), nodes.number(behind))


def _sides(
    context: Context, scope: Scope, spot: Spot, first: ast.expr, behind: ast.expr
) -> tuple[Test, ast.expr, ast.expr] | None:
    loop = spot.node
    assert isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call) and isinstance(loop.target, ast.Name)
    bounds = loop.iter.args
    if len(bounds) > 2 or any(not scope.is_control(scope.checked.values[each][1]) for each in bounds):
        return None
    asked = _asked(context, scope, loop)
    if asked is None:
        return None
    rows = _Rows(context, scope, loop, first, behind)
    left, right = rows.word(asked.left), rows.word(asked.right)
    if left is None or right is None or not rows.found:
        return None
    return asked, left, right


class _Rows:
    """Makes words of expressions on the bits of one row.

    Attributes:
        found: whether a bit of the row was met.
    """

    def __init__(self, context: Context, scope: Scope, loop: ast.For, first: ast.expr, behind: ast.expr):
        assert isinstance(loop.target, ast.Name)
        self.context, self.scope, self.loop = context, scope, loop
        self.row = loop.target.id
        self.first, self.behind = first, behind
        self.found = False

    def word(self, node: ast.expr) -> ast.expr | None:
        """The word of an expression for all rows; None if it has none."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor | ast.BitAnd | ast.BitOr):
            if isinstance(node.op, ast.BitAnd) and syntax.literal(node.right) == 1:
                return self.parity(node.left)
            left, right = self.word(node.left), self.word(node.right)
            return None if left is None or right is None else with_fields(node, left=left, right=right)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and syntax.literal(node.right) == 2:
            return self.parity(node.left)
        if syntax.literal(node) == 0:
            return nodes.number(0)
        if syntax.literal(node) == 1:
            return _ones(self.first, self.behind)
        return self.packed(node)

    def parity(self, node: ast.expr) -> ast.expr | None:
        """The word of a sum of bits modulo 2."""
        operands = _sum(node)
        words = [self.word(each) for each in operands]
        known = [each for each in words if each is not None]
        return joined(ast.BitXor, known) if len(known) == len(words) else None

    def packed(self, node: ast.expr) -> ast.expr | None:
        """The bits of several rows in place of an element of one of them."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        kind = self.scope.types.get(node.value.id)
        indices = syntax.subscripts(node)
        if kind is None or kind.dtype is None or kind.dtype.name != "u1" or kind.rank != len(indices):
            return None
        at = [index for index, each in enumerate(indices) if isinstance(each, ast.Name) and each.id == self.row]
        others = [each for each in indices if not (isinstance(each, ast.Name) and each.id == self.row)]
        changed = stored(self.loop)
        if len(at) != 1 or any(changed & loaded(each) or not is_pure(self.context, each) for each in others):
            return None
        self.found = True
        slices = [fresh(each) for each in indices]
        slices[at[0]] = ast.Slice(fresh(self.first), fresh(self.behind))
        return nodes.call("pack", nodes.element(fresh(node.value), slices))


def _sum(node: ast.expr) -> list[ast.expr]:
    """The operands of a sum or an XOR, whose lowest bits are those of the other."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.BitXor):
        return [*_sum(node.left), *_sum(node.right)]
    return [node]


def _ones(first: ast.expr, behind: ast.expr) -> ast.expr:
    """The word of ones for the rows of a range."""
    if isinstance(first, ast.Constant) and isinstance(behind, ast.Constant):
        return nodes.number((1 << max(int(behind.value) - int(first.value), 0)) - 1)  # type: ignore[arg-type]
    count: ast.expr = fresh(behind)
    if syntax.literal(first) != 0:
        count = nodes.binary(count, ast.Sub, fresh(first))
    return nodes.binary(nodes.binary(nodes.number(1), ast.LShift, count), ast.Sub, nodes.number(1))


def _compared(context: Context, scope: Scope, spot: Spot, random: Random) -> ast.Module | None:
    """The child whose loop is one comparison of words, and a loop over the rows behind these."""
    loop = spot.node
    assert isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call)
    first, end, behind = _range(loop.iter.args, random)
    words = _sides(context, scope, spot, first, behind)
    if words is None:
        return None
    asked, left, right = words
    if asked.differ:
        test = left if syntax.literal(right) == 0 else nodes.compare(left, ast.NotEq, right)
    else:
        differing = left if syntax.literal(right) == 0 else nodes.binary(left, ast.BitXor, right)
        test = nodes.compare(differing, ast.NotEq, _ones(first, behind))
    rest: list[ast.stmt] = []
    if end is not None:
        bounds = with_fields(loop.iter, args=[fresh(behind), fresh(end)])
        rest = [with_fields(loop, iter=bounds)]
    body = [fresh(each) for each in asked.branch.body]
    broken = isinstance(body[-1], ast.Break)
    if broken:
        body.pop()
    branch = nodes.branch(test, body or [ast.Pass(lineno=1)], rest if broken else [])
    new = [branch] if broken else [branch, *rest]
    block, position = spot
    statements = [*block.statements[block.first : position], *new, *block.statements[position + 1 :]]
    return context.with_block(scope, block, statements)


def _range(bounds: Sequence[ast.expr], random: Random) -> tuple[ast.expr, ast.expr | None, ast.expr]:
    """Where a loop starts, where it ends if its rows are not all in the word, and the first row behind the word."""
    first, end = bounds if len(bounds) > 1 else (nodes.number(0), bounds[0])
    count = random.choose(WORDS)
    start = syntax.literal(first)
    if not isinstance(start, int):
        last: ast.expr = nodes.binary(fresh(first), ast.Add, nodes.number(count))
        return first, end, nodes.call("min", last, fresh(end))
    most = at_most(end)
    if most is not None and (most - start <= count or (most - start <= MOST and random.chance(0.3))):
        return first, None, end
    return first, end, _clipped(end, start + count)


def _clipped(end: ast.expr, row: int) -> ast.expr:
    """A row, or the end of the rows if there are fewer."""
    if syntax.literal(end) is not None:
        return nodes.number(row)
    if is_call_of(end, "min"):
        assert isinstance(end, ast.Call)
        left = [each for each in end.args if syntax.literal(each) is None]
        if len(left) < len(end.args):
            return nodes.call("min", fresh(left[0]), nodes.number(row)) if left else nodes.number(row)
    return nodes.call("min", fresh(end), nodes.number(row))
