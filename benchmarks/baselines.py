"""`python -m benchmarks.baselines [RUNG...]`: score all seed programs, and write the tables of docs/baselines.md.

Each rung has a section between two marks in the page, with the command that made it; the text around them is written by
hand. With rungs named, only their sections are made anew. Other figures than the measured seconds are the same on
every computer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import computer
from tasks import RUNGS
from tasks.task import Task
from tasks.text import TEXT_ALIASES

PAGE: Final = Path(__file__).parent.parent / "docs" / "baselines.md"
SEED: Final = "0"
"""Of the instances, so that the tables can be made again."""

MANY_STEPS: Final = 900_000_000
INSTANCES: Final = 5
"""On rungs with so large a budget, where slow seeds take minutes, each is judged on at most so many instances."""

WHOLE: Final = ("parity-20-3",)
"""Rungs on which all are judged on as many as the rung asks for, however long it takes: the reference."""

TRACED: Final = ("parity-20-3",)
"""Rungs whose programs are also priced by `bytedmd`, for comparison with published figures."""

COLUMNS: Final = (
    "seed",
    "accuracy",
    "95 % interval",
    "seconds",
    "calibrated",
    "dmc v1 fit",
    "dmc v1 queries",
    "steps",
    "gate",
)


_SHORT: Final = {name: alias for alias, name in TEXT_ALIASES.items()}
"""The names under which rungs stand in the page whose own depend on the version of Python."""


def main() -> None:
    """Make the sections of the rungs that were named, or of all that are at hand."""
    for name in sys.argv[1:] or list(RUNGS):
        try:
            task = RUNGS[name]
        except ValueError as error:  # its data is missing
            print(f"{name} left as it is: {error}", file=sys.stderr)
            continue
        started = time.perf_counter()
        made = section(task)
        page = PAGE.read_text(encoding="utf-8")  # a person may have edited the rest meanwhile
        PAGE.write_text(_with_section(page, _SHORT.get(name, name), made), encoding="utf-8")
        print(f"{task.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


def _with_section(page: str, name: str, text: str) -> str:
    """The page with another section for a rung. Raises SystemExit if it has no marks for one."""
    begin, end = f"<!-- rung {name} -->\n", f"<!-- end {name} -->"
    if begin not in page or end not in page:
        raise SystemExit(f"{PAGE} has no place for {name}: write the lines {begin.strip()} and {end} where it belongs")
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + text + end + after


def section(task: Task) -> str:
    """The section of a rung: the task, the command, and a row for each seed."""
    models = "dmc,bytedmd" if task.name in TRACED else "dmc"
    words = ["score", "--all-seeds", "--rung", task.name, "--seed", SEED, "--energy", models]
    few = task.budget.steps >= MANY_STEPS and task.name not in WHOLE and task.instances > INSTANCES
    if few:
        words += ["--instances", str(INSTANCES), "--repeats", "1"]
    else:
        words += ["--repeats", "2"]
    run = subprocess.run(
        [sys.executable, "-m", "evolve", *words, "--format", "json"], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    rows = json.loads(run.stdout)
    floor = "" if task.floor is None else f", energy floor {task.floor.energy:,.0f} (dmc v1)"
    best = "" if task.best is None else f", best possible {task.best:.4g}"
    head = f"### {task.name}\n\n{task.summary}. Gate {task.gate:.4g}, chance {task.chance:.4g}{best}{floor}.\n"
    columns = [*COLUMNS[: -1 if few else None], *(["bytedmd v2"] if "bytedmd" in models else [])]
    lines = [f"| {' | '.join(columns)} |", "|---|" + "---:|" * (len(columns) - 1)]
    lines += [f"| {' | '.join(_cells(row, columns))} |" for row in rows]
    command = f"    evolve {' '.join(words)}"
    return "\n".join([head, command, "", *lines, "", f"{computer()}.", "", ""])


def _cells(row: dict[str, Any], columns: list[str]) -> list[str]:
    name = f"`{row['program']}`"
    if row["status"] != "ok":
        where = "" if row.get("line") is None else f" in line {row['line']}"
        return [name, f"{row['status']}{where}", *[""] * (len(columns) - 2)]
    energy = {each["model"]: each for each in row["energy"]}
    measured = row["seconds_measured"]["total"]["median"]
    cells = [
        name,
        f"{row['accuracy']:.4f}",
        f"{row['accuracy_from']:.3f} to {row['accuracy_to']:.3f}",
        f"{measured:.2e}",
        f"{row['seconds_calibrated']:.2e}",
        f"{energy['dmc']['fit']:,.0f}",
        f"{energy['dmc']['queries']:,.0f}",
        f"{row['steps']:,.0f}",
    ]
    if "gate" in columns:
        cells.append("passed" if row["passed"] else "")
    if "bytedmd" in energy:
        traced = energy["bytedmd"]
        cells.append(f"{traced['total']:,.0f}" if traced["total"] is not None else traced["status"])
    return cells


if __name__ == "__main__":
    main()
