"""What an operator of variation is told: a program, inspected, other parents, and which lines cost most energy."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Final

from evolve.variation.random import Item, Random
from evolve.variation.scope import Block, Scope, Site, Spot, scope_of
from evolve.variation.tree import Path, names, replaced, with_block, with_fields
from fitness.programs import argument_of
from primitives import syntax
from primitives.catalogue import CATALOGUE
from primitives.compiler import Argument
from primitives.dtypes import DTYPES, u1
from primitives.errors import ProgramError
from primitives.inspection import Inspection, inspect_functions, inspect_learner
from primitives.parser import BUILTINS
from primitives.types import INT, array_type
from tasks import LEARNER
from tasks.contract import Contract

_FIT: Final = (
    Argument(array_type(u1, 2, True)),
    Argument(array_type(u1, 1, True)),
    Argument(INT),
    Argument(INT),
)
_QUERY: Final = array_type(u1, 1, True)
IMPORTED: Final = frozenset({*CATALOGUE, *DTYPES}) - BUILTINS
"""The names that a program has to import."""


def _anything(scope: Scope, spot: Spot) -> bool:
    return True


def _line_of_site(site: Site) -> int:
    return site.statement.lineno


def _line_of_spot(spot: Spot) -> int:
    return spot.node.lineno


class Context:
    """A program to vary, and what is known of it.

    Attributes:
        tree: the program.
        inspection: what the checker knows of it.
        contract: what it has to define.
        energy: what each line of its source costs, by number; empty if unknown.
        donors: further parents, for crossover.
        scopes: its functions that are reached.

    Raises `ProgramError` if the program is not in the language or does not keep the contract.
    """

    def __init__(
        self,
        tree: ast.Module,
        contract: Contract = LEARNER,
        *,
        energy: Mapping[int, float] | None = None,
        donors: Sequence[Context] = (),
    ):
        self.tree = tree
        self.contract = contract
        self.energy = energy or {}
        self.donors = tuple(donors)
        self.inspection: Inspection = _inspect(tree, contract)
        positions = {node: index for index, node in enumerate(tree.body)}
        scopes: dict[ast.FunctionDef, Scope] = {}
        for (node, _), inspected in self.inspection.functions.items():
            if node not in scopes:
                scopes[node] = scope_of(positions[node], inspected, self.inspection.data[inspected])
        self.scopes: tuple[Scope, ...] = tuple(scopes.values())

    def beside(self, *donors: Context, energy: Mapping[int, float] | None = None) -> Context:
        """The same program, with other parents beside it, and what its lines cost."""
        other = copy.copy(self)
        other.donors = donors
        other.energy = energy or {}
        return other

    # -- names

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of variables and counters anywhere in the program: no primitive of such a name can be used."""
        return frozenset().union(*(scope.names for scope in self.scopes))

    @cached_property
    def taken(self) -> frozenset[str]:
        """The names that mean something outside functions, and so can't be variables."""
        module = self.inspection.module
        return frozenset({*module.functions, *module.constants, *CATALOGUE, *DTYPES, *BUILTINS})

    def offers(self, name: str) -> bool:
        """Whether a primitive can be used in the program: no function or variable has its name."""
        module = self.inspection.module
        return name not in self.variables and name not in module.functions and name not in module.constants

    def unused(self, prefix: str, *others: str) -> str:
        """A name that means nothing anywhere yet, nor is among `others`."""
        number = 0
        while (name := f"{prefix}{number}") in self.taken or name in self.variables or name in others:
            number += 1
        return name

    # -- drawing

    def shuffled_scopes(self, random: Random) -> list[Scope]:
        """The functions in a random order: long ones, and those that cost energy, tend to come first."""
        left = list(self.scopes)
        weights = [self._weight(scope, random) for scope in left]
        result = []
        while left:
            position = random.weighted(weights) if len(left) > 1 else 0
            result.append(left.pop(position))
            weights.pop(position)
        return result

    def _weight(self, scope: Scope, random: Random) -> float:
        statements = scope.inspected.before
        if self.energy and random.chance(0.7):
            return sum(self.energy.get(each.lineno, 0.0) for each in statements) + 1e-9
        return float(len(statements))

    def site(self, random: Random, wanted: Callable[[Scope, Site], object]) -> tuple[Scope, Site] | None:
        """An expression for which `wanted` holds; None if there is none."""
        for scope in self.shuffled_scopes(random):
            site = self._aimed(scope.sites, partial(wanted, scope), _line_of_site, random)
            if site is not None:
                return scope, site
        return None

    def statement(
        self, random: Random, kinds: tuple[type[ast.stmt], ...], wanted: Callable[[Scope, Spot], object] = _anything
    ) -> tuple[Scope, Spot] | None:
        """A statement of one of some kinds for which `wanted` holds; None if there is none."""
        for scope in self.shuffled_scopes(random):
            spots = [spot for spot in scope.spots if isinstance(spot.block.statements[spot.position], kinds)]
            spot = self._aimed(spots, partial(wanted, scope), _line_of_spot, random)
            if spot is not None:
                return scope, spot
        return None

    def gap(self, random: Random) -> tuple[Scope, Block, int] | None:
        """A position in a block where control may arrive and a statement can be put."""
        for scope in self.shuffled_scopes(random):
            found = [
                (block, position)
                for block in scope.blocks
                for position in range(block.first, len(block.statements) + 1)
                if scope.place(block, position).assigned >= 0
            ]
            if found:
                block, position = random.choose(found)
                return scope, block, position
        return None

    def _aimed(
        self, items: Sequence[Item], wanted: Callable[[Item], object], line: Callable[[Item], int], random: Random
    ) -> Item | None:
        """One of the items that are wanted: if energy is known, mostly the one on the costlier line of two."""
        order = random.lazily_shuffled(items)
        first = next((item for item in order if wanted(item)), None)
        if first is None or not self.energy or random.chance(0.3):
            return first
        second = next((item for item in order if wanted(item)), first)
        return max(first, second, key=lambda item: self.energy.get(line(item), 0.0))

    # -- calls

    @cached_property
    def _reaches(self) -> dict[str, set[str]]:
        """The functions that each function calls, directly or through others."""
        direct: dict[str, set[str]] = {scope.checked.name: set() for scope in self.scopes}
        for inspected in self.inspection.functions.values():
            direct[inspected.checked.name] |= {callee.name for _, callee in inspected.callees()}
        changed = True
        while changed:
            changed = False
            for called in direct.values():
                more = set().union(*(direct[name] for name in called)) - called
                called |= more
                changed = changed or bool(more)
        return direct

    def calls_entries(self) -> bool:
        """Whether the program itself calls a function that is called from outside."""
        return any(not called.isdisjoint(self.inspection.entries) for called in self._reaches.values())

    def callable_from(self, scope: Scope) -> list[Scope]:
        """The functions that a function can call: helpers that do not call it themselves."""
        name, entries = scope.checked.name, self.inspection.entries
        return [
            each
            for each in self.scopes
            if each.checked.name not in entries and each is not scope and name not in self._reaches[each.checked.name]
        ]

    # -- children

    def with_functions(
        self, changes: Mapping[int, ast.FunctionDef], more: Sequence[ast.FunctionDef] = ()
    ) -> ast.Module:
        """A child with other functions at some positions of the module, and more functions; imports are made to fit."""
        body = [changes.get(index, node) for index, node in enumerate(self.tree.body)]
        last = max(index for index, node in enumerate(body) if isinstance(node, ast.FunctionDef))
        return with_imports(with_fields(self.tree, body=[*body[:last], *more, *body[last:]]))

    def replacing(self, scope: Scope, path: Path, node: ast.AST) -> ast.Module:
        """A child with another node at a place of a function."""
        return self.with_functions({scope.index: replaced(scope.node, path, node)})

    def with_block(self, scope: Scope, block: Block, statements: Sequence[ast.stmt]) -> ast.Module:
        """A child with other statements in a block of a function, apart from its docstring."""
        new = [*block.statements[: block.first], *statements]
        if not new and block.owner == ():
            return self.tree
        return self.with_functions({scope.index: with_block(scope.node, block.owner, block.field, new)})

    def accepts(self, tree: ast.Module) -> Context | None:
        """The context of a child if it is in the language and keeps the contract, else None."""
        try:
            return Context(tree, self.contract, donors=self.donors)
        except ProgramError:
            return None


