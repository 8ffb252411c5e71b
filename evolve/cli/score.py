"""`evolve score`: a program on a task, or all seed programs on it: accuracy, time and energy on fresh instances.

This module holds the command and does the work; `evolve.cli.score_report` writes the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task, new_seed, seed_option, task_options

if TYPE_CHECKING:
    from rich.status import Status

    from evolve.cli.score_report import Scored
    from tasks import Task

SHARE_OF_OTHERS = 0.1
"""The part of a task's budget of steps for seeds that are not meant for its family, and may run for very long on it."""


@click.command(name="score")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@task_options
@click.option(
    "--all-seeds",
    is_flag=True,
    help="Score every seed program that comes with evolve, instead of FILE; a tenth of the task's steps for those that "
    "are not meant for it.",
)
@click.option("--instances", type=click.IntRange(min=1), metavar="N", help="Fresh instances.  [default: the task's]")
@seed_option
@click.option(
    "--energy", default="dmc", show_default=True, metavar="MODELS", help="Energy models, with commas between."
)
@click.option(
    "--repeats",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="How often the time of each instance is taken.",
)
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def command(
    file: Path | None,
    rung: str | None,
    task: str | None,
    data: Path | None,
    all_seeds: bool,
    instances: int | None,
    seed: int | None,
    energy: str,
    repeats: int,
    form: str,
) -> None:
    """Score the program in FILE on a task: accuracy, time and energy on instances that no search has seen.

    The instances' seed is printed; given as --seed, it makes the same figures again, but for the measured seconds.

    Exit code: 0 when the program ran, also if it does not pass the rung's gate; 1 when it failed on an instance; 2 when
    it could not be scored.
    """
    from rich.console import Console

    from evolve.cli import score_report as report
    from fitness import models
    from fitness.score import Failed
    from tasks.task import TaskError

    if (file is None) != all_seeds:
        raise InputError("give the FILE of a program, or --all-seeds; one of the two.")
    chosen = chosen_task(rung, task, data)
    seed = new_seed() if seed is None else seed
    names = tuple(name.strip() for name in energy.split(","))
    try:
        for name in names:
            models.get(name)
    except ValueError as error:
        raise InputError(f"--energy {energy}: {error}.") from error
    request = _Request(chosen, seed, instances, names, repeats)
    try:
        with Console(stderr=True).status("") as status:
            rows = [request.of_file(file, status)] if file is not None else request.of_seeds(status)
    except TaskError as error:
        raise InputError(f"{error}.") from error
    scores = report.Scores(chosen, tuple(rows))
    if form == "json":
        click.echo(report.as_json(scores, one=file is not None))
    elif form == "csv":
        report.write_csv(scores)
    elif file is not None:
        report.show(rows[0], chosen)
    else:
        report.show_table(scores)
    if file is not None and isinstance(rows[0].outcome, Failed):
        raise SystemExit(1)


class _Request:
    """What is asked of each program."""

    def __init__(self, task: Task, seed: int, instances: int | None, models: tuple[str, ...], repeats: int):
        self.task, self.seed, self.instances = task, seed, instances
        self.models, self.repeats = models, repeats

    def of_file(self, file: Path, status: Status) -> Scored:
        """Score the program in a file. Raises InputError if it is none for the task."""
        from evolve.cli.diagnostics import program_error
        from primitives.errors import ProgramError

        source = read_text(file)
        try:
            return self._scored(str(file), source, status)
        except ProgramError as error:
            entry = " and ".join(self.task.contract.names)
            raise program_error(error, file, entry, source) from error

    def of_seeds(self, status: Status) -> list[Scored]:
        """Score every seed program, one that is none for the task as a failure; the best first."""
        from evolve.cli.score_report import Scored, merit
        from fitness.score import Failed
        from primitives.errors import ProgramError
        from primitives.seeds import SEEDS, source

        rows = []
        for name, families in SEEDS.items():
            share = 1.0 if self.task.family in families else SHARE_OF_OTHERS
            try:
                rows.append(self._scored(name, source(name), status, share))
            except ProgramError as error:
                rows.append(Scored(name, Failed("rejected", error.diagnostics[0].line), None, ()))
        return sorted(rows, key=merit)

    def _scored(self, name: str, source: str, status: Status, share: float = 1.0) -> Scored:
        """Assess a program with a share of the budget of steps, and at the larger sizes if it passes the gate."""
        from evolve.cli.score_report import Scored
        from fitness.assess import assess
        from fitness.gate import Gate, larger_gates

        def tell(what: str | None) -> None:
            """Show what is being done; nothing moves on the terminal while times are taken."""
            if what is None:
                status.stop()
            else:
                status.update(f"{name} on {self.task.name}: {what}")
                status.start()

        tell("compiling")
        found = assess(
            self.task,
            source,
            seed=self.seed,
            instances=self.instances,
            models=self.models,
            repeats=self.repeats,
            share=share,
            report=tell,
        )
        gates = [Gate(self.task.name, self.task.gate, found.outcome)]
        if gates[0].passed:
            tell("larger sizes")
            gates += larger_gates(self.task, source, self.seed)
        return Scored(name, found.outcome, found, tuple(gates))
