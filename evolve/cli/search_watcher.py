"""Watching a search where there is no terminal: a line of progress on standard error from time to time."""

from __future__ import annotations

import click

from evolve.engine import Progress

INTERVAL = 5.0
"""Seconds between lines of progress."""


class Watcher:
    """An observer of a search (`evolve.engine.Observer`)."""

    def __init__(self) -> None:
        self._next = 0.0
        self._before: tuple[int, float] | None = None

    def dropped(self, name: str, reason: str) -> None:
        """Say which seed is not started from."""
        click.echo(f"not started from {name}: {reason}", err=True)

    def noticed(self, message: str) -> None:
        """Say what happened."""
        click.echo(message, err=True)

    def progressed(self, progress: Progress) -> None:
        """From time to time write a line."""
        if progress.seconds >= self._next:
            self._next = progress.seconds + INTERVAL
            click.echo(self._line(progress), err=True)

    def _line(self, progress: Progress) -> str:
        evaluations, seconds = self._before or (progress.evaluations, progress.seconds)
        self._before = progress.evaluations, progress.seconds
        rate = (progress.evaluations - evaluations) / max(progress.seconds - seconds, 1e-9)
        members = progress.archive.members
        best = max(members, key=lambda each: (each.score.accuracy, -each.score.energy), default=None)
        found = (
            "nothing above chance yet"
            if best is None
            else f"best accuracy {best.score.accuracy:.3f} for energy {best.score.energy:,.0f}, front of {len(members)}"
        )
        passed = f"{sum(each.passed for each in progress.rungs)} of {len(progress.rungs)} passed"
        return (
            f"{progress.seconds:5.0f} s {progress.evaluations:7,} children ({rate:.0f}/s)  "
            f"{progress.current.rung} ({passed})  hypervolume {progress.hypervolume:.3f}  {found}"
            + (f"  {progress.beside}" if progress.beside else "")
        )
