"""A search over pairs made of a search over singles: a loop nested in itself, with all that depends on its counter."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.model import learner_functions
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Spot
from evolve.variation.signatures import OPERATORS
from evolve.variation.tree import Node, below, fresh, loaded, rebuilt, renamed, with_fields
from primitives import syntax
from primitives.types import BOOL, FLOAT, INT

_JOINS: Final = ("+", "-", "*", "^", "&", "|")
_FLOAT_JOINS: Final = frozenset("+-*")
SAME_JOIN: Final = 0.6
"""How often the model's parts are used in the way in which they were found."""


def pair_throughout(context: Context, random: Random) -> ast.Module | None:
    """A loop repeated inside itself, and pairs in place of all that depends on its counter: elements, variables, model.

    Where an element was read at the counter, or at a variable that was assigned from it, an operation joins it with the
    element at the second counter or variable. What `fit` returns of the second variables becomes a part of the
    model, and `predict` joins its elements likewise.
    """

    def wanted(scope: Scope, spot: Spot) -> bool:
        return not any(isinstance(each, ast.Break | ast.Continue) for each in below(spot.node))

    found = context.statement(random, (ast.For,), wanted)
    if found is None:
        return None
    scope, spot = found
    loop = spot.node
    assert isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Call)
    twins = {loop.target.id: context.unused("i")}
    for name in _copies(scope, loop):
        twins[name] = context.unused("v", *twins.values())
    pairs = _Pairs(scope, loop, twins, random.choose(_JOINS), random.chance(0.7))
    function = with_fields(scope.node, body=pairs.block(scope.node.body, pairs.outside))
    changes = {scope.index: function}
    both = learner_functions(context)
    if both is not None and both[0] is scope and pairs.returned:
        other = both[1]
        join = pairs.join if random.chance(SAME_JOIN) else random.choose(_JOINS)
        changes[other.index] = _predicting(context, other, pairs.returned, join)
    return context.with_functions(changes)


def _copies(scope: Scope, loop: ast.For) -> list[str]:
    """The scalars that are assigned from a loop's counter, and otherwise by plain assignments only."""
    assert isinstance(loop.target, ast.Name)
    counter = loop.target.id
    copies = {
        each.targets[0].id: None
        for each in below(loop)
        if isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Name)
        and each.value.id == counter
    }
    for spot in scope.spots:
        if isinstance(spot.node, ast.AugAssign) and isinstance(spot.node.target, ast.Name):
            copies.pop(spot.node.target.id, None)
    return [name for name in copies if scope.types.get(name) is INT and name not in scope.pinned]


class _Pairs:
    """Writes the statements of a function with pairs in place of singles.

    Attributes:
        join: the operator that joins two elements.
        outside: the twins that there are outside the loop: all but that of its counter.
        returned: the positions of values that `fit` returns which get a twin, the same at each of its returns.
    """

    def __init__(self, scope: Scope, loop: ast.For, twins: dict[str, str], join: str, ordered: bool):
        self.scope = scope
        self.loop = loop
        self.twins = twins
        self.join = join
        self.ordered = ordered
        assert isinstance(loop.target, ast.Name)
        self.outside = {name: twin for name, twin in twins.items() if name != loop.target.id}
        self.returned = self._returned()

    def _returned(self) -> tuple[int, ...]:
        if self.scope.node.name != "fit":
            return ()
        returns = [spot.node.value for spot in self.scope.spots if isinstance(spot.node, ast.Return)]
        values = [enumerate(syntax.items(each)) for each in returns if each is not None]
        found = {index for each in values for index, value in each if self.twins.keys() & loaded(value)}
        return tuple(sorted(found))

    def block(self, statements: list[ast.stmt], twins: dict[str, str]) -> list[ast.stmt]:
        """Each statement, and behind an assignment to a variable that has a twin the one to its twin."""
        return [new for each in statements for new in self.statement(each, twins)]

    def statement(self, node: ast.stmt, twins: dict[str, str]) -> list[ast.stmt]:
        """What takes the place of a statement, where some names have a twin."""
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in twins:
            return [node, nodes.assign(twins[node.targets[0].id], renamed(node.value, twins))]
        if isinstance(node, ast.Return) and node.value is not None and self.scope.node.name == "fit":
            return [self.returning(node, twins)]
        if node is self.loop:
            inner = with_fields(self.loop, body=self.block(self.loop.body, self.twins))
            return [with_fields(self.loop, body=[self.second(inner)])]
        if isinstance(node, ast.For):
            return [with_fields(node, iter=self.joined(node.iter, twins), body=self.block(node.body, twins))]
        if isinstance(node, ast.If | ast.While):
            test, body, other = self.joined(node.test, twins), self.block(node.body, twins), node.orelse
            return [with_fields(node, test=test, body=body, orelse=self.block(other, twins))]
        return [self.joined(node, twins)]

    def second(self, first: ast.For) -> ast.For:
        """The loop of the second counter, over what is behind the first one or over the same range."""
        assert isinstance(first.target, ast.Name) and isinstance(first.iter, ast.Call)
        bounds = [fresh(each) for each in first.iter.args]
        if self.ordered and len(bounds) < 3:
            bounds = [nodes.binary(nodes.name(first.target.id), ast.Add, nodes.number(1)), bounds[-1]]
        return nodes.loop(self.twins[first.target.id], bounds, first.body)

    def returning(self, node: ast.Return, twins: dict[str, str]) -> ast.stmt:
        """A return with the same of the twins behind what it returns of the variables that have some."""
        assert node.value is not None
        values = syntax.items(node.value)
        more = [renamed(values[index], twins) for index in self.returned if index < len(values)]
        return with_fields(node, value=nodes.returned([*values, *more]).value)

    def joined(self, node: Node, twins: dict[str, str]) -> Node:
        """A statement or expression with every element at a name that has a twin joined with the other element."""
        return rebuilt(node, _joining(self.scope, twins, self.join))


def _joining(scope: Scope, twins: dict[str, str], join: str) -> Callable[[ast.AST], ast.AST | None]:
    values = scope.checked.values

    def change(node: ast.AST) -> ast.AST | None:
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and not twins.keys().isdisjoint(loaded(node))
        ):
            value = values.get(node)
            if value is not None and value[0].rank == 0 and value[0] is not BOOL:
                fits = value[0] is not FLOAT or join in _FLOAT_JOINS
                return nodes.binary(node, OPERATORS[join if fits else "+"], renamed(node, twins))
        return None

    return change


def _predicting(context: Context, predict: Scope, returned: tuple[int, ...], join: str) -> ast.FunctionDef:
    """`predict` with a parameter more for each part of the model that got a twin."""
    parameters = list(predict.node.args.args)
    twins: dict[str, str] = {}
    for index in returned:
        twins[parameters[index].arg] = context.unused("v", *twins.values())
    arguments = [*parameters[:-1], *(ast.arg(each) for each in twins.values()), parameters[-1]]
    body = [rebuilt(each, _joining(predict, twins, join)) for each in predict.node.body]
    return with_fields(predict.node, args=with_fields(predict.node.args, args=arguments), body=body)
