"""`python -m benchmarks.comparison [RUNG]`: is evolution ahead of searches without selection, at equal evaluations?

Evolution is the search as people get it, in one process and deterministic. The others are in
`benchmarks.baseline_searches`. All of them start from the same programs (random programs start from the blank one),
judge on the same instances, and are cut off after the same numbers of children. What counts is the front as the end of
a search verifies it, on instances that it has not seen: its hypervolume against the rung's fixed reference, and the
cheapest program on it that surely passes the gate.

Each run is added to the file as soon as it is done, and one that is in the file already is not made again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.baseline_searches import DRIFT, RANDOM, SAMPLING, unselected_fronts
from benchmarks.campaign import Campaign
from benchmarks.rank_test import mann_whitney
from evolve.engine import Configuration, Seed, search
from evolve.engine.evaluation import Evaluator
from population import Individual, hypervolume
from primitives.seeds import FAMILIES, SEEDS, TEXTBOOK, seeds_for, source
from runs import create_run, reopen_run
from tasks import Task

EVOLUTION: Final = "evolution"
KINDS: Final = (EVOLUTION, DRIFT, SAMPLING, RANDOM)
PARTS: Final = (8, 4, 2, 1)
"""Into which the number of children is divided: where fronts are looked at."""


def main() -> int:
    """The command line; returns the exit code."""
    summary = __doc__.partition("\n")[0]
    campaign = Campaign(
        module="comparison",
        summary=summary,
        rung="parity-10-3",
        evaluations=8000,
        least=PARTS[0],
        key="kind",
        kinds=KINDS,
        run=one_run,
        hypervolume=lambda made: made["hypervolume"][-1],
        table=table,
    )
    return campaign.main()


def one_run(task: Task, kind: str, seed: int, origin: str, evaluations: int) -> dict[str, Any]:
    """Make one run: for each checkpoint the hypervolume and the cheapest program that surely passes the gate."""
    began = time.process_time()
    checkpoints = [evaluations // part for part in PARTS]
    configuration = Configuration((task.name,), origin, evaluations, seed=seed, deterministic=True)
    seeds = starts(task, origin)
    make = evolved_fronts if kind == EVOLUTION else unselected_fronts
    fronts = list(make(kind, task, configuration, seeds, checkpoints))
    reference = Evaluator(task, seed).reference
    return {
        "checkpoints": checkpoints,
        "hypervolume": [hypervolume([each.score for each in front], reference) for front in fronts],
        "cheapest": [cheapest(front, task.gate) for front in fronts],
        "members": [len(front) for front in fronts],
        "seconds": time.process_time() - began,
    }


def starts(task: Task, origin: str) -> list[Seed]:
    """The programs to start from."""
    if origin == "scratch":
        return [Seed("scratch", task.contract.blank)]
    if origin == "seeds":
        names = seeds_for(task.family) if task.family in FAMILIES else tuple(SEEDS)
        return [Seed(name, source(name), required=False) for name in names]
    if origin == "textbook":
        return [Seed(name, source(name), required=False) for name in TEXTBOOK]
    return [Seed(name, source(name)) for name in origin.split(",")]


def evolved_fronts(
    kind: str, task: Task, configuration: Configuration, seeds: Sequence[Seed], checkpoints: Sequence[int]
) -> Iterator[tuple[Individual, ...]]:
    """The verified front of an evolution that is stopped at each checkpoint and goes on, as `--resume` does."""
    with tempfile.TemporaryDirectory() as directory:
        run = Path(directory) / "run"
        with create_run(run, asdict(configuration) | {"gate": task.gate}):
            pass
        for checkpoint in checkpoints:
            with reopen_run(run) as store:
                yield search([task], replace(configuration, evaluations=checkpoint), seeds, store).front


def cheapest(front: Sequence[Individual], gate: float) -> float | None:
    """The least energy of a program on a front that surely passes the gate; None if none does."""
    return min((each.score.energy for each in front if each.score.accuracy_low >= gate), default=None)


def table(results: Sequence[dict[str, Any]]) -> str:
    """The results as a table in Markdown: mean and standard deviation over the seeds."""
    kinds = list(dict.fromkeys(each["kind"] for each in results))
    of = {kind: [each for each in results if each["kind"] == kind] for kind in kinds}
    checkpoints = results[0]["checkpoints"]
    head = [*(f"hypervolume, {each:,}" for each in checkpoints), "cheapest that passes", "evolution ahead", "p"]
    lines = [f"| | {' | '.join(head)} |", "|---|" + "---:|" * len(head)]
    for kind in kinds:
        rows = [spread([each["hypervolume"][index] for each in of[kind]], ".3f") for index in range(len(checkpoints))]
        rows.append(cheapest_spread([each["cheapest"][-1] for each in of[kind]]))
        rows += _test(of.get(EVOLUTION, []), of[kind]) if kind != EVOLUTION else ["", ""]
        lines.append(f"| {kind} | {' | '.join(rows)} |")
    runs = ", ".join(
        f"{kind} {len(of[kind])} x {np.mean([each['seconds'] for each in of[kind]]):.0f} s" for kind in kinds
    )
    first = results[0]
    lines += [
        "",
        f"{first['rung']} from {first['from']}; mean ± standard deviation over seeds. *Evolution ahead*: the "
        "probability that a run of evolution ends with a larger hypervolume than one of these; p: two-sided "
        f"Mann-Whitney test, exact. Runs and processor time: {runs}.",
    ]
    return "\n".join(lines)


def spread(values: Sequence[float], form: str) -> str:
    """Mean and standard deviation, in a format."""
    deviation = np.std(values, ddof=1) if len(values) > 1 else 0.0
    return f"{np.mean(values):{form}} ± {deviation:{form}}"


def cheapest_spread(values: Sequence[float | None]) -> str:
    """Mean and standard deviation of energies, and how many runs have none."""
    found = [each for each in values if each is not None]
    if not found:
        return "none"
    return spread(found, ",.0f") + ("" if len(found) == len(values) else f" ({len(found)} of {len(values)} runs)")


def _test(evolution: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> list[str]:
    if not evolution:
        return ["", ""]
    ahead, p = mann_whitney(*([each["hypervolume"][-1] for each in group] for group in (evolution, others)))
    return [f"{ahead:.2f}", f"{p:.3g}"]


if __name__ == "__main__":
    sys.exit(main())
