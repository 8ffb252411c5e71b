"""The engine of a search: islands, judging children, the workers that do it, and the driver of them all.

It may import every package below `evolve`. What a search leaves behind is stored by `runs`.
"""

from evolve.engine.beside import Alone, Beside
from evolve.engine.configuration import ISLANDS, Configuration
from evolve.engine.crew import CrewError
from evolve.engine.planting import Seed, SeedError
from evolve.engine.progress import Observer, Progress, Result, Silent, Standing
from evolve.engine.searching import search

__all__ = [
    "ISLANDS",
    "Alone",
    "Beside",
    "Configuration",
    "CrewError",
    "Observer",
    "Progress",
    "Result",
    "Seed",
    "SeedError",
    "Silent",
    "Standing",
    "search",
]
