"""`evolve diff`: what distinguishes two programs of a run, in their figures and line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from evolve.cli.inputs import InputError
from evolve.cli.run_tasks import opened, task_of
from evolve.cli.tasks_option import new_seed, seed_option

if TYPE_CHECKING:
    from rich.console import Console

    from evolve.cli.fresh import Judged
    from runs import Run
    from tasks import Task

SEED: Final = "seed:"
"""Before the name of a seed program."""


@click.command(name="diff")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--rung", metavar="NAME", help="The rung to judge both on.  [default: where B was born]")
@click.option("--patch", "bare", is_flag=True, help="The difference alone, as `patch` and `git apply` take it.")
@click.option(
    "--instances",
    type=click.IntRange(min=1),
    metavar="N",
    help="Fresh instances to judge both on.  [default: the task's, or fewer]",
)
@seed_option
def command(run: Path, a: str, b: str, rung: str | None, bare: bool, instances: int | None, seed: int | None) -> None:
    """Show what distinguishes the programs A and B of the run in the directory RUN.

    A and B are ids of individuals, or seed:NAME for a program that comes with evolve. Both are judged now on the same
    fresh instances, so that their figures can be compared; before each line stands the energy that it takes in A and
    in B. Both programs are laid out alike and without their docstrings and comments.
    """
    from evolve.cli.changes import patch

    with opened(run) as found:
        one, two = _side(found, a), _side(found, b)
        if bare:
            click.echo(patch(one.source, two.source, f"a/{one.file}", f"b/{two.file}"), nl=False)
            return
        if rung is not None and rung not in found.rungs():
            raise InputError(f"{run} has no rung {rung}; open are {', '.join(found.rungs())}.")
        _show(found, one, two, rung, new_seed() if seed is None else seed, instances)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two programs.

    Attributes:
        name: for people.
        file: for a patch.
        source: laid out.
        rung: where it was born; None for a seed program.
        steps: of the machine that it takes for an instance, 0 if that is not known.
    """

    name: str
    file: str
    source: str
    rung: str | None
    steps: float


def _side(run: Run, word: str) -> _Side:
    """The program that a word names. Raises InputError or RunError if there is none."""
    from primitives.seeds import source
    from runs.rendering import rendered

    if word.startswith(SEED):
        name = word.removeprefix(SEED)
        try:
            return _Side(name, f"{name}.py", rendered(source(name)), None, 0.0)
        except ValueError as error:
            raise InputError(f"{word}: {error}.") from error
    if not word.isdecimal():
        raise InputError(f"{word} is no id of an individual; give a number that `evolve front` shows, or seed:NAME.")
    individual = run.individual(int(word))
    source_name = f"{individual.id}" if individual.parents else f"{individual.id} ({individual.operator})"
    birth = run.birth(individual.id)
    return _Side(source_name, f"{word}.py", rendered(individual.source), birth.rung, individual.score.steps)


def _show(run: Run, one: _Side, two: _Side, rung: str | None, seed: int, instances: int | None) -> None:
    """Print the figures of both, and the lines that differ."""
    from rich.console import Console
    from rich.text import Text

    from evolve.cli.changes import Version, changes, heading
    from evolve.cli.fresh import judged, label_now
    from evolve.cli.listing import show_lines
    from fitness.fresh import line_energies

    console = Console(highlight=False, markup=False)
    name = rung or two.rung or one.rung or run.rungs()[-1]
    costs: list[dict[int, float]] = [{}, {}]
    show_lines([Text(f"{one.name} and {two.name} of {run.directory}, {name}", style="bold")], console)
    try:
        task, model = task_of(run, name), run.energy[0]
        count = _count(task, one, two, instances)
        with Console(stderr=True).status("judging both programs on fresh instances"):
            found = [judged(task, each.source, seed, count, model) for each in (one, two)]
            costs = [line_energies(task, each.source, seed, count, model) for each in (one, two)]
    except (InputError, ValueError) as error:
        show_lines([f"  They can't be judged: {getattr(error, 'message', error)}"], console)
    else:
        show_lines([f"  judged now on {count} fresh instances, seed {seed}", ""], console)
        _show_figures(run, one, two, found, console)
    before, after = (Version(each.source, known or None) for each, known in zip((one, two), costs, strict=True))
    lines = changes(before, after, console)
    if not lines:
        show_lines(["", "  No line differs."], console)
        return
    if all(costs):
        title = Text(f"  energy by line ({label_now(run.energy[0])})", style="dim")
        show_lines(["", title, heading((one.name.partition(" ")[0], two.name.partition(" ")[0]))], console)
    else:
        show_lines([""], console)
    show_lines(lines, console)


def _count(task: Task, one: _Side, two: _Side, asked: int | None) -> int:
    """On how many instances both are judged."""
    from fitness.fresh import instances_for

    known = max(one.steps, two.steps)
    return instances_for(task, 4 * known, asked)


def _show_figures(run: Run, one: _Side, two: _Side, found: list[Judged], console: Console) -> None:
    """A table of the figures of both, side by side."""
    from rich.table import Table

    from evolve.cli.figures import change, duration, failure
    from evolve.cli.fresh import label_now
    from evolve.cli.listing import print_table, show_lines
    from fitness.score import Failed

    for side, each in zip((one, two), found, strict=True):
        if isinstance(each.score, Failed):
            show_lines([f"  {side.name} failed: {failure(each.score)}"], console)
    first, second = found
    if isinstance(first.score, Failed) or isinstance(second.score, Failed):
        return
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("")
    table.add_column("")
    for name in (one.name, two.name, "change"):
        table.add_column(name, justify="right", no_wrap=True)
    a, b, model = first.score, second.score, label_now(run.energy[0])
    table.add_row(
        "", "accuracy", f"{a.accuracy:.4f}", f"{b.accuracy:.4f}", f"{b.accuracy - a.accuracy:+.4f}".replace("-", "−")
    )
    table.add_row("", "at least", f"{a.accuracy_low:.4f}", f"{b.accuracy_low:.4f}", "")
    rows = (
        (f"energy ({model})", first.energy, second.energy, "{:,.0f}".format),
        ("of it fit", first.fit_energy, second.fit_energy, "{:,.0f}".format),
        ("calibrated time", a.seconds, b.seconds, duration),
        ("steps", a.steps, b.steps, "{:,.0f}".format),
        ("peak memory", float(a.peak_memory), float(b.peak_memory), "{:,.0f} B".format),
    )
    for name, before, after, text in rows:
        cells = ["no figure" if value is None else text(value) for value in (before, after)]
        table.add_row("", name, *cells, change(before, after))
    print_table(table, console)
