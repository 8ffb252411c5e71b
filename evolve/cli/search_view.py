"""Watching a search on a terminal: a view of a screen that follows it. `watching` chooses it if there is a terminal."""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from evolve.cli.search_watcher import Watcher
from evolve.engine import Configuration, Observer, Progress
from population import Individual
from tasks import Task

ROWS: Final = 8
"""Members of the front and operators that are shown."""

WINDOW: Final = 10.0
"""Seconds over which a rate is measured."""

BLOCKS: Final = "▁▂▃▄▅▆▇█"


@contextlib.contextmanager
def watching(configuration: Configuration, tasks: Sequence[Task], run: Path) -> Iterator[Observer]:
    """An observer on standard error: a live view if that is a terminal, else lines."""
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Watcher()
        return
    with Live(console=console, refresh_per_second=4) as live:
        yield View(live, configuration, tasks[0], run)


class View:
    """An observer of a search (`evolve.engine.Observer`) that draws where it stands."""

    def __init__(self, live: Live, configuration: Configuration, task: Task, run: Path):
        self._live = live
        self._configuration = configuration
        self._task = task
        self._run = run
        self._recent: deque[tuple[float, int]] = deque()
        live.update(Text(f"{task.name}: starting workers and judging seeds"))

    def dropped(self, name: str, reason: str) -> None:
        """Say which seed is not started from."""
        self._live.console.print(f"not started from {name}: {reason}")

    def noticed(self, message: str) -> None:
        """Say what happened."""
        self._live.console.print(message)

    def progressed(self, progress: Progress) -> None:
        """Draw the search again."""
        self._recent.append((progress.seconds, progress.evaluations))
        while self._recent[0][0] < progress.seconds - WINDOW:
            self._recent.popleft()
        parts = (self._head(progress), _best(progress), _front(progress), _operators(progress.outcomes))
        self._live.update(Group(*parts))

    def _head(self, progress: Progress) -> Text:
        (start, before), configuration = self._recent[0], self._configuration
        rate = (progress.evaluations - before) / max(progress.seconds - start, 1e-9)
        limits = [] if configuration.evaluations is None else [f"{configuration.evaluations:,} children"]
        limits += [] if configuration.seconds is None else [_time(configuration.seconds)]
        who = "in this process" if progress.workers == 0 else f"by {progress.workers} workers"
        lost = f", {progress.lost} lost and replaced" if progress.lost else ""
        return Text.assemble(
            (f"{self._task.name}", "bold"),
            f"  gate {self._task.gate:.4g}, chance {self._task.chance:.4g}  {self._run}\n",
            f"{_time(progress.seconds)}  {progress.evaluations:,} children of {' or '.join(limits)}  ",
            f"{rate:,.0f}/s  {progress.islands} islands {who}{lost}  epoch {progress.current.epoch}\n",
            f"hypervolume {progress.hypervolume:.3f}  {sparkline([value for _, value in progress.history])}",
        )


def sparkline(values: list[float], width: int = 40) -> str:
    """The last values as blocks, the lowest of them the smallest."""
    shown = values[-width:]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0.0
    return "".join(BLOCKS[int((value - low) * scale)] for value in shown)


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _best(progress: Progress) -> Text:
    """The best of each objective: the costs among those that pass the gate, if any does."""
    members = progress.archive.members
    if not members:
        return Text("nothing surely beats chance yet")
    passing = [each for each in members if each.score.accuracy_low >= progress.current.gate]
    able = passing or members
    accurate = max(members, key=lambda each: each.score.accuracy)
    frugal = min(able, key=lambda each: each.score.energy)
    fast = min(able, key=lambda each: each.score.seconds)
    return Text(
        f"{len(passing)} of {len(members)} on the front surely pass the gate\n"
        f"best  accuracy {accurate.score.accuracy:.4f} (#{accurate.id})  "
        f"energy {frugal.score.energy:,.0f} (#{frugal.id})  seconds {fast.score.seconds:.2e} (#{fast.id})"
    )


def _front(progress: Progress) -> Table:
    members = progress.archive.members
    table = Table(box=SIMPLE_HEAD, show_edge=False, title=f"front, {min(ROWS, len(members))} of {len(members)}")
    for name in ("id", "accuracy", "at least", "energy (dmc v1)", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made by", no_wrap=True)
    for each in _spread(members):
        score = each.score
        figures = (f"{score.accuracy:.4f}", f"{score.accuracy_low:.4f}", f"{score.energy:,.0f}", f"{score.seconds:.2e}")
        table.add_row(str(each.id), *figures, each.operator)
    return table


def _spread(members: tuple[Individual, ...]) -> list[Individual]:
    """A few members of a front, from its cheapest to its dearest."""
    if len(members) <= ROWS:
        return list(members)
    return [members[round(number * (len(members) - 1) / (ROWS - 1))] for number in range(ROWS)]


def _operators(outcomes: Counter[tuple[str, str]]) -> Table:
    """The operators that brought most onto the front, with what became of their children."""
    made: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for (operator, outcome), count in outcomes.items():
        made[operator] += count
        kind = "known" if outcome in _KNOWN else outcome
        kinds[operator, kind] += count
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    for name in ("operator", "children", "not new", "rejected", "survived", "front"):
        table.add_column(name, justify="left" if name == "operator" else "right", no_wrap=True)
    best = sorted(made, key=lambda name: (-kinds[name, "front"], -kinds[name, "survived"], name))
    for name in best[:ROWS]:
        shares = [kinds[name, "known"], kinds[name, "rejected"]]
        percent = [f"{share / made[name]:.0%}" for share in shares]
        survived = kinds[name, "survived"] + kinds[name, "front"]
        table.add_row(name, f"{made[name]:,}", *percent, f"{survived:,}", f"{kinds[name, 'front']:,}")
    return table


_KNOWN: Final = frozenset({"nothing new", "same behaviour"})
