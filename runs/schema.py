"""The format of a run on disk: one SQLite database in the run's directory, and how individuals stand in it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, Final

DATABASE: Final = "run.sqlite"
VERSION: Final = 6
"""Of the format; stored as the database's `user_version`. A newer one can't be read."""

APPLICATION: Final = 0x45564F4C
"""Marks the database as a run; stored as its `application_id`."""

SCORE: Final = {
    "instances": "INTEGER",
    "accuracy": "REAL",
    "accuracy_low": "REAL",
    "accuracy_high": "REAL",
    "energy": "REAL",
    "fit_energy": "REAL",
    "steps": "REAL",
    "fit_steps": "REAL",
    "seconds": "REAL",
    "peak_memory": "INTEGER",
}
"""The columns of a score with their types, in the order of the fields of `fitness.score.Score`."""

_SCORE_COLUMNS = ", ".join(f"{name} {kind}" for name, kind in SCORE.items())

TABLES: Final = f"""
CREATE TABLE configuration (value TEXT NOT NULL);
CREATE TABLE individuals (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, source TEXT NOT NULL, parents TEXT NOT NULL, operator TEXT NOT NULL,
    rung TEXT NOT NULL, island INTEGER, epoch INTEGER NOT NULL, instances_seed INTEGER NOT NULL, born REAL NOT NULL,
    {_SCORE_COLUMNS}
);
CREATE TABLE rungs (number INTEGER PRIMARY KEY, rung TEXT NOT NULL UNIQUE, opened REAL NOT NULL, state TEXT NOT NULL);
CREATE TABLE front (
    rung TEXT NOT NULL, id INTEGER NOT NULL REFERENCES individuals, verified INTEGER NOT NULL, {_SCORE_COLUMNS},
    PRIMARY KEY (rung, id)
);
CREATE TABLE history (
    number INTEGER PRIMARY KEY, rung TEXT NOT NULL, evaluations INTEGER NOT NULL, time REAL NOT NULL,
    epoch INTEGER NOT NULL, hypervolume REAL NOT NULL, members INTEGER NOT NULL
);
CREATE TABLE outcomes (
    operator TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (operator, outcome)
);
CREATE TABLE islands (
    number INTEGER PRIMARY KEY, rung TEXT NOT NULL, epoch INTEGER NOT NULL, children INTEGER NOT NULL,
    time REAL NOT NULL, state BLOB NOT NULL
);
CREATE TABLE events (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE proposals (
    number INTEGER PRIMARY KEY, rung TEXT NOT NULL, request TEXT NOT NULL, parents TEXT NOT NULL,
    seed INTEGER NOT NULL, prompt TEXT NOT NULL, base TEXT NOT NULL, repairs INTEGER, reply TEXT, outcome TEXT NOT NULL,
    detail TEXT NOT NULL, source TEXT, key TEXT, child INTEGER, {_SCORE_COLUMNS}
);
CREATE INDEX inbox ON proposals (rung) WHERE outcome = 'accepted' AND child IS NULL;
CREATE TABLE calls (
    number INTEGER PRIMARY KEY, proposal INTEGER NOT NULL REFERENCES proposals, trial INTEGER NOT NULL,
    rung TEXT NOT NULL, turn INTEGER NOT NULL, request TEXT NOT NULL, model TEXT NOT NULL, temperature REAL NOT NULL,
    most INTEGER NOT NULL, began REAL NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, read INTEGER NOT NULL,
    written INTEGER NOT NULL, estimated INTEGER NOT NULL, cost REAL, seconds REAL NOT NULL, attempts INTEGER NOT NULL,
    gain REAL, entry TEXT
);
"""
"""`configuration`, `value` and the state of a rung hold JSON, `parents` a JSON list of ids. `rungs` are the open ones.
An individual has the rung where it was born; the front of each rung has scores of its own.

`born`, `opened` and `time` are seconds of search. A seed has no island. `instances_seed` and `epoch` say which
instances an individual was born on. The state of an island is the search's business. Proposals are described in
`runs.proposals`, calls of language models in `runs.ledger`.
"""


class RunError(Exception):
    """A run can't be made, written or read; the message says why and what to do."""


def configuration_of(connection: sqlite3.Connection, directory: Path) -> dict[str, Any]:
    """The configuration in the database of a run.

    Raises:
        RunError: it is no run, or one of another version.
        sqlite3.Error: it is no database.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise RunError(f"{directory / DATABASE} is not the database of a run")
    if version > VERSION:
        raise RunError(f"{directory} was written by a newer version (format {version}, this one reads {VERSION})")
    if version < VERSION:
        raise RunError(f"{directory} was written by an older version (format {version}, not {VERSION}); search again")
    (text,) = connection.execute("SELECT value FROM configuration").fetchone()
    configuration: dict[str, Any] = json.loads(text)
    return configuration
