"""Individuals and who survives: Pareto ranking, selection, the archive, migration. May import `fitness` and below.

Nothing here runs or varies programs.
"""

from population.archive import Archive
from population.dead_code import without_dead_code
from population.grid import Elite, Grid, know_structure
from population.individual import Individual
from population.migration import ring
from population.normal_form import normal_form_key
from population.ranking import Reference, hypervolume
from population.selection import survivors, tournament

__all__ = [
    "Archive",
    "Elite",
    "Grid",
    "Individual",
    "Reference",
    "hypervolume",
    "know_structure",
    "normal_form_key",
    "ring",
    "survivors",
    "tournament",
    "without_dead_code",
]
