"""The answer of `evolve score`: one program in full (`show`), several as a table, or both as JSON or CSV.

Every figure of energy carries the name and version of its model.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evolve.cli.figures import duration, failure
from fitness.assess import Assessment, Energy, Times
from fitness.gate import Gate
from fitness.score import Failed, Score
from fitness.timing import Spread
from tasks import Task


@dataclass(frozen=True, slots=True)
class Scored:
    """A program that was scored.

    Attributes:
        name: its file, or the name of a seed.
        outcome: its score, or how it failed.
        found: all that was found out; None if it could not be compiled for the task.
        gates: how it does at the task's gate and, if it passes that, at those of larger sizes.
    """

    name: str
    outcome: Score | Failed
    found: Assessment | None
    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        """Whether it passes all gates."""
        return bool(self.gates) and all(gate.passed for gate in self.gates)


@dataclass(frozen=True, slots=True)
class Scores:
    """Programs scored on one task."""

    task: Task
    rows: tuple[Scored, ...]


def merit(scored: Scored) -> tuple[int, float, str]:
    """What programs are sorted by: those that pass by energy, then the others by accuracy, then those that failed."""
    outcome = scored.outcome
    if isinstance(outcome, Failed):
        return 2, 0.0, scored.name
    return (0, outcome.energy, scored.name) if scored.passed else (1, -outcome.accuracy, scored.name)


def show(scored: Scored, task: Task) -> None:
    """Print one program's figures."""
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(Text(f"{scored.name} on {task.name}: {task.summary}", style="bold"))
    rows = (
        _failure(scored, scored.outcome)
        if isinstance(scored.outcome, Failed)
        else _figures(scored, scored.outcome, task)
    )
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        line = Text(f"  {name:<{width}}  ").append(value)
        line.rstrip()
        console.print(line)


Row = tuple[str, str | Text]


def _failure(scored: Scored, failed: Failed) -> list[Row]:
    seed = [] if scored.found is None else [("seed", str(scored.found.seed))]
    return [("status", Text(failure(failed), style="bold red")), *seed]


def _figures(scored: Scored, score: Score, task: Task) -> list[Row]:
    found = scored.found
    assert found is not None and found.interval is not None
    best = "not known" if task.best is None else f"{task.best:.4g}"
    return [
        ("status", Text("ok", style="bold green")),
        ("instances", f"{score.instances} that no search has seen, seed {found.seed}; figures are means of one"),
        ("accuracy", f"{score.accuracy:.4f}; chance {task.chance:.4g}, best possible {best}"),
        ("", f"{found.interval.low:.4f} to {found.interval.high:.4f} with a confidence of 95 %, over {task.interval}"),
        *(("gate" if number == 0 else "", _gate(gate)) for number, gate in enumerate(scored.gates)),
        *(row for energy in found.energy for row in _energy(energy, task)),
        ("time", f"{duration(score.seconds)} calibrated: the same on every computer"),
        *(_times(found.times, found) if found.times is not None else []),
        ("steps", _split(score.fit_steps, score.steps - score.fit_steps)),
        ("memory", f"{score.peak_memory:,} of {task.budget.memory:,} bytes of arrays at most"),
        ("literals", f"{found.literals:,} of {task.budget.literals:,} bytes"),
    ]


def _gate(gate: Gate) -> Text:
    name = f"{gate.least:.4g} on {gate.task}: "
    if isinstance(gate.outcome, Failed):
        return Text(f"{name}failed, {failure(gate.outcome)}", style="red")
    least = f"accuracy at least {gate.outcome.accuracy_low:.4f} with a confidence of 95 %"
    return Text(f"{name}passed, {least}", style="green") if gate.passed else Text(f"{name}not passed, {least}")


def _energy(energy: Energy, task: Task) -> list[Row]:
    label = f"{energy.model} v{energy.version}"
    if energy.fit is None or energy.predict is None:
        return [("energy", f"{label}: no figure, {failure(Failed(energy.status, None))}")]
    rows: list[Row] = [("energy", f"{label}: {_split(energy.fit, energy.predict)}")]
    if energy.model == "dmc" and task.floor is not None:
        floor = task.floor
        times = f"{(energy.fit + energy.predict) / floor.energy:.3g} times " if floor.energy else ""
        rows.append(("", f"{times}the floor of {_split(floor.fit, floor.queries)}: {floor.reason}"))
    return rows


def _split(fit: float, predict: float) -> str:
    return f"{fit + predict:,.0f} = {fit:,.0f} fit + {predict:,.0f} queries"


def _times(times: Times, found: Assessment) -> list[Row]:
    runs = found.repeats * found.instances
    parts = f"{_seconds(times.fit)} fit, {_seconds(times.predict)} queries"
    return [
        ("", f"{_seconds(times.total)} measured here: {parts}"),
        ("", f"(medians of {runs} runs, in brackets the quartiles)"),
    ]


def _seconds(spread: Spread) -> str:
    return f"{duration(spread.median)} ({duration(spread.low)} to {duration(spread.high)})"


_WIDEST = 400
"""Characters of a line of a table; a terminal that is narrower wraps it, and no figure is cut off."""


