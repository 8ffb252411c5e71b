"""Breeding: parents are drawn from a population and varied. The one place where the search meets the operators."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from evolve.engine.parents import Parents
from evolve.variation import BY_NAME, OPERATORS, Context, OperatorSelection
from evolve.variation.tree import with_distinct_lines
from population import Individual, normal_form_key, without_dead_code
from primitives.errors import ProgramError
from primitives.recent import Recent
from primitives.text import text_of
from tasks import Contract

EDITS: Final = 4
"""Operators that are tried in turn for a child: where one finds nothing new another follows."""

FURTHER: Final = 0.25
"""How often a child is varied once more before it is judged, and again: what two changes gain together, the first alone
may lose."""

MOST_CARRIED: Final = 400
"""Characters that what an individual carries may have, beyond twice those of its program."""

Aim = Callable[[Individual, ast.Module], Mapping[int, float]]
"""What the lines of a parent, in the tree of what it carries, cost; empty if it is to be varied anywhere."""


def anywhere(_: Individual, __: ast.Module) -> Mapping[int, float]:
    """Aim at no line more than at others."""
    return {}


@dataclass(frozen=True, slots=True)
class Child:
    """A program that waits for its score.

    Attributes:
        tree: the program that is judged.
        carrier: the same with the dead code that its descendants inherit.
        key: `normal_form_key` of both.
        parents: the ids of its parents.
        operators: the names of the operators that made it, in turn.
    """

    tree: ast.Module
    carrier: ast.Module
    key: str
    parents: tuple[int, ...]
    operators: tuple[str, ...]


class Carried(NamedTuple):
    """What an individual hands on instead of its own program: one that does the same.

    Attributes:
        source: of the program, with its dead code.
        key: its `normal_form_key`.
    """

    source: str
    key: str


@dataclass(slots=True)
class Breeding:
    """What an island knows for having children: which operators helped, and what its individuals carry.

    Individuals are judged and shown without dead code, but inherit it: a child that differs from its parent in dead
    code only takes its parent's place without being judged, and so does one that behaves exactly the same for the same
    costs. So programs can change in steps that have no effect alone, and drift along what is neutral (as in J. Miller
    and P. Thomson, "Cartesian Genetic Programming", EuroGP 2000).

    Attributes:
        selection: draws operators.
        carriers: what individuals carry by id, of those that hand on something else than their own program.
    """

    selection: OperatorSelection = field(
        default_factory=lambda: OperatorSelection.start({operator.name: operator.weight for operator in OPERATORS})
    )
    carriers: dict[int, Carried] = field(default_factory=dict)

    def breed(
        self,
        among: Parents,
        known: set[str],
        contract: Contract,
        generator: np.random.Generator,
        aim: Aim = anywhere,
    ) -> tuple[str, Child | None]:
        """Draw an operator and parents: the operator's name, and a child; None if it found nothing new.

        Args:
            among: who may become a parent.
            known: the keys of programs that are not new.
            contract: of the task.
            generator: all that is random comes from it.
            aim: what the lines of the first parent cost: costly ones are varied more often.
        """
        operator = BY_NAME[self.selection.choose(generator)]
        parents = [among.draw(generator) for _ in range(operator.parents)]
        parent = parents[0]
        neutral: tuple[ast.Module, str] | None = None
        context, *donors = [self._carried(each, contract) for each in parents]
        energy = aim(parent, context.tree)
        same = {parent.key, self.carriers[parent.id].key} if parent.id in self.carriers else {parent.key}
        for _ in range(EDITS):
            carrier = operator.vary(context.beside(*donors, energy=energy), generator)
            names: tuple[str, ...] = (operator.name,)
            if carrier is not None:
                carrier, names = self._varied_further(carrier, names, donors, contract, generator)
            key = None if carrier is None else normal_form_key(carrier, contract.names)
            if carrier is not None and key is not None and key not in known:
                tree = without_dead_code(carrier, contract.names)
                ids = tuple(dict.fromkeys(each.id for each in parents))
                return operator.name, Child(tree, carrier, key, ids, names)
            if carrier is not None and key in same:
                neutral = carrier, key
            self.selection.reward(operator.name, 0.0)
            operator = BY_NAME[self.selection.choose(generator)]
            parents = [parent, *(among.draw(generator) for _ in range(operator.parents - 1))]
            donors = [self._carried(each, contract) for each in parents[1:]]
        if neutral is not None:
            self.carry(parent, *neutral)
        return operator.name, None

    def _varied_further(
        self,
        tree: ast.Module,
        names: tuple[str, ...],
        donors: Sequence[Context],
        contract: Contract,
        generator: np.random.Generator,
    ) -> tuple[ast.Module, tuple[str, ...]]:
        """A child after further operators, mostly none, with the names of all that made it."""
        while generator.random() < FURTHER:
            operator = BY_NAME[self.selection.choose(generator)]
            if operator.parents > 1 + len(donors):
                break
            try:
                context = Context(with_distinct_lines(tree), contract)
            except ProgramError:
                break
            changed = operator.vary(context.beside(*donors), generator)
            if changed is None:
                break
            tree, names = changed, (*names, operator.name)
        return tree, names

    def _carried(self, individual: Individual, contract: Contract) -> Context:
        """What is known of what an individual carries, if that is in the language."""
        carried = self.carriers.get(individual.id)
        if carried is not None:
            try:
                return _context(carried.source, contract)
            except ProgramError:
                del self.carriers[individual.id]
        return _context(individual.source, contract)

    def carry(self, individual: Individual, carrier: ast.Module, key: str) -> bool:
        """Let an individual carry a program of a key that does what its own does, unless it is too long."""
        source = text_of(carrier)
        if len(source) > MOST_CARRIED + 2 * len(individual.source):
            return False
        self.carriers[individual.id] = Carried(source, key)
        _TREES.put(source, carrier)
        return True

    def keep(self, individuals: Sequence[Individual]) -> None:
        """Forget what others than these carry."""
        living = {each.id for each in individuals}
        self.carriers = {number: carried for number, carried in self.carriers.items() if number in living}


_TREES: Final[Recent[str, ast.Module]] = Recent(512)
"""Programs that may become parents, by their text. They share most nodes with their relatives, of which much is known;
no child depends on whether its parent is among them."""


@functools.lru_cache(maxsize=512)
def _context(source: str, contract: Contract) -> Context:
    """What is known of a program. Raises ProgramError for one that is not in the language."""
    tree = _TREES.get(source)
    return Context(ast.parse(source) if tree is None else with_distinct_lines(tree), contract)
