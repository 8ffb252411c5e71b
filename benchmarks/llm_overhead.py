"""`python -m benchmarks.llm_overhead`: what language models beside a search cost its islands.

The same deterministic search, child by child, is made without models, beside an endpoint that never answers, beside
one that answers at once with a program that has to be judged in full and is never accepted, and beside the same with
all that a proposer does in a thread of the driver instead of a process of its own. The endpoint is on this computer.
All take turns; what is compared is the rate of children from when a third of them is made, since a process that asks
models takes some seconds of a core to start.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import mean, stdev

from evolve.chat import Model
from evolve.chat.client import Client
from evolve.engine import Alone, Configuration, Progress, Seed, Silent, search
from evolve.llm.budget import Budget
from evolve.llm.companion import Companion
from evolve.llm.plan import Plan
from evolve.llm.proposer import Proposer
from primitives.seeds import TEXTBOOK, source
from runs import create_run, open_run
from tasks import Task, rung
from tests.evolve.chat.serving import serving

CASES = ("no model", "hanging", "chatty", "chatty, in a thread")


PROPOSED = "version_space"
"""The program that is proposed: it works, and is too dear for the front."""


class Clock(Silent):
    """When how many children were made."""

    def __init__(self) -> None:
        self.points: list[tuple[float, int]] = []

    def progressed(self, progress: Progress) -> None:
        self.points.append((progress.seconds, progress.evaluations))

    def rate(self, evaluations: int) -> float:
        """Children a second, from when a third was made."""
        start, before = next(point for point in self.points if point[1] >= evaluations / 3)
        end, made = self.points[-1]
        return (made - before) / (end - start)


class Thread(Alone):
    """A proposer in a thread of the driver."""

    def __init__(self, directory: Path, task: Task, plan: Plan):
        self._where = directory, task, plan
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        directory, task, plan = self._where
        with Client(random.Random(0)) as client:
            while not self._stop.is_set():
                with open_run(directory) as run:
                    if run.islands():
                        break
                time.sleep(0.1)
            with open_run(directory) as run:
                proposer = Proposer(run, {task.name: task}, plan, client.ask, lambda _: None)
                while not self._stop.is_set():
                    proposer.step()

    def over(self) -> None:
        self._stop.set()
        self._thread.join()


@contextlib.contextmanager
def beside(case: str, directory: Path, task: Task, url: str) -> Iterator[Alone | Companion]:
    """What goes on beside a search in one of the cases."""
    plan = Plan((Model("hang-before-headers" if case == "hanging" else "judged", url),), Budget(10**12, "tokens"))
    if case == "no model":
        yield Alone()
    elif case == "chatty, in a thread":
        thread = Thread(directory, task, plan)
        yield thread
        thread.over()
    else:
        with Companion(directory, None, (task.name,), plan, os.environ) as companion:
            yield companion


def measured(case: str, task: Task, evaluations: int, workers: int, url: str) -> tuple[float, int]:
    """Children a second of a search, and how many replies were judged meanwhile."""
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
    return clock.rate(evaluations), judged


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
    rates: dict[str, list[float]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as folder:
        script = {"judged": [{"do": "reply", "text": slow}]}
        with serving(Path(folder), script=script) as server:
            for repeat in range(options.repeats):
                for case in CASES if repeat % 2 == 0 else CASES[::-1]:
                    rate, judged = measured(case, task, options.evaluations, options.workers, server.url)
                    rates[case].append(rate)
                    print(f"{repeat}  {case:20} {rate:6.1f} children/s  {judged:4} replies judged", flush=True)
    for case in CASES[1:]:
        ratios = [one / other for one, other in zip(rates[case], rates[CASES[0]], strict=True)]
        spread = f" ± {stdev(ratios):.2f}" if len(ratios) > 1 else ""
        print(f"{case:20} {mean(ratios):.2f}{spread} times the rate without a model")
    return 0


if __name__ == "__main__":
    sys.exit(main())