def show_table(scores: Scores) -> None:
    """Print a line for each program."""
    task = scores.task
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("seed", no_wrap=True)
    models = next((each.found.energy for each in scores.rows if each.found and each.found.energy), ())
    names = [f"{each.model} v{each.version}{part}" for each in models for part in (" fit", " queries")]
    for name in ("accuracy", "from", "to", "time here", "calibrated", *names, "steps"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("gate", no_wrap=True)
    for each in scores.rows:
        if isinstance(each.outcome, Failed):
            table.add_row(each.name, *[""] * (6 + len(names)), Text(failure(each.outcome), style="red"))
        else:
            table.add_row(each.name, *_cells(each, each.outcome), _verdict(each))
    wide = Console(width=_WIDEST)
    console = Console(highlight=False, soft_wrap=True, markup=False, width=wide.measure(table).maximum)
    console.print(Text(f"{task.name}: {task.summary}", style="bold"))
    console.print(table)
    floor = "" if task.floor is None else f"; energy floor {task.floor.energy:,.0f} (dmc v1)"
    console.print(
        f"\nGate {task.gate:.4g}, chance {task.chance:.4g}{floor}. {_drawn(scores)}Figures are means of one instance;"
    )
    console.print("accuracy lies between from and to with a confidence of 95 %, the gate takes the bound below alone.")
    console.print("Seeds that are not meant for such a task had a tenth of its budget of steps.")


def _drawn(scores: Scores) -> str:
    """Which instances the programs were judged on."""
    found = next((each.found for each in scores.rows if each.found is not None), None)
    return "" if found is None else f"{found.instances} instances, seed {found.seed}. "


def _cells(scored: Scored, score: Score) -> list[str]:
    found = scored.found
    assert found is not None and found.interval is not None
    measured = "" if found.times is None else duration(found.times.total.median)
    energies = [
        f"{value:,.0f}" if value is not None else each.status
        for each in found.energy
        for value in (each.fit, each.predict)
    ]
    bounds = (f"{found.interval.low:.4f}", f"{found.interval.high:.4f}")
    return [f"{score.accuracy:.4f}", *bounds, measured, duration(score.seconds), *energies, f"{score.steps:,.0f}"]


def _verdict(scored: Scored) -> Text:
    if scored.passed:
        sizes = len(scored.gates) - 1
        return Text("passed" + (f", also on {sizes} larger" if sizes else ""), style="green")
    failed = next(gate for gate in scored.gates if not gate.passed)
    return Text("not passed" if failed is scored.gates[0] else f"not passed on {failed.task}")


def as_json(scores: Scores, one: bool) -> str:
    """Write the figures of one program as an object, of several as a list."""
    documents = [_document(each, scores.task) for each in scores.rows]
    return json.dumps(documents[0] if one else documents)


def _document(scored: Scored, task: Task) -> dict[str, Any]:
    outcome, found = scored.outcome, scored.found
    document: dict[str, Any] = {"program": scored.name, "task": task.name}
    if found is not None:
        document |= {"seed": found.seed, "instances": found.instances, "literals": found.literals}
    if isinstance(outcome, Failed):
        return document | {"status": outcome.status, "line": outcome.line, "instance": outcome.instance}
    assert found is not None and found.interval is not None
    floor = task.floor
    return document | {
        "status": "ok",
        "accuracy": outcome.accuracy,
        "accuracy_from": found.interval.low,
        "accuracy_to": found.interval.high,
        "confidence": 0.95,
        "trials": task.interval,
        "chance": task.chance,
        "best": task.best,
        "passed": scored.passed,
        "gates": [_gate_document(gate) for gate in scored.gates],
        "energy": [
            {
                "model": each.model,
                "version": each.version,
                "status": each.status,
                "fit": each.fit,
                "queries": each.predict,
                "total": each.total,
            }
            for each in found.energy
        ],
        "floor_dmc_v1": None if floor is None else {"fit": floor.fit, "queries": floor.queries, "reason": floor.reason},
        "seconds_calibrated": outcome.seconds,
        "seconds_measured": None if found.times is None else _times_document(found.times, found.repeats),
        "steps": outcome.steps,
        "fit_steps": outcome.fit_steps,
        "peak_memory": outcome.peak_memory,
    }


def _gate_document(gate: Gate) -> dict[str, Any]:
    outcome = gate.outcome
    document = {"task": gate.task, "least": gate.least, "passed": gate.passed}
    if isinstance(outcome, Failed):
        return document | {"status": outcome.status}
    return document | {"status": "ok", "accuracy": outcome.accuracy, "accuracy_low": outcome.accuracy_low}


def _times_document(times: Times, repeats: int) -> dict[str, Any]:
    parts = (("total", times.total), ("fit", times.fit), ("queries", times.predict))
    return {"repeats": repeats} | {
        name: {"median": each.median, "quartiles": [each.low, each.high]} for name, each in parts
    }


def write_csv(scores: Scores) -> None:
    """Write a row for each program to standard output; what a program that failed does not have is empty."""
    rows = [_flat(each, scores.task) for each in scores.rows]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _flat(scored: Scored, task: Task) -> dict[str, object]:
    """The most important figures in one row."""
    document = _document(scored, task)
    row: dict[str, object] = {name: document.get(name) for name in _IDENTITY + _ACCURACY}
    for each in document.get("energy", ()):
        for part in ("fit", "queries", "total"):
            row[f"energy_{each['model']}_v{each['version']}_{part}"] = each[part]
    measured = document.get("seconds_measured")
    if measured:
        row |= {f"seconds_{part}": measured[part]["median"] for part in ("fit", "queries", "total")}
    return row | {name: document.get(name) for name in _COSTS}


_IDENTITY = ("program", "task", "status", "line", "instance", "seed", "instances")
_ACCURACY = ("accuracy", "accuracy_from", "accuracy_to", "chance", "passed")
_COSTS = ("seconds_calibrated", "steps", "fit_steps", "peak_memory", "literals")
