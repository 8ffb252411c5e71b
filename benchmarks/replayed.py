"""`python -m benchmarks.replayed [RUNG]`: what do the replies of a cassette gain over mutation alone?

Both searches are the one that people get, in one process and deterministic, from the same programs, at equal
evaluations. To one of them the cassette in `benchmarks/replies` is replayed, two replies at the end of each turn, in
their order. Each reply counts as a child, whatever became of it: the search with replies makes so many children less.
That a reply is judged on more instances than a child is not counted.

Fronts are looked at as the end of a search verifies them. Each run is added to the file as soon as it is done.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.campaign import Campaign
from benchmarks.comparison import cheapest, cheapest_spread, spread, starts
from benchmarks.rank_test import mann_whitney
from evolve.engine import Configuration, search
from evolve.engine.evaluation import Evaluator
from evolve.llm.cassette import cassette
from evolve.llm.replaying import Replay
from population import Individual, hypervolume
from runs import create_run, open_run, reopen_run
from tasks import Task

ALONE: Final = "mutation alone"
REPLAYED: Final = "with replies"
CASSETTE: Final = Path(__file__).parent / "replies"

EPOCH: Final = 100
"""Children of a turn: short, for replies are taken between turns."""

EACH_TURN: Final = 2
"""Replies that are taken then."""

PARTS: Final = (4, 2, 1)
"""Into which the number of children is divided: where fronts are looked at."""


def main() -> int:
    """The command line; returns the exit code."""
    campaign = Campaign(
        module="replayed",
        summary=__doc__.partition("\n")[0],
        rung="parity-20-3",
        evaluations=2000,
        least=200,
        key="kind",
        kinds=(ALONE, REPLAYED),
        run=one_run,
        hypervolume=lambda made: made["hypervolume"][-1],
        table=table,
        origin="textbook",
    )
    return campaign.main()


def one_run(task: Task, kind: str, seed: int, origin: str, evaluations: int) -> dict[str, Any]:
    """Make one run, that is stopped at each checkpoint and goes on as `--resume` does."""
    began = time.process_time()
    entries = cassette(CASSETTE) if kind == REPLAYED else ()
    checkpoints = [evaluations // part for part in PARTS]
    configuration = Configuration(
        (task.name,), origin, evaluations, islands=1, epoch=EPOCH, seed=seed, deterministic=True
    )
    fronts = []
    with tempfile.TemporaryDirectory() as directory:
        run = Path(directory) / "run"
        with create_run(run, asdict(configuration) | {"gate": task.gate}):
            pass
        for checkpoint in checkpoints:
            taken = min(len(entries), EACH_TURN * (checkpoint // EPOCH))
            beside = Replay(run, {task.name: task}, entries, seed, EACH_TURN) if entries else None
            going_on = replace(configuration, evaluations=checkpoint - taken)
            with reopen_run(run) as store:
                fronts.append(search([task], going_on, starts(task, origin), store, beside=beside).front)
        with open_run(run) as done:
            outcomes = [done.proposal(each.proposal).outcome for each in done.calls()]
    reference = Evaluator(task, seed).reference
    return {
        "checkpoints": checkpoints,
        "hypervolume": [hypervolume([each.score for each in front], reference) for front in fronts],
        "cheapest": [cheapest(front, task.gate) for front in fronts],
        "exact": [exact(front) for front in fronts],
        "replies": len(entries),
        "outcomes": {each: outcomes.count(each) for each in sorted(set(outcomes))},
        "seconds": time.process_time() - began,
    }


def exact(front: Sequence[Individual]) -> float | None:
    """The least energy of a program on a front that made no error; None if each made one."""
    return min((each.score.energy for each in front if each.score.accuracy == 1.0), default=None)


def table(results: Sequence[dict[str, Any]]) -> str:
    """The results as a table in Markdown: a row for each checkpoint and kind."""
    of = {kind: [each for each in results if each["kind"] == kind] for kind in (ALONE, REPLAYED)}
    head = ("after", "", "hypervolume", "cheapest that passes", "cheapest without error", "ahead", "p")
    lines = [f"| {' | '.join(head)} |", "|---|---|" + "---:|" * (len(head) - 2)]
    for index, checkpoint in enumerate(results[0]["checkpoints"]):
        for kind, made in of.items():
            if not made:
                continue
            volumes = [each["hypervolume"][index] for each in made]
            test = ["", ""]
            if kind == REPLAYED and of[ALONE]:
                ahead, p = mann_whitney(volumes, [each["hypervolume"][index] for each in of[ALONE]])
                test = [f"{ahead:.2f}", f"{p:.3g}"]
            energies = [cheapest_spread([each[name][index] for each in made]) for name in ("cheapest", "exact")]
            lines.append(f"| {' | '.join([f'{checkpoint:,}', kind, spread(volumes, '.3f'), *energies, *test])} |")
    first = results[0]
    lines += [
        "",
        f"{first['rung']} from {first['from']}; mean ± standard deviation over seeds: "
        + ", ".join(f"{kind} {len(made)}" for kind, made in of.items())
        + ". *Ahead*: the probability that the hypervolume of a run with replies is larger than that of one without; "
        "p: two-sided Mann-Whitney test, exact.",
    ]
    taken = [each for each in of[REPLAYED] if each["outcomes"]]
    names = sorted({name for each in taken for name in each["outcomes"]})
    if taken:
        means = (f"{name} {sum(each['outcomes'].get(name, 0) for each in taken) / len(taken):.1f}" for name in names)
        lines.append(f"Of {taken[0]['replies']} replies, on average: {', '.join(means)}.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
