"""`evolve show`: a program of a run, with its energy, its scores, and where it comes from.

This module holds the command; `evolve.cli.show_report` writes the report.
"""

from __future__ import annotations

from pathlib import Path

import click

from evolve.cli.run_tasks import opened
from evolve.cli.tasks_option import new_seed, seed_option


@click.command(name="show")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("number", metavar="ID", type=click.IntRange(min=0))
@click.option("--source", is_flag=True, help="The program alone, to be kept: --source > winner.py")
@click.option(
    "--lineage", "whole", is_flag=True, help="Show the change of every step, not only of those that gained most."
)
@click.option(
    "--instances",
    type=click.IntRange(min=1),
    metavar="N",
    help="Fresh instances to judge all steps on.  [default: the task's, or fewer]",
)
@seed_option
def command(run: Path, number: int, source: bool, whole: bool, instances: int | None, seed: int | None) -> None:
    """Show the program of the individual ID of the run in the directory RUN.

    With the share of the energy that each line takes, its scores, its lineage back to the seed that it comes from, and
    what each step changed. Energy by line, and the figures of the steps, are measured now, on fresh instances.

    Without --source this is a report, on a terminal with colours, in a pipe without; with --source it is the bare
    program, always.
    """
    from runs.lineage import lineage
    from runs.rendering import told

    with opened(run) as found:
        if source:
            click.echo(told(lineage(found, number), found.directory.name), nl=False)
            return
        from evolve.cli.show_report import show

        show(found, number, seed=new_seed() if seed is None else seed, instances=instances, whole=whole)
