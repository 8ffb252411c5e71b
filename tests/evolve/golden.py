"""The golden run: deterministic searches whose results are pinned, in `golden.json` beside this file.

`python -m tests.evolve.golden` makes the searches and pins what they find now. That is for when the search was changed
on purpose; the difference in `golden.json` is then part of the change.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from evolve.engine import Seed, search
from population import Individual
from runs import create_run, open_run
from tasks import LEARNER, rung
from tests.evolve.searches import SEEDS, TASK, configured

PINNED = Path(__file__).with_name("golden.json")

BLANK = (Seed("scratch", LEARNER.blank),)
SEARCHES = {
    "from two programs": (SEEDS, [TASK], {"evaluations": 1600, "epoch": 250, "islands": 3, "seed": 1}),
    "from scratch": (BLANK, [rung("parity-4-1")], {"evaluations": 1600, "epoch": 250, "population": 20, "seed": 2}),
    "up a ladder": (SEEDS, [TASK, rung("parity-8-2")], {"evaluations": 400, "epoch": 60, "seed": 3}),
}
"""What each search starts from, its rungs, and its settings: several epochs, and enough children for every operator."""


def golden(name: str, directory: Path, workers: int = 0) -> dict[str, Any]:
    """Make a search in a new directory, and say what it found: a digest of everything, and a part that people can read.

    Args:
        name: of the search in `SEARCHES`.
        directory: of the run.
        workers: processes that search; they decide nothing.
    """
    seeds, tasks, settings = SEARCHES[name]
    configuration = replace(configured(**settings), rungs=tuple(each.name for each in tasks))
    with create_run(directory, asdict(configuration)) as store:
        result = search(tasks, configuration, seeds, store, workers=workers)
    front = [each for one in result.fronts.values() for each in one]
    with open_run(directory) as run:
        individuals, outcomes = run.individuals(), run.outcomes()
    digest = hashlib.sha256()
    for each in (*individuals, *front):
        digest.update(_row(each).encode())
    return {
        "digest": digest.hexdigest(),
        "outcomes": {
            what: sum(n for (_, each), n in outcomes.items() if each == what)
            for what in sorted({w for _, w in outcomes})
        },
        "individuals": len(individuals),
        "fronts": [_row(each) for each in front],
    }


def _row(individual: Individual) -> str:
    """What an individual is, with its figures rounded beyond what another processor's arithmetic may change."""
    score = individual.score
    parents = " ".join(map(str, individual.parents))
    figures = [f"{value:.9g}" for value in (score.accuracy, score.accuracy_low, score.energy, score.seconds)]
    return f"{individual.id} {individual.key} ({parents}) {individual.operator}: {' '.join(figures)}"


def main() -> int:
    """Pin what the searches find now; returns the exit code."""
    pinned = json.loads(PINNED.read_text(encoding="utf-8")) if PINNED.exists() else {}
    found = {}
    for name in SEARCHES:
        with tempfile.TemporaryDirectory() as directory:
            found[name] = golden(name, Path(directory) / "run")
        print(f"{name}: {'as before' if found[name] == pinned.get(name) else 'changed'}", file=sys.stderr)
    PINNED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
