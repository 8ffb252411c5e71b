"""`evolve tasks`: the rungs of the ladder, one of them in full, or a check of a person's own task."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evolve.cli.inputs import InputError
from evolve.cli.tasks_option import chosen_task, look_for_texts, task_options

if TYPE_CHECKING:
    from tasks import Task

WIDE: Final = 150
"""Characters of a line that has room for the budgets; of every line that no terminal shows."""


@click.command(name="tasks")
@task_options
@click.option("--check", is_flag=True, help="Check that the task keeps the contract of tasks.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(rung: str | None, task: str | None, data: Path | None, check: bool, form: str) -> None:
    """List the rungs of the ladder, from the easiest to the hardest.

    With --rung or --task, show that one in full: what a program defines, what it may use, what it has to reach.

    Exit code: 0; 1 when --check finds a fault; 2 when there is no such task.
    """
    if rung is not None or task is not None:
        chosen = chosen_task(rung, task, data)
        if check:
            _check(chosen)
        else:
            click.echo(json.dumps(_document(chosen)) if form == "json" else _in_full(chosen))
    elif check:
        raise InputError("--check needs a task: --task FILE.py:NAME or --rung NAME.")
    else:
        _list(data, form)


def _check(task: Task) -> None:
    """Run the contract suite on a task."""
    from tasks.contract_suite import check_task

    findings = check_task(task)
    for finding in findings:
        click.echo(f"{task.name}: {finding}")
    if findings:
        raise SystemExit(1)
    click.echo(f"{task.name} keeps the contract of tasks.")


def _list(data: Path | None, form: str) -> None:
    """Show all rungs; those whose data are missing by name."""
    from tasks import RUNGS

    look_for_texts(data)
    there: list[Task] = []
    missing: dict[str, str] = {}
    for name in RUNGS:
        try:
            there.append(chosen_task(name, None, None))
        except InputError as error:
            missing[name] = error.message
    if form == "json":
        click.echo(
            json.dumps([*map(_document, there), *({"name": name, "missing": why} for name, why in missing.items())])
        )
    else:
        _show(there, missing)


def _show(there: list[Task], missing: dict[str, str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = WIDE
    columns = [name for name in _FIGURES if console.width >= WIDE or name not in _BUDGET]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("rung", no_wrap=True)
    table.add_column("what a program learns")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for task in there:
        table.add_row(task.name, task.summary, *(_FIGURES[name](task) for name in columns))
    console.print(table)
    console.print(
        "\ngate: the accuracy to reach. chance: of guessing. best: no program can do better.\n"
        + ("steps, energy (dmc v1), memory: what a program may use on one instance.\n" if console.width >= WIDE else "")
        + "floor: the energy (dmc v1) of reading the fewest data that can decide.\n"
        "`evolve tasks --rung NAME` shows one in full.",
        soft_wrap=True,
    )
    if missing:
        names = ", ".join(missing)
        console.print(f"\nTheir texts are not at hand: {names}. `evolve data` says what to do.", soft_wrap=True)


def _short(value: float) -> str:
    """A large number in at most five characters: 400k, 1G, 1e13."""
    for factor, unit in ((1e12, ""), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")):
        if value >= factor:
            return f"{value:.0e}".replace("e+", "e") if factor == 1e12 else f"{value / factor:.3g}{unit}"
    return f"{value:.3g}"


def _bytes(value: int) -> str:
    return f"{value >> 20} MiB" if value >= 1 << 20 else f"{value >> 10} KiB"


def _floor(task: Task) -> str:
    return "?" if task.floor is None else _short(task.floor.energy)


_BUDGET: Final = ("steps", "energy", "memory")
"""Columns that a narrow terminal has no room for."""

_FIGURES: Final[dict[str, Callable[[Task], str]]] = {
    "gate": lambda task: f"{task.gate:.3g}",
    "chance": lambda task: f"{task.chance:.3g}",
    "best": lambda task: "?" if task.best is None else f"{task.best:.3g}",
    "steps": lambda task: _short(task.budget.steps),
    "energy": lambda task: _short(task.budget.energy),
    "memory": lambda task: _bytes(task.budget.memory),
    "floor": _floor,
}
"""The columns of figures in the list, and what stands in them."""


def _in_full(task: Task) -> str:
    """A task as text for people."""
    floor, budget = task.floor, task.budget
    rows: list[tuple[str, str]] = [
        ("problem", task.summary),
        *(("program" if index == 0 else "", line) for index, line in enumerate(task.contract.lines)),
        ("gate", f"{task.gate:.4g}" + _also(task)),
        ("chance", f"{task.chance:.4g}"),
        ("best possible", "not known" if task.best is None else f"{task.best:.4g}"),
        ("instances", f"{task.instances}, confidence over {task.interval}"),
        (
            "may use",
            f"{budget.steps:,} steps, energy {budget.energy:,.0f} (dmc v1), {_bytes(budget.memory)} of arrays,",
        ),
        ("", f"{budget.literals:,} bytes of numbers in its text; on each instance"),
        ("energy floor", "not known" if floor is None else f"{floor.energy:,.0f} (dmc v1): {floor.reason}"),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join([task.name, *(f"  {name:<{width}}  {value}".rstrip() for name, value in rows)])


def _also(task: Task) -> str:
    names = ", ".join(each.name for each in task.larger)
    return f", also on {names}" if names else ""


def _document(task: Task) -> dict[str, Any]:
    """A task as JSON."""
    floor = task.floor
    return {
        "name": task.name,
        "family": task.family,
        "summary": task.summary,
        "functions": list(task.contract.lines),
        "gate": task.gate,
        "gate_also_on": [each.name for each in task.larger],
        "chance": task.chance,
        "best": task.best,
        "instances": task.instances,
        "interval": task.interval,
        "budget": {name: getattr(task.budget, name) for name in ("steps", "energy", "memory", "literals")},
        "floor_dmc_v1": None if floor is None else {"fit": floor.fit, "queries": floor.queries, "reason": floor.reason},
    }
