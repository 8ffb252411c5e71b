"""Reading a run, also while its search goes on."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitness import models
from fitness.score import Score
from population import Individual
from runs.ledger import Call, calls_in
from runs.proposals import ASKED, UNANSWERED, WAITING, Proposal, proposals_in
from runs.schema import DATABASE, SCORE, RunError, configuration_of
from runs.store import Birth, Point

_INDIVIDUAL = "i.id, i.key, i.source, i.parents, i.operator"


@dataclass(frozen=True, slots=True)
class Front:
    """The front of a rung, from the cheapest in energy to the dearest.

    Attributes:
        rung: its name.
        members: the individuals, with their scores as members of the front.
        verified: whether these scores come from instances that the search has not seen; false until it has ended.
    """

    rung: str
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

    @property
    def energy(self) -> tuple[str, int]:
        """The name of the model whose figures are in the scores, and its version when the search began."""
        for begun in self.events("begun")[:1]:
            return begun["energy"], begun["energy_version"]
        name = self.configuration.get("energy", "dmc")
        return name, models.get(name).version

    def rungs(self) -> tuple[str, ...]:
        """The rungs that are open, from the lowest to the highest; none before the search has begun."""
        return tuple(rung for (rung,) in self._connection.execute("SELECT rung FROM rungs ORDER BY number"))

    def states(self) -> list[dict[str, Any]]:
        """What the search knows of each open rung, as it stored it last."""
        return [json.loads(state) for (state,) in self._connection.execute("SELECT state FROM rungs ORDER BY number")]

    def _chosen(self, rung: str | None) -> str:
        """The rung of a name if it is open; for None the highest that has a front, or the lowest.

        Raises RunError if it is not open.
        """
        rungs = self.rungs()
        if rung is None:
            found = {name for (name,) in self._connection.execute("SELECT DISTINCT rung FROM front")}
            first = [*rungs, *self.configuration.get("rungs", ())][:1]
            return next((each for each in reversed(rungs) if each in found), first[0] if first else "")
        if rung not in rungs:
            ladder = self.configuration.get("rungs", ())
            why = "has not been reached yet" if rung in ladder else "is no rung of it"
            raise RunError(f"{rung} {why} in {self.directory}; there are {', '.join(rungs) or 'none'}")
        return rung

    def front(self, rung: str | None = None) -> Front:
        """The front of a rung; of the highest that has one if no rung is named.

        Raises RunError if the rung is not open.
        """
        rung = self._chosen(rung)
        columns = ", ".join(f"f.{name}" for name in SCORE)
        rows = self._connection.execute(
            f"SELECT {_INDIVIDUAL}, {columns}, f.verified "
            "FROM front f JOIN individuals i USING (id) WHERE f.rung = ? ORDER BY f.energy, id",
            (rung,),
        ).fetchall()
        return Front(rung, tuple(_individual(row) for row in rows), bool(rows) and all(row[-1] for row in rows))

    def individuals(self) -> tuple[Individual, ...]:
        """All individuals that survived selection, with the scores that they were born with."""
        return tuple(_individual(row) for row in self._connection.execute(f"{_SELECT} ORDER BY id"))

    def seeds(self) -> tuple[Individual, ...]:
        """The individuals that the search started from, with the scores that they were born with."""
        return tuple(
            _individual(row) for row in self._connection.execute(f"{_SELECT} WHERE island IS NULL ORDER BY id")
        )

    def cheapest(self, rung: str, gate: float, count: int) -> tuple[Individual, ...]:
        """The individuals born on a rung that seemed to pass its gate then, and needed the least energy."""
        rows = self._connection.execute(
            f"{_SELECT} WHERE rung = ? AND accuracy_low >= ? ORDER BY energy, id LIMIT ?", (rung, gate, count)
        )
        return tuple(_individual(row) for row in rows)

    def individual(self, number: int) -> Individual:
        """The individual of a number. Raises RunError if there is none."""
        row = self._connection.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise self._unknown(number)
        return _individual(row)

    def birth(self, number: int) -> Birth:
        """Where and when an individual was born. Raises RunError if there is none of that number."""
        row = self._connection.execute(
            "SELECT rung, island, epoch, instances_seed, born FROM individuals WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            raise self._unknown(number)
        return Birth(*row)

    def _unknown(self, number: int) -> RunError:
        return RunError(f"{self.directory} has no individual {number}; `evolve front` lists those of the front")

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The events of a kind, in order."""
        rows = self._connection.execute("SELECT value FROM events WHERE kind = ? ORDER BY number", (kind,))
        return [json.loads(value) for (value,) in rows]

    def proposals(self) -> list[Proposal]:
        """All that was proposed, in order, also what nobody has answered yet."""
        return proposals_in(self._connection)

    def proposal(self, number: int) -> Proposal:
        """The proposal of a number. Raises RunError if there is none."""
        for found in proposals_in(self._connection, "number = ?", number):
            return found
        raise RunError(f"{self.directory} has no proposal {number}")

    def proposal_of(self, child: int) -> Proposal | None:
        """The proposal that an individual came of; None if it came of none."""
        return next(iter(proposals_in(self._connection, "child = ?", child)), None)

    def answered(self, rung: str, last: int) -> list[Proposal]:
        """The last proposals for a rung whose answers were judged, in order."""
        recent = "SELECT number FROM proposals WHERE rung = ? AND outcome NOT IN (?, ?) ORDER BY number DESC LIMIT ?"
        return proposals_in(self._connection, f"number IN ({recent})", rung, ASKED, UNANSWERED, last)

    def waiting(self, rung: str) -> list[Proposal]:
        """The accepted proposals for a rung that the search has not taken in yet."""
        return proposals_in(self._connection, WAITING, rung)

    def unjudged(self) -> list[Proposal]:
        """The proposals with an answer that nobody has judged: the search was killed before."""
        return proposals_in(self._connection, "outcome = ? AND reply IS NOT NULL", ASKED)

    def calls(self, since: int = 0) -> list[Call]:
        """The calls of language models in order, those with larger numbers than one."""
        return calls_in(self._connection, "number > ?", since)

    def with_key(self, key: str, rung: str) -> int | None:
        """The first individual with a key that was born on a rung, None if there is none."""
        row = self._connection.execute("SELECT min(id) FROM individuals WHERE key = ? AND rung = ?", (key, rung))
        (number,) = row.fetchone()
        return None if number is None else int(number)

    def history(self, rung: str | None = None) -> list[Point]:
        """How the front of a rung grew; of the highest that has one if no rung is named.

        Raises RunError if the rung is not open.
        """
        rows = self._connection.execute(
            "SELECT evaluations, time, epoch, hypervolume, members FROM history WHERE rung = ? ORDER BY number",
            (self._chosen(rung),),
        )
        return [Point(*row) for row in rows]

    def outcomes(self) -> dict[tuple[str, str], int]:
        """What became of children: how many by operator and outcome."""
        rows = self._connection.execute("SELECT operator, outcome, count FROM outcomes ORDER BY operator, outcome")
        return {(operator, outcome): count for operator, outcome, count in rows}

    def seconds(self) -> float:
        """For how long the search has gone on, as far as it was stored."""
        (seconds,) = self._connection.execute("SELECT max(time) FROM islands").fetchone()
        return float(seconds or 0.0)

    def children(self) -> list[int]:
        """How many children each island has made."""
        return [count for (count,) in self._connection.execute("SELECT children FROM islands ORDER BY number")]

    def calls_of(self, proposal: int) -> list[Call]:
        """The calls that were about a proposal."""
        return calls_in(self._connection, "proposal = ?", proposal)

    def turns(self) -> int:
        """How many turns are over: the epochs that all rungs have done."""
        epochs = "SELECT max(epoch) AS epoch FROM islands GROUP BY rung"
        (turns,) = self._connection.execute(f"SELECT sum(epoch) FROM ({epochs})").fetchone()
        return turns or 0

    def islands(self) -> list[bytes]:
        """The islands in order, as the search stored them last; none before it has begun."""
        return [state for (state,) in self._connection.execute("SELECT state FROM islands ORDER BY number")]


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
        configuration = configuration_of(connection, directory)
    except (sqlite3.Error, TypeError) as error:
        raise RunError(f"can't read the run in {directory}: {error}") from error
    return Run(directory, configuration, connection)
