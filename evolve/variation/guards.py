"""Partial inlining of helpers that answer yes or no: their first test, or all of them as a flag, at their calls.

Partial inlining: J. Goubault, "Generalized boxings, congruences and partial inlining", SAS 1994; R. Muth and S. Debray,
"Partial inlining", 1997.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.dependence import is_pure
from evolve.variation.functions import without_unused
from evolve.variation.logic import as_bool, bool_literal, negated
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Spot
from evolve.variation.tree import below, fresh, loaded, rebuilt, renamed, stored, with_fields
from primitives import syntax
from primitives.types import BOOL


class Guard(NamedTuple):
    """How a helper begins: `if test: return answer`, what it assigned for that, and what it does otherwise."""

    test: ast.expr
    answer: bool
    opening: list[ast.stmt]
    rest: list[ast.stmt]


def inline_guard(context: Context, random: Random, helper: str | None = None) -> ast.Module | None:
    """The test with which a helper begins stands at its calls, `not test and f(...)`, and the helper does the rest.

    Args:
        context: the program.
        random: draws.
        helper: the name of the helper; any if not given.
    """
    for callee in context.shuffled_scopes(random):
        if helper in (None, callee.checked.name) and callee.checked.name not in context.inspection.entries:
            guard = _guard(context, callee)
            calls = _calls(context, callee) if guard is not None else []
            if guard is not None and calls and all(_plain(callee, guard, call) for _, call in calls):
                child = _with_guard_outside(context, callee, guard, calls)
                if guard.opening and context.accepts(child) is None:  # the rest reads what was assigned
                    whole = guard._replace(rest=[*guard.opening, *guard.rest])
                    child = _with_guard_outside(context, callee, whole, calls)
                return child
    return None


def _guard(context: Context, callee: Scope) -> Guard | None:
    """The guard of a function, with what is assigned before it put into its test."""
    if callee.checked.results != (BOOL,):
        return None
    body = syntax.body(callee.node)
    values: dict[str, ast.expr] = {}
    opening: list[ast.stmt] = []
    for position, node in enumerate(body):
        if isinstance(node, ast.If):
            tests, answer = _nested(callee, node)
            if answer is None:
                return None
            whole = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
            test = _substituted(whole, values)
            rest = [*node.orelse, *body[position + 1 :]]
            names = loaded(test) & callee.names
            if not rest or not names <= set(callee.checked.parameters) or not is_pure(context, test):
                return None
            return Guard(test, answer, opening, rest)
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            return None
        name = node.targets[0].id
        if callee.types[name].rank != 0 or name in values or name in callee.checked.parameters:
            return None
        if not is_pure(context, node.value):
            return None
        values[name] = _substituted(node.value, values)
        opening.append(node)
    return None


def _nested(callee: Scope, node: ast.If) -> tuple[list[ast.expr], bool | None]:
    """The tests of branches in each other and the answer in the innermost; None if there is something else in them."""
    test = as_bool(callee, node.test)
    inner = node.body[0]
    if len(node.body) > 1:
        return [test], None
    if isinstance(inner, ast.If) and not inner.orelse and not node.orelse:
        tests, answer = _nested(callee, inner)
        return [test, *tests], answer
    return [test], bool_literal(inner)


def _substituted(node: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    def change(each: ast.AST) -> ast.AST | None:
        return fresh(values[each.id]) if isinstance(each, ast.Name) and each.id in values else None

    return rebuilt(node, change)


def _calls(context: Context, callee: Scope) -> list[tuple[Scope, ast.Call]]:
    """All calls of a function."""
    name = callee.checked.name
    return [
        (scope, site.node)
        for scope in context.scopes
        for site in scope.sites
        if isinstance(site.node, ast.Call) and isinstance(site.node.func, ast.Name) and site.node.func.id == name
    ]


def _plain(callee: Scope, guard: Guard, call: ast.Call) -> bool:
    """Whether what a call gives the test are names and literals, so that it can be repeated."""
    reads = loaded(guard.test)
    return all(
        isinstance(argument, ast.Name | ast.Constant)
        for parameter, argument in zip(callee.checked.parameters, call.args, strict=True)
        if parameter in reads
    )


def _with_guard_outside(
    context: Context, callee: Scope, guard: Guard, calls: list[tuple[Scope, ast.Call]]
) -> ast.Module:
    """The child."""
    changed: dict[int, ast.expr] = {}
    only = bool_literal(guard.rest[0]) if len(guard.rest) == 1 else None
    for _, call in calls:
        arguments = dict(zip(callee.checked.parameters, call.args, strict=True))
        test = fresh(_substituted(guard.test, arguments))
        first = test if guard.answer else negated(test)
        if only is not None and only != guard.answer:
            changed[id(call)] = first
        else:
            changed[id(call)] = ast.BoolOp(ast.Or() if guard.answer else ast.And(), [first, fresh(call)])
    functions = {
        scope.index: _flattened(rebuilt(scope.node, lambda node: changed.get(id(node))))
        for scope in context.scopes
        if any(scope is other for other, _ in calls)
    }
    functions[callee.index] = with_fields(callee.node, body=guard.rest)
    return without_unused(context, context.with_functions(functions))


def _flattened(function: ast.FunctionDef) -> ast.FunctionDef:
    """The function with `a and (b and c)` as `a and b and c`."""

    def change(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.BoolOp):
            return None
        kind = type(node.op)
        inner = any(isinstance(each, ast.BoolOp) and type(each.op) is kind for each in node.values)
        if not inner:
            return None
        values: list[ast.expr] = []
        for each in node.values:
            values += each.values if isinstance(each, ast.BoolOp) and type(each.op) is kind else [each]
        return with_fields(node, values=[rebuilt(each, change) for each in values])

    return rebuilt(function, change)


def inline_test(context: Context, random: Random) -> ast.Module | None:
    """A helper that asks in a loop, called in the test of a branch: the loop stands before it and sets a flag."""
    helpers = {
        each.checked.name: each for each in context.scopes if each.checked.name not in context.inspection.entries
    }

    def wanted(scope: Scope, spot: Spot) -> bool:
        node = spot.node
        assert isinstance(node, ast.If)
        call = _asked(node)
        callee = helpers.get(call.func.id) if call is not None and isinstance(call.func, ast.Name) else None
        if callee is None or callee is scope or not _asks_in_a_loop(callee):
            return False
        # A loop that data may leave makes what it assigns data.
        return callee.pinned.isdisjoint(name for each in syntax.body(callee.node) for name in stored(each))

    found = context.statement(random, (ast.If,), wanted)
    if found is None:
        return None
    scope, (block, position) = found
    node = block.statements[position]
    assert isinstance(node, ast.If)
    call = _asked(node)
    assert call is not None and isinstance(call.func, ast.Name)
    new = _with_flag(context, helpers[call.func.id], node, call)
    statements = [*block.statements[block.first : position], *new, *block.statements[position + 1 :]]
    return without_unused(context, context.with_block(scope, block, statements))


def _asked(node: ast.If) -> ast.Call | None:
    """The call that is a branch's test, or the last part of its `and`."""
    test = node.test
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and not node.orelse:
        test = test.values[-1]
    return test if isinstance(test, ast.Call) else None


