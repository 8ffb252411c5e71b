"""The answer of `evolve verify`: a line for each check as it ends, tables of its points, and the verdict; or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from runs.verification import Check, Report
from tasks import Task

_STYLES: Final = {"pass": "bold green", "fail": "bold red", "not applicable": "dim"}
_MARKS: Final = {"pass": "pass", "fail": "FAIL", "not applicable": "n/a "}
_BARS: Final = "▁▂▃▄▅▆▇█"
_PARTS: Final = ("accuracy", "low", "high")
_NAME_WIDTH: Final = 35
_MARGIN: Final = " " * 6


class Watcher:
    """Prints each check when it has ended; on a terminal it also says what is being done. A context manager.

    Args:
        prints: whether checks are printed; else nothing but what is being done.
    """

    def __init__(self, prints: bool):
        self._console = Console(highlight=False, soft_wrap=True)
        self._prints = prints
        self._status = Console(stderr=True).status("checking")

    def __enter__(self) -> Watcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status.stop()

    def started(self, name: str) -> None:
        """Say what is being done."""
        self._status.update(f"checking: {name}")
        self._status.start()

    def finished(self, check: Check) -> None:
        """Print the check, with a table of its points."""
        self._status.stop()  # or it would stand on the line that is printed
        if not self._prints:
            return
        mark = Text(_MARKS[check.verdict], style=_STYLES[check.verdict])
        self._console.print(Text.assemble("  ", mark, f"  {check.name:<{_NAME_WIDTH}}  {check.detail}"))
        points = check.figures.get("points")
        if points:
            self._console.print(_sparkline(points))
            self._console.print(_table(points))


def begin(file: Path, task: Task, seed: int, quick: bool) -> None:
    """Print what is checked."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"{file} on {task.name}, seed {seed}{', quick' if quick else ''}", style="bold"))


def end(report: Report) -> None:
    """Print the verdict."""
    counts = {verdict: sum(each.verdict == verdict for each in report.checks) for verdict in _STYLES}
    if report.passed:
        verdict = Text("PASS", style=_STYLES["pass"])
        rest = f": {counts['pass']} checks passed"
    else:
        verdict = Text("FAIL", style=_STYLES["fail"])
        names = ", ".join(each.name for each in report.failed)
        rest = f": {counts['fail']} of {counts['fail'] + counts['pass']} checks failed: {names}"
    if counts["not applicable"]:
        rest += f"; {counts['not applicable']} not applicable"
    Console(highlight=False, soft_wrap=True).print(Text.assemble(verdict, rest))


def as_json(file: Path, report: Report) -> str:
    """Write the report as one JSON object."""
    return json.dumps({"file": str(file), **report.as_json()})


def _sparkline(points: Sequence[dict[str, Any]]) -> Text:
    """The accuracy along a curve as a row of bars, from 0 to 1."""
    known = [point["accuracy"] for point in points]
    bars = "".join(" " if each is None else _BARS[min(int(each * len(_BARS)), len(_BARS) - 1)] for each in known)
    return Text(f"{_MARGIN}accuracy {bars} along {next(iter(points[0]))}")


def _table(points: Sequence[dict[str, Any]]) -> Table:
    """The points of a curve; columns in which nothing stands are left out."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_edge=False, header_style="default")
    names = [name for name in points[0] if any(point[name] is not None for point in points)]
    table.add_column(_MARGIN)
    for name in names:
        table.add_column(name.replace("_", " "), justify="left" if name == "failure" else "right")
    for point in points:
        table.add_row(_MARGIN, *(_cell(name, point[name]) for name in names))
    return table


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "" if name == "failure" else "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "seconds":
        return f"{value * 1e3:,.3g} ms"
    if name in _PARTS:
        return f"{value:.3f}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
