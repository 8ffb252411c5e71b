"""What a check of `evolve doctor` gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: what was looked at.
        level: `ok`; `note`, when it works but could be better; `problem`, when something will not work.
        found: in a few words.
        advice: what to do; nothing if it is ok.
    """

    check: str
    level: Level
    found: str
    advice: str = ""
