"""The format of a run on disk: one SQLite database in the run's directory, and how individuals stand in it."""

from __future__ import annotations

from typing import Final

DATABASE: Final = "run.sqlite"
VERSION: Final = 2
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
    epoch INTEGER NOT NULL, {_SCORE_COLUMNS}
);
CREATE TABLE front (id INTEGER PRIMARY KEY REFERENCES individuals, verified INTEGER NOT NULL, {_SCORE_COLUMNS});
CREATE TABLE events (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL);
"""
"""`configuration` and `value` hold JSON, `parents` a JSON list of ids. The front has scores of its own."""


class RunError(Exception):
    """A run can't be made or read; the message says why and what to do."""
