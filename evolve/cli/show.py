"""`evolve show`: the source of an individual of a run."""

from __future__ import annotations

from pathlib import Path

import click

from evolve.cli.inputs import InputError


@click.command(name="show")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("number", metavar="ID", type=click.IntRange(min=0))
def command(run: Path, number: int) -> None:
    """Print the program of the individual ID of the run in the directory RUN."""
    from runs import RunError, open_run

    try:
        with open_run(run) as opened:
            click.echo(opened.individual(number).source, nl=False)
    except RunError as error:
        raise InputError(f"{error}.") from error
