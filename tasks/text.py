"""The rungs of the ladder that are real English: `TEXT_RUNGS`.

The task is `tasks.next_character`, the texts are those of `tasks.corpora`. docs/data.md says which figures may stand
beside each other, and where the gates come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tasks.corpora import DataError, PythonDocumentation, WikiText, wikitext_2, wikitext_103, wikitext_mini
from tasks.next_character import NextCharacter
from tasks.task import Budget, Task

PUBLISHED: Final = 60_000
"""Characters that figures for WikiText are counted on: the first of the validation split."""


def _budget(characters: int, queries: int, mebibytes: int) -> Budget:
    """What mixing contexts up to order 6 takes, and some more.

    Steps: 5,000 for a character of training, 20,000 for a query, which are some 150 for each symbol. Energy: for every
    character a thousand bytes from as far away as the memory reaches, to one digit.
    """
    memory = mebibytes << 20
    energy = 1_000 * (characters + queries) * memory**0.5
    return Budget(5_000 * characters + 20_000 * queries, float(f"{energy:.0e}"), memory)


def pydoc() -> Task:
    """Slices of the documentation in this Python."""
    corpus = PythonDocumentation()
    budget = _budget(100_000, 20_000, 64)
    return NextCharacter(corpus, corpus.name, 100_000, 20_000, 2_000, 0.50, budget, instances=3)


def mini() -> Task:
    """The whole test split of WikiText."""
    budget = _budget(1_300_000, PUBLISHED, 128)
    return NextCharacter(_there(wikitext_mini()), "wikitext-mini", None, PUBLISHED, 10_000, 0.55, budget, instances=1)


def small() -> Task:
    """Slices of WikiText-2."""
    budget = _budget(100_000, PUBLISHED, 64)
    return NextCharacter(_there(wikitext_2()), "wikitext-2-100k", 100_000, PUBLISHED, 2_000, 0.50, budget, instances=3)


def medium() -> Task:
    """The whole of WikiText-2."""
    budget = _budget(11_000_000, PUBLISHED, 256)
    return NextCharacter(_there(wikitext_2()), "wikitext-2", None, PUBLISHED, 10_000, 0.60, budget, instances=1)


def large() -> Task:
    """Slices of WikiText-103, as long as the machine's memory allows next to what is learned from them."""
    budget = _budget(10_000_000, PUBLISHED, 256)
    return NextCharacter(
        _there(wikitext_103()), "wikitext-103", 10_000_000, PUBLISHED, 10_000, 0.70, budget, instances=1
    )


def _there(corpus: WikiText) -> WikiText:
    """The corpus. Raises `DataError` if its training text is missing; that held back is looked for when it is used."""
    corpus.find(corpus.train)
    return corpus


def _pydoc_name() -> str:
    try:
        return PythonDocumentation().name
    except DataError:
        return "pydoc"  # a Python without it: asking for the rung says so


TEXT_ALIASES: Final[Mapping[str, str]] = {"pydoc": _pydoc_name()}
"""Short names of rungs, for people; a list of rungs leaves them out."""

TEXT_RUNGS: Final[Mapping[str, Callable[[], Task]]] = {
    TEXT_ALIASES["pydoc"]: pydoc,
    "wikitext-mini": mini,
    "wikitext-2-100k": small,
    "wikitext-2": medium,
    "wikitext-103": large,
    **dict.fromkeys(TEXT_ALIASES, pydoc),
}
"""What makes each rung, from the easiest to the hardest, then by short names. It raises `DataError` if its data are
missing: one message that says what to do."""
