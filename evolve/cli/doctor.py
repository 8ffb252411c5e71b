"""`evolve doctor`: whether this computer has what a search needs, and what to do if not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from rich.console import Console

    from evolve.cli.checks import Finding

COLOURS: Final = {"ok": "green", "note": "yellow", "problem": "bold red"}


@click.command(name="doctor")
@click.option("--no-ray", is_flag=True, help="Don't start Ray, which takes some seconds.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(no_ray: bool, form: str) -> None:
    """Check what a search needs: versions, cores, memory, the compiled machine, Ray, texts, disk.

    Each is ok; or a note, when things work but could be better; or a problem, with what to do. Nothing is changed.

    Exit code: 0; 1 when there is a problem.
    """
    findings = list(_findings(no_ray, prints=form == "text"))
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


def _findings(no_ray: bool, prints: bool) -> Iterator[Finding]:
    """Make one check after the other, and print what it finds."""
    from rich.console import Console

    from evolve.cli import checks

    console = Console(highlight=False, markup=False)
    waiting = Console(stderr=True)
    for check in checks.CHECKS:
        if no_ray and check is checks.ray:
            continue
        with waiting.status("starting Ray, some seconds" if check is checks.ray else "looking"):
            finding = check()
        if prints:
            _show(finding, console)
        yield finding


def _show(finding: Finding, console: Console) -> None:
    from rich.text import Text

    line = Text.assemble((f"{finding.level:<9}", COLOURS[finding.level]), f"{finding.check:<15}{finding.found}")
    console.print(line, soft_wrap=True)
    if finding.advice:
        console.print(Text(f"{'':<24}{finding.advice}", style="dim"), soft_wrap=True)
