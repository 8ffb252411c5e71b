"""Who works next: which rung has its turn, and how many children each of its islands may make."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

from evolve.engine.configuration import Configuration
from evolve.engine.island import Island

LEAST: Final = 16
"""Children of a batch that are not shared out any further."""

TURNS: Final = 3
"""Turns of the highest open rung for each one of a rung below it."""


def next_rung(epochs: Sequence[int], since: Sequence[int]) -> int:
    """The open rung whose turn it is, which lasts one epoch; the highest has most turns, those below take the rest.

    Args:
        epochs: done until now on each open rung.
        since: done on each of those below when the highest was opened.
    """
    highest = len(epochs) - 1
    below = [now - before for now, before in zip(epochs[:-1], since, strict=True)]
    if not below or sum(below) >= epochs[highest] // TURNS:
        return highest
    return max(range(highest), key=lambda rung: (-below[rung], rung))


def allowance(
    island: Island,
    islands: Sequence[Island],
    reserved: Collection[int],
    configuration: Configuration,
    workers: int,
    elsewhere: int = 0,
) -> int:
    """How many children an island may make in its next batch; 0 if the epoch or the search is over for it.

    Args:
        island: one that is not at work.
        islands: all of its rung, as they were before the batches that are under way.
        reserved: the allowances of these batches.
        configuration: of the search.
        workers: how many batches can be under way.
        elsewhere: children made on other rungs.
    """
    end = configuration.epoch * len(islands) * (island.epoch + 1)
    if configuration.evaluations is not None:
        end = max(0, min(end, configuration.evaluations - elsewhere))
    if configuration.deterministic:
        share, rest = divmod(end, len(islands))
        return max(0, share + (island.place.number % len(islands) < rest) - island.children)
    free = max(0, end - sum(each.children for each in islands) - sum(reserved))
    return min(free, max(LEAST, math.ceil(free / workers)))


def turn_over(islands: Sequence[Island], configuration: Configuration) -> bool:
    """Whether the islands of a rung have made all children of their epoch."""
    made = sum(each.children for each in islands)
    return made >= configuration.epoch * len(islands) * (islands[0].epoch + 1)


def complete(islands: Sequence[Island], configuration: Configuration) -> bool:
    """Whether all children have been made, on the islands of all rungs."""
    return configuration.evaluations is not None and sum(each.children for each in islands) >= configuration.evaluations
