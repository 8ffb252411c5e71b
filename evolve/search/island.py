"""An island: a population that asks for children to be judged and is told their scores. It judges nothing itself."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from evolve.search.operators import mutate
from evolve.search.tree import with_imports
from fitness.score import Score
from population import Archive, Individual, normal_form_key, survivors, tournament


@dataclass(frozen=True, slots=True)
class Child:
    """A program that waits for its score."""

    tree: ast.Module
    key: str
    parents: tuple[int, ...]
    operator: str


class Island:
    """A bounded population, the generator that varies it, and what it has seen.

    It is a function of its arguments and of what it is told, and can be pickled at any time.
    """

    def __init__(self, size: int, chance: float, gate: float, seed: int):
        self.size = size
        self.chance = chance
        self.gate = gate
        self.generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(100,)))
        self.population: tuple[Individual, ...] = ()
        self.keys: set[str] = set()
        self.ids = 0

    @property
    def demand(self) -> float:
        """What a child's `accuracy_low` must be to have a chance to survive: the gate, chance, or 0."""
        if len(self.population) < self.size:
            return 0.0
        least = min(each.score.accuracy_low for each in self.population)
        return self.gate if least >= self.gate else self.chance if least > self.chance else 0.0

    def child_of_seed(self, source: str, name: str) -> Child:
        """A program that starts the search."""
        tree = _tree(source)
        key = normal_form_key(tree)
        self.keys.add(key)
        return Child(tree, key, (), name)

    def ask(self) -> tuple[str, Child | None]:
        """The name of an operator and a new child of it; None if it found nothing new."""
        parent = tournament(self.population, self.generator)
        name, tree = mutate(_tree(parent.source), self.generator)
        if tree is None:
            return name, None
        key = normal_form_key(tree)
        if key in self.keys:
            return name, None
        self.keys.add(key)
        return name, Child(tree, key, (parent.id,), name)

    def tell(self, child: Child, score: Score) -> Individual | None:
        """Take a child into the population; None if it does not survive."""
        source = ast.unparse(with_imports(child.tree)) + "\n"
        born = Individual(self.ids, child.key, source, child.parents, child.operator, score)
        self.ids += 1
        self.population = survivors((*self.population, born), self.size, self.chance, self.gate)
        return born if born in self.population else None

    def leads(self, individual: Individual) -> bool:
        """Whether an individual surely beats chance, and no other one here is as good in everything."""
        return individual in Archive(self.chance).with_individuals(self.population).members

    def judged_again(self, individuals: Iterable[Individual]) -> None:
        """Replace the population by the same individuals with new scores."""
        self.population = survivors(tuple(individuals), self.size, self.chance, self.gate)


@functools.lru_cache(maxsize=1024)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)