def _asks_in_a_loop(callee: Scope) -> bool:
    """Whether a function ends with a loop and a return, and returns otherwise only in branches of this loop."""
    body = syntax.body(callee.node)
    if callee.checked.results != (BOOL,) or len(body) < 2 or not isinstance(body[-2], ast.For | ast.While):
        return False
    last = bool_literal(body[-1])
    returns = [each for node in body[:-1] for each in below(node) if isinstance(each, ast.Return)]
    inside = _returns_of(body[-2].body)
    if last is None or len(returns) != len(inside) or not inside:
        return False
    return all(bool_literal(each) is (not last) for each in inside)


def _returns_of(statements: list[ast.stmt]) -> list[ast.Return]:
    """The returns in a loop's body that a break can take the place of: those in no inner loop."""
    found: list[ast.Return] = []
    for each in statements:
        if isinstance(each, ast.Return):
            found.append(each)
        elif isinstance(each, ast.If):
            found += _returns_of([*each.body, *each.orelse])
    return found


def _with_flag(context: Context, callee: Scope, node: ast.If, call: ast.Call) -> list[ast.stmt]:
    """What takes the place of a branch."""
    parameters, body = callee.checked.parameters, syntax.body(callee.node)
    assigned = {name for each in body for name in stored(each)}
    names: dict[str, str] = {}
    arguments: dict[str, ast.expr] = {}
    opening: list[ast.stmt] = []
    flag = context.unused("v")
    for each in sorted(callee.names - set(parameters)):
        names[each] = context.unused("i" if each in callee.inspected.counter_names else "v", flag, *names.values())
    for parameter, argument in zip(parameters, call.args, strict=True):
        if parameter not in assigned and isinstance(argument, ast.Name | ast.Constant):
            arguments[parameter] = argument
        else:
            names[parameter] = context.unused("v", flag, *names.values())
            opening.append(nodes.assign(names[parameter], argument))
    last = bool_literal(body[-1])
    assert last is not None

    def change(each: ast.AST) -> ast.AST | None:
        return fresh(arguments[each.id]) if isinstance(each, ast.Name) and each.id in arguments else None

    asking = [rebuilt(renamed(each, names), change) for each in body[:-1]]
    loop = asking.pop()
    assert isinstance(loop, ast.For | ast.While)
    loop = with_fields(loop, body=_with_breaks(loop.body, flag, not last))
    answer = nodes.branch(nodes.name(flag), node.body, node.orelse)
    new = [*opening, *asking, nodes.assign(flag, nodes.number(last)), loop, answer]
    if isinstance(node.test, ast.BoolOp):
        before = node.test.values[:-1]
        test = before[0] if len(before) == 1 else ast.BoolOp(node.test.op, before)
        return [nodes.branch(test, new)]
    return new


def _with_breaks(statements: list[ast.stmt], flag: str, value: bool) -> list[ast.stmt]:
    """The body of a loop that sets a flag and breaks where it returned."""
    new: list[ast.stmt] = []
    for each in statements:
        if isinstance(each, ast.Return):
            new += [nodes.assign(flag, nodes.number(value)), ast.Break(lineno=1)]
        elif isinstance(each, ast.If):
            body, orelse = (_with_breaks(part, flag, value) for part in (each.body, each.orelse))
            new.append(with_fields(each, body=body, orelse=orelse))
        else:
            new.append(each)
    return new
