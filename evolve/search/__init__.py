"""The search: variation of programs, islands, judging children, the workers that do it, and the driver of them all.

It may import every package below `evolve`. What a search leaves behind is stored by `runs`.
"""

from evolve.search.configuration import ISLANDS, Configuration
from evolve.search.crew import CrewError
from evolve.search.planting import Seed, SeedError
from evolve.search.progress import Observer, Progress, Result, Silent
from evolve.search.searching import search

__all__ = [
    "ISLANDS",
    "Configuration",
    "CrewError",
    "Observer",
    "Progress",
    "Result",
    "Seed",
    "SeedError",
    "Silent",
    "search",
]
