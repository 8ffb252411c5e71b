"""Searches without selection, to compare evolution with: they make and judge children as an island does.

An island's own parts do the work: its operators make the children, its hurdles and instances judge them, its archive
admits to the front. Only where children come from is decided here, and never by what a program has scored.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from evolve.engine import Configuration, Seed
from evolve.engine.batch import judged_individuals, run_batch
from evolve.engine.breeding import Aim, Child, anywhere
from evolve.engine.evaluation import Evaluator
from evolve.engine.founding import found
from evolve.engine.island import Island
from evolve.engine.parents import Parents
from evolve.variation import with_imports
from fitness.score import Score
from population import Archive, Individual, normal_form_key
from primitives.errors import ProgramError
from tasks import Contract, Purpose, Task

DRIFT: Final = "mutation without selection"
SAMPLING: Final = "best of N"
RANDOM: Final = "random programs"

DRAWN: Final = 32
"""Individuals of a sample with replacement; the tournament that takes the first of it is a uniform draw."""

GROWN: Final = 32
"""Changes at most that a random program is away from the blank one."""


@dataclass(slots=True)
class Unselected(Island):
    """An island whose children descend from a pool that takes no notice of scores.

    - `mutation without selection`: a child is one change away from a parent that is drawn uniformly from the programs
      that the search started from and all children that ran without failing. Nothing dies.
    - `best of N`: a child is some changes away from a program that the search started from, drawn uniformly: one change
      with probability 1/2, two with 1/4, and so on. Children have no children.
    - `random programs`: a child is 1 to `GROWN` changes away from the blank program, their number drawn uniformly.

    A change is one use of an operator; operators are drawn by their weights, since no success is rewarded. A
    crossover takes both parents from the pool, but after the first change of several the program is its own second
    parent.

    Attributes:
        kind: which of these.
        pool: where parents come from.
    """

    kind: str = DRIFT
    pool: list[Individual] = field(default_factory=list)

    @property
    def demand(self) -> float:
        """What a child's `accuracy_low` must be: anything if it may have children, else chance, which a front asks."""
        return 0.0 if self.kind == DRIFT else self.place.chance

    def ask(self, contract: Contract, aim: Aim = anywhere) -> tuple[str, Child | None]:
        """A new child by the rule of this kind; None if it is not new."""
        self.children += 1
        parents = [self.pool[each] for each in self.generator.integers(0, len(self.pool), DRAWN)]
        operator, child = "", None
        self.breeding.carriers = {}
        for _ in range(self._changes()):
            try:
                operator, further = self.breeding.breed(Parents(parents), set(), contract, self.generator, aim)
            except ProgramError:  # dead code that is not in the language
                break
            if further is not None:
                child, parents = further, [_carrying(further, parents[0])]
        if child is None or child.key in self.keys:
            return operator, None
        self.keys.add(child.key)
        return operator, child

    def _changes(self) -> int:
        if self.kind == DRIFT:
            return 1
        return int(self.generator.geometric(0.5) if self.kind == SAMPLING else self.generator.integers(1, GROWN + 1))

    def learn(self, operator: str, gain: float) -> None:
        """Forget what a use of an operator gained."""

    def tell(self, child: Child, score: Score) -> Individual | None:
        """Let a child that ran into a pool that grows, and compete for the front with the best; None if it can't."""
        if self.kind == DRIFT:
            self.pool.append(replace(_carrying(child, self.pool[0]), source=_text(child.tree)))
        return Island.tell(self, child, score)


def _carrying(child: Child, template: Individual) -> Individual:
    """A child as a parent, with its dead code; its score is never looked at."""
    return replace(template, id=-1, key=child.key, source=_text(child.carrier))


def _text(tree: ast.Module) -> str:
    return ast.unparse(with_imports(tree)) + "\n"


def unselected_fronts(
    kind: str, task: Task, configuration: Configuration, seeds: Sequence[Seed], checkpoints: Sequence[int]
) -> Iterator[tuple[Individual, ...]]:
    """The verified front of a search without selection, after each number of children.

    New instances are drawn as often as evolution draws them, and the front of the search is judged on them again. At a
    checkpoint it is verified as that of an evolution is (`evolve.engine.verifying`).
    """
    evaluator = Evaluator(task, configuration.seed)
    founded = found(evaluator, 0, replace(configuration, islands=1), seeds)
    individuals, island = founded.seeds, founded.islands[0]
    island = Unselected(**{each.name: getattr(island, each.name) for each in fields(Island)}, kind=kind)
    island.place = replace(island.place, size=configuration.population * configuration.islands)
    island.pool = list(individuals)
    if kind == RANDOM:
        individuals = ()
        island.population, island.archive, island.entrants = (), Archive(task.chance), {}
        blank = task.contract.blank
        island.pool = [
            replace(island.pool[0], key=normal_form_key(ast.parse(blank), task.contract.names), source=blank)
        ]
    for checkpoint in checkpoints:
        while island.children < checkpoint:
            end = configuration.epoch * configuration.islands * (island.epoch + 1)
            if island.children == end:
                island.next_epoch(())
                continue
            run_batch(island, evaluator, min(end, checkpoint) - island.children, math.inf)
        yield _verified(island, individuals, evaluator)


def _verified(island: Island, seeds: Sequence[Individual], evaluator: Evaluator) -> tuple[Individual, ...]:
    """The front on the instances for verification, of those who stay on it on fresh instances."""
    evaluator.limits = island.place.limits
    evaluator.start(island.epoch + 1)
    candidates = {each.id: each for each in (*seeds, *island.archive.members)}
    fresh = judged_individuals(list(candidates.values()), evaluator, Purpose.SELECTION)
    standing = Archive(island.place.chance).with_individuals(fresh).members
    chosen = {each.id: each for each in (*seeds, *standing)}
    unseen = judged_individuals(list(chosen.values()), evaluator, Purpose.VERIFICATION)
    return Archive(island.place.chance).with_individuals(unseen).members
