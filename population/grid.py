"""The archive grid: one individual for every kind of program, so that what leads nowhere now is not lost.

Its cells lie along accuracy and the structure of programs, as in MAP-Elites (J.-B. Mouret and J. Clune, "Illuminating
search spaces by mapping elites", arXiv 1504.04909). An individual is displaced by a cheaper one of the same epoch: all
of an epoch are judged on the same instances, where energy is exact. Scores of different epochs differ by the luck of
their instances, so between those age decides: any newcomer displaces what was kept before its epoch (ageing, as in
E. Real et al., "Regularized evolution", AAAI 2019).
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from population.individual import Individual
from primitives.recent import Recent
from primitives.syntax import BLOCKS

BANDS: Final = 10
"""Cells between chance and certainty; of an accuracy over 64 instances the error is about as wide."""

DEEPEST: Final = 3
"""Nested loops that are told apart."""

LONGEST: Final = 6
"""Doublings of length that are told apart: up to 64 statements."""

Cell: TypeAlias = tuple[int, int, int]
"""A band of accuracy, how deeply loops are nested, and the binary logarithm of the number of statements."""


class Elite(NamedTuple):
    """Who lives in a cell, since which epoch."""

    individual: Individual
    epoch: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells and who lives there; adding to it gives a new one.

    Attributes:
        chance: the accuracy of guessing.
        cells: at most (`BANDS` + 1) x (`DEEPEST` + 1) x (`LONGEST` + 1).
    """

    chance: float
    cells: dict[Cell, Elite] = field(default_factory=dict)

    @property
    def members(self) -> tuple[Individual, ...]:
        """All who live in it, in the order of their cells."""
        return tuple(self.cells[cell].individual for cell in sorted(self.cells))

    def admits(self, individual: Individual, epoch: int) -> bool:
        """Whether an individual that was judged in an epoch gets a cell."""
        lives = self.cells.get(self.cell(individual))
        return lives is None or lives.epoch < epoch or individual.score.energy < lives.individual.score.energy

    def with_individual(self, individual: Individual, epoch: int) -> Grid:
        """The grid with an individual in its cell."""
        return Grid(self.chance, {**self.cells, self.cell(individual): Elite(individual, epoch)})

    def cell(self, individual: Individual) -> Cell:
        """Where an individual belongs."""
        above = (individual.score.accuracy - self.chance) / (1 - self.chance)
        depth, statements = structure(individual.source)
        return max(0, math.floor(above * BANDS)), min(depth, DEEPEST), min(int(math.log2(statements)), LONGEST)

    def draw(self, generator: np.random.Generator) -> Individual:
        """One of its members, of which there is at least one: all are equally likely."""
        members = self.members
        return members[int(generator.integers(len(members)))]


_STRUCTURES: Final[Recent[str, tuple[int, int]]] = Recent(4096)
"""The structures of programs by their text: an individual is asked for its cell several times."""


def structure(source: str) -> tuple[int, int]:
    """How deeply the loops of a program are nested, and how many statements it has, at least 1."""
    known = _STRUCTURES.get(source)
    return know_structure(source, ast.parse(source)) if known is None else known


def know_structure(source: str, tree: ast.Module) -> tuple[int, int]:
    """The structure of a program whose tree is at hand, so that its text need not be parsed for it."""
    depth, statements = _below(tree.body)
    found = depth, max(1, statements)
    _STRUCTURES.put(source, found)
    return found


def _below(statements: list[ast.stmt]) -> tuple[int, int]:
    """How deeply loops are nested in some statements, and how many there are with all inside them."""
    deepest, count = 0, len(statements)
    for node in statements:
        for block in BLOCKS.get(node.__class__, ()):
            depth, inside = _below(node.__dict__[block])
            deepest = max(deepest, depth + (node.__class__ in _LOOPS))
            count += inside
    return deepest, count


_LOOPS: Final = (ast.For, ast.While)
