"""Identities of arithmetic and logic: an expression or branch written in another way that gives the same.

Of ints below 2^63; where bits are meant, elements of `u1` arrays are taken to be bits.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from evolve.variation import nodes
from evolve.variation.associative import chain, chained, joined
from evolve.variation.context import Context
from evolve.variation.logic import negated
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.signatures import is_call_of
from evolve.variation.tree import fresh, shape, with_fields
from primitives import syntax
from primitives.types import BOOL, INT

Rule = Callable[[Scope, Site, Random], Iterator[ast.expr]]
BRANCHES: Final = 0.1
"""How often a branch is turned, if there is one with two sides."""


def rewrite(context: Context, random: Random) -> ast.Module | None:
    """An identity of arithmetic or logic is applied to an expression, or the sides of a branch change places."""
    if random.chance(BRANCHES):
        child = _turned(context, random)
        if child is not None:
            return child

    def rewritable(scope: Scope, site: Site) -> bool:
        return bool(_rewritings(scope, site, random))

    found = context.site(random, rewritable)
    if found is None:
        return _turned(context, random)
    scope, site = found
    new = random.choose(_rewritings(scope, site, random))
    return None if shape(new) == shape(site.node) else context.replacing(scope, site.path, new)


def _rewritings(scope: Scope, site: Site, random: Random) -> list[ast.expr]:
    if site.type not in (INT, BOOL) or site.control or isinstance(site.node, ast.Name | ast.Constant):
        return []
    return [new for rule in RULES for new in rule(scope, site, random)]


def _turned(context: Context, random: Random) -> ast.Module | None:
    """`if t: a else: b` as `if not t: b else: a`."""
    found = context.statement(random, (ast.If,), lambda scope, spot: bool(getattr(spot.node, "orelse", None)))
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.If)
    new = with_fields(node, test=negated(node.test), body=node.orelse, orelse=node.body)
    return context.replacing(scope, spot.path, new)


# -- rules: what an expression can be written as


def remainders(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`a % 2**k` is `a & 2**k - 1`, and the lowest bit of a sum is that of an XOR."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod | ast.BitAnd):
        return
    value = syntax.literal(node.right)
    if scope.checked.values[node.left][0] is not INT or not isinstance(value, int) or value < 1:
        return
    modulus = value if isinstance(node.op, ast.Mod) else value + 1
    if modulus < 2 or modulus & (modulus - 1):
        return
    masked = isinstance(node.op, ast.BitAnd)
    other: type[ast.operator] = ast.Mod if masked else ast.BitAnd
    right = nodes.number(modulus if masked else modulus - 1)
    yield nodes.binary(node.left, other, right)
    if modulus != 2:
        return
    for old, new in ((ast.Add, ast.BitXor), (ast.BitXor, ast.Add)):
        operands = chain(scope, node.left, old)
        if len(operands) > 1:
            whole = joined(new, operands)
            yield nodes.binary(whole, other, right)
            yield with_fields(node, left=whole)
            if new is ast.BitXor and all(is_bit(scope, each) for each in operands):
                yield whole
            if old is ast.BitXor:
                yield joined(old, [nodes.binary(each, ast.BitAnd, nodes.number(1)) for each in operands])
                if all(is_bit(scope, each) for each in operands):
                    yield node.left
    if is_bit(scope, node.left):
        yield node.left


def shifts(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`a * 2**k` is `a << k`, `a // 2**k` is `a >> k`."""
    node = site.node
    if not isinstance(node, ast.BinOp) or scope.checked.values[node.left][0] is not INT:
        return
    value = syntax.literal(node.right)
    if not isinstance(value, int) or value < 1:
        return
    for product, shift in ((ast.Mult, ast.LShift), (ast.FloorDiv, ast.RShift)):
        if isinstance(node.op, product) and value & (value - 1) == 0:
            yield nodes.binary(node.left, shift, nodes.number(value.bit_length() - 1))
        if isinstance(node.op, shift) and value < 62:
            yield nodes.binary(node.left, product, nodes.number(1 << value))


