"""Operators on helper functions: extracting an expression into one, putting a body in place of a call."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.context import Context, with_imports
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site, Spot
from evolve.variation.tree import fresh, loaded, rebuilt, renamed, shape, size, with_fields
from primitives import syntax


def extract(context: Context, random: Random) -> ast.Module | None:
    """A new helper function for an expression, called there and wherever the same expression stands in the function."""

    def wanted(scope: Scope, site: Site) -> bool:
        if isinstance(site.node, ast.Name | ast.Constant) or site.type.rank < 0 or site.role == "target":
            return False
        return size(site.node) >= 4 and bool(loaded(site.node) & scope.names)

    found = context.site(random, wanted)
    if found is None:
        return None
    scope, site = found
    parameters = sorted(loaded(site.node) & scope.names)
    name = context.unused("f")
    call = nodes.call(name, *(nodes.name(each) for each in parameters))
    helper = nodes.definition(name, parameters, [nodes.returned([site.node])])
    text, kind, reads = shape(site.node), type(site.node), loaded(site.node)
    alike = [each.node for each in scope.sites if type(each.node) is kind and loaded(each.node) == reads]
    same = {id(node) for node in alike if node is site.node or shape(node) == text}
    function = rebuilt(scope.node, lambda node: fresh(call) if id(node) in same else None)
    return context.with_functions({scope.index: function}, [helper])


def inline(context: Context, random: Random) -> ast.Module | None:
    """The body of a helper function in place of a call of it; the function goes if nothing else calls it."""
    helpers = {
        each.checked.name: each for each in context.scopes if each.checked.name not in context.inspection.entries
    }
    if not helpers:
        return None
    if random.chance(0.5):
        child = _inline_expression(context, helpers, random)
        if child is not None:
            return child
    return _inline_statements(context, helpers, random) or _inline_expression(context, helpers, random)


def _called(node: ast.AST, helpers: dict[str, Scope]) -> Scope | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return helpers.get(node.func.id)
    return None


def _inline_expression(context: Context, helpers: dict[str, Scope], random: Random) -> ast.Module | None:
    """A helper that is one `return e`: e in place of the call, the arguments in place of the parameters."""

    def wanted(scope: Scope, site: Site) -> bool:
        callee = _called(site.node, helpers)
        return callee is not None and _returned(callee) is not None

    found = context.site(random, wanted)
    if found is None:
        return None
    scope, site = found
    callee = _called(site.node, helpers)
    assert callee is not None and isinstance(site.node, ast.Call)
    value = _returned(callee)
    assert value is not None
    arguments = dict(zip(callee.checked.parameters, site.node.args, strict=True))

    def change(node: ast.AST) -> ast.AST | None:
        return fresh(arguments[node.id]) if isinstance(node, ast.Name) and node.id in arguments else None

    new = rebuilt(fresh(value), change)
    if size(new) > 80:
        return None
    return without_unused(context, context.replacing(scope, site.path, new))


def _returned(callee: Scope) -> ast.expr | None:
    """What a function returns that does nothing else; None for others."""
    body = syntax.body(callee.node)
    value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    return None if isinstance(value, ast.Tuple) else value


def _inline_statements(context: Context, helpers: dict[str, Scope], random: Random) -> ast.Module | None:
    """A call on a line of its own, or the whole right side of an assignment to names: the body takes its place."""

    def wanted(scope: Scope, spot: Spot) -> bool:
        node = spot.node
        assert isinstance(node, ast.Assign | ast.Expr)
        callee = _called(node.value, helpers)
        if callee is not None and callee.pinned and not scope.is_control(scope.inspected.before[node].context):
            return False
        return callee is not None and _returns_last(callee, isinstance(node, ast.Assign))

    found = context.statement(random, (ast.Assign, ast.Expr), wanted)
    if found is None:
        return None
    scope, (block, position) = found
    node = block.statements[position]
    assert isinstance(node, ast.Assign | ast.Expr) and isinstance(node.value, ast.Call)
    callee = _called(node.value, helpers)
    assert callee is not None
    names: dict[str, str] = {}
    for each in sorted(callee.names):
        names[each] = context.unused("v", *names.values())
    body = [renamed(each, names) for each in syntax.body(callee.node)]
    opening: list[ast.stmt] = []
    for parameter, argument in zip(callee.checked.parameters, node.value.args, strict=True):
        opening.append(nodes.assign(names[parameter], argument))
    if isinstance(node, ast.Assign):
        last = body.pop()
        assert isinstance(last, ast.Return) and last.value is not None
        body.append(with_fields(node, value=last.value))
    new = [*block.statements[block.first : position], *opening, *body, *block.statements[position + 1 :]]
    return without_unused(context, context.with_block(scope, block, new))


def _returns_last(callee: Scope, gives: bool) -> bool:
    """Whether a function returns at its end only, something if it gives anything."""
    body = syntax.body(callee.node)
    returns = [spot.node for spot in callee.spots if isinstance(spot.node, ast.Return)]
    if size(callee.node) > 150:
        return False
    return returns == [body[-1]] if gives else not returns


def without_unused(context: Context, tree: ast.Module) -> ast.Module:
    """A child without the functions that nothing calls."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    pending = list(context.inspection.entries)
    used: set[str] = set()
    while pending:
        name = pending.pop()
        if name in functions and name not in used:
            used.add(name)
            pending.extend(each for statement in functions[name].body for each in loaded(statement))
    body = [node for node in tree.body if not isinstance(node, ast.FunctionDef) or node.name in used]
    return with_imports(with_fields(tree, body=body))
