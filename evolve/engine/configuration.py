"""The settings of a search, all of which decide what it finds. Their defaults are here and nowhere else.

How many workers there are is no setting: it decides how fast a search is, not what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass

ISLANDS = 4
"""The default number of islands; there are more where there are more workers."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings of a search.

    Attributes:
        rungs: the names of the tasks, from the first to climb to the last.
        origin: where it starts: `seeds`, `scratch`, or the names of files, with commas between.
        evaluations: children to make on all islands together, None for no limit.
        seconds: time to search, None for no limit.
        seed: starts every random draw of the search and its instances.
        islands: populations of each rung that evolve apart, but for migrants.
        population: individuals that survive on an island.
        epoch: children of an island after which individuals migrate or are promoted, new instances are drawn, and the
            populations are judged again.
        migrants: individuals that leave an island then, for the next one in a ring.
        deterministic: whether each island makes exactly its share of the children, so that the same configuration (with
            a limit on evaluations alone) finds the same whatever the number and speed of workers. Otherwise islands on
            fast workers make more of them, and none waits.
        energy: the name of the model that prices programs.
    """

    rungs: tuple[str, ...]
    origin: str = "seeds"
    evaluations: int | None = None
    seconds: float | None = None
    seed: int = 0
    islands: int = ISLANDS
    population: int = 32
    epoch: int = 1000
    migrants: int = 4
    deterministic: bool = False
    energy: str = "dmc"

    def __post_init__(self) -> None:
        """Raise ValueError for settings that make no sense."""
        if self.evaluations is None and self.seconds is None:
            raise ValueError("a search needs a limit: a number of evaluations, or a time")
        if (self.evaluations or 0) < 0 or (self.seconds or 0) < 0 or self.migrants < 0:
            raise ValueError("the limits of a search and the number of migrants are not negative")
        if not self.rungs or len(set(self.rungs)) < len(self.rungs):
            raise ValueError("a search climbs at least one rung, and each only once")
        if min(self.population, self.epoch, self.islands) < 1:
            raise ValueError("a search needs an island, a population and epochs of at least 1")
        if self.deterministic and self.evaluations is None:
            raise ValueError("a deterministic search needs a number of evaluations: a limit of time is not repeatable")
