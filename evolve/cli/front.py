"""`evolve front`: the Pareto front of a run, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evolve.cli.inputs import InputError
from evolve.cli.run_tasks import opened, quoted, task_of, task_option

if TYPE_CHECKING:
    from rich.console import Console

    from population import Individual
    from runs import Run
    from runs.reading import Front
    from tasks import Task


@click.command(name="front")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--rung", metavar="NAME", help="A rung of the run.  [default: the highest; all for json and csv]")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def command(run: Path, rung: str | None, form: str) -> None:
    """Show the Pareto front of the run in the directory RUN, also while its search goes on.

    json is an array with an object for each program, all rungs that the run has opened one after the other. `seconds`
    are calibrated ones: the same on every computer. `energy` and `fit_energy` are objects by model and version.
    `verified` says whether the figures come from instances that the search never saw, `passes` whether the program
    surely has the accuracy of the rung's gate there, null if the gate is not known. csv has the same in columns.
    """
    with opened(run) as found:
        show(found, form, rung)


def show(run: Run, form: str, rung: str | None = None) -> None:
    """Write the fronts of a run, or that of one rung, to standard output."""
    if form == "table":
        from rich.console import Console

        _show_table(run, run.front(rung), Console(highlight=False, markup=False, soft_wrap=True))
        return
    rungs = run.rungs() if rung is None else (rung,)
    documents = [each for name in rungs for each in _documents(run, run.front(name))]
    if form == "json":
        click.echo(json.dumps(documents, indent=2))
    else:
        writer = csv.DictWriter(sys.stdout, _columns(run), lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(_flat, documents))


def _model(run: Run) -> str:
    name, version = run.energy
    return f"{name} v{version}"


def _documents(run: Run, front: Front) -> list[dict[str, Any]]:
    """The members of a front as JSON."""
    gate = _gate(run, front.rung)
    return [
        {
            "id": each.id,
            "rung": front.rung,
            "accuracy": each.score.accuracy,
            "accuracy_low": each.score.accuracy_low,
            "accuracy_high": each.score.accuracy_high,
            "seconds": each.score.seconds,
            "energy": {_model(run): each.score.energy},
            "fit_energy": {_model(run): each.score.fit_energy},
            "steps": each.score.steps,
            "peak_memory": each.score.peak_memory,
            "instances": each.score.instances,
            "verified": front.verified,
            "passes": None if gate is None else each.score.accuracy_low >= gate,
            "operator": each.operator,
            "parents": list(each.parents),
        }
        for each in front.members
    ]


_IDENTITY: Final = ("id", "rung", "accuracy", "accuracy_low", "accuracy_high", "seconds")
_REST: Final = ("steps", "peak_memory", "instances", "verified", "passes", "operator", "parents")


def _columns(run: Run) -> list[str]:
    model = _model(run).replace(" ", "_")
    return [*_IDENTITY, f"energy_{model}", f"fit_energy_{model}", *_REST]


def _flat(document: dict[str, Any]) -> dict[str, object]:
    """A row of CSV: truth as JSON writes it, ids with spaces between."""
    row: dict[str, object] = {name: document[name] for name in (*_IDENTITY, *_REST)}
    for name in ("energy", "fit_energy"):
        row |= {f"{name}_{model.replace(' ', '_')}": value for model, value in document[name].items()}
    row |= {name: "" if row[name] is None else str(row[name]).lower() for name in ("verified", "passes")}
    return row | {"parents": " ".join(map(str, document["parents"]))}


def _gate(run: Run, rung: str) -> float | None:
    """The gate of a rung; None if its task can't be loaded."""
    try:
        return task_of(run, rung).gate
    except InputError:
        return None


NEARLY: Final = 0.005
"""How much less accurate than the most accurate one the program may be that is suggested to be looked at."""

NARROW: Final = 100
"""Columns of a terminal that has no room for the less important figures."""


def _show_table(run: Run, front: Front, console: Console) -> None:
    """Print a front with what its figures mean, and what to do next."""
    members = front.members
    try:
        task, missing = task_of(run, front.rung), ""
    except InputError as error:
        task, missing = None, error.message
    if not members:
        console.print(f"{run.directory}: nothing beats chance on {front.rung} yet.")
        return
    _print_table(run, members, task, console)
    verified = " that the search never saw;" if front.verified else ", not verified yet;"
    console.print(f"\nMeans over {members[0].score.instances} instances of {front.rung}{verified}")
    if task is not None and task.larger:
        _tell_sizes(task, console)
    console.print("accuracy is at least so much with a confidence of 95 %; seconds are calibrated ones.")
    console.print(_floor_line(run, task, missing))
    _show_seeds(run, front.rung)
    _show_models(run)
    _show_others(run, front.rung)
    _show_next(run, front, _best(members, task), console)


