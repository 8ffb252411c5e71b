"""A learner's scalars in one array: how what `fit` hands to `predict` is laid out in memory."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.model import learner_functions, returns_of, values_of, with_returns
from evolve.variation.random import Random
from evolve.variation.scope import Scope
from evolve.variation.tree import loaded, rebuilt, stored, with_fields
from primitives.types import INT

DTYPES: Final = ("u1", "u1", "u1", "u1", "i4", "i8")


def gather_model(context: Context, random: Random) -> ast.Module | None:
    """The ints that `fit` returns become the elements of one array, which `predict` takes and reads."""
    pair = learner_functions(context)
    if pair is None or not context.offers("array"):
        return None
    fit, predict = pair
    parameters = predict.checked.parameters[:-1]
    parts = [index for index, kind in enumerate(fit.checked.results) if kind is INT]
    if len(parts) < 2 or any(not _is_read(predict, parameters[index]) for index in parts):
        return None
    first, dtype = parts[0], random.choose(DTYPES)
    returns = {}
    for each in returns_of(fit):
        values = values_of(each)
        gathered = nodes.call("array", ast.List([values[index] for index in parts], nodes.LOAD), nodes.name(dtype))
        left = [gathered if index == first else value for index, value in enumerate(values)]
        returns[each] = [value for index, value in enumerate(left) if index == first or index not in parts]
    array = context.unused("v")
    places = {parameters[index]: place for place, index in enumerate(parts)}

    def change(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Name) and node.id in places:
            return nodes.element(nodes.name(array), [nodes.number(places[node.id])])
        return None

    arguments = [
        ast.arg(array) if index == first else each
        for index, each in enumerate(predict.node.args.args)
        if index == first or index not in parts
    ]
    other = rebuilt(predict.node, change)
    other = with_fields(other, args=with_fields(predict.node.args, args=arguments))
    return context.with_functions({fit.index: with_returns(fit, returns), predict.index: other})


def _is_read(predict: Scope, name: str) -> bool:
    """Whether a parameter is only read, and where data may stand."""
    if any(name in stored(spot.node) for spot in predict.spots):
        return False
    return not any(site.control and name in loaded(site.node) for site in predict.sites)
