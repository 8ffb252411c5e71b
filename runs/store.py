"""Writing a run while it goes on. What was written in a transaction survives the end of the process.

One process writes at a time (`runs.lock`); any number of others read.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock

from population import Individual
from runs.lock import HOLDER, LOCK, locked
from runs.proposals import WAITING, Proposal, proposals_in, settle
from runs.schema import APPLICATION, DATABASE, TABLES, VERSION, RunError, configuration_of


class Birth(NamedTuple):
    """Where and when individuals were born: the rung, the island (None for seeds), their instances, the time."""

    rung: str
    island: int | None
    epoch: int
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the history of a rung: its front after so many evaluations on all rungs and seconds."""

    evaluations: int
    seconds: float
    epoch: int
    hypervolume: float
    members: int


class Store:
    """A run open for writing; a context manager that closes it.

    Every method may raise RunError: what it should have written can't be, for instance because the disk is full. The
    run is then as it was before.
    """

    def __init__(self, directory: Path, connection: sqlite3.Connection, lock: FileLock):
        self.directory = directory
        self._connection = connection
        self._lock = lock

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._lock.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is stored together or not at all."""
        if self._connection.in_transaction:
            yield
            return
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.Error as error:
            raise RunError(_advice(self.directory, error)) from error

    def add(self, individuals: Iterable[Individual], birth: Birth) -> None:
        """Store individuals that were born together, with their scores on the instances of their epoch."""
        rows = [
            (each.id, each.key, each.source, json.dumps(each.parents), each.operator, *birth, *astuple(each.score))
            for each in individuals
        ]
        self._insert("individuals", rows)

    def open_rung(self, number: int, rung: str, seconds: float, state: Mapping[str, Any]) -> None:
        """Store that a rung was opened after so many seconds of search, with what the search knows of it."""
        self._insert("rungs", [(number, rung, seconds, json.dumps(state))])

    def keep_rung(self, rung: str, state: Mapping[str, Any]) -> None:
        """Replace what the search knows of an open rung."""
        with self.transaction():
            self._connection.execute("UPDATE rungs SET state = ? WHERE rung = ?", (json.dumps(state), rung))

    def set_front(self, rung: str, front: Sequence[Individual], *, verified: bool) -> None:
        """Replace the front of a rung; verified says that its scores come from instances that no search has seen."""
        with self.transaction():
            self._connection.execute("DELETE FROM front WHERE rung = ?", (rung,))
            self._insert("front", [(rung, each.id, verified, *astuple(each.score)) for each in front])

    def chart(self, rung: str, point: Point) -> None:
        """Store a point of the history of a rung."""
        self._insert("history", [(None, rung, *astuple(point))])

    def count(self, outcomes: Mapping[tuple[str, str], int]) -> None:
        """Store what became of all children until now, by operator and outcome."""
        self._insert("outcomes", [(*key, count) for key, count in outcomes.items()], "INSERT OR REPLACE")

    def keep_island(self, number: int, rung: str, epoch: int, children: int, seconds: float, state: bytes) -> None:
        """Store an island as it is after so many seconds of search, in the place of what it was before."""
        self._insert("islands", [(number, rung, epoch, children, seconds, state)], "INSERT OR REPLACE")

    def note(self, kind: str, value: Mapping[str, Any]) -> None:
        """Store an event."""
        self._insert("events", [(None, kind, json.dumps(value))])

    def waiting(self, rung: str) -> list[Proposal]:
        """The accepted proposals for a rung that have no individual yet."""
        return proposals_in(self._connection, WAITING, rung)

    def settle(self, number: int, child: int | None, outcome: str, detail: str) -> None:
        """Store what became of an accepted proposal: the id of its individual, or why there is none."""
        with self.transaction():
            settle(self._connection, number, child, outcome, detail)

    def reconfigure(self, configuration: Mapping[str, Any]) -> None:
        """Replace the configuration."""
        with self.transaction():
            self._connection.execute("UPDATE configuration SET value = ?", (json.dumps(configuration),))

    def _insert(self, table: str, rows: Sequence[Sequence[object]], how: str = "INSERT") -> None:
        with self.transaction():
            for row in rows:
                self._connection.execute(f"{how} INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _advice(directory: Path, error: sqlite3.Error) -> str:
    """Why a run can't be written, and what to do."""
    advice = "make room" if "full" in str(error) or "I/O" in str(error) else "see that it can be written"
    return (
        f"can't write to {directory}: {error}; what was stored until now is intact: {advice}, then "
        f"evolve search --resume {directory}"
    )


def create_run(directory: Path, configuration: Mapping[str, Any]) -> Store:
    """Make a run in a directory, which may exist if it is empty.

    Raises:
        RunError: there is something in the directory, or it can't be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if (directory / DATABASE).exists():
            locked(directory).release()
            raise RunError(f"{directory} holds a run; --resume goes on with it, or choose another directory")
        if any(each.name not in (LOCK, HOLDER) for each in directory.iterdir()):
            raise RunError(f"{directory} is not empty; give the run a directory of its own")
        lock = locked(directory)
        connection = _connected(directory)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {TABLES}")
        connection.execute("INSERT INTO configuration VALUES (?)", (json.dumps(configuration),))
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        raise RunError(f"can't make a run in {directory}: {error}") from error
    return Store(directory, connection, lock)


def reopen_run(directory: Path) -> Store:
    """Open a run to go on with it.

    Raises:
        RunError: there is none, it is of another version, a search is running in it, or it can't be written.
    """
    if not (directory / DATABASE).is_file():
        raise RunError(f"{directory} is not a run: it has no {DATABASE}")
    try:
        lock = locked(directory)
        connection = _connected(directory)
        configuration_of(connection, directory)
    except (OSError, sqlite3.Error, TypeError) as error:
        raise RunError(f"can't go on with the run in {directory}: {error}") from error
    return Store(directory, connection, lock)


def _connected(directory: Path) -> sqlite3.Connection:
    """A connection without implicit transactions: `Store.transaction` has them."""
    connection = sqlite3.connect(directory / DATABASE, isolation_level=None, timeout=30)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection
