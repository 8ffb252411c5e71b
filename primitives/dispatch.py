"""In CPython: one function for a primitive that has several definitions, chosen by the ranks of the arguments."""

from collections.abc import Callable, Mapping
from typing import Any

from primitives.array import Array
from primitives.dtypes import DType

Ranks = tuple[int, ...]
"""For each argument: 0 a scalar, 1 or 2 an array of that rank, -1 an element type."""


def dispatcher(signature: str, choices: Mapping[Ranks, Callable[[], Callable[..., Any]]]) -> Callable[..., Any]:
    """A function that calls the choice for its arguments' ranks. Choices are made on their first use."""
    known: dict[Ranks, Callable[..., Any]] = {}

    def call(*arguments: Any) -> Any:
        ranks = tuple([_rank(argument) for argument in arguments])
        chosen = known.get(ranks)
        if chosen is None:
            if ranks not in choices:
                found = ", ".join(_RANK_NAMES[rank] for rank in ranks) or "nothing"
                raise TypeError(f"{signature} does not take {found}")
            chosen = known[ranks] = choices[ranks]()
        return chosen(*arguments)

    call.__name__ = call.__qualname__ = signature.partition("(")[0]
    return call


_RANK_NAMES = {-1: "an element type", 0: "a scalar", 1: "an array of rank 1", 2: "an array of rank 2"}


def _rank(argument: Any) -> int:
    if isinstance(argument, Array):
        return argument.rank
    return -1 if isinstance(argument, DType) else 0
