"""`evolve measure-joules`: the joules of an exported file, by the counters of the processor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError

if TYPE_CHECKING:
    from runs.joules.measuring import Measured


@click.command(name="measure-joules")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="Of 3 seconds each.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="N", help="Of FILE.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--counters", type=click.Path(path_type=Path), hidden=True, help="Where the counters are.")
def command(file: Path, repeats: int, seed: int, form: str, counters: Path | None) -> None:
    """Run an exported FILE and measure the energy that the processor takes, in joules.

    FILE is one that `evolve export` wrote. It draws an instance of its task, and learns it again and again. The
    counters are those of RAPL, in Linux's powercap. They count all that the processor does, so that the computer should
    be idle. If the report of the export is beside FILE, the figures are written into it.

    Exit code: 0 when it was measured, 1 when FILE failed, 2 when this computer has no counters that can be read.
    """
    from runs.joules.counters import COUNTERS, CounterError, packages
    from runs.joules.measuring import measure
    from runs.native import FileError

    if not file.is_file():
        raise InputError(f"there is no file {file}; `evolve export` writes one.")
    try:
        found = packages(COUNTERS if counters is None else counters)
        measured = measure(file, found, repeats, seed)
    except CounterError as error:
        raise InputError(f"{error}.") from error
    except FileError as error:
        raise click.ClickException(f"{error}.") from error
    figures = {"file": str(file), **measured.as_json()}
    report = file.with_suffix(".verification.json")
    noted = _note(report, figures)
    click.echo(json.dumps(figures, indent=2)) if form == "json" else _show(measured)
    if form == "text" and noted:
        click.echo(f"written into {report}, under measured_joules")


def _note(report: Path, figures: dict[str, object]) -> bool:
    """Write the figures into the report of an export, if there is one.

    Raises:
        InputError: it is none, or can't be written.
    """
    if not report.exists():
        return False
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or "verification" not in found:
            raise ValueError
        report.write_text(json.dumps({**found, "measured_joules": figures}, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        raise InputError(f"{report} is not a report of `evolve export` that can be written; move it away.") from error
    return True


def _show(measured: Measured) -> None:
    """Write the figures for a person."""
    click.echo(
        f"{measured.net:.3g} joules for one instance beyond an idle computer, {measured.gross:.3g} in all, "
        f"{measured.seconds:.3g} s (medians of {measured.repeats} repeats, {measured.runs} instances in all)"
    )
    click.echo(f"idle: {measured.idle_watts:.3g} watts; counters: {', '.join(measured.counters)}")
