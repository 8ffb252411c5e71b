"""The report of `evolve show`: an individual's figures, its source with the energy of its lines, and its lineage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evolve.cli.changes import Version, changes, count
from evolve.cli.figures import change, clock, duration
from evolve.cli.fresh import Judged, judged, label, label_now
from evolve.cli.inputs import InputError
from evolve.cli.listing import listing, print_table, show_lines
from evolve.cli.models_report import maker
from evolve.cli.run_tasks import quoted, task_of, task_option
from fitness.fresh import instances_for, line_energies
from fitness.score import Failed, Score
from population import Individual
from runs import Run
from runs.lineage import lineage
from runs.rendering import rendered, told
from tasks import Task

STEPS: Final = 12
"""Steps of a lineage that are listed unless all are asked for: those that gained most, and the last."""

CHANGES: Final = 3
"""Of how many of them the change is shown."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured now: the lineage on the same instances, by which model, and the energy of lines."""

    seed: int
    instances: int
    model: str
    steps: tuple[Judged, ...]
    costs: dict[int, float]


def show(run: Run, number: int, *, seed: int, instances: int | None, whole: bool) -> None:
    """Print the report.

    Args:
        run: holds the individual.
        number: its id.
        seed: of the fresh instances.
        instances: how many; None for as many as take a few seconds.
        whole: whether to show the changes of all steps.

    Raises:
        RunError: the run has no such individual.
    """
    console = Console(highlight=False, markup=False)
    line = lineage(run, number)
    standing = _standing(run, line[-1])
    rung = standing.rung
    text = told(line, run.directory.name)
    try:
        task, missing = task_of(run, rung), ""
    except InputError as error:
        task, missing = None, error.message
    measured = None
    if task is not None:
        with Console(stderr=True).status(f"judging {len(line)} programs on fresh instances"):
            try:
                steps = len(line) * max(each.steps for each in (standing.score, *(each.score for each in line)))
                count = instances_for(task, steps, instances)
                measured = _measured(run, task, line, text, seed, count)
            except ValueError as error:
                missing = str(error)
    show_lines(_head(run, line, standing, task), console)
    show_lines(["", *_source(text, measured, console)], console)
    if missing:
        show_lines([f"  energy by line is unknown: {missing}"], console)
    if len(line) > 1:
        _show_lineage(run, line, measured, whole, console)
    _show_next(run, line, rung, console)


