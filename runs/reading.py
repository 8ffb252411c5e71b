"""Reading a run, also while its search goes on."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitness.score import Score
from population import Individual
from runs.schema import APPLICATION, DATABASE, SCORE, VERSION, RunError

_INDIVIDUAL = "i.id, i.key, i.source, i.parents, i.operator"


@dataclass(frozen=True, slots=True)
class Front:
    """The front of a run, from the cheapest in energy to the dearest.

    Attributes:
        members: the individuals, with their scores as members of the front.
        verified: whether these scores come from instances that the search has not seen; false until it has ended.
    """

    members: tuple[Individual, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run open for reading; a context manager that closes it."""

    directory: Path
    configuration: dict[str, Any]
    _connection: sqlite3.Connection

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def front(self) -> Front:
        """The front."""
        columns = ", ".join(f"f.{name}" for name in SCORE)
        rows = self._connection.execute(
            f"SELECT {_INDIVIDUAL}, {columns}, f.verified "
            "FROM front f JOIN individuals i USING (id) ORDER BY f.energy, id"
        ).fetchall()
        return Front(tuple(_individual(row) for row in rows), bool(rows) and all(row[-1] for row in rows))

    def individuals(self) -> tuple[Individual, ...]:
        """All individuals that survived selection, with the scores that they were born with."""
        return tuple(_individual(row) for row in self._connection.execute(f"{_SELECT} ORDER BY id"))

    def individual(self, number: int) -> Individual:
        """The individual of a number. Raises RunError if there is none."""
        row = self._connection.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise RunError(f"{self.directory} has no individual {number}; `evolve front` lists those of the front")
        return _individual(row)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The events of a kind, in order."""
        rows = self._connection.execute("SELECT value FROM events WHERE kind = ? ORDER BY number", (kind,))
        return [json.loads(value) for (value,) in rows]


_SELECT = f"SELECT {_INDIVIDUAL}, {', '.join(f'i.{name}' for name in SCORE)} FROM individuals i"


def _individual(row: tuple[Any, ...]) -> Individual:
    number, key, source, parents, operator, *rest = row
    return Individual(number, key, source, tuple(json.loads(parents)), operator, Score(*rest[: len(SCORE)]))


def open_run(directory: Path) -> Run:
    """Open a run for reading.

    Raises:
        RunError: there is no such directory, it holds no run, or one of another version; the message says which.
    """
    path = directory / DATABASE
    if not directory.is_dir():
        raise RunError(f"there is no directory {directory}")
    if not path.is_file():
        raise RunError(f"{directory} is not a run: it has no {DATABASE}")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION:
            raise RunError(f"{path} is not the database of a run")
        if version > VERSION:
            raise RunError(f"{directory} was written by a newer version (format {version}, this one reads {VERSION})")
        if version < VERSION:
            raise RunError(
                f"{directory} was written by an older version (format {version}, not {VERSION}); search again"
            )
        (text,) = connection.execute("SELECT value FROM configuration").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise RunError(f"can't read the run in {directory}: {error}") from error
    return Run(directory, json.loads(text), connection)
