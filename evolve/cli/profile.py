"""`evolve profile`: run one function of a program on the machine and show what it cost, line by line.

This module holds the command and its request; `evolve.cli.profile_report` writes the answer.
"""

from __future__ import annotations

from pathlib import Path

import click

from evolve.cli.inputs import InputError, read_text


@click.command(name="profile")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--entry", required=True, metavar="NAME", help="The function to call.")
@click.option(
    "--args",
    "arguments_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A JSON list of its arguments; without it the function is called with none.",
)
@click.option(
    "--energy", default="dmc", show_default=True, metavar="MODELS", help="Energy models, with commas between."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Starts the random draws."
)
@click.option("--steps", type=click.IntRange(min=1), help="Stop after so many steps.  [default: 100 million]")
@click.option("--memory", type=click.IntRange(min=1), metavar="BYTES", help="Room for arrays.  [default: 64 MiB]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    file: Path,
    entry: str,
    arguments_file: Path | None,
    energy: str,
    seed: int,
    steps: int | None,
    memory: int | None,
    form: str,
) -> None:
    """Run the function NAME of the program in FILE on the machine and show its energy, line by line.

    The arguments are a JSON list: numbers, true and false, nested lists of ints (arrays of i8) or floats (f8),
    {"dtype": "u1", "data": [...]} for other element types, {"control": 5} for a scalar that is control, and
    {"readonly": [...]} for an array that can't be written.

    Exit code: 0 when the program ended with the status ok, 1 when it ended with another, 2 when it could not be run.
    """
    from rich.console import Console

    from evolve.cli import profile_report
    from evolve.cli.arguments import read_arguments
    from evolve.cli.diagnostics import program_error
    from fitness import Limits, measure, models
    from primitives.errors import ProgramError

    try:
        energy_models = [models.get(name.strip()) for name in dict.fromkeys(energy.split(","))]
    except ValueError as error:
        raise InputError(f"--energy {energy}: {error}.") from error
    source = read_text(file)
    arguments = read_arguments(arguments_file) if arguments_file is not None else []
    defaults = Limits()
    try:
        limits = Limits(steps=steps or defaults.steps, memory=memory or defaults.memory)
        with Console(stderr=True).status("running; the first run of all compiles the machine, which takes a while"):
            measured = measure(
                source, entry, arguments, energy=[model.name for model in energy_models], limits=limits, seed=seed
            )
    except ProgramError as error:
        raise program_error(error, file, entry, source) from error
    except ValueError as error:
        raise InputError(f"{error}.") from error
    profile = profile_report.Profile(file, source, entry, seed, tuple(energy_models), measured)
    click.echo(profile_report.as_json(profile)) if form == "json" else profile_report.show(profile)
    if measured.status != "ok":
        raise SystemExit(1)
