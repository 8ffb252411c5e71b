"""Real searches in processes of their own, what runs below them, and what has to hold of a run whatever was killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evolve.engine.saving import restored
from runs import RunError, open_run
from runs.schema import DATABASE

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120.0
"""Seconds after which something that should have happened did not."""


def evolve(*words: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of evolve until it ends."""
    return subprocess.run(command(*words), **_surroundings(), timeout=PATIENCE, check=False, **settings)


def command(*words: object) -> list[str]:
    """The command line of a command of evolve."""
    return [sys.executable, "-m", "evolve", *map(str, words)]


def _surroundings() -> dict[str, object]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return {"env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


@contextmanager
def searching(*words: object, **settings: object) -> Iterator[subprocess.Popen[str]]:
    """A search in a process and a group of its own; what is left of it at the end is killed."""
    process = subprocess.Popen(command("search", *words), **_surroundings(), start_new_session=True, **settings)
    below: set[int] = set()
    try:
        yield process
        below = set(descendants(process.pid))
    finally:
        below |= set(descendants(process.pid))
        process.kill()
        process.communicate()
        for each in below:
            kill(each)


def kill(process: int) -> None:
    """Kill a process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def descendants(process: int) -> dict[int, str]:
    """The processes below a process, with what they are called."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            names[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it has ended meanwhile
    found: dict[int, str] = {}
    layer = {process}
    while layer:
        layer = {each for each, parent in parents.items() if parent in layer} - found.keys()
        found |= {each: names.get(each, "") for each in layer}
    return found


KINDS = {"worker": r"^ray::_Worker", "raylet": r"/raylet/raylet ", "gcs": r"/gcs_server "}
"""How the processes below a search on Ray are told apart."""


def processes(search: int, kind: str) -> list[int]:
    """The processes of a kind (`KINDS`, or the driver itself) of a search."""
    if kind == "driver":
        return [search]
    return sorted(each for each, name in descendants(search).items() if re.search(KINDS[kind], name))


def children_of(directory: Path) -> int:
    """How many children a run has stored; 0 if there is none yet."""
    if not (directory / DATABASE).exists():
        return 0
    try:
        with open_run(directory) as run:
            return sum(run.children())
    except RunError:
        return 0  # its tables are not there yet


def wait_until(process: subprocess.Popen[str], directory: Path, children: int) -> bool:
    """Wait until a search has stored so many children; whether it did before it ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if children_of(directory) >= children:
            return True
        time.sleep(0.02)
    return False


def stored(directory: Path) -> set[int]:
    """The ids of all individuals of a run."""
    with open_run(directory) as run:
        return {each.id for each in run.individuals()}


def broken_claims(directory: Path) -> list[str]:
    """What should hold of a run at every moment, and does not."""
    with open_run(directory) as run:
        run._connection.execute("BEGIN")  # all that is read is of one moment
        (integrity,) = run._connection.execute("PRAGMA integrity_check").fetchone()
        (born,) = run._connection.execute("SELECT count(*) FROM individuals WHERE island IS NOT NULL").fetchone()
        front = {number for (number,) in run._connection.execute("SELECT id FROM front")}
        individuals, outcomes, children, islands = run.individuals(), run.outcomes(), run.children(), run.islands()
    ids = {each.id for each in individuals}
    restorable = [restored(each) for each in islands]
    survived = sum(count for (_, outcome), count in outcomes.items() if outcome in ("survived", "front"))
    claims = {
        f"the database is sound, not {integrity}": integrity == "ok",
        f"{sum(children)} children have {sum(outcomes.values())} outcomes": sum(children) == sum(outcomes.values()),
        f"{survived} survived, {born} are stored": survived == born,
        "islands know how many children they made": [each.children for each in restorable] == children,
        "all parents are stored": {parent for each in individuals for parent in each.parents} <= ids,
        "all on the front are stored": front <= ids,
        "all on islands are stored": {each.id for island in restorable for each in island.population} <= ids,
    }
    return [claim for claim, holds in claims.items() if not holds]
