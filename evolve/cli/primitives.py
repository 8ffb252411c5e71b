"""`evolve primitives`: the catalogue as a table, or one primitive with its definitions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from evolve.cli.inputs import InputError

if TYPE_CHECKING:
    from primitives.catalogue import Overload, Primitive


@click.command(name="primitives")
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(name: str | None, form: str) -> None:
    """List the primitives of the language, or explain the one called NAME.

    The explanation ends with the definitions: what the primitive does and costs is what they do and cost.
    """
    from primitives.catalogue import CATALOGUE

    if name is not None and name not in CATALOGUE:
        raise InputError(_unknown(name, list(CATALOGUE)))
    chosen = list(CATALOGUE.values()) if name is None else [CATALOGUE[name]]
    if form == "json":
        documents = [_json_value(primitive) for primitive in chosen]
        click.echo(json.dumps(documents if name is None else documents[0]))
    elif name is None:
        _show_table(chosen)
    else:
        _show(chosen[0])


def _unknown(name: str, known: list[str]) -> str:
    """The message for a name that the catalogue lacks, with the nearest ones it has."""
    import difflib

    near = difflib.get_close_matches(name, known, n=2, cutoff=0.7)
    advice = f"did you mean {' or '.join(near)}?" if near else "`evolve primitives` lists them all."
    return f"there is no primitive {name}; {advice}"


def _show_table(catalogue: list[Primitive]) -> None:
    """Print all primitives, group by group."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    group = None
    for primitive in catalogue:
        if primitive.group != group:
            if group is not None:
                table.add_row()
            group = primitive.group
            table.add_row(Text(group, style="bold cyan"))
        returns = Text(f"{primitive.returns}: ", style="italic")
        table.add_row(Text(f"  {primitive.signature}"), returns.append(primitive.doc, style="not italic"))
    console = Console(highlight=False)
    console.print(table)
    console.print("\n`evolve primitives NAME` prints a definition.", markup=False)


def _show(primitive: Primitive) -> None:
    """Print one primitive, and the source of its definitions."""
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(primitive.signature, style="bold", end="")
    console.print(f" -> {primitive.returns}\n\n{primitive.doc}")
    if not primitive.pure:
        console.print("It draws random numbers or writes to an argument.")
    for overload in primitive.overloads:
        console.print(f"\n{_heading(overload)}", style="bold cyan")
        if overload.source is not None:
            syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
            definition = syntax.highlight(overload.source)
            definition.rstrip()
            console.print(definition)


_RANKS = {-1: "element type", 0: "scalar", 1: "rank 1", 2: "rank 2"}
_KINDS = {
    "operation": "one operation of the machine",
    "special": "known to the compiler",
    "definition": "priced as this definition",
}


def _heading(overload: Overload) -> str:
    """Say for which arguments an overload is, and what it is."""
    ranks = ", ".join(_RANKS[rank] for rank in overload.ranks)
    return f"{ranks}: {_KINDS[overload.kind]}" if ranks else _KINDS[overload.kind].capitalize()


def _json_value(primitive: Primitive) -> dict[str, object]:
    """A primitive as JSON; the ranks are 0 for scalars, 1 and 2 for arrays, -1 for element types."""
    return {
        "name": primitive.name,
        "group": primitive.group,
        "signature": primitive.signature,
        "returns": primitive.returns,
        "doc": primitive.doc,
        "pure": primitive.pure,
        "overloads": [
            {"ranks": list(overload.ranks), "kind": overload.kind, "definition": overload.source}
            for overload in primitive.overloads
        ],
    }
