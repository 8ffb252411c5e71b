"""What a proposer can be asked for: the operators of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Request:
    """Something to ask for.

    Attributes:
        name: on the command line and in a run.
        parents: how many programs are shown at least.
        text: what is asked.
        drawn: whether it is among those that are drawn when none is named.
    """

    name: str
    parents: int
    text: str
    drawn: bool = True


REQUESTS: Final = {
    each.name: each
    for each in (
        Request(
            "edit",
            1,
            "Make one targeted edit of the first program that lowers the energy of its dearest lines, or raises its "
            "accuracy. Leave the rest as it is. Answer with SEARCH/REPLACE blocks.",
        ),
        Request(
            "rewrite",
            1,
            "Rewrite the first program: keep its idea, and find the implementation of it that moves the least data. "
            "Answer with the whole program.",
        ),
        Request(
            "crossover",
            2,
            "Combine the programs: take from each what it does better than the others. Answer with the whole program.",
        ),
        Request(
            "simplify",
            1,
            "Simplify the first program: take out what the task does not need, without losing accuracy. Answer with "
            "SEARCH/REPLACE blocks.",
        ),
        Request(
            "idea",
            1,
            "Solve the task in a way that is different in kind from these programs, and could need less energy. Answer "
            "with the whole program.",
        ),
        Request(
            "repair",
            1,
            "Repair the proposal above that did not work, and keep what it was meant to do. Answer with SEARCH/REPLACE "
            "blocks, or with the whole program.",
            drawn=False,
        ),
    )
}
"""All of them by name."""
