"""The ledger of a run: every call of a language model, what it cost, and what came of it.

A call is stored before it is sent, with an upper estimate of its cost, so that the sum over the ledger never is less
than what was spent, whatever was killed meanwhile. What was asked and answered is in the proposal that it is about: a
question is one message of the user, the proposal's prompt, and the reply is the proposal's.
"""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Final

from runs.proposals import Proposal, insert, update, writing

SENT: Final = "sent"
ABANDONED: Final = "abandoned"
REPLAYED: Final = "replayed"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a model.

    Attributes:
        proposal: the number of the proposal that it is about.
        trial: the number of the proposal that it began with: this one, or the one that it repairs.
        rung: that it is for.
        turn: how many turns of the search were over when it was asked.
        request: what was asked for.
        model: that was asked.
        temperature: of sampling.
        most: tokens that could be written.
        began: seconds since 1970.
        outcome: `sent`; then how the call ended (`evolve.chat.call.Outcome`), `abandoned` if the search ended before it
            did, or `replayed` if nobody was asked.
        detail: what went wrong, in words.
        read, written: tokens.
        estimated: whether these are an upper estimate.
        cost: dollars; None if a price is unknown.
        seconds: that it took.
        attempts: how often it was sent.
        gain: the hypervolume that its program added to the front; None before it is judged.
        entry: of the cassette that was replayed.
        number: in the run; 0 before it is stored.
    """

    proposal: int
    trial: int
    rung: str
    turn: int
    request: str
    model: str
    temperature: float
    most: int
    began: float
    outcome: str = SENT
    detail: str = ""
    read: int = 0
    written: int = 0
    estimated: bool = True
    cost: float | None = None
    seconds: float = 0.0
    attempts: int = 0
    gain: float | None = None
    entry: str | None = None
    number: int = 0

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.read + self.written


_NAMES: Final = tuple(each.name for each in fields(Call))[:-1]
_COLUMNS: Final = ", ".join(_NAMES)


def calls_in(connection: sqlite3.Connection, where: str = "1", *values: object) -> list[Call]:
    """The calls that a condition holds for, in order."""
    rows = connection.execute(f"SELECT {_COLUMNS}, number FROM calls WHERE {where} ORDER BY number", values)
    found = [Call(*row) for row in rows]
    return [replace(each, estimated=bool(each.estimated)) for each in found]


def enter(directory: Path, proposal: Proposal, call: Call) -> tuple[Proposal, Call]:
    """Store a new proposal and the call that it is asked by, before it is sent: both with their numbers.

    A trial of 0 is that which begins with this proposal.

    Raises:
        RunError: the run can't be written.
    """
    with writing(directory) as connection:
        proposal = replace(proposal, number=insert(connection, proposal))
        call = replace(call, proposal=proposal.number, trial=call.trial or proposal.number)
        return proposal, replace(call, number=_insert(connection, call))


def settle(directory: Path, proposal: Proposal, call: Call) -> None:
    """Store what came of a call and of its proposal, together.

    Raises:
        RunError: the run can't be written.
    """
    with writing(directory) as connection:
        update(connection, proposal)
        names = ", ".join(f"{name} = ?" for name in _NAMES)
        connection.execute(f"UPDATE calls SET {names} WHERE number = ?", (*_row(call), call.number))


def abandon(directory: Path) -> int:
    """Say of all calls under way that nobody waits for them any more: how many. Their upper estimates stay.

    Raises:
        RunError: the run can't be written.
    """
    with writing(directory) as connection:
        done = connection.execute("UPDATE calls SET outcome = ? WHERE outcome = ?", (ABANDONED, SENT))
        return done.rowcount


def _insert(connection: sqlite3.Connection, call: Call) -> int:
    places = ", ".join("?" * len(_NAMES))
    done = connection.execute(f"INSERT INTO calls ({_COLUMNS}) VALUES ({places})", _row(call))
    assert done.lastrowid is not None
    return done.lastrowid


def _row(call: Call) -> tuple[object, ...]:
    return astuple(call)[:-1]
