"""When a call is tried again: exponential backoff with jitter, and what an endpoint says with `Retry-After`."""

from __future__ import annotations

import email.utils
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait between attempts.

    Attributes:
        attempts: at most, with the first.
        first: seconds after the first attempt; twice as long after each further one.
        longest: seconds that are waited at most, unless the endpoint asks for more.
    """

    attempts: int = 6
    first: float = 0.5
    longest: float = 20.0

    def pause(self, attempt: int, asked: float | None, generator: random.Random) -> float:
        """Seconds to wait after an attempt, the first being 1.

        Half of the time is drawn, so that those who failed together don't come back together. What the endpoint asked
        for is the least.
        """
        pause = min(self.first * 2.0 ** min(attempt - 1, 99), self.longest)
        drawn = pause * (0.5 + 0.5 * generator.random())
        return drawn if asked is None else asked + 0.5 * drawn


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that an endpoint asks to wait; None if it does not say, or nothing that makes sense.

    Args:
        headers: of its answer, their names in lower case.
        now: seconds since the epoch, for dates.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        date = email.utils.parsedate_to_datetime(value)
        return max(0.0, date.timestamp() - now)
    except (ValueError, OverflowError, OSError):  # no date, or none that this computer has
        return None


def _number(value: str | None) -> float | None:
    """A number of at least 0; None for anything else."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
