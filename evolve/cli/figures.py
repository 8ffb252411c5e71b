"""Figures as text for people: times, changes, failures."""

from __future__ import annotations

from fitness.score import Failed
from fitness.statuses import MESSAGES


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def clock(seconds: float) -> str:
    """The time since a search began."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def change(before: float | None, after: float | None) -> str:
    """By how much a figure grew, in per cent; nothing where one is missing or there was none."""
    if before is None or after is None or before <= 0:
        return ""
    percent = 100 * (after / before - 1)
    if abs(percent) < 0.05:
        return "=" if after == before else "≈"
    return f"{percent:+.1f} %".replace("-", "−")


def failure(failed: Failed) -> str:
    """A failure in words."""
    where = "" if failed.line is None else f" in line {failed.line}"
    when = "" if failed.instance is None else f", on instance {failed.instance}"
    message = MESSAGES.get(failed.status)
    return f"{failed.status}{where}{when}" + (f": {message}" if message else "")