def _tell_sizes(task: Task, console: Console) -> None:
    """Say which of the instances are larger ones, if any are."""
    from evolve.engine.draws import PART, sizes

    names = " or ".join(each.name for each in sizes(task))
    if names:
        console.print(f"one in {PART + 1} of them is of {names}, and counts for accuracy alone;")


def _print_table(run: Run, members: Sequence[Individual], task: Task | None, console: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from evolve.cli.figures import duration
    from evolve.cli.listing import print_table

    floor = task.floor if task is not None and run.energy[0] == "dmc" else None
    narrow = console.is_terminal and console.width < NARROW
    columns: dict[str, Callable[[Individual], str]] = {
        "id": lambda each: str(each.id),
        "accuracy": lambda each: f"{each.score.accuracy:.4f}",
        "at least": lambda each: f"{each.score.accuracy_low:.4f}",
    }
    if task is not None:
        columns["gate"] = lambda each: "passes" if each.score.accuracy_low >= task.gate else ""
    columns[_model(run) if narrow else f"energy ({_model(run)})"] = lambda each: f"{each.score.energy:,.0f}"
    if not narrow:
        columns["of it fit"] = lambda each: f"{each.score.fit_energy:,.0f}"
    if floor is not None:
        columns["× floor"] = lambda each: f"{each.score.energy / floor.energy:.2f}"
    columns["seconds"] = lambda each: duration(each.score.seconds)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made by", no_wrap=True)
    for each in members:
        style = "" if task is None or each.score.accuracy_low >= task.gate else "dim"
        table.add_row(*(figure(each) for figure in columns.values()), each.operator, style=style)
    print_table(table, console)


def _floor_line(run: Run, task: Task | None, missing: str) -> str:
    """What the floor of the rung is."""
    if task is None:
        return f"The energy floor is unknown: {missing}"
    if task.floor is None:
        return f"The energy floor of {task.name} is unknown."
    if run.energy[0] != "dmc":
        return f"The energy floor of {task.name} is known for dmc only, these figures are {_model(run)}."
    return f"The energy floor of {task.name} is {task.floor.energy:,.0f} (dmc v1): {task.floor.reason}."


def _best(members: Sequence[Individual], task: Task | None) -> Individual:
    """Of what was found and passes the gate, or of all if nothing does, the cheapest of about the best accuracy."""
    passing = [each for each in members if task is not None and each.score.accuracy_low >= task.gate]
    found = [each for each in passing if each.parents] or passing or list(members)
    least = max(each.score.accuracy for each in found) - NEARLY
    return min((each for each in found if each.score.accuracy >= least), key=lambda each: each.score.energy)


def _show_seeds(run: Run, rung: str) -> None:
    """Say what the seeds cost on the same instances."""
    for finished in run.events("finished")[-1:]:
        seeds = [each for each in finished["seeds"] if each.get("rung", rung) == rung]
        for seed in sorted(seeds, key=lambda each: each["energy"]):
            accuracy, energy = seed["accuracy"], seed["energy"]
            click.echo(f"Seed {seed['name']}: accuracy {accuracy:.4f}, energy {energy:,.0f} ({_model(run)}).")


def _show_models(run: Run) -> None:
    """Say what language models have cost, and what came of it."""
    from evolve.cli.models_report import costs_line

    line = costs_line(run.calls())
    if line:
        click.echo(line)


def _show_others(run: Run, rung: str) -> None:
    """Name the other rungs, and those that the search has not reached."""
    others = [each for each in run.rungs() if each != rung]
    if others:
        click.echo(f"Other rungs of this run: {', '.join(others)}; --rung NAME shows one.")
    unreached = [each for each in run.configuration.get("rungs", ()) if each not in run.rungs()]
    if unreached:
        click.echo(f"Not reached yet: {', '.join(unreached)}.")


def _show_next(run: Run, front: Front, best: Individual, console: Console) -> None:
    """The commands that look at the best program more closely."""
    from evolve.cli import COMMANDS
    from runs.lineage import lineage

    where, seed = quoted(run), lineage(run, best.id)[0]
    lines = [f"evolve show {where} {best.id}"]
    if seed.id != best.id:
        lines.append(f"evolve diff {where} {seed.id} {best.id}")
    lines.append(f"evolve show {where} {best.id} --source > winner.py")
    lines.append(f"evolve verify winner.py {task_option(run, front.rung)}")
    if "export" in COMMANDS:
        lines.append(f"evolve export {where} {best.id}")
    console.print("\nNext:\n" + "\n".join(f"  {line}" for line in lines))
