"""Writing a run while it goes on. Every write is a transaction: what was written survives the end of the process."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from population import Individual
from runs.schema import APPLICATION, DATABASE, TABLES, VERSION, RunError


class Store:
    """A run open for writing; a context manager that closes it."""

    def __init__(self, directory: Path, connection: sqlite3.Connection):
        self.directory = directory
        self._connection = connection

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, individual: Individual, epoch: int) -> None:
        """Store an individual with its score on the instances of an epoch."""
        row = (
            individual.id,
            individual.key,
            individual.source,
            json.dumps(individual.parents),
            individual.operator,
            epoch,
            *astuple(individual.score),
        )
        with self._connection:
            self._connection.execute(f"INSERT INTO individuals VALUES ({_places(row)})", row)

    def set_front(self, front: Sequence[Individual], *, verified: bool) -> None:
        """Replace the front; verified says that the scores come from instances that the search has not seen."""
        rows = [(each.id, verified, *astuple(each.score)) for each in front]
        with self._connection:
            self._connection.execute("DELETE FROM front")
            for row in rows:
                self._connection.execute(f"INSERT INTO front VALUES ({_places(row)})", row)

    def note(self, kind: str, value: Mapping[str, Any]) -> None:
        """Store an event."""
        with self._connection:
            self._connection.execute("INSERT INTO events (kind, value) VALUES (?, ?)", (kind, json.dumps(value)))


def _places(row: Sequence[object]) -> str:
    return ", ".join("?" * len(row))


def create_run(directory: Path, configuration: Mapping[str, Any]) -> Store:
    """Make a run in a directory, which may exist if it is empty.

    Raises:
        RunError: there is something in the directory, or it can't be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise RunError(f"{directory} is not empty; give the run a directory of its own")
        connection = sqlite3.connect(directory / DATABASE)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(TABLES)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        with connection:
            connection.execute("INSERT INTO configuration VALUES (?)", (json.dumps(configuration),))
    except (OSError, sqlite3.Error) as error:
        raise RunError(f"can't make a run in {directory}: {error}") from error
    return Store(directory, connection)
