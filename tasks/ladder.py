"""The ladder: the rungs by name, from what random programs can solve upwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tasks.functions import SparseAnd, SparseMajority, SparseSum
from tasks.markov import MarkovSource, usual_length
from tasks.parity import SparseParity
from tasks.sparse import LARGEST
from tasks.symbols import CopySymbol
from tasks.task import Budget, Task
from tasks.text import TEXT_ALIASES, TEXT_RUNGS

_TINY: Final = Budget(steps=200_000, energy=1e7, memory=1 << 16)
_SMALL: Final = Budget(steps=1_000_000, energy=1e8, memory=1 << 16)
_MEDIUM: Final = Budget(steps=4_000_000, energy=1e9, memory=1 << 18)
_LARGE: Final = Budget(steps=100_000_000, energy=1e11, memory=1 << 22)

_MANY: Final = 64
_FEW: Final = 48
"""Instances of small rungs, and of large ones: enough that a program may fail on one of them and still surely pass."""

_STREAMS: Final = 32
"""Instances of streams, all of whose queries count."""


class Ladder(Mapping[str, Task]):
    """The rungs by name, in order. A task is made when it is first asked for, since some need data.

    A task whose data is missing raises `tasks.corpora.DataError`, which says what to do.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Task]], aliases: Mapping[str, str]):
        """Make a ladder.

        Args:
            makers: what makes each task, by its name.
            aliases: other names of rungs, which a list of rungs leaves out.
        """
        self._aliases = dict(aliases)
        self._makers = {name: make for name, make in makers.items() if aliases.get(name, name) == name}
        self._made: dict[tuple[str, str | None], Task] = {}

    def __getitem__(self, name: str) -> Task:
        """The task of a rung. Raises KeyError for an unknown one."""
        name = self._aliases.get(name, name)
        key = name, os.environ.get("EVOLVE_DATA")  # a text task has looked for its text there
        if key not in self._made:
            self._made[key] = self._makers[name]()
        return self._made[key]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a rung; does not make its task."""
        return name in self._makers or name in self._aliases

    def __iter__(self) -> Iterator[str]:
        """The names, from the easiest rung to the hardest."""
        return iter(self._makers)

    def __len__(self) -> int:
        """The number of rungs."""
        return len(self._makers)


def _parity(n: int, k: int, budget: Budget, instances: int) -> Callable[[], Task]:
    """A rung of sparse parity with the usual rows and queries of its size."""

    def made() -> Task:
        return SparseParity(n, k, SparseParity.usual_rows(n), SparseParity.usual_queries(n), instances, budget)

    return made


def _markov(order: int, queries: int, budget: Budget) -> Callable[[], Task]:
    return lambda: MarkovSource(order, usual_length(order), queries, _STREAMS, budget)


RUNGS: Final = Ladder(
    {
        "parity-4-1": _parity(4, 1, _TINY, _MANY),
        "parity-6-1": _parity(6, 1, _TINY, _MANY),
        "parity-6-2": _parity(6, 2, _SMALL, _MANY),
        "parity-8-2": _parity(8, 2, _SMALL, _MANY),
        "parity-10-2": _parity(10, 2, _MEDIUM, _MANY),
        "parity-10-3": _parity(10, 3, _MEDIUM, _MANY),
        "parity-15-3": _parity(15, 3, _LARGE, _FEW),
        "parity-20-3": _parity(20, 3, LARGEST, _FEW),
        "parity-50-3": _parity(50, 3, LARGEST, _FEW),
        "parity-20-5": _parity(20, 5, LARGEST, _FEW),
        "parity-100-3": _parity(100, 3, LARGEST, _FEW),
        "noisy-parity-20-3": lambda: SparseParity(20, 3, 500, 500, _FEW, LARGEST, noise=0.1),
        "sum-20-3": lambda: SparseSum(20, 3, 500, 500, _FEW, LARGEST),
        "and-20-3": lambda: SparseAnd(20, 3, 500, 500, _FEW, LARGEST),
        "majority-15": lambda: SparseMajority(15, 5, 500, 500, _FEW, LARGEST),
        "copy-8": lambda: CopySymbol(8, 500, 500, _FEW, _LARGE),
        "markov-2": _markov(2, 1000, LARGEST),
        "markov-3": _markov(3, 2000, LARGEST),
        **TEXT_RUNGS,
    },
    TEXT_ALIASES,
)
"""All rungs by name, from the easiest to the hardest."""


def rung(name: str) -> Task:
    """The task of a rung.

    Raises:
        ValueError: there is no such rung; the message has the names there are.
        tasks.corpora.DataError: its data is missing; the message says what to do. It is a ValueError as well.
    """
    if name not in RUNGS:
        raise ValueError(f"there is no rung {name}; there are {', '.join(RUNGS)}")
    return RUNGS[name]
