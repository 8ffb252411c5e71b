"""`python -m benchmarks.choices [RUNG]`: what single choices of the search bring, at equal evaluations.

A search on one island, in one process and deterministic, is compared with the same search with one choice made
otherwise, from the same starts and for the same seeds. What counts is the front as the end of a search verifies it
(`benchmarks.comparison`).

Each run is added to the file as soon as it is done, and one that is in the file already is not made again.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final
from unittest import mock

import numpy as np

from benchmarks.campaign import Campaign
from benchmarks.comparison import EVOLUTION, cheapest, evolved_fronts, starts
from benchmarks.rank_test import mann_whitney
from evolve.engine import Configuration, evaluation
from population import hypervolume
from tasks import Task

AS_IT_IS: Final = "as it is"
UNAIMED: Final = "mutation anywhere"
ALL_PRICED: Final = "costs from all instances"
CHOICES: Final = (AS_IT_IS, UNAIMED, ALL_PRICED)


def main() -> int:
    """The command line; returns the exit code."""
    summary = __doc__.partition("\n")[0]
    campaign = Campaign(
        module="choices",
        summary=summary,
        rung="parity-20-3",
        evaluations=2000,
        least=1,
        key="choice",
        kinds=CHOICES,
        run=one_run,
        hypervolume=lambda made: made["hypervolume"],
        table=table,
    )
    return campaign.main()


def chosen(choice: str, task: Task) -> AbstractContextManager[object]:
    """While it lasts, searches in this process are made with a choice of `CHOICES`."""
    if choice == UNAIMED:
        return mock.patch.object(evaluation.Evaluator, "aim", lambda *_: {})
    if choice == ALL_PRICED:
        return mock.patch.object(evaluation, "PRICED", task.instances)
    return nullcontext()


def one_run(task: Task, choice: str, seed: int, origin: str, evaluations: int) -> dict[str, Any]:
    """Make one run: of its verified front the hypervolume and the cheapest program that passes the gate; its time."""
    began = time.process_time()
    configuration = Configuration((task.name,), origin, evaluations, seed=seed, islands=1, deterministic=True)
    with chosen(choice, task):
        (front,) = evolved_fronts(EVOLUTION, task, configuration, starts(task, origin), [evaluations])
    return {
        "hypervolume": hypervolume([each.score for each in front], evaluation.Evaluator(task, seed).reference),
        "cheapest": cheapest(front, task.gate),
        "seconds": time.process_time() - began,
    }


def table(results: Sequence[dict[str, Any]]) -> str:
    """The results as a table in Markdown: mean and standard deviation over the seeds."""
    head = ["hypervolume", "cheapest that passes", "processor seconds", "p of hypervolume, of cheapest"]
    lines = [f"| | {' | '.join(head)} |", "|---|" + "---:|" * len(head)]
    base = [each for each in results if each["choice"] == AS_IT_IS]
    for choice in dict.fromkeys(each["choice"] for each in results):
        own = [each for each in results if each["choice"] == choice]
        columns = [_spread([each["hypervolume"] for each in own], ".4f")]
        columns.append(_spread([each["cheapest"] for each in own if each["cheapest"] is not None], ",.0f"))
        columns.append(_spread([each["seconds"] for each in own], ".0f"))
        columns.append(", ".join(_differences(base, own)) if base and choice != AS_IT_IS else "")
        lines.append(f"| {choice} | {' | '.join(columns)} |")
    return "\n".join(lines)


def _differences(base: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> list[str]:
    found = []
    for name in ("hypervolume", "cheapest"):
        pair = [[each[name] for each in group if each[name] is not None] for group in (base, other)]
        found.append(f"{mann_whitney(*pair)[1]:.2g}" if all(pair) else "-")
    return found


def _spread(values: Sequence[float], form: str) -> str:
    if not values:
        return "none"
    deviation = np.std(values, ddof=1) if len(values) > 1 else 0.0
    return f"{np.mean(values):{form}} ± {deviation:{form}}"


if __name__ == "__main__":
    sys.exit(main())
