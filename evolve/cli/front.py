"""`evolve front`: the Pareto front of a run, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError

if TYPE_CHECKING:
    from population import Individual
    from runs import Run


@click.command(name="front")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def command(run: Path, form: str) -> None:
    """Show the Pareto front of the run in the directory RUN."""
    from runs import RunError, open_run

    try:
        with open_run(run) as opened:
            show(opened, form)
    except RunError as error:
        raise InputError(f"{error}.") from error


def show(run: Run, form: str) -> None:
    """Write the front of a run to standard output."""
    front = run.front()
    rows = [_row(each) for each in front.members]
    if form == "json":
        document = {"configuration": run.configuration, "verified": front.verified, "front": rows}
        click.echo(json.dumps(document, indent=2))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, list(_COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        _show_table(run, front.rung, front.members, front.verified)


_COLUMNS = (
    *("id", "accuracy", "accuracy_low", "energy_dmc_v1", "fit_energy_dmc_v1", "seconds_calibrated", "steps"),
    *("operator", "parents"),
)


def _row(individual: Individual) -> dict[str, object]:
    score = individual.score
    accuracy, energy = (score.accuracy, score.accuracy_low), (score.energy, score.fit_energy)
    origin = (individual.operator, list(individual.parents))
    values = (individual.id, *accuracy, *energy, score.seconds, score.steps, *origin)
    return dict(zip(_COLUMNS, values, strict=True))


_WIDEST = 200


def _show_table(run: Run, rung: str, members: tuple[Individual, ...], verified: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True, markup=False)
    wide = Console(highlight=False, markup=False, width=_WIDEST)  # a narrower terminal wraps, no figure is cut off
    if not members:
        console.print(f"{run.directory}: nothing beats chance on {rung} yet.")
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    for name in ("id", "accuracy", "at least", "energy (dmc v1)", "of it fit", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made by", no_wrap=True)
    for each in members:
        score = each.score
        accuracy, energy = (score.accuracy, score.accuracy_low), (score.energy, score.fit_energy)
        figures = (*(f"{value:.4f}" for value in accuracy), *(f"{value:,.0f}" for value in energy))
        table.add_row(str(each.id), *figures, f"{score.seconds:.2e}", each.operator)
    wide.print(table, width=wide.measure(table).maximum)
    instances = f"{members[0].score.instances} instances of {rung}"
    console.print(f"\nMeans over {instances}" + (" that the search never saw;" if verified else ", not verified yet;"))
    console.print("accuracy is at least so much with a confidence of 95 %; seconds are calibrated ones.")
    _show_seeds(run)
    gate = run.configuration["gate"]
    passing = [each for each in members if each.score.accuracy_low >= gate]
    best = passing[0] if passing else max(members, key=lambda each: each.score.accuracy)
    console.print(f"\nNext:\n  evolve show {run.directory} {best.id} > winner.py")
    console.print(f"  evolve verify winner.py {_task(run, rung)}\n  evolve front {run.directory} --format csv")


def _task(run: Run, rung: str) -> str:
    """How the task of a run is named on the command line."""
    file = run.configuration.get("task", {}).get("file")
    return f"--rung {rung}" if file is None else f"--task {file}"


def _show_seeds(run: Run) -> None:
    """Say what the seeds cost on the same instances."""
    for finished in run.events("finished")[-1:]:
        for seed in finished["seeds"]:
            name, accuracy, energy = seed["name"], seed["accuracy"], seed["energy"]
            click.echo(f"Seed {name}: accuracy {accuracy:.4f}, energy {energy:,.0f}.")
