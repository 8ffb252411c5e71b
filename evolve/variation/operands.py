"""Operators on expressions: other operators, primitives and operands, growing and shrinking; the type stays."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.expressions import Grower
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.signatures import COMPARISONS, OPERATORS, giving, is_call_of, operators_giving
from evolve.variation.tree import below, fresh, shape, size, with_fields
from primitives import elementwise, syntax
from primitives.operations import BINARY
from primitives.types import BOOL, FLOAT, INT, Type, is_float

_FAMILIES: Final = (("+", "-", "*", "/", "//", "%"), ("&", "|", "^", "<<", ">>"), ("<", "<=", ">", ">="), ("==", "!="))
"""Operators that are exchanged for one another more often than for others."""
_GROWN: Final = 6


def change_operator(context: Context, random: Random) -> ast.Module | None:
    """Another operator or comparison that gives the same type, in an expression or an assignment with an operator."""
    if random.chance(0.2):
        changed = _change_update(context, random)
        if changed is not None:
            return changed
    found = context.site(random, lambda scope, site: isinstance(site.node, ast.BinOp | ast.Compare | ast.BoolOp))
    if found is None:
        return _change_update(context, random)
    scope, site = found
    node, values = site.node, scope.checked.values
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return context.replacing(scope, site.path, with_fields(node, op=other))
    if isinstance(node, ast.Compare):
        old = syntax.COMPARE[type(node.ops[0])]
        new = _another(old, list(COMPARISONS), random)
        return context.replacing(scope, site.path, with_fields(node, ops=[COMPARISONS[new]()])) if new else None
    assert isinstance(node, ast.BinOp)
    kinds = values[node.left][0], values[node.right][0]
    choice = _another(syntax.BINARY[type(node.op)], _same_result(site.type, *kinds), random)
    return context.replacing(scope, site.path, with_fields(node, op=OPERATORS[choice]())) if choice else None


def _change_update(context: Context, random: Random) -> ast.Module | None:
    found = context.statement(random, (ast.AugAssign,))
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.AugAssign)
    right = scope.checked.values[node.value][0]
    if isinstance(node.target, ast.Name):
        left = scope.types[node.target.id]
    else:
        left = scope.checked.values[node.target][0]
    new = _another(syntax.BINARY[type(node.op)], _same_result(left, left, right), random)
    return context.replacing(scope, spot.path, with_fields(node, op=OPERATORS[new]())) if new else None


def _same_result(result: Type, left: Type, right: Type) -> list[str]:
    """The operators that give a type for two operands, scalars or arrays."""
    if left.rank == 0 and right.rank == 0:
        return [op for op in operators_giving(result, left, right) if op in OPERATORS]
    floats = is_float(left) or is_float(right)
    return [
        op
        for op in OPERATORS
        if not (floats and op in syntax.OF_INTS)
        and elementwise.result_dtype(op, left.dtype, right.dtype, left is FLOAT or right is FLOAT) is result.dtype
    ]


def _another(old: str, choices: list[str], random: Random) -> str | None:
    family = next((each for each in _FAMILIES if old in each), ())
    near = [op for op in choices if op != old and op in family]
    others = [op for op in choices if op != old and op != "**"]
    return random.pick(near if near and random.chance(0.6) else others)


def change_primitive(context: Context, random: Random) -> ast.Module | None:
    """Another primitive that takes the same arguments and gives the same type."""

    def others(scope: Scope, site: Site) -> list[str]:
        node = site.node
        if site.control or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return []
        if not all(argument in scope.checked.values for argument in node.args):
            return []
        kinds = tuple(scope.checked.values[argument][0] for argument in node.args)
        arrays = frozenset(kind for kind in kinds if kind.rank > 0)
        old = node.func.id
        return [
            name
            for name, signatures in giving(site.type, arrays).items()
            if name != old and context.offers(name) and any(each.arguments == kinds for each in signatures)
        ]

    found = context.site(random, others)
    if found is None:
        return None
    scope, site = found
    assert isinstance(site.node, ast.Call)
    name = random.choose(others(scope, site))
    return context.replacing(scope, site.path, with_fields(site.node, func=nodes.name(name)))


def change_operand(context: Context, random: Random) -> ast.Module | None:
    """Another variable, counter or parameter of the same type where one is read."""

    def others(scope: Scope, site: Site) -> list[str]:
        if not isinstance(site.node, ast.Name) or site.type.rank < 0:
            return []
        names = scope.live(site.place).of(site.type, site.control)
        return [name for name in names if name != site.node.id]

    found = context.site(random, others)
    if found is None:
        return None
    scope, site = found
    return context.replacing(scope, site.path, nodes.name(random.choose(others(scope, site))))


def replace_expression(context: Context, random: Random) -> ast.Module | None:
    """A new expression of the same type, small ones more often than large ones, in place of one."""
    found = context.site(
        random, lambda scope, site: site.type.rank >= 0 and site.role != "target" and size(site.node) < 12
    )
    if found is None:
        return None
    scope, site = found
    grower = Grower(context, scope, scope.live(site.place), random)
    most = 1 + random.below(random.choose((2, 4, 8)))
    if site.role == "test" and not site.control:
        new: ast.expr | None = grower.test(max(most, 3))
    else:
        new = grower.expression(site.type, most, site.control)
    return None if new is None or shape(new) == shape(site.node) else context.replacing(scope, site.path, new)


def grow(context: Context, random: Random) -> ast.Module | None:
    """An operation on an expression and something new, or a choice between them, in place of the expression."""
    found = context.site(random, lambda scope, site: site.type in (INT, FLOAT, BOOL))
    if found is None:
        return None
    scope, site = found
    grower = Grower(context, scope, scope.live(site.place), random)
    node, kind, control = site.node, site.type, site.control
    if kind is BOOL:
        op = ast.And() if random.chance(0.5) else ast.Or()
        new: ast.expr = ast.BoolOp(op, [node, grower.boolean(4, control)])
        if isinstance(node, ast.BoolOp) and type(node.op) is type(op):
            new = ast.BoolOp(node.op, [*node.values, grower.boolean(4, control)])
        return context.replacing(scope, site.path, new)
    other = grower.expression(kind, 1 + random.below(4), control)
    assert other is not None
    choice = random.below(10)
    if choice == 0 and not control:
        sides = (node, other) if random.chance(0.5) else (other, node)
        new = ast.IfExp(grower.boolean(4), *sides)
    elif choice == 1:
        new = nodes.call("min" if random.chance(0.5) else "max", node, other)
    else:
        operators = [op for op in operators_giving(kind, kind, kind) if op in OPERATORS and op != "**"]
        op_name = random.choose(operators)
        if op_name in ("//", "%", "<<", ">>") and kind is INT:
            other = nodes.number(random.choose((1, 2, 3, 4, 8)))
        pair = (other, node) if random.chance(0.3) and not isinstance(other, ast.Constant) else (node, other)
        new = nodes.binary(pair[0], OPERATORS[op_name], pair[1])
    return context.replacing(scope, site.path, new)


def shrink(context: Context, random: Random) -> ast.Module | None:
    """A part of an expression, of the same type, in place of the whole."""

    def parts(scope: Scope, site: Site) -> list[ast.expr]:
        if isinstance(site.node, ast.Name | ast.Constant) or site.type.rank < 0:
            return []
        values = scope.checked.values
        inside = (each for each in below(site.node) if isinstance(each, ast.expr) and each is not site.node)
        return [each for each in inside if each in values and values[each][0] is site.type]

    found = context.site(random, parts)
    if found is None:
        return None
    scope, site = found
    choices = parts(scope, site)
    if site.control:
        choices = [each for each in choices if scope.is_control(scope.checked.values[each][1])]
    part = random.pick(choices)
    return None if part is None else context.replacing(scope, site.path, part)


def swap_operands(context: Context, random: Random) -> ast.Module | None:
    """The two operands of an operation change places."""

    def swaps(scope: Scope, site: Site) -> bool:
        node = site.node
        if isinstance(node, ast.BinOp):
            kinds = scope.checked.values[node.left][0], scope.checked.values[node.right][0]
            op = syntax.BINARY[type(node.op)]
            return kinds[0] is kinds[1] or (op, kinds[1], kinds[0]) in BINARY
        return isinstance(node, ast.Compare)

    found = context.site(random, swaps)
    if found is None:
        return None
    scope, site = found
    node = site.node
    if isinstance(node, ast.BinOp):
        return context.replacing(scope, site.path, with_fields(node, left=node.right, right=node.left))
    assert isinstance(node, ast.Compare)
    return context.replacing(scope, site.path, with_fields(node, left=node.comparators[0], comparators=[node.left]))


def change_bound(context: Context, random: Random) -> ast.Module | None:
    """Fewer or more rounds of a loop: another end or start, or at most a few."""
    found = context.statement(random, (ast.For,))
    if found is None:
        return None
    scope, spot = found
    node = spot.node
    assert isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and is_call_of(node.iter, "range")
    arguments = list(node.iter.args)
    end = 1 if len(arguments) > 1 else 0
    choice = random.below(6)
    if choice == 0:
        arguments[end] = nodes.binary(arguments[end], ast.Sub if random.chance(0.6) else ast.Add, nodes.number(1))
    elif choice == 1:
        arguments[end] = nodes.binary(arguments[end], ast.FloorDiv, nodes.number(2))
    elif choice == 2:
        arguments[end] = nodes.call("min", arguments[end], nodes.number(2 ** (1 + random.below(7))))
    elif choice == 3 and len(arguments) == 1:
        arguments.insert(0, nodes.number(1))
    elif choice == 4 and len(arguments) == 1:  # backwards
        last = nodes.binary(arguments[0], ast.Sub, nodes.number(1))
        arguments = [last, nodes.number(-1), nodes.number(-1)]
    else:
        counters = scope.live(scope.inspected.before[node]).counters
        if not counters:
            return None
        start: ast.expr = nodes.name(random.choose(counters))
        if random.chance(0.5):
            start = nodes.binary(start, ast.Add, nodes.number(1))
        arguments = [start, *arguments] if len(arguments) == 1 else [start, *arguments[1:]]
    return context.replacing(scope, (*spot.path, ("iter", -1)), with_fields(node.iter, args=arguments))


def repeat_expression(context: Context, random: Random) -> ast.Module | None:
    """A copy of an expression of the program in place of another of the same type in the same function."""
    found = context.site(random, lambda scope, site: site.type.rank == 0 and not site.control)
    if found is None:
        return None
    scope, site = found
    names = scope.live(site.place).names
    sources = [
        each
        for each in scope.sites
        if each.type is site.type and not isinstance(each.node, ast.Name | ast.Constant) and _readable(each.node, names)
    ]
    source = random.pick([each for each in sources if each.node is not site.node and size(each.node) < 20])
    return None if source is None else context.replacing(scope, site.path, fresh(source.node))


def _readable(node: ast.expr, names: dict[str, Type]) -> bool:
    return all(each.id in names for each in _variables(node))


def _variables(node: ast.expr) -> list[ast.Name]:
    functions = {each.func for each in below(node) if isinstance(each, ast.Call)}
    return [each for each in below(node) if isinstance(each, ast.Name) and each not in functions]