def regroupings(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """The operands of an associative, commutative operator in another order, or grouped in another way."""
    found = chained(scope, site.node)
    if found is not None and len(found[1]) > 2:
        operator, operands = found
        yield joined(operator, random.shuffled(operands))
        cut = 1 + random.below(len(operands) - 2)
        yield nodes.binary(joined(operator, operands[:cut]), operator, joined(operator, operands[cut:]))


def common_masks(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`a & 1 ^ b & 1` is `(a ^ b) & 1`."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
        sides = [node.left, node.right]
        bits = [
            each.left
            for each in sides
            if isinstance(each, ast.BinOp) and isinstance(each.op, ast.BitAnd) and syntax.literal(each.right) == 1
        ]
        if len(bits) == 2:
            yield nodes.binary(nodes.binary(bits[0], ast.BitXor, bits[1]), ast.BitAnd, nodes.number(1))


def differences(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """Ints differ if their XOR is not 0; what is XORed on one side of a comparison can be on the other."""
    node = site.node
    if site.role == "test" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor) and site.type is INT:
        yield nodes.compare(node.left, ast.NotEq, node.right)
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return
    left, right = node.left, node.comparators[0]
    if scope.checked.values[left][0] is not INT or scope.checked.values[right][0] is not INT:
        return
    if site.role == "test" and isinstance(node.ops[0], ast.NotEq):
        yield nodes.binary(left, ast.BitXor, right)
    operands = chain(scope, left, ast.BitXor)
    if len(operands) > 1:
        moved = random.below(len(operands))
        stays = [each for index, each in enumerate(operands) if index != moved]
        other = nodes.binary(right, ast.BitXor, operands[moved])
        yield nodes.compare(joined(ast.BitXor, stays), type(node.ops[0]), other)


def complements(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`1 - a` of a bit is `a ^ 1`."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Sub) and syntax.literal(node.left) == 1 and is_bit(scope, node.right):
        yield nodes.binary(node.right, ast.BitXor, node.left)
    if isinstance(node.op, ast.BitXor) and syntax.literal(node.right) == 1 and is_bit(scope, node.left):
        yield nodes.binary(node.right, ast.Sub, node.left)


def negations(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`not a == b` is `a != b`; De Morgan's laws; `and` and `or` in the other order."""
    node = site.node
    opposite = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    if isinstance(node, ast.UnaryOp) and opposite and isinstance(node.operand, ast.Compare | ast.BoolOp):
        yield negated(node.operand)
    if isinstance(node, ast.BoolOp):
        yield with_fields(node, values=[*node.values[1:], node.values[0]])
        if site.type is BOOL:
            yield ast.UnaryOp(ast.Not(), negated(node))


def choices(scope: Scope, site: Site, random: Random) -> Iterator[ast.expr]:
    """`a if a < b else b` is `min(a, b)`."""
    node = site.node
    if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
        sides = shape(node.test.left), shape(node.test.comparators[0])
        values = shape(node.body), shape(node.orelse)
        op = node.test.ops[0]
        if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and values in (sides, sides[::-1]):
            least = isinstance(op, ast.Lt | ast.LtE) == (values == sides)
            yield nodes.call("min" if least else "max", node.body, node.orelse)
    for name, comparison in (("min", ast.Lt), ("max", ast.Gt)):
        if is_call_of(node, name) and isinstance(node, ast.Call) and len(node.args) == 2:
            first, second = node.args
            yield ast.IfExp(nodes.compare(fresh(first), comparison, fresh(second)), first, second)


RULES: Final[tuple[Rule, ...]] = (
    remainders,
    shifts,
    regroupings,
    common_masks,
    differences,
    complements,
    negations,
    choices,
)
"""What `rewrite` draws from."""


def is_bit(scope: Scope, node: ast.expr) -> bool:
    """Whether an expression is an element of a `u1` array, which may hold bits."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or syntax.is_sliced(node):
        return False
    kind = scope.types.get(node.value.id)
    named = kind is not None and kind.dtype is not None and kind.dtype.name == "u1"
    return named and scope.checked.values[node][0] is INT
