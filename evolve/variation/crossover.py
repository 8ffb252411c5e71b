"""Crossover: statements, expressions and functions of another parent, their names made to fit."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.context import IMPORTED, Context
from evolve.variation.random import Random
from evolve.variation.scope import Live, Scope, Site, Spot
from evolve.variation.tree import (
    below,
    fresh,
    loaded,
    names,
    rebuilt,
    renamed,
    replaced,
    size,
    stored,
    with_block,
    with_fields,
)
from primitives.types import Type

_MOST = 80
"""Nodes that one graft has at most."""


def _donor(context: Context, random: Random) -> Context | None:
    return random.pick(context.donors)


class _Functions:
    """The helper functions of a donor that a graft needs, under names that are free in the receiver."""

    def __init__(self, context: Context, donor: Context):
        self.context = context
        self.donor = donor
        self.scopes = {each.checked.name: each for each in donor.scopes}
        self.names: dict[str, str] = {}
        self.nodes: list[ast.FunctionDef] = []
        self.constants: dict[str, ast.expr] = {}

    def take(self, reads: frozenset[str]) -> bool:
        """Bring the functions among some names, with all that they call; False if that is not possible."""
        for name in sorted(reads):
            if name in self.donor.inspection.module.constants:
                self.constants[name] = nodes.number(self.donor.inspection.module.constants[name])
            elif name in self.scopes and name not in self.names:
                donated = self.scopes[name].node
                if self.donor.tree is self.context.tree:
                    self.names[name] = name
                    continue
                taken = name in self.context.taken or name in self.context.variables
                new = self.context.unused("f", *self.names.values()) if taken else name
                self.names[name] = new
                inner = frozenset().union(*(names(each).loaded for each in donated.body))
                if not self.take(inner - self.scopes[name].names):
                    return False
                self.nodes.append(self._adapted(donated, new))
        return not any(self.clashes(each) for each in self.nodes)

    def _adapted(self, function: ast.FunctionDef, name: str) -> ast.FunctionDef:
        adapted = self.fit(function)
        assert isinstance(adapted, ast.FunctionDef)
        return with_fields(adapted, name=name)

    def clashes(self, function: ast.FunctionDef) -> bool:
        """Whether a name of the function's variables means something else in the receiver."""
        own = {argument.arg for argument in function.args.args}
        own |= {name for each in function.body for name in stored(each)}
        brought = set(self.names.values())
        imports = self.context.inspection.module.imports
        module = self.context.inspection.module
        return bool(own & (brought | imports | set(module.functions) | set(module.constants)))

    def fit(self, node: ast.AST) -> ast.AST:
        """A fresh copy of something of the donor, with the new names of its functions and its constants' values."""

        def change(each: ast.AST) -> ast.AST | None:
            if isinstance(each, ast.Name):
                if each.id in self.constants:
                    return fresh(self.constants[each.id])
                if self.names.get(each.id, each.id) != each.id:
                    return nodes.name(self.names[each.id])
            return None

        unchanged = not self.constants and all(old == new for old, new in self.names.items())
        return fresh(node) if unchanged else rebuilt(fresh(node), change)

    def usable(self, reads: frozenset[str]) -> bool:
        """Whether the primitives among some names can be used in the receiver."""
        own = self.context.variables
        return not any(name in own for name in reads if name in IMPORTED)


def _matched(wanted: dict[str, Type], live: Live, random: Random, controls: set[str]) -> dict[str, str] | None:
    """A name of the receiver for each name of the donor, of the same type; the same name rather than another."""
    found = {}
    for name, kind in wanted.items():
        choices = live.of(kind, name in controls)
        if not choices:
            return None
        found[name] = name if name in choices and random.chance(0.7) else random.choose(choices)
    return found


def graft_expression(context: Context, random: Random) -> ast.Module | None:
    """An expression of another parent in place of one of the same type."""
    donor = _donor(context, random)
    found = context.site(random, lambda scope, site: site.type.rank >= 0 and site.role != "target" and not site.control)
    if donor is None or found is None:
        return None
    scope, site = found
    live = scope.live(site.place)

    def wanted(its: Scope, each: Site) -> bool:
        return each.type is site.type and not isinstance(each.node, ast.Name | ast.Constant) and size(each.node) < _MOST

    source = donor.site(random, wanted)
    if source is None:
        return None
    origin, given = source
    reads = loaded(given.node)
    own = origin.live(given.place).names
    controls = _controls(origin, given.node, own)
    matched = _matched({name: own[name] for name in sorted(reads) if name in own}, live, random, controls)
    functions = _Functions(context, donor)
    if matched is None or not functions.usable(reads) or not functions.take(reads - own.keys()):
        return None
    new = renamed(functions.fit(given.node), matched)
    return _child(context, functions, {scope.index: _replaced(scope, site, new)})


