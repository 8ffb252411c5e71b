"""`python -m benchmarks.choices [RUNG]`: what single choices of the search bring, at equal evaluations.

A search on one island, in one process and deterministic, is compared with the same search with one choice made
otherwise, from the same starts and for the same seeds. What counts is the front as the end of a search verifies it
(`benchmarks.comparison`).

Each run is added to the file as soon as it is done, and one that is in the file already is not made again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final
from unittest import mock

import numpy as np

from benchmarks.comparison import EVOLUTION, cheapest, evolved_fronts, starts
from benchmarks.rank_test import mann_whitney
from evolve.engine import Configuration, evaluation
from population import hypervolume
from tasks import Task, rung

AS_IT_IS: Final = "as it is"
UNAIMED: Final = "mutation anywhere"
ALL_PRICED: Final = "costs from all instances"
CHOICES: Final = (AS_IT_IS, UNAIMED, ALL_PRICED)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.choices", description=__doc__.partition("\n")[0])
    parser.add_argument("rung", nargs="?", default="parity-20-3", help="default: %(default)s")
    parser.add_argument("--from", dest="origin", default="seeds", help="seeds, scratch, or names of seeds with commas")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each kind, from seed 0 (default: %(default)s)")
    parser.add_argument("--evaluations", type=int, default=2000, help="children of a run (default: %(default)s)")
    parser.add_argument("--choices", default=",".join(CHOICES), help="with commas (default: all: %(default)s)")
    parser.add_argument("--out", type=Path, help="the file of results (default: none, only the table is printed)")
    options = parser.parse_args()
    choices = options.choices.split(",")
    if not set(choices) <= set(CHOICES) or options.seeds < 1:
        parser.error(f"choices are {', '.join(CHOICES)}; there is at least one seed")
    done = json.loads(options.out.read_text(encoding="utf-8")) if options.out and options.out.exists() else []
    same = {"rung": options.rung, "from": options.origin, "evaluations": options.evaluations}
    for seed, choice in ((seed, choice) for seed in range(options.seeds) for choice in choices):
        what = {**same, "choice": choice, "seed": seed}
        if any(what.items() <= each.items() for each in done):
            continue
        task = rung(options.rung)
        with chosen(choice, task):
            made = one_run(task, seed, options.origin, options.evaluations)
        done.append(what | made)
        print(f"{choice}, seed {seed}: {made['hypervolume']:.4f} in {made['seconds']:.0f} s", file=sys.stderr)
        if options.out:
            options.out.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
    print(table([each for each in done if same.items() <= each.items() and each["choice"] in choices]))
    return 0


def chosen(choice: str, task: Task) -> AbstractContextManager[object]:
    """While it lasts, searches in this process are made with a choice of `CHOICES`."""
    if choice == UNAIMED:
        return mock.patch.object(evaluation.Evaluator, "aim", lambda *_: {})
    if choice == ALL_PRICED:
        return mock.patch.object(evaluation, "PRICED", task.instances)
    return nullcontext()


def one_run(task: Task, seed: int, origin: str, evaluations: int) -> dict[str, Any]:
    """Make one run: of its verified front the hypervolume and the cheapest program that passes the gate; its time."""
    began = time.process_time()
    configuration = Configuration((task.name,), origin, evaluations, seed=seed, islands=1, deterministic=True)
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
