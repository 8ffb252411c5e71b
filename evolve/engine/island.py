"""An island: a bounded population that asks for children to be judged and is told their scores.

It judges nothing itself (`evolve.engine.batch` does), and is plain data: it can be copied, sent and stored at any time
(`evolve.engine.saving`), and goes on from there as if nothing had happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np

from evolve.engine.breeding import Aim, Breeding, Child, anywhere
from evolve.engine.parents import Parents
from evolve.variation import with_imports
from fitness.limits import Limits
from fitness.score import Score
from population import Archive, Grid, Individual, know_structure, survivors
from primitives.text import text_of
from tasks import Contract

PATIENCE: Final = 8
"""Epochs in which nobody enters the front for good, after which an island starts again."""

RETURNING: Final = 0.5
"""The part of the population of an island that starts again that comes from its grid, if there are so many."""


SLOWER: Final = 1.05
"""How many times the steps of an individual a program may take that the individual hands on because it does the same.
What prepares a gain in energy, two loops in the place of one, often takes a step more."""


class Conduct(NamedTuple):
    """What a program did at the gate (`Evaluator.gate`).

    Attributes:
        answers: a hash of which queries it got right, and for which energy.
        steps: in how many.
    """

    answers: str
    steps: int


@dataclass(frozen=True, slots=True)
class Place:
    """What all islands of a rung share, and which of them this one is.

    Attributes:
        number: of this island, from 0.
        islands: how many there may be on all rungs.
        first: the first id of an individual that is born on an island; island `number` gives every `islands`-th.
        size: individuals that survive.
        chance: the task's.
        gate: the task's.
        limits: of a program on one instance.
        rung: of the ladder on which it is, from 0.
    """

    number: int
    islands: int
    first: int
    size: int
    chance: float
    gate: float
    limits: Limits
    rung: int = 0


@dataclass(slots=True)
class Island:
    """A population, the generator that varies it, its front, and what it has seen in this epoch.

    Attributes:
        place: which island it is.
        generator: draws parents and mutations.
        population: from the best to the worst (`survivors`).
        archive: the front, judged on instances that don't decide who survives: those of all epochs that a member was
            on it.
        entrants: by id all that stood on the front in this epoch.
        epoch: from 0.
        arrivals: who came from another island, another rung or a proposer, and has to be judged before the next child.
        stale: whether an epoch has begun, and all have yet to be judged on its instances.
        children: how many were made in all epochs.
        births: how many of them survived, in the population or the grid.
        keys: of all programs of this epoch.
        behaviours: what they did at the gate: answers with the least steps that these took, and the id of the
            individual that took so many, None if it did not survive.
        breeding: what it knows for having children.
        grid: one individual of every kind that was found; some of the parents come from it.
        founders: who was there at the start.
        fruitful: whether anybody new has entered the front in this epoch.
        fruitless: epochs that have ended one after the other without that.
    """

    place: Place
    generator: np.random.Generator
    population: tuple[Individual, ...]
    archive: Archive
    entrants: dict[int, Individual] = field(default_factory=dict)
    epoch: int = 0
    arrivals: tuple[Individual, ...] = ()
    stale: bool = False
    children: int = 0
    births: int = 0
    keys: set[str] = field(default_factory=set)
    behaviours: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    breeding: Breeding = field(default_factory=Breeding)
    grid: Grid = field(default_factory=lambda: Grid(0.0))
    founders: tuple[Individual, ...] = ()
    fruitful: bool = False
    fruitless: int = 0

    @property
    def demand(self) -> float:
        """What a child's `accuracy_low` must be to have a chance to survive: the gate, chance, or 0."""
        place = self.place
        if len(self.population) < place.size:
            return 0.0
        least = min(each.score.accuracy_low for each in self.population)
        return place.gate if least >= place.gate else place.chance if least > place.chance else 0.0

    @property
    def _wanted_founders(self) -> tuple[Individual, ...]:
        """The founders, as long as nobody passes the gate."""
        return () if self.population[0].score.accuracy_low >= self.place.gate else self.founders

    def ask(self, contract: Contract, aim: Aim = anywhere) -> tuple[str, Child | None]:
        """The name of an operator and a new child of it for the task's contract; None if it found nothing new."""
        self.children += 1
        among = Parents(self.population, self.grid, self._wanted_founders, self.archive.members)
        operator, child = self.breeding.breed(among, self.keys, contract, self.generator, aim)
        if child is not None:
            self.keys.add(child.key)
        return operator, child

    def learn(self, operator: str, gain: float) -> None:
        """Be told what a use of an operator gained, from 0 to 1: operators that help are used more often."""
        self.breeding.selection.reward(operator, gain)

    def tell(self, child: Child, score: Score) -> Individual | None:
        """Take a child into the population or the grid; None if it is in neither."""
        place = self.place
        number = place.first + self.births * place.islands + place.number
        tree = with_imports(child.tree)
        source = text_of(tree)
        know_structure(source, tree)
        born = Individual(number, child.key, source, child.parents, " + ".join(child.operators), score)
        self.population = survivors((*self.population, born), place.size, place.chance, place.gate)
        kept = self.grid.admits(born, self.epoch)
        if kept:
            self.grid = self.grid.with_individual(born, self.epoch)
        if not kept and born not in self.population:
            return None
        self.births += 1
        self.breeding.carry(born, child.carrier, child.key)
        self.breeding.keep(self._living)
        return born

    @property
    def _living(self) -> tuple[Individual, ...]:
        """All who may become parents."""
        return (*self.population, *self.grid.members, *self.founders, *self.archive.members)

    def behaves(self, conduct: Conduct, number: int | None = None) -> bool:
        """Keep what a program did, or the individual of a number: whether it is new, or takes fewer steps."""
        known = self.behaviours.get(conduct.answers)
        new = known is None or conduct.steps < known[0]
        if known is None or new or (known == (conduct.steps, None)):
            self.behaviours[conduct.answers] = conduct.steps, number
        return new

    def drift(self, conduct: Conduct, child: Child) -> bool:
        """Let an individual hand on a child that does as it does, if it lives and the child is not too long or slow."""
        steps, number = self.behaviours[conduct.answers]
        owner = next((each for each in self._living if each.id == number), None)
        if owner is None or conduct.steps > SLOWER * steps:
            return False
        return self.breeding.carry(owner, child.carrier, child.key)

    def leads(self, individual: Individual) -> bool:
        """Whether an individual surely beats chance, and no other one here is as good in everything."""
        return individual in Archive(self.place.chance).with_individuals(self.population).members

    def admit(self, individual: Individual, score: Score) -> bool:
        """Offer an individual to the front, with its score on the front's instances; whether it got there."""
        verified = replace(individual, score=score)
        self.archive = self.archive.with_individuals([verified])
        self.entrants |= {each.id: each for each in self.archive.members}
        admitted = verified in self.archive.members
        self.fruitful = self.fruitful or admitted
        return admitted

    def next_epoch(self, arrivals: Iterable[Individual]) -> None:
        """Begin an epoch, in which first of all the population and those who arrive have to be judged again.

        An island whose front nobody new has entered for `PATIENCE` epochs starts again: from its founders and a random
        half of its grid. Its front stays.
        """
        self.fruitless = 0 if self.fruitful else self.fruitless + 1
        self.fruitful = False
        if self.fruitless >= PATIENCE:
            self.fruitless = 0
            self.population = self._restarted()
        here = {each.key for each in self.population}
        self.epoch += 1
        self.arrivals = tuple(each for each in (*self.arrivals, *arrivals) if each.key not in here)
        self.stale = True
        self.keys = here | {each.key for each in self.arrivals}
        self.behaviours = {}

    def _restarted(self) -> tuple[Individual, ...]:
        """The founders, and others drawn from the grid."""
        members = self.grid.members
        count = min(len(members), math.ceil(self.place.size * RETURNING))
        drawn = sorted(self.generator.choice(len(members), count, replace=False)) if count else []
        return tuple({each.key: each for each in (*self.founders, *(members[index] for index in drawn))}.values())

    def settle(self, population: Iterable[Individual], entrants: Iterable[Individual]) -> None:
        """Take in those who arrived within an epoch, with their scores on its instances.

        Args:
            population: with the scores that decide who survives.
            entrants: with those that decide who is on the front.
        """
        place = self.place
        self.population = survivors((*self.population, *population), place.size, place.chance, place.gate)
        self.arrivals = ()
        for each in entrants:
            self.admit(each, each.score)
        self.breeding.keep(self._living)

    def judged_again(self, population: Iterable[Individual], entrants: Iterable[Individual]) -> None:
        """Replace population and front by the same individuals with new scores.

        If all of them fail on the new instances the population stays, so that there are parents; its old scores count
        until children with new ones have taken its place.
        """
        place = self.place
        self.population = survivors(tuple(population), place.size, place.chance, place.gate) or self.population
        self.archive = Archive(place.chance, surely=True).with_individuals(entrants)
        self.breeding.keep(self._living)
        self.entrants = {each.id: each for each in self.archive.members}
        self.arrivals = ()
        self.stale = False


def settled(place: Place, seed: int, seeds: Iterable[Individual]) -> Island:
    """An island at the start of a search: seeds, all of which have scores on the instances of the first epoch.

    Args:
        place: which island it is.
        seed: the search's; each island has random numbers of its own.
        seeds: who lives there.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(_ISLAND, place.number))
    population = survivors(tuple(seeds), place.size, place.chance, place.gate)
    island = Island(place, np.random.default_rng(sequence), population, Archive(place.chance, surely=True))
    island.grid = Grid(place.chance)
    for each in population:
        if island.grid.admits(each, 0):
            island.grid = island.grid.with_individual(each, 0)
    island.founders = population
    island.keys = {each.key for each in population}
    return island


_ISLAND = 0x49534C41
"""A key of its own for the random numbers of islands."""
