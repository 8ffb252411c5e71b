"""`evolve data`: which texts are at hand and where, and downloading WikiText."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evolve.cli.inputs import InputError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tasks.download import Archive
    from tasks.splits import Located, Split


@click.command(name="data")
@click.argument("name", required=False)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where texts are looked for, and put.  [default: EVOLVE_DATA, else ~/.cache/evolve]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(name: str | None, data: Path | None, form: str) -> None:
    """List the texts that rungs of the ladder need: where they are, and whether they are the originals.

    With NAME, wikitext-2 or wikitext-103, download that one if it is not there. docs/data.md describes them.

    Exit code: 0; 2 when a download fails.
    """
    from tasks.corpora import data_directory
    from tasks.download import ARCHIVES

    directory = data_directory() if data is None else data
    if name is not None and name not in ARCHIVES:
        raise InputError(f"there is no download {name}; there are {' and '.join(ARCHIVES)}.")
    if name is not None:
        _obtain(ARCHIVES[name], directory)
    texts = _texts(directory, None if name is None else ARCHIVES[name])
    if form == "json":
        click.echo(json.dumps(texts))
    else:
        _show(texts, directory)


def _obtain(archive: Archive, directory: Path) -> None:
    """Download an archive unless all its files are there."""
    from tasks.download import fetch
    from tasks.splits import DataError, locate

    if all(locate(split, directory).paths for split in archive.splits):
        click.echo("Nothing to download, all of it is there.", err=True)
        return
    click.echo(f"Downloading {archive.file} ({archive.size / 1e6:,.1f} MB) to {directory}.", err=True)
    try:
        with _bar() as bar:
            fetch(archive, directory, bar)
    except DataError as error:
        raise InputError(f"{error}.") from error


def _texts(directory: Path, archive: Archive | None) -> list[dict[str, Any]]:
    """What is known of each text, as JSON: those of an archive, or all there are."""
    from tasks.download import ARCHIVES
    from tasks.splits import locate

    archives = ARCHIVES.values() if archive is None else [archive]
    splits = dict.fromkeys(split for each in archives for split in each.splits)
    texts = [] if archive is not None else [_documentation()]
    for split in splits:
        owners = [name for name, each in ARCHIVES.items() if split in each.splits]
        licence = ARCHIVES[owners[0]].licence
        texts.append({"file": split.file, "of": owners, **_found(split, locate(split, directory)), "licence": licence})
    return texts


def _documentation() -> dict[str, Any]:
    """The text that comes with Python."""
    from tasks.corpora import PythonDocumentation
    from tasks.splits import DataError

    corpus = PythonDocumentation()
    try:
        size, paths = len(corpus.training()) + len(corpus.validation()), ["in this Python"]
        name, faults = corpus.name, []
    except DataError as error:
        size, paths, name, faults = None, [], "pydoc", [str(error)]
    return {
        "file": name,
        "of": ["pydoc"],
        "paths": paths,
        "bytes": size,
        "checked": None,
        "faults": faults,
        "licence": "PSF-2.0",
    }


def _found(split: Split, located: Located) -> dict[str, Any]:
    """Where a split is, and by what it was recognized."""
    paths = located.paths
    checked = None
    if paths:
        checked = "rows" if paths[0].suffix == ".parquet" else "size" if split.sha256 is None else "SHA-256"
    return {
        "paths": [str(path) for path in paths],
        "bytes": sum(path.stat().st_size for path in paths) if paths else None,
        "checked": checked,
        "faults": list(located.faults),
    }


def _show(texts: list[dict[str, Any]], directory: Path) -> None:
    """Print the texts as a table, then what is wrong with any, then the licences."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("text", no_wrap=True)
    table.add_column("bytes", justify="right", no_wrap=True)
    table.add_column("checked by", no_wrap=True)
    table.add_column("where", overflow="fold")
    for text in texts:
        size = "" if text["bytes"] is None else f"{text['bytes']:,}"
        table.add_row(_title(text), size, text["checked"] or "", _where(text["paths"], directory))
    console = Console(highlight=False, markup=False)
    console.print(table)
    for text in texts:
        for fault in text["faults"]:
            console.print(f"\n{_title(text)}: {fault}", soft_wrap=True)
    click.echo(f"\nPlaces are in {directory}.")
    licences: dict[str, list[str]] = {}
    for text in texts:
        licences.setdefault(text["licence"], []).extend(text["of"])
    for licence, owners in licences.items():
        click.echo(f"Licence of {', '.join(dict.fromkeys(owners))}: {licence}.")
    if not all(text["paths"] for text in texts):
        click.echo("`evolve data NAME` downloads what is missing.")


def _title(text: dict[str, Any]) -> str:
    """A text's name for people."""
    owners = text["of"]
    if owners == ["pydoc"]:
        return str(text["file"])
    return f"{text['file']} of {owners[0] if len(owners) == 1 else 'both'}"


def _where(paths: list[str], directory: Path) -> str:
    """The first of a text's files, from the directory on."""
    if not paths:
        return "missing"
    first = Path(paths[0])
    shown = str(first.relative_to(directory)) if first.is_relative_to(directory) else paths[0]
    return shown if len(paths) == 1 else f"{shown} and {len(paths) - 1} more"


class _Bar:
    """A bar on the terminal, as pooch moves it."""

    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown, self._task = shown, task

    @property
    def total(self) -> float:
        """The bytes of the download."""
        return self._shown.tasks[self._task].total or 0

    @total.setter
    def total(self, total: float) -> None:
        self._shown.reset(self._task, total=total or None)

    def update(self, n: int) -> None:
        """So many bytes more have come."""
        self._shown.advance(self._task, n)

    def reset(self) -> None:
        """Count from 0 again."""
        self._shown.update(self._task, completed=0)

    def close(self) -> None:
        """Leave the bar to who made it."""


@contextmanager
def _bar() -> Iterator[_Bar | None]:
    """A bar for as long as a download takes; None where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=console, transient=True) as shown:
        yield _Bar(shown, shown.add_task("", total=None))