def _inspect(tree: ast.Module, contract: Contract) -> Inspection:
    if contract.functions is None:
        return inspect_learner(tree, _FIT, _QUERY)
    entries = {each.name: [argument_of(parameter) for parameter in each.parameters] for each in contract.functions}
    return inspect_functions(tree, entries)


def with_imports(tree: ast.Module) -> ast.Module:
    """The tree with exactly the imports that its functions need."""
    used = set().union(*(_used_names(node) for node in tree.body if isinstance(node, ast.FunctionDef))) & IMPORTED
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    used = used - defined
    before = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    if len(before) == (1 if used else 0) and (not used or {alias.name for alias in before[0].names} == used):
        return tree
    body = [node for node in tree.body if not isinstance(node, ast.ImportFrom)]
    if used:
        aliases = [ast.alias(name=name, asname=None) for name in sorted(used)]
        docstring = int(bool(body) and syntax.is_text(body[0]))
        body.insert(docstring, ast.ImportFrom(module="primitives", names=aliases, level=0, lineno=1))
    return with_fields(tree, body=body)


@lru_cache(maxsize=4096)
def _used_names(function: ast.FunctionDef) -> frozenset[str]:
    """The names in a function that are no variables of it."""
    found: set[str] = set()
    own = {argument.arg for argument in function.args.args}
    for statement in function.body:
        found |= names(statement).loaded
        own |= names(statement).stored
    return frozenset(found - own)
