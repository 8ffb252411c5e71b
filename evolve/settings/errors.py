"""What is wrong with settings: `SettingsError`, and names that look like a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SettingsError(ValueError):
    """Settings that can't be searched with. The message says of each mistake what, where and what to do.

    Attributes:
        mistakes: one sentence for each, without a full stop.
    """

    def __init__(self, *mistakes: str):
        super().__init__(".\n".join(mistakes))
        self.mistakes = mistakes


def like(wrong: str, names: Iterable[str]) -> str:
    """A question whether a name was meant that looks like a wrong one, else nothing."""
    close = difflib.get_close_matches(wrong, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""
