"""An island: a population that asks for children to be judged and is told their scores. It judges nothing itself."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from evolve.variation import BY_NAME, OPERATORS, Context, OperatorSelection, with_imports
from fitness.score import Score
from population import Archive, Individual, normal_form_key, survivors, tournament, without_dead_code
from primitives.errors import ProgramError
from tasks.contract import LEARNER, Contract

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


class Island:
    """A bounded population, the generator that varies it, and what it has seen.

    Individuals are judged and shown without dead code, but inherit it: a child that differs from its parent in dead
    code only takes its parent's place without being judged, so that programs can grow in steps that have no effect
    alone (as in J. Miller and P. Thomson, "Cartesian Genetic Programming", EuroGP 2000).

    It is a function of its arguments and of what it is told, and can be pickled at any time.
    """

    def __init__(self, size: int, chance: float, gate: float, seed: int, contract: Contract = LEARNER):
        self.size = size
        self.chance = chance
        self.gate = gate
        self.generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(100,)))
        self.population: tuple[Individual, ...] = ()
        self.carriers: dict[int, str] = {}
        self.keys: set[str] = set()
        self.ids = 0
        self.contract = contract
        self.selection = OperatorSelection.start([operator.name for operator in OPERATORS])

    @property
    def demand(self) -> float:
        """What a child's `accuracy_low` must be to have a chance to survive: the gate, chance, or 0."""
        if len(self.population) < self.size:
            return 0.0
        least = min(each.score.accuracy_low for each in self.population)
        return self.gate if least >= self.gate else self.chance if least > self.chance else 0.0

    def child_of_seed(self, source: str, name: str) -> Child:
        """A program that starts the search."""
        tree = ast.parse(source)
        key = normal_form_key(tree, self.entries)
        self.keys.add(key)
        return Child(tree, tree, key, (), name)

    def ask(self) -> tuple[str, Child | None]:
        """The name of an operator and a new child of it; None if it found nothing new."""
        operator = BY_NAME[self.selection.choose(self.generator)]
        parents = [tournament(self.population, self.generator) for _ in range(operator.parents)]
        context, *donors = [_context(self.carriers[each.id], self.contract) for each in parents]
        carrier = operator.vary(context.beside(*donors), self.generator)
        if carrier is None:
            return operator.name, None
        key = normal_form_key(carrier, self.entries)
        if key in self.keys:
            if key == parents[0].key:
                self._drift(parents[0], carrier)
            return operator.name, None
        self.keys.add(key)
        tree = without_dead_code(carrier, self.entries)
        return operator.name, Child(
            tree, carrier, key, tuple(dict.fromkeys(each.id for each in parents)), operator.name
        )

    def _drift(self, individual: Individual, carrier: ast.Module) -> None:
        """Let an individual carry other dead code, unless it is too much or not in the language."""
        source = ast.unparse(carrier) + "\n"
        if len(source) <= MOST_DEAD + 2 * len(individual.source) and self._is_sound(source):
            self.carriers[individual.id] = source

    def _is_sound(self, source: str) -> bool:
        """Whether a program can be varied: the code that was judged is in the language, its dead code may not be."""
        try:
            _context(source, self.contract)
        except ProgramError:
            return False
        return True

    @property
    def entries(self) -> tuple[str, ...]:
        """The functions that a program of the contract defines."""
        functions = self.contract.functions
        return ("fit", "predict") if functions is None else tuple(each.name for each in functions)

    def learn(self, operator: str, gain: float) -> None:
        """Be told what a use of an operator gained, from 0 to 1: operators that help are used more often."""
        self.selection.reward(operator, gain)

    def tell(self, child: Child, score: Score) -> Individual | None:
        """Take a child into the population; None if it does not survive."""
        source = ast.unparse(with_imports(child.tree)) + "\n"
        born = Individual(self.ids, child.key, source, child.parents, child.operator, score)
        self.ids += 1
        carrier = ast.unparse(child.carrier) + "\n"
        self.carriers[born.id] = carrier if self._is_sound(carrier) else source
        self._select((*self.population, born))
        return born if born in self.population else None

    def _select(self, individuals: Iterable[Individual]) -> None:
        self.population = survivors(tuple(individuals), self.size, self.chance, self.gate)
        self.carriers = {each.id: self.carriers[each.id] for each in self.population}

    def leads(self, individual: Individual) -> bool:
        """Whether an individual surely beats chance, and no other one here is as good in everything."""
        return individual in Archive(self.chance).with_individuals(self.population).members

    def judged_again(self, individuals: Iterable[Individual]) -> None:
        """Replace the population by the same individuals with new scores."""
        self._select(individuals)


@functools.lru_cache(maxsize=512)
def _context(source: str, contract: Contract) -> Context:
    return Context(ast.parse(source), contract)
