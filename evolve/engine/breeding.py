"""Breeding: parents are drawn from a population and varied. The one place where the search meets the operators."""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from evolve.variation import BY_NAME, OPERATORS, Context, OperatorSelection
from population import Individual, normal_form_key, tournament, without_dead_code
from primitives.errors import ProgramError
from primitives.text import text_of
from tasks import Contract

MOST_DEAD: Final = 1500
"""Characters that a program with its dead code may have, beyond twice those that it has without."""


@dataclass(frozen=True, slots=True)
class Child:
    """A program that waits for its score.

    Attributes:
        tree: the program that is judged.
        carrier: the same with the dead code that its descendants inherit.
        key: `normal_form_key` of both.
        parents: the ids of its parents.
        operator: the name of the operator that made it.
    """

    tree: ast.Module
    carrier: ast.Module
    key: str
    parents: tuple[int, ...]
    operator: str


@dataclass(slots=True)
class Breeding:
    """What an island knows for having children: which operators helped, and what its individuals carry.

    Individuals are judged and shown without dead code, but inherit it: a child that differs from its parent in dead
    code only takes its parent's place without being judged, so that programs can grow in steps that have no effect
    alone (as in J. Miller and P. Thomson, "Cartesian Genetic Programming", EuroGP 2000).

    Attributes:
        selection: draws operators.
        carriers: source with dead code by id, of the individuals that have some.
    """

    selection: OperatorSelection = field(
        default_factory=lambda: OperatorSelection.start([operator.name for operator in OPERATORS])
    )
    carriers: dict[int, str] = field(default_factory=dict)

    def breed(
        self, population: Sequence[Individual], known: set[str], contract: Contract, generator: np.random.Generator
    ) -> tuple[str, Child | None]:
        """Draw an operator and parents: the operator's name, and a child; None if it found nothing new.

        Args:
            population: at least one individual, ordered by `survivors`.
            known: the keys of programs that are not new.
            contract: of the task.
            generator: all that is random comes from it.
        """
        operator = BY_NAME[self.selection.choose(generator)]
        parents = [tournament(population, generator) for _ in range(operator.parents)]
        context, *donors = [_context(self._carried(each), contract) for each in parents]
        carrier = operator.vary(context.beside(*donors), generator)
        if carrier is None:
            return operator.name, None
        key = normal_form_key(carrier, contract.names)
        if key in known:
            if key == parents[0].key:
                self.carry(parents[0], carrier, contract)
            return operator.name, None
        tree = without_dead_code(carrier, contract.names)
        ids = tuple(dict.fromkeys(each.id for each in parents))
        return operator.name, Child(tree, carrier, key, ids, operator.name)

    def _carried(self, individual: Individual) -> str:
        return self.carriers.get(individual.id, individual.source)

    def carry(self, individual: Individual, carrier: ast.Module, contract: Contract) -> None:
        """Let an individual carry dead code, unless it is too much or not in the language, which it may be."""
        source = text_of(carrier)
        if len(source) > MOST_DEAD + 2 * len(individual.source):
            return
        try:
            _context(source, contract)
        except ProgramError:
            return
        self.carriers[individual.id] = source

    def keep(self, individuals: Sequence[Individual]) -> None:
        """Forget what others than these carry."""
        living = {each.id for each in individuals}
        self.carriers = {number: source for number, source in self.carriers.items() if number in living}


@functools.lru_cache(maxsize=512)
def _context(source: str, contract: Contract) -> Context:
    """What is known of a program. Raises ProgramError for one that is not in the language."""
    return Context(ast.parse(source), contract)
