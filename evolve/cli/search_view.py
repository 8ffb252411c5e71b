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
from evolve.engine import Configuration, Observer, Progress, Standing
from fitness import models
from population import Archive, Individual
from tasks import Floor, Task

ROWS: Final = 8
"""Members of the front and operators that are shown at most."""

LINES: Final = 12
"""Lines of the view that are no rows of a table: text, two heads, and one that stays free below."""

FLOORED: Final = "dmc"
"""The energy model that floors of tasks are counted in."""

NEAR: Final = 3
"""Rungs of the ladder that are shown."""

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
    with Live(console=console, refresh_per_second=4, vertical_overflow="crop") as live:
        yield View(live, configuration, tasks, run)


class View:
    """An observer of a search (`evolve.engine.Observer`) that draws where it stands.

    What it draws fits the terminal: every line is cut at its width, and tables have as many rows as there is room for.
    """

    def __init__(self, live: Live, configuration: Configuration, tasks: Sequence[Task], run: Path):
        self._live = live
        self._configuration = configuration
        self._floors = {task.name: task.floor for task in tasks} if configuration.energy == FLOORED else {}
        self._run = run
        self._recent: deque[tuple[float, int]] = deque()
        version = models.get(configuration.energy).version
        self._energy = f"energy ({configuration.energy} v{version})"
        live.update(Text(f"{configuration.rungs[0]}: starting workers and judging seeds"))

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
        rows = max(2, min(ROWS, (self._live.console.height - LINES) // 2))
        parts = (*self._head(progress), *_best(progress.current, self._floors.get(progress.current.rung)))
        tables = (_front(progress.archive, rows, self._energy), _operators(progress.outcomes, rows))
        self._live.update(Group(*(_line(each) for each in parts), *tables))

    def _head(self, progress: Progress) -> list[Text]:
        (start, before), configuration = self._recent[0], self._configuration
        rate = (progress.evaluations - before) / max(progress.seconds - start, 1e-9)
        limits = [] if configuration.evaluations is None else [f"{configuration.evaluations:,}"]
        limits += [] if configuration.seconds is None else [_time(configuration.seconds)]
        who = "here" if progress.workers == 0 else f"by {progress.workers} workers"
        lost = f", {progress.lost} lost and replaced" if progress.lost else ""
        current = progress.current
        return [
            Text.assemble(
                (current.rung, "bold"), f"  gate {current.gate:.4g}, chance {current.archive.chance:.4g}  {self._run}"
            ),
            ladder(progress),
            Text(
                f"{_time(progress.seconds)}  {progress.evaluations:,} children of {' or '.join(limits)}  {rate:,.0f}/s"
                f"  epoch {current.epoch}, {progress.islands} islands {who}{lost}"
            ),
            Text(f"hypervolume {progress.hypervolume:.3f}  {sparkline([value for _, value in progress.history])}"),
            *([Text(progress.beside)] if progress.beside else []),
        ]


def _line(text: Text) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def ladder(progress: Progress) -> Text:
    """The rungs around the current one: ✓ are passed, ▸ is where the search is; ● marks the rung whose turn it is."""
    rungs = progress.rungs
    number = rungs.index(progress.current)
    first = max(0, min(number - 1, len(rungs) - NEAR))
    text = Text(f"{sum(each.passed for each in rungs)} of {len(rungs)} rungs passed:")
    text.append(" …" if first else "")
    for each in rungs[first : first + NEAR]:
        mark = "✓" if each.passed else "▸" if each.open else "·"
        turn = "●" if each is rungs[progress.turn] and len(rungs) > 1 else ""
        style = "bold" if each is rungs[number] else "" if each.open else "dim"
        text.append(f"  {mark} {each.rung}{turn}", style)
    text.append(" …" if first + NEAR < len(rungs) else "")
    return text


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


def _best(current: Standing, floor: Floor | None) -> list[Text]:
    """The best of each objective: the costs among those that pass the gate, if any does."""
    members = current.archive.members
    if not members:
        return [Text("nothing surely beats chance yet"), Text("")]
    passing = [each for each in members if each.score.accuracy_low >= current.gate]
    able = passing or members
    accurate = max(members, key=lambda each: each.score.accuracy)
    frugal = min(able, key=lambda each: each.score.energy)
    fast = min(able, key=lambda each: each.score.seconds)
    far = ""
    if floor is not None and passing:
        far = f", the cheapest {frugal.score.energy / floor.energy:.1f} times the floor"
    return [
        Text(f"{len(passing)} of {len(members)} on the front surely pass the gate{far}"),
        Text(
            f"best  accuracy {accurate.score.accuracy:.4f} (#{accurate.id})  "
            f"energy {frugal.score.energy:,.0f} (#{frugal.id})  seconds {fast.score.seconds:.2e} (#{fast.id})"
        ),
    ]


def _front(archive: Archive, rows: int, energy: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    for name in ("id", "accuracy", "at least", energy, "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made by", no_wrap=True)
    for each in _spread(archive.members, rows):
        score = each.score
        figures = (f"{score.accuracy:.4f}", f"{score.accuracy_low:.4f}", f"{score.energy:,.0f}", f"{score.seconds:.2e}")
        table.add_row(str(each.id), *figures, each.operator)
    return table


def _spread(members: tuple[Individual, ...], rows: int) -> list[Individual]:
    """A few members of a front, from its cheapest to its dearest."""
    if len(members) <= rows:
        return list(members)
    return [members[round(number * (len(members) - 1) / (rows - 1))] for number in range(rows)]


def _operators(outcomes: Counter[tuple[str, str]], rows: int) -> Table:
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
    for name in best[:rows]:
        shares = [kinds[name, "known"], kinds[name, "rejected"]]
        percent = [f"{share / made[name]:.0%}" for share in shares]
        survived = kinds[name, "survived"] + kinds[name, "front"]
        table.add_row(name, f"{made[name]:,}", *percent, f"{survived:,}", f"{kinds[name, 'front']:,}")
    return table


_KNOWN: Final = frozenset({"nothing new", "same behaviour"})
