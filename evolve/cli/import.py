"""`evolve import`: read a learner that a person wrote in numpy, and write it in the language as far as that goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task, new_seed, seed_option, task_options

if TYPE_CHECKING:
    from runs.foreign.converting import Converted
    from tasks import Task


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the program in the language there.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--compare", is_flag=True, help="Run FILE as well, and compare its predictions with the machine's.")
@task_options
@seed_option
def command(
    file: Path,
    out: Path | None,
    force: bool,
    compare: bool,
    rung: str | None,
    task: str | None,
    data: Path | None,
    seed: int | None,
) -> None:
    """Convert the numpy learner in FILE, its functions fit and predict, into a program of the language.

    It says of each line what became of it, or what the language can't take and how to say it instead. FILE is read,
    not run, but with --compare. The task is parity-20-3 if none is named; learners are the same for all rungs.

    Exit code: 0 when the result is a program that checks, 1 when lines are left to be written by hand, or when the
    predictions differ, 2 when FILE can't be read.
    """
    from evolve.cli.diagnostics import program_error
    from primitives.errors import ProgramError
    from runs.foreign.converting import convert

    chosen = chosen_task("parity-20-3" if rung is None and task is None else rung, task, data)
    if compare and chosen.contract.functions is not None:
        raise InputError(f"--compare is for learners; {chosen.name} has other functions.")
    if out is not None:
        _check_target(file, out, force)
    source = read_text(file)
    try:
        found = convert(source, chosen)
    except ProgramError as error:
        raise program_error(error, file, " and ".join(chosen.contract.names), source) from error
    _tell(file, found)
    if out is not None and found.whole:
        try:
            out.write_text(found.source, encoding="utf-8")
        except OSError as error:
            raise InputError(f"can't write {out}: {error.strerror}; name another file with --out.") from error
        click.echo(f"{out}: a seed for a search, `evolve search --from {out}`")
    elif found.whole:
        click.echo(found.source)
    if not found.whole:
        raise SystemExit(1)
    if compare:
        _compare(source, found, chosen, new_seed() if seed is None else seed)


def _check_target(file: Path, out: Path, force: bool) -> None:
    """Refuse to write over files, and never over what is read."""
    if out.exists() and file.exists() and out.samefile(file):
        raise InputError(f"{out} is the learner itself; name another file with --out.")
    if out.exists() and not force:
        raise InputError(f"{out} is there already; name another file with --out, or write over it with --force.")
    if not out.parent.is_dir():
        raise InputError(f"there is no directory {out.parent}; make it, or name another file with --out.")


def _tell(file: Path, found: Converted) -> None:
    """Say what became of each line, to standard error; what is left to do comes last."""
    from runs.foreign.findings import CONVERTED, DIFFERS, LEFT

    for each in found.findings:
        if each.kind == CONVERTED:
            click.echo(f"{file}:{each.line}: {each.found}  ->  {each.instead}", err=True)
    for each in found.findings:
        if each.kind == DIFFERS:
            click.echo(
                f"{file}:{each.line}:{each.column}: not quite the same: {each.found}; now {each.instead}", err=True
            )
    left = [
        (each.line, each.column, f"{each.found}; instead: {each.instead}")
        for each in found.findings
        if each.kind == LEFT
    ]
    left += [(each.line, each.column, f"{each.found}; {each.allowed}") for each in found.faults]
    for line, column, says in sorted(left):
        click.echo(f"{file}:{line}:{column}: to write by hand: {says}", err=True)
    lines = {line for line, _, _ in left}
    if found.whole:
        click.echo(f"{file}: all of it is in the language", err=True)
    else:
        click.echo(
            f"{file}: lines left to be written by hand: {len(lines)}; nothing is written",
            err=True,
        )


def _compare(source: str, found: Converted, task: Task, seed: int) -> None:
    """Run the original, and say whether it predicts the same. Raises SystemExit(1) if it does not."""
    from runs.export.trial import FileFailed
    from runs.foreign.comparison import compared

    try:
        count, different = compared(source, found.source, task, seed)
    except FileFailed as error:
        raise click.ClickException(f"the predictions can't be compared: {error}.") from error
    if not count:
        raise click.ClickException(
            f"the predictions can't be compared: the machine fails on every instance of {task.name}."
        )
    click.echo(f"{count - different} of {count} predictions are the same on {task.name}, seed {seed}", err=True)
    if different:
        click.echo(
            "sums of floats in another order, other random numbers and ints that wrap make a difference", err=True
        )
        raise SystemExit(1)
