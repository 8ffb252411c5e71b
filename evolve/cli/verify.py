"""`evolve verify`: check a program the way a sceptic would, and print pass or fail.

This module holds the command; `runs.verification` makes the checks, `evolve.cli.verify_report` writes them.
"""

from __future__ import annotations

from pathlib import Path

import click

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task, new_seed, seed_option, task_options


@click.command(name="verify")
@click.argument("file", type=click.Path(path_type=Path))
@task_options
@click.option(
    "--instances",
    type=click.IntRange(min=1),
    metavar="N",
    help="Fresh instances, and as many at larger sizes and of each variant.  [default: 200 if the task is small]",
)
@click.option("--quick", is_flag=True, help="Fewer instances and sizes: a first look.")
@seed_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    file: Path,
    rung: str | None,
    task: str | None,
    data: Path | None,
    instances: int | None,
    quick: bool,
    seed: int | None,
    form: str,
) -> None:
    """Check the program in FILE on a task the way a sceptic would, and print pass or fail.

    It looks at fresh instances, larger sizes, changed tasks (labels shuffled, columns permuted), curves of noise and
    rows, the growth of energy and time, agreement with plain CPython, and whether a run can be repeated.

    Exit code: 0 when no check fails, 1 when one does, 2 when the program can't be checked.
    """
    from evolve.cli import verify_report
    from evolve.cli.diagnostics import program_error
    from primitives.errors import ProgramError
    from runs.verification import verify

    chosen = chosen_task(rung, task, data)
    seed = new_seed() if seed is None else seed
    source = read_text(file)
    watcher = verify_report.Watcher(prints=form == "text")
    try:
        if form == "text":
            verify_report.begin(file, chosen, seed, quick)
        with watcher:
            report = verify(chosen, source, seed=seed, instances=instances, quick=quick, observer=watcher)
    except ProgramError as error:
        entry = " and ".join(chosen.contract.names)
        raise program_error(error, file, entry, source) from error
    except ValueError as error:
        raise InputError(f"{error}.") from error
    click.echo(verify_report.as_json(file, report)) if form == "json" else verify_report.end(report)
    if not report.passed:
        raise SystemExit(1)
