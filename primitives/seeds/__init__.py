"""Seed programs: known learning algorithms, written in the language, that a search may start from.

One file each. They are read as text; nothing here imports or runs them.
"""

from __future__ import annotations

from importlib import resources

SEEDS = ("gf2_elimination", "subset_table")
"""The names of the seed programs, which are those of their files."""


def source(name: str) -> str:
    """The source of a seed program. Raises ValueError for an unknown one."""
    if name not in SEEDS:
        raise ValueError(f"there is no seed {name}; there are {', '.join(SEEDS)}")
    return resources.files(__name__).joinpath(f"{name}.py").read_text(encoding="utf-8")
