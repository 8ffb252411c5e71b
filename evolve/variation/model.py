"""Operators on the model of a learner: what `fit` returns and `predict` takes, both changed together."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.expressions import Grower
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.tree import loaded, rebuilt, replaced, with_fields
from primitives import syntax
from primitives.types import Type


def learner_functions(context: Context) -> tuple[Scope, Scope] | None:
    """`fit` and `predict`; None if the contract is another, or the program calls one of them itself."""
    if context.contract.functions is not None or context.calls_entries():
        return None
    entries = context.inspection.entries
    by_node = {scope.node: scope for scope in context.scopes}
    return by_node[entries["fit"].checked.node], by_node[entries["predict"].checked.node]


def returns_of(scope: Scope) -> list[ast.Return]:
    """The returns of a function."""
    return [spot.node for spot in scope.spots if isinstance(spot.node, ast.Return)]


def add_part(context: Context, random: Random) -> ast.Module | None:
    """`fit` returns one more value, and `predict`, which takes it, reads it somewhere."""
    pair = learner_functions(context)
    if pair is None:
        return None
    fit, predict = pair
    returns = returns_of(fit)
    lives = [fit.live(fit.inspected.before[each]) for each in returns if fit.inspected.before[each].assigned >= 0]
    if not lives or len(lives) < len(returns):
        return None
    common = [
        (name, kind) for name, kind in lives[0].names.items() if all(live.names.get(name) is kind for live in lives)
    ]
    choice = random.pick(common)
    if choice is None:
        return None
    name, kind = choice
    parameter = context.unused("v")
    function = with_returns(fit, {each: [*values_of(each), nodes.name(name)] for each in returns})
    position = len(predict.node.args.args) - 1
    used = _reading(context, predict, parameter, kind, random)
    parameters = list(predict.node.args.args)
    parameters.insert(position, ast.arg(parameter))
    other = with_fields(used, args=with_fields(used.args, args=parameters))
    return context.with_functions({fit.index: function, predict.index: other})


def values_of(node: ast.Return) -> list[ast.expr]:
    """What a return gives."""
    return [] if node.value is None or syntax.gives_nothing(node) else syntax.items(node.value)


def with_returns(scope: Scope, values: dict[ast.Return, list[ast.expr]]) -> ast.FunctionDef:
    """The function with other values in some of its returns."""

    def change(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Return) and node in values:
            made = nodes.returned(values[node]) if values[node] else ast.Return(None)
            return with_fields(node, value=made.value)
        return None

    return rebuilt(scope.node, change)


def _reading(context: Context, predict: Scope, parameter: str, kind: Type, random: Random) -> ast.FunctionDef:
    """`predict` with its new parameter somewhere: itself where its type is read, or something made of it."""
    sites = [site for site in predict.sites if site.type.rank == 0 and not site.control]
    random_sites = [site for site in predict.sites if site.type is kind and not site.control and site.role != "target"]
    if random_sites and random.chance(0.6):
        site = random.choose(random_sites)
        return _replaced(predict, site, nodes.name(parameter))
    if not sites:
        return predict.node
    site = random.choose(sites)
    live = predict.live(site.place).adding(parameter, kind)
    for _ in range(6):
        new = Grower(context, predict, live, random).expression(site.type, 3)
        if new is not None and parameter in loaded(new):
            return _replaced(predict, site, new)
    return predict.node


def _replaced(scope: Scope, site: Site, new: ast.expr) -> ast.FunctionDef:
    return replaced(scope.node, site.path, new)


def remove_part(context: Context, random: Random) -> ast.Module | None:
    """`fit` returns one value less; where `predict` read it, it reads something else of its type."""
    pair = learner_functions(context)
    if pair is None:
        return None
    fit, predict = pair
    parameters = predict.checked.parameters[:-1]
    if len(parameters) < 2 or predict.checked.library:
        return None
    dropped = random.below(len(parameters))
    function = with_returns(
        fit, {each: values_of(each)[:dropped] + values_of(each)[dropped + 1 :] for each in returns_of(fit)}
    )
    name = parameters[dropped]
    values = _substitutes(context, predict, name, random)
    if values is None:
        return None
    other = rebuilt(predict.node, lambda node: values.get(id(node)))
    left = [each for each in other.args.args if each.arg != name]
    other = with_fields(other, args=with_fields(other.args, args=left))
    return context.with_functions({fit.index: function, predict.index: other})


def _substitutes(context: Context, predict: Scope, name: str, random: Random) -> dict[int, ast.expr] | None:
    """Something in place of each use of a parameter, by the identity of its node; None if there is nothing."""
    if any(isinstance(spot.node, ast.AugAssign | ast.Assign) and name in _targets(spot.node) for spot in predict.spots):
        return None
    values: dict[int, ast.expr] = {}
    for site in predict.sites:
        if isinstance(site.node, ast.Name) and site.node.id == name:
            value = _substitute(context, predict, site, name, random)
            if value is None:
                return None
            values[id(site.node)] = value
    return values


def _targets(node: ast.Assign | ast.AugAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _substitute(context: Context, predict: Scope, site: Site, name: str, random: Random) -> ast.expr | None:
    live = predict.live(site.place)
    others = [each for each in live.of(site.type, site.control) if each != name]
    if others:
        return nodes.name(random.choose(others))
    left = {each: kind for each, kind in live.names.items() if each != name}
    smaller = type(live)(left, live.control - {name}, live.counters)
    return (
        None
        if site.role == "target"
        else Grower(context, predict, smaller, random).expression(site.type, 2, site.control)
    )
