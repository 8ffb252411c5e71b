"""`evolve export`: an individual of a run, or a program in a file, as one standalone file, verified."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evolve.cli.inputs import InputError, read_text
from evolve.cli.tasks_option import chosen_task, new_seed, seed_option, task_options

if TYPE_CHECKING:
    from population import Individual
    from runs import Run
    from runs.export.exporting import Exported
    from tasks import Task

_SHAPES = ("module", "numba", "parity-challenge", "sklearn", "charmodel")


@click.command(name="export")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("number", metavar="[ID]", required=False, type=click.IntRange(min=0))
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to.  [default: TASK_ID.py, or NAME_TASK.py]"
)
@click.option("--as", "shape", type=click.Choice(_SHAPES), default="module", show_default=True)
@click.option("--pure", is_flag=True, help="Need the standard library alone, neither numpy nor numba.")
@click.option("--as-is", is_flag=True, help="Simplify nothing.")
@click.option("--unverified", is_flag=True, help="Export it even if it fails its verification; the file says so.")
@click.option("--quick", is_flag=True, help="Verify on fewer instances and sizes.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@task_options
@seed_option
def command(
    run: Path,
    number: int | None,
    out: Path | None,
    shape: str,
    pure: bool,
    as_is: bool,
    unverified: bool,
    quick: bool,
    force: bool,
    rung: str | None,
    task: str | None,
    data: Path | None,
    seed: int | None,
) -> None:
    """Write the individual ID of the run in the directory RUN as one Python file that runs without this project.

    RUN may be a program in a file as well; then name its task. The program is simplified, verified on fresh instances
    as by `evolve verify`, and the file is run to see that it predicts the same. The report of the verification is
    written beside the file, as JSON.

    Exit code: 0 when the file was written, 1 when the program fails its verification, 2 when it can't be exported.
    """
    from evolve.cli import verify_report
    from evolve.cli.diagnostics import program_error
    from primitives.errors import ProgramError
    from runs.export.exporting import Request, export
    from runs.export.trial import ExportError, ShapeError

    source, chosen, title, lineage = _subject(run, number, rung, task, data)
    suffix = "" if number is None else f"_{number}"
    stem = f"{chosen.name}{suffix}" if number is not None else f"{run.stem}_{chosen.name}"
    out = out or Path(f"{stem.replace('-', '_')}.py")
    report = out.with_suffix(".verification.json")
    _check_targets(run, (out, report), force)
    seed = new_seed() if seed is None else seed
    words = ["evolve", "export", str(run), *([str(number)] if number is not None else [])]
    words += [] if shape == "module" else ["--as", shape]
    flags = {"--pure": pure, "--as-is": as_is, "--unverified": unverified, "--quick": quick}
    words += [flag for flag, given in flags.items() if given]
    words += [] if rung is None else ["--rung", rung]
    words += [] if task is None else ["--task", task]
    command = shlex.join([*words, "--seed", str(seed)])
    request = Request(source, chosen, title, lineage, command, shape, pure, as_is, unverified, quick, seed)
    watcher = verify_report.Watcher(prints=False)
    try:
        with watcher:
            found = export(request, watcher, watcher.started)
    except ProgramError as error:
        raise program_error(error, run, " and ".join(chosen.contract.names), source) from error
    except ShapeError as error:
        raise InputError(f"{run}{suffix.replace('_', ' ')} is not exported: {error}.") from error
    except ExportError as error:
        raise click.ClickException(f"{run}{suffix.replace('_', ' ')} is not exported: {error}.") from error
    _write(out, found.text)
    _write(report, json.dumps({"file": str(out), "command": command, **_figures(found)}, indent=2) + "\n")
    _tell(out, report, found)


def _subject(
    run: Path, number: int | None, rung: str | None, task: str | None, data: Path | None
) -> tuple[str, Task, str, list[str]]:
    """The source of the program, its task, what it is, and where it comes from."""
    from runs import RunError, open_run
    from runs.lineage import lineage

    if run.is_file() or (number is None and not run.is_dir()):
        if number is not None:
            raise InputError(f"{run} is a file, and has no individual {number}; give the directory of a run.")
        return read_text(run), chosen_task(rung, task, data), f"The program {run.stem}.", []
    if number is None:
        raise InputError(f"name an individual of {run}: `evolve front {run}` lists those of its front.")
    try:
        with open_run(run) as opened:
            line = lineage(opened, number)
            if rung is None and task is None:
                rung, task, data = _task_of(opened, number, data)
            title = f"Individual {number} of the run {run.resolve().name}."
            return line[-1].source, chosen_task(rung, task, data), title, _lineage(line)
    except RunError as error:
        raise InputError(f"{error}.") from error


def _task_of(run: Run, number: int, data: Path | None) -> tuple[str | None, str | None, Path | None]:
    """The options that name the task of an individual: the highest rung whose front has it, else where it was born."""
    named: dict[str, Any] = run.configuration.get("task") or {}
    if data is None and named.get("data"):
        data = Path(named["data"])
    if named.get("file"):
        return None, str(named["file"]), data
    fronts = [rung for rung in run.rungs() if any(each.id == number for each in run.front(rung).members)]
    return (fronts[-1] if fronts else run.birth(number).rung), None, data


def _lineage(line: Sequence[Individual]) -> list[str]:
    """Where an individual comes from, in three lines."""
    seed, steps = line[0], [each.operator for each in line[1:]]
    if not steps:
        return [f"It is a seed, {seed.operator}."]
    return [
        f"It descends from {seed.operator} (individual {seed.id}) in {len(steps)} step{'s' if len(steps) > 1 else ''}:",
        f"{'... ' if len(steps) > 6 else ''}{', '.join(steps[-6:])};",
        f"its parent is individual {line[-2].id}.",
    ]


def _check_targets(run: Path, targets: tuple[Path, ...], force: bool) -> None:
    """Refuse to write over files, and never over the program itself."""
    for target in targets:
        if target.exists() and run.exists() and target.samefile(run):
            raise InputError(f"{target} is the program itself; name another file with --out.")
        if target.exists() and not force:
            raise InputError(f"{target} is there already; name another file with --out, or write over it with --force.")
        if not target.parent.is_dir():
            raise InputError(f"there is no directory {target.parent}; make it, or name another file with --out.")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"can't write {path}: {error.strerror}; name another file with --out.") from error


def _figures(found: Exported) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "verified": found.report.passed,
        "score": {"before": asdict(found.before), "after": asdict(found.after)},
        "removed": list(found.removed),
        "answers": [asdict(each) for each in found.trials],
        "measured_joules": None,  # `evolve measure-joules` fills it in
        "verification": found.report.as_json(),
    }


def _tell(out: Path, report: Path, found: Exported) -> None:
    """Say what was written, and what the simplification changed."""
    from fitness.score import Score
    from runs.export.exporting import changes

    for name, score in (("before", found.before), ("after", found.after)):
        if isinstance(score, Score):
            click.echo(
                f"{name:>6}: accuracy {score.accuracy:.4f}, energy {score.energy:,.0f} (dmc v1), "
                f"{score.seconds:.3g} calibrated seconds"
            )
    if found.removed:
        click.echo(f"simplified by {changes(len(found.removed))}, listed in the report")
    for trial in found.trials:
        if trial.answers:
            click.echo(f"with {trial.interpreter} the file gives all {trial.answers} answers of the machine")
    click.echo(f"joules: not measured; `evolve measure-joules {out}` does so where the processor counts them")
    click.echo(f"{out}: {'verified' if found.report.passed else 'NOT VERIFIED'}; the report is {report}")
