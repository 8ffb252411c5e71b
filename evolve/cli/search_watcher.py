"""Watching a search: what survives goes to the run's store, and progress to standard error."""

from __future__ import annotations

import click

from evolve.search import Progress, Result
from population import Archive, Individual
from runs import Store

INTERVAL = 5.0
"""Seconds between lines of progress."""


class Watcher:
    """An observer of a search (`evolve.search.Observer`)."""

    def __init__(self, store: Store):
        self._store = store
        self._archive: Archive | None = None
        self._next = 0.0
        self._before = (0, 0.0)

    def dropped(self, name: str, reason: str) -> None:
        """Say which seed is not started from."""
        click.echo(f"not started from {name}: {reason}", err=True)

    def born(self, individual: Individual, epoch: int) -> None:
        """Store a survivor."""
        self._store.add(individual, epoch)

    def progressed(self, progress: Progress) -> None:
        """Store the front if it changed, and from time to time write a line."""
        if progress.archive is not self._archive:
            self._archive = progress.archive
            self._store.set_front(progress.archive.members, verified=False)
        if progress.seconds >= self._next:
            self._next = progress.seconds + INTERVAL
            self._report(progress)

    def _report(self, progress: Progress) -> None:
        evaluations, seconds = self._before
        self._before = progress.evaluations, progress.seconds
        rate = (progress.evaluations - evaluations) / max(progress.seconds - seconds, 1e-9)
        members = progress.archive.members
        best = max(members, key=lambda each: (each.score.accuracy, -each.score.energy), default=None)
        found = (
            "nothing above chance yet"
            if best is None
            else f"best accuracy {best.score.accuracy:.3f} for energy {best.score.energy:,.0f}, front of {len(members)}"
        )
        click.echo(
            f"{progress.seconds:5.0f} s {progress.evaluations:7,} children ({rate:.0f}/s)  "
            f"hypervolume {progress.hypervolume:.3f}  {found}",
            err=True,
        )

    def finished(self, result: Result) -> None:
        """Store the verified front, and how the search went."""
        progress = result.progress
        self._store.set_front(result.front, verified=True)
        self._store.note(
            "finished",
            {
                "evaluations": progress.evaluations,
                "seconds": progress.seconds,
                "stopped": progress.stopped,
                "hypervolume": progress.hypervolume,
                "outcomes": [[*key, count] for key, count in sorted(progress.outcomes.items())],
                "seeds": [
                    {"id": each.id, "name": each.operator, "accuracy": each.score.accuracy, "energy": each.score.energy}
                    for each in result.seeds
                ],
            },
        )