def _replaced(scope: Scope, site: Site, new: ast.AST) -> ast.FunctionDef:
    return replaced(scope.node, site.path, new)


def _controls(scope: Scope, node: ast.AST, live: dict[str, Type]) -> set[str]:
    """The names in a tree that have to be control there."""
    inside = {id(each) for each in below(node)}
    return {
        site.node.id
        for site in scope.sites
        if site.control and id(site.node) in inside and isinstance(site.node, ast.Name) and site.node.id in live
    }


def _child(context: Context, functions: _Functions, changes: dict[int, ast.FunctionDef]) -> ast.Module:
    return context.with_functions(changes, functions.nodes)


def graft_statement(context: Context, random: Random) -> ast.Module | None:
    """A statement of another parent, at a random place; what it assigns becomes new variables, or fitting ones."""
    donor = _donor(context, random)
    gap = context.gap(random)
    if donor is None or gap is None:
        return None
    scope, block, position = gap
    live = scope.live(scope.place(block, position))

    def wanted(its: Scope, spot: Spot) -> bool:
        return size(spot.node) < _MOST and not _leaves(spot.node)

    found = donor.statement(random, (ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Expr), wanted)
    if found is None:
        return None
    origin, spot = found
    node = spot.node
    own = origin.live(origin.inspected.before[node]).names
    reads = loaded(node)
    assigned = stored(node)
    needed = {name: own[name] for name in sorted(reads) if name in own}
    matched = _matched(needed, live, random, _controls(origin, node, own))
    functions = _Functions(context, donor)
    if matched is None or not functions.usable(reads) or not functions.take(reads - own.keys() - assigned):
        return None
    blocked = scope.pinned | set(live.counters)
    if any(matched.get(name) in blocked for name in assigned):
        return None
    for name in sorted(assigned - matched.keys()):
        kind = origin.types.get(name)
        same = [each for each in live.of(kind) if each not in blocked] if kind is not None else []
        if same and name not in reads and random.chance(0.6):
            matched[name] = random.choose(same)
        else:
            matched[name] = context.unused("i" if kind is None else "v", *matched.values(), *functions.names.values())
    new = renamed(functions.fit(node), matched)
    assert isinstance(new, ast.stmt)
    statements = [*block.statements[:position], new, *block.statements[position:]]
    if len(block.statements) == 1 and isinstance(block.statements[0], ast.Pass):
        statements = [new]
    function = with_block(scope.node, block.owner, block.field, statements)
    return _child(context, functions, {scope.index: function})


def _leaves(node: ast.AST) -> bool:
    """Whether a statement returns, or leaves a loop around it."""
    if isinstance(node, ast.Return | ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While):
        return any(isinstance(each, ast.Return) for each in below(node))
    return isinstance(node, ast.stmt) and any(_leaves(each) for each in ast.iter_child_nodes(node))


def graft_function(context: Context, random: Random) -> ast.Module | None:
    """A function of another parent in place of one that takes and returns the same types."""
    donor = _donor(context, random)
    if donor is None:
        return None
    entries = context.inspection.entries
    pairs = []
    for own in context.scopes:
        for given in donor.scopes:
            if _interface(own) != _interface(given) or (donor.tree is context.tree and own.index == given.index):
                continue
            if (
                own.checked.name in entries or given.checked.name in entries
            ) and own.checked.name != given.checked.name:
                continue
            pairs.append((own, given))
    pair = random.pick(pairs)
    if pair is None:
        return _graft_pair(context, donor)
    own, given = pair
    return _transplanted(context, donor, {own.index: given})


def _interface(scope: Scope) -> tuple[object, ...]:
    return (scope.checked.arguments, scope.checked.results)


def _graft_pair(context: Context, donor: Context) -> ast.Module | None:
    """All entries of a donor, with what they need, and the receiver's other functions."""
    changes = {}
    for name, inspected in context.inspection.entries.items():
        given = next(each for each in donor.scopes if each.node is donor.inspection.entries[name].checked.node)
        own = next(each for each in context.scopes if each.node is inspected.checked.node)
        changes[own.index] = given
    return _transplanted(context, donor, changes)


def _transplanted(context: Context, donor: Context, changes: dict[int, Scope]) -> ast.Module | None:
    functions = _Functions(context, donor)
    new: dict[int, ast.FunctionDef] = {}
    for index, given in changes.items():
        own = context.tree.body[index]
        assert isinstance(own, ast.FunctionDef)
        reads = frozenset().union(*(names(each).loaded for each in given.node.body)) - given.names
        if not functions.usable(reads) or not functions.take(reads - {given.checked.name}):
            return None
        function = functions.fit(given.node)
        assert isinstance(function, ast.FunctionDef)
        new[index] = with_fields(function, name=own.name)
        if functions.clashes(new[index]):
            return None
    return _child(context, functions, new)
