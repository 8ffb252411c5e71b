"""The settings of a search, all of which decide what it finds. Their defaults are here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings of a search.

    Attributes:
        rung: the task's name.
        origin: where it starts: `seeds`, `scratch`, or the names of files, with commas between.
        evaluations: children to make, None for no limit.
        seconds: time to search, None for no limit.
        seed: starts every random draw of the search and its instances.
        population: individuals that survive.
        epoch: evaluations after which new instances are drawn, and the population is judged again.
    """

    rung: str
    origin: str = "seeds"
    evaluations: int | None = None
    seconds: float | None = None
    seed: int = 0
    population: int = 64
    epoch: int = 2000

    def __post_init__(self) -> None:
        """Raise ValueError for settings that make no sense."""
        if self.evaluations is None and self.seconds is None:
            raise ValueError("a search needs a limit: a number of evaluations, or a time")
        if (self.evaluations or 0) < 0 or (self.seconds or 0) < 0:
            raise ValueError("the limits of a search are not negative")
        if min(self.population, self.epoch) < 1:
            raise ValueError("a search needs a population and epochs of at least 1")
