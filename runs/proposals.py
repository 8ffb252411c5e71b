"""Proposals of a run: what was asked of a language model or a person, what was answered, and what came of it.

They are written beside the search, in short transactions of their own: `record` and `answer` don't need the lock of the
run. An accepted proposal waits in its row; the search, which alone makes individuals, takes it in when it next ends a
turn, or after it was resumed (`Store.waiting`, `Store.settle`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

from fitness.score import Score
from runs.schema import DATABASE, SCORE, RunError, configuration_of

ASKED: Final = "asked"
ACCEPTED: Final = "accepted"
UNANSWERED: Final = "unanswered"

WAITING: Final = f"rung = ? AND outcome = '{ACCEPTED}' AND child IS NULL"
"""Which proposals for a rung wait in the inbox."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal.

    Attributes:
        number: in the run; 0 before it is stored.
        rung: for which.
        request: what was asked for (`evolve.llm.requests`).
        parents: the ids of the individuals that were shown.
        seed: of the draws of parents, and once it is judged that of the instances of its program.
        prompt: what was asked.
        base: the program that edits apply to.
        repairs: the number of the proposal that it repairs, None if it is none.
        reply: the answer, None before there is one.
        outcome: `asked`, `unanswered` if a call of a model failed, `unreadable`, `rejected` by the checker, `known`, a
            failing status, `dominated`, `accepted`; `not taken in` by the search, although it was accepted.
        detail: the outcome in words.
        source: the program, None if none could be read.
        key: its `normal_form_key`.
        score: on the fresh instances.
        child: the id that the search gave it, None until it took it in.
    """

    rung: str
    request: str
    parents: tuple[int, ...]
    seed: int
    prompt: str
    base: str
    repairs: int | None = None
    reply: str | None = None
    outcome: str = ASKED
    detail: str = ""
    source: str | None = None
    key: str | None = None
    score: Score | None = None
    child: int | None = None
    number: int = 0


_NAMES: Final = (
    *("rung", "request", "parents", "seed", "prompt", "base", "repairs", "reply", "outcome", "detail", "source", "key"),
    *("child", *SCORE),
)
_COLUMNS: Final = ", ".join(_NAMES)


def _row(proposal: Proposal) -> tuple[Any, ...]:
    score = astuple(proposal.score) if proposal.score is not None else (None,) * len(SCORE)
    return (
        *(proposal.rung, proposal.request, json.dumps(proposal.parents), proposal.seed, proposal.prompt, proposal.base),
        *(proposal.repairs, proposal.reply, proposal.outcome, proposal.detail, proposal.source, proposal.key),
        *(proposal.child, *score),
    )


def _proposal(row: tuple[Any, ...]) -> Proposal:
    number, *rest = row
    fields = dict(zip(_NAMES, rest, strict=True))
    score = [fields.pop(name) for name in SCORE]
    fields["parents"] = tuple(json.loads(fields["parents"]))
    return Proposal(**fields, score=None if score[0] is None else Score(*score), number=number)


def proposals_in(connection: sqlite3.Connection, where: str = "1", *values: object) -> list[Proposal]:
    """The proposals that a condition holds for, in order."""
    rows = connection.execute(f"SELECT number, {_COLUMNS} FROM proposals WHERE {where} ORDER BY number", values)
    return [_proposal(row) for row in rows]


def settle(connection: sqlite3.Connection, number: int, child: int | None, outcome: str, detail: str) -> None:
    """Store what became of an accepted proposal: the id of its child, or why there is none."""
    connection.execute(
        "UPDATE proposals SET child = ?, outcome = ?, detail = ? WHERE number = ?", (child, outcome, detail, number)
    )


def record(directory: Path, proposal: Proposal) -> int:
    """Store a proposal, also while a search goes on: its number.

    Raises:
        RunError: there is no such run, or it can't be written.
    """
    with writing(directory) as connection:
        return insert(connection, proposal)


def answer(directory: Path, proposal: Proposal) -> int:
    """Store the answer to a proposal that was asked for; a further answer is stored as a further proposal: its number.

    Raises:
        RunError: there is no such run or proposal, or it can't be written.
    """
    with writing(directory) as connection:
        (asked,) = proposals_in(connection, "number = ?", proposal.number) or (None,)
        if asked is None:
            raise RunError(f"{directory} has no proposal {proposal.number}")
        if asked.reply is not None:
            return insert(connection, proposal)
        update(connection, proposal)
        return proposal.number


def update(connection: sqlite3.Connection, proposal: Proposal) -> None:
    """Replace a proposal by what became of it."""
    names = ", ".join(f"{name} = ?" for name in _NAMES)
    connection.execute(f"UPDATE proposals SET {names} WHERE number = ?", (*_row(proposal), proposal.number))


def insert(connection: sqlite3.Connection, proposal: Proposal) -> int:
    """Store a new proposal: its number."""
    places = ", ".join("?" * len(_NAMES))
    done = connection.execute(f"INSERT INTO proposals ({_COLUMNS}) VALUES ({places})", _row(proposal))
    assert done.lastrowid is not None
    return done.lastrowid


@contextmanager
def writing(directory: Path) -> Iterator[sqlite3.Connection]:
    """A transaction in a run that a search may be writing to: each of them waits for the other, for milliseconds."""
    path = directory / DATABASE
    if not path.is_file():
        raise RunError(f"{directory} is not a run: it has no {DATABASE}")
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            configuration_of(connection, directory)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
    except sqlite3.Error as error:
        raise RunError(f"can't write to {directory}: {error}") from error
