"""What goes on beside the islands of a search, for instance asking language models: who does it, the engine can't know.

It leaves what it finds in the run's inbox (`evolve.engine.inbox`). It must not slow the islands.
"""

from __future__ import annotations

from typing import Protocol


class Beside(Protocol):
    """Something that goes on while a search does."""

    @property
    def line(self) -> str:
        """How it goes, in one line for people; empty if there is nothing to say. It must be quick."""
        ...

    def notices(self) -> list[str]:
        """What a person should know, and was not told yet; it must be quick."""
        ...

    def turn_over(self) -> None:
        """All islands of a turn are done, and none goes on before this returns."""
        ...

    def over(self) -> None:
        """The last child is made: end promptly, whatever is under way. It may be said more than once."""
        ...


class Alone:
    """Nothing beside the islands."""

    line = ""

    def notices(self) -> list[str]:
        """Nothing happens."""
        return []

    def turn_over(self) -> None:
        """Nothing is done between turns."""

    def over(self) -> None:
        """Nothing has to be ended."""
