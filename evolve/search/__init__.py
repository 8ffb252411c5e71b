"""The search: variation of programs, an island that asks and tells, judging children, and the loop around them.

It may import every package below `evolve`. What a search leaves behind is stored by `runs`.
"""

from evolve.search.configuration import Configuration
from evolve.search.loop import Observer, Progress, Result, search
from evolve.search.planting import Seed, SeedError

__all__ = ["Configuration", "Observer", "Progress", "Result", "Seed", "SeedError", "search"]
