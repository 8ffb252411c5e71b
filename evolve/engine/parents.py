"""Where parents come from: a population, and what else is there that may lead further than its best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from population import Grid, Individual, tournament

FROM_FOUNDERS: Final = 0.2
"""The part of parents that are founders, as long as nobody passes the gate: what solved the rung below is at chance on
this one, and would be lost among programs that are lucky."""

FROM_FRONT: Final = 0.2
"""The part that is drawn from the front: it was judged on many instances, while the best of the population may be
right on nearly all and cheaper than those that are right on all."""

FROM_GRID: Final = 0.3
"""The part of all others that is drawn from the archive grid."""

EMPTY: Final = Grid(0.0)


@dataclass(frozen=True, slots=True)
class Parents:
    """Individuals of an island that may become parents.

    Attributes:
        population: at least one, ordered by `survivors`; most parents come from it, by tournament.
        grid: one of every kind.
        founders: who was there at the start; none if they are not wanted any more.
        front: of the island.
    """

    population: Sequence[Individual]
    grid: Grid = EMPTY
    founders: Sequence[Individual] = ()
    front: Sequence[Individual] = ()

    def draw(self, generator: np.random.Generator) -> Individual:
        """One of them."""
        for group, part in ((self.founders, FROM_FOUNDERS), (self.front, FROM_FRONT)):
            if group and generator.random() < part:
                return group[int(generator.integers(len(group)))]
        if self.grid.cells and generator.random() < FROM_GRID:
            return self.grid.draw(generator)
        return tournament(self.population, generator)
