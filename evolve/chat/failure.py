"""What went wrong with one attempt, or before it."""

from __future__ import annotations

from dataclasses import dataclass

from evolve.chat.call import Outcome


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong.

    Attributes:
        outcome: of the call, if it is not tried again.
        detail: what is wrong and what to do.
        again: whether trying again may help.
        asked: seconds that the endpoint asks to wait.
        answered: whether the endpoint said so itself; else it may have written something that we don't know of.
        refusal: the whole answer to a request that was refused, to see whether a parameter was the reason.
    """

    outcome: Outcome
    detail: str
    again: bool = False
    asked: float | None = None
    answered: bool = False
    refusal: str = ""