def _measured(run: Run, task: Task, line: Sequence[Individual], text: str, seed: int, count: int) -> Measured:
    model = run.energy[0]
    steps = tuple(judged(task, each.source, seed, count, model) for each in line)
    return Measured(seed, count, label_now(model), steps, line_energies(task, text, seed, count, model))


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where an individual stands: a rung, its score there, and in words whether it is on the front."""

    rung: str
    score: Score
    words: str


def _standing(run: Run, individual: Individual) -> _Standing:
    """Where it stands on the highest rung whose front it is on, or was born to."""
    fronts = [run.front(name) for name in reversed(run.rungs())]
    for front in fronts:
        for member in front.members:
            if member.id == individual.id:
                seen = "verified on instances that the search never saw" if front.verified else "not verified yet"
                return _Standing(front.rung, member.score, f"on the front of {front.rung}, {seen}")
    rung = run.birth(individual.id).rung
    return _Standing(rung, individual.score, f"not on a front; figures are from instances of the search on {rung}")


def _head(run: Run, line: Sequence[Individual], standing: _Standing, task: Task | None) -> list[Text]:
    """Who it is, where it stands, and its figures."""
    individual, birth = line[-1], run.birth(line[-1].id)
    where = "" if birth.island is None else f", on island {birth.island} after {clock(birth.seconds)} of search"
    origin = f"the seed {individual.operator}"
    if individual.parents:
        origin = f"{_steps(len(line) - 1)} from {line[0].operator}, made by {individual.operator}{where}"
    rows = [
        ("origin", origin),
        *([("model", made)] if (made := maker(run, individual.id)) else []),
        ("standing", standing.words),
        *_promotions(run, individual),
        *_figures(run, standing.score, task),
    ]
    title = Text(f"individual {individual.id} of {run.directory}, {standing.rung}", style="bold")
    return [title, *(Text(f"  {name:<8}  {value}".rstrip()) for name, value in rows)]


def _promotions(run: Run, individual: Individual) -> list[tuple[str, str]]:
    """From which rungs it was promoted, and where to."""
    events = [each for each in run.events("promoted") if individual.id in each["ids"]]
    return [("promoted", f"from {each['rung']} to {each['to']}") for each in events]


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def _figures(run: Run, score: Score, task: Task | None) -> list[tuple[str, str]]:
    interval = f"{score.accuracy_low:.4f} to {score.accuracy_high:.4f}"
    gate = ""
    if task is not None:
        gate = (
            f"; {'passes' if score.accuracy_low >= task.gate else 'does not surely pass'} the gate of {task.gate:.4g}"
        )
    energy = f"{label(run.energy)}: {_split(score.energy, score.fit_energy)}"
    if task is not None and task.floor is not None and run.energy[0] == "dmc":
        energy += f"; {score.energy / task.floor.energy:.2f} times the floor of {task.floor.energy:,.0f}"
    return [
        ("accuracy", f"{score.accuracy:.4f} ({interval}) on {score.instances} instances{gate}"),
        ("energy", energy),
        ("time", f"{duration(score.seconds)} calibrated: the same on every computer"),
        ("steps", _split(score.steps, score.fit_steps)),
        ("memory", f"{score.peak_memory:,} bytes of arrays at most"),
    ]


def _split(total: float, fit: float) -> str:
    """A figure in its two parts, where there is a fit."""
    return f"{total:,.0f}" + (f" = {fit:,.0f} fit + {total - fit:,.0f} queries" if fit else "")


def _source(text: str, measured: Measured | None, console: Console) -> list[str | Text]:
    if measured is None:
        return list(listing(text, None, console))
    if not measured.costs:
        return [*listing(text, None, console), "", "  it failed on fresh instances: no energy by line"]
    head = Text(f"  line  {measured.model}", style="bold")
    told_on = f"mean of {measured.instances} fresh instances, seed {measured.seed}"
    head.append(f": {sum(measured.costs.values()):,.0f}, {told_on}", style="not bold dim")
    passed_on = measured.costs.get(0, 0.0)
    rest = [] if not passed_on else [f"        and {passed_on:,.0f} for passing the model to each query"]
    return [head, *listing(text, measured.costs, console), *rest]


def _show_lineage(
    run: Run, line: Sequence[Individual], measured: Measured | None, whole: bool, console: Console
) -> None:
    """The steps from the seed, the oldest first, and what changed in the most important of them, or in all."""
    sources = [rendered(each.source) for each in line]
    figures = [_of_step(each, None if measured is None else measured.steps[at]) for at, each in enumerate(line)]
    judged_on = "each as it was born, on instances that differ"
    if measured is not None:
        judged_on = f"all judged now on {measured.instances} fresh instances, seed {measured.seed}"
    show_lines(["", Text("  lineage", style="bold").append(f", {judged_on}", style="not bold dim"), ""], console)
    ranked = sorted(range(1, len(line)), key=lambda at: (-_gain(figures[at - 1], figures[at]), -at))
    listed = sorted({*ranked, len(line) - 1} if whole else {*ranked[: STEPS - 1], len(line) - 1})
    model = label(run.energy) if measured is None else measured.model
    print_table(_steps_table(line, sources, figures, listed, model), console)
    shown = sorted(ranked if whole else ranked[:CHANGES])
    for at in shown:
        title = Text(f"  {line[at - 1].id} to {line[at].id}: {_maker(line[at])}", style="bold")
        title.append(f"  {change(figures[at - 1].energy, figures[at].energy)}", style="not bold dim")
        differing = changes(Version(sources[at - 1]), Version(sources[at]), console, indent="    ")
        show_lines(["", title, *(differing or [Text("    no line differs")])], console)
    if len(shown) < len(line) - 1:
        show_lines(["", f"  These gained most; --lineage shows all {_steps(len(line) - 1)}."], console)


@dataclass(frozen=True, slots=True)
class _Step:
    """The figures of a step: its accuracy or how it failed, and its energy."""

    accuracy: float | str
    energy: float | None


def _gain(before: _Step, after: _Step) -> float:
    """How much a step gained: decades of energy and ten times its accuracy; all, if before it failed."""
    if not after.energy or isinstance(after.accuracy, str):
        return 0.0
    if not before.energy or isinstance(before.accuracy, str):
        return math.inf
    return math.log10(before.energy / after.energy) + 10 * (after.accuracy - before.accuracy)


def _steps_table(
    line: Sequence[Individual], sources: Sequence[str], figures: Sequence[_Step], listed: Sequence[int], model: str
) -> Table:
    """The seed and the steps that are listed; those between them together."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for name in ("", "id", "accuracy", f"energy ({model})", "change", "lines"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made by", no_wrap=True)
    before = -1
    for at in (0, *listed):
        if at > before + 1:
            joint = change(figures[before].energy, figures[at - 1].energy)
            table.add_row("", "⋯", "", "", joint, "", f"{_steps(at - before - 1)} between", style="dim")
        step = figures[at]
        accuracy = step.accuracy if isinstance(step.accuracy, str) else f"{step.accuracy:.4f}"
        energy = "" if step.energy is None else f"{step.energy:,.0f}"
        grown, lines = "", ""
        if at:
            grown = change(figures[at - 1].energy, step.energy)
            lines = "+{} −{}".format(*count(sources[at - 1], sources[at]))
        table.add_row("", str(line[at].id), accuracy, energy, grown, lines, _maker(line[at]))
        before = at
    if len(line) > 2:
        table.add_row("", "", "", "", change(figures[0].energy, figures[-1].energy), "", "in all", style="bold")
    return table


def _of_step(individual: Individual, found: Judged | None) -> _Step:
    """The figures of a step: those of now, or those it was born with."""
    if found is None:
        return _Step(individual.score.accuracy, individual.score.energy)
    if isinstance(found.score, Failed):
        return _Step(found.score.status, None)
    return _Step(found.score.accuracy, found.energy)


def _maker(individual: Individual) -> str:
    others = ", ".join(map(str, individual.parents[1:]))
    return individual.operator + (f", with {others}" if others else "")


def _show_next(run: Run, line: Sequence[Individual], rung: str, console: Console) -> None:
    where, number = quoted(run), line[-1].id
    lines = [f"evolve show {where} {number} --source > winner.py", f"evolve verify winner.py {task_option(run, rung)}"]
    if len(line) > 1:
        lines.insert(0, f"evolve diff {where} {line[0].id} {number}")
    show_lines(["", "Next:", *(f"  {each}" for each in lines)], console)
