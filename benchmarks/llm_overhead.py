"""`python -m benchmarks.llm_overhead`: what language models beside a search cost its islands.

The same deterministic search, child by child, is made without models, beside an endpoint that never answers, and beside
one that answers at once with a program that has to be judged in full and is never accepted. The endpoint is on this
computer.
All take turns. What is compared, from when a third of the children is made, since a process that asks models takes some
seconds of a core to start: children a second, which is only meaningful on an idle computer; and children for each
second of a core that the searching process itself had, which others don't change. With `--workers` the latter is that
of the driver alone, and means nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import mean, stdev

from evolve.chat import Model
from evolve.engine import Alone, Configuration, Progress, Seed, Silent, search
from evolve.llm.budget import Budget
from evolve.llm.companion import Companion
from evolve.llm.plan import Plan
from primitives.seeds import TEXTBOOK, source
from runs import create_run, open_run
from tasks import Task, rung
from tests.evolve.chat.serving import serving

CASES = ("no model", "hanging", "chatty")


PROPOSED = "version_space"
"""The program that is proposed: it works, and is too dear for the front."""


class Clock(Silent):
    """When how many children were made, by the clock and by the processor time of this process."""

    def __init__(self) -> None:
        self.points: list[tuple[int, float, float]] = []

    def progressed(self, progress: Progress) -> None:
        self.points.append((progress.evaluations, progress.seconds, time.process_time()))

    def rates(self, evaluations: int) -> tuple[float, float]:
        """Children a second, and for each second of this process, from when a third was made."""
        before, *start = next(point for point in self.points if point[0] >= evaluations / 3)
        made, *end = self.points[-1]
        wall, own = ((made - before) / (last - first) for first, last in zip(start, end, strict=True))
        return wall, own


@contextlib.contextmanager
def beside(case: str, directory: Path, task: Task, url: str) -> Iterator[Alone | Companion]:
    """What goes on beside a search in one of the cases."""
    plan = Plan((Model("hang-before-headers" if case == "hanging" else "judged", url),), Budget(10**12, "tokens"))
    if case == "no model":
        yield Alone()
    else:
        with Companion(directory, None, (task.name,), plan, os.environ) as companion:
            yield companion


def measured(case: str, task: Task, evaluations: int, workers: int, url: str) -> tuple[float, float, int]:
    """Children a second of a search, and for each of its own, and how many replies were judged meanwhile."""
    configuration = Configuration((task.name,), evaluations=evaluations, epoch=evaluations, deterministic=True)
    seeds = [Seed(name, source(name), required=False) for name in TEXTBOOK if name != PROPOSED]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "run"
        with (
            create_run(directory, asdict(configuration)) as store,
            beside(case, directory, task, url) as other,
        ):
            search([task], configuration, seeds, store, workers=workers, observer=clock, beside=other)
        with open_run(directory) as run:
            judged = sum(each.outcome == "dominated" for each in run.proposals())
    return *clock.rates(evaluations), judged


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.llm_overhead", description=__doc__.partition("\n")[0])
    parser.add_argument("rung", nargs="?", default="parity-10-3", help="default: %(default)s")
    parser.add_argument("--evaluations", type=int, default=3000, help="children (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=0, help="of the search (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="searches of each kind (default: %(default)s)")
    options = parser.parse_args()
    task = rung(options.rung)
    slow = f"```python\n{source(PROPOSED)}```"
    rates: dict[str, list[tuple[float, float]]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as folder:
        script = {"judged": [{"do": "reply", "text": slow}]}
        with serving(Path(folder), script=script) as server:
            for repeat in range(options.repeats):
                for case in CASES if repeat % 2 == 0 else CASES[::-1]:
                    wall, own, judged = measured(case, task, options.evaluations, options.workers, server.url)
                    rates[case].append((wall, own))
                    print(
                        f"{repeat}  {case:20} {wall:6.1f} children/s  {own:6.1f} for a second of its own  "
                        f"{judged:4} replies judged",
                        flush=True,
                    )
    for case in CASES[1:]:
        pairs = list(zip(rates[case], rates[CASES[0]], strict=True))
        wall, own = (ratio([one[kind] / other[kind] for one, other in pairs]) for kind in (0, 1))
        print(f"{case:20} of the children without a model: {wall} a second, {own} for a second of its own")
    return 0


def ratio(values: list[float]) -> str:
    """The mean of ratios, with their standard deviation."""
    return f"{mean(values):.2f}" + (f" ± {stdev(values):.2f}" if len(values) > 1 else "")


if __name__ == "__main__":
    sys.exit(main())
