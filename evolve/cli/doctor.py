"""`evolve doctor`: whether this computer has what a search needs, and what to do if not."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from evolve.cli.inputs import InputError, refusing

if TYPE_CHECKING:
    from rich.console import Console

    from evolve.chat import Model
    from evolve.cli.finding import Finding

COLOURS: Final = {"ok": "green", "note": "yellow", "problem": "bold red"}


@click.command(name="doctor")
@click.option("--no-ray", is_flag=True, help="Don't start Ray, which takes some seconds.")
@click.option("--llm", metavar="MODELS", help="Call this language model, or these with commas, for a few tokens.")
@click.option("--llm-endpoint", metavar="URL", help="The address of its API, up to /v1.")
@click.option(
    "--llm-models",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file of models (docs/models.md).  [default: $EVOLVE_MODELS, else ~/.config/evolve/models.toml]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(no_ray: bool, llm: str | None, llm_endpoint: str | None, llm_models: Path | None, form: str) -> None:
    """Check what a search needs: versions, cores, memory, the compiled machine, Ray, texts, disk, a language model.

    Each is ok; or a note, when things work but could be better; or a problem, with what to do. Nothing is changed.

    Exit code: 0; 1 when there is a problem; 2 when the options make no sense.
    """
    models = _models(llm, llm_endpoint, llm_models)
    findings = list(_findings(no_ray, models, prints=form == "text"))
    problems = [each for each in findings if each.level == "problem"]
    if form == "json":
        click.echo(json.dumps({"ok": not problems, "checks": [asdict(each) for each in findings]}, indent=2))
    elif problems:
        names = ", ".join(each.check for each in problems)
        click.echo(f"\n{len(problems)} problem{'s' if len(problems) > 1 else ''}: {names}.")
    else:
        click.echo("\nA search can run here: evolve search")
    if problems:
        raise SystemExit(1)


def _models(names: str | None, endpoint: str | None, file: Path | None) -> list[Model]:
    """The language models that are asked for; one with an empty name for any of an endpoint."""
    if names is None and endpoint is None and file is None:
        return []
    from evolve.chat import models_file
    from evolve.settings.errors import SettingsError

    if names is None and endpoint is None:
        raise InputError("--llm-models needs --llm NAME, the model of the file to call.")
    with refusing(SettingsError):
        if names is None:
            return [models_file.unnamed(endpoint)]
        return [models_file.model(each.strip(), endpoint, file) for each in names.split(",")]


def _findings(no_ray: bool, models: list[Model], prints: bool) -> Iterator[Finding]:
    """Make one check after the other, and print what it finds."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    waiting = Console(stderr=True)
    for word, check in _checks(no_ray, models):
        with waiting.status(word):
            finding = check()
        if prints:
            _show(finding, console)
        yield finding


def _checks(no_ray: bool, models: list[Model]) -> Iterator[tuple[str, Callable[[], Finding]]]:
    """The checks, each with what is said while it takes its time."""
    from evolve.cli import checks
    from evolve.cli.model_check import language_model

    for check in checks.CHECKS:
        if check is language_model:
            calls: list[Callable[[], Finding]] = [functools.partial(language_model, each) for each in models]
            yield from (("asking a language model, 15 seconds at most", each) for each in calls or [language_model])
        elif check is not checks.ray:
            yield "looking", check
        elif not no_ray:
            yield "starting Ray, some seconds", check


def _show(finding: Finding, console: Console) -> None:
    from rich.text import Text

    line = Text.assemble((f"{finding.level:<9}", COLOURS[finding.level]), f"{finding.check:<15}{finding.found}")
    console.print(line, soft_wrap=True)
    if finding.advice:
        console.print(Text(f"{'':<24}{finding.advice}", style="dim"), soft_wrap=True)
