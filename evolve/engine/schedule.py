"""How many children each island may make: limits, epochs, and shares."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

from evolve.engine.configuration import Configuration
from evolve.engine.island import Island

LEAST: Final = 16
"""Children of a batch that are not shared out any further."""


def allowance(
    island: Island, islands: Sequence[Island], reserved: Collection[int], configuration: Configuration, workers: int
) -> int:
    """How many children an island may make in its next batch; 0 if the epoch or the search is over for it.

    Args:
        island: one that is not at work.
        islands: all, as they were before the batches that are under way.
        reserved: the allowances of these batches.
        configuration: of the search.
        workers: how many batches can be under way.
    """
    if configuration.deterministic:
        return max(0, min(configuration.epoch * (island.epoch + 1), _share(island, configuration)) - island.children)
    end = configuration.epoch * len(islands) * (island.epoch + 1)
    if configuration.evaluations is not None:
        end = min(end, configuration.evaluations)
    free = max(0, end - sum(each.children for each in islands) - sum(reserved))
    return min(free, max(LEAST, math.ceil(free / workers)))


def _share(island: Island, configuration: Configuration) -> int:
    """The children of an island in all of a deterministic search."""
    assert configuration.evaluations is not None
    share, rest = divmod(configuration.evaluations, configuration.islands)
    return share + (island.place.number < rest)


def complete(islands: Sequence[Island], configuration: Configuration) -> bool:
    """Whether all children have been made."""
    return configuration.evaluations is not None and sum(each.children for each in islands) >= configuration.evaluations
