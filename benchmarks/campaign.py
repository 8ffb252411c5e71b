"""A campaign: runs of some kinds with some seeds, each made once and kept in a file, and a table of them all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evolve.engine.garbage import RareCollections
from tasks import Task, rung

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign is about.

    Attributes:
        module: the name of the benchmark.
        summary: what it asks, in a line.
        rung: the usual one.
        evaluations: the usual number of children of a run.
        least: the least number of them.
        key: what kinds are called in results; the option has an s more.
        kinds: all there are.
        run: makes one run: of a task, a kind, a seed, an origin and a number of children.
        hypervolume: of the result of a run.
        table: of results.
        origin: what is usually started from.
    """

    module: str
    summary: str
    rung: str
    evaluations: int
    least: int
    key: str
    kinds: Sequence[str]
    run: Callable[[Task, str, int, str, int], Result]
    hypervolume: Callable[[Result], float]
    table: Callable[[Sequence[Result]], str]
    origin: str = "seeds"

    def main(self) -> int:
        """The command line; returns the exit code."""
        options, kinds = self._options()
        done = json.loads(options.out.read_text(encoding="utf-8")) if options.out and options.out.exists() else []
        wanted = [(kind, seed) for seed in range(options.seeds) for kind in kinds]
        same = {"rung": options.rung, "from": options.origin, "evaluations": options.evaluations}
        for kind, seed in wanted:
            what = {**same, self.key: kind, "seed": seed}
            if any(what.items() <= each.items() for each in done):
                continue
            with RareCollections():
                made = self.run(rung(options.rung), kind, seed, options.origin, options.evaluations)
            done.append(what | made)
            print(f"{kind}, seed {seed}: {self.hypervolume(made):.4f} in {made['seconds']:.0f} s", file=sys.stderr)
            if options.out:
                options.out.parent.mkdir(parents=True, exist_ok=True)
                options.out.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
        shown = [each for each in done if same.items() <= each.items() and (each[self.key], each["seed"]) in wanted]
        print(self.table(shown))
        return 0

    def _options(self) -> tuple[argparse.Namespace, list[str]]:
        """The options, and the kinds that they name."""
        plural = f"{self.key}s"
        parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{self.module}", description=self.summary)
        add = parser.add_argument
        add("rung", nargs="?", default=self.rung, help="default: %(default)s")
        add(
            "--from", dest="origin", default=self.origin, help="seeds, textbook, scratch, or names of seeds with commas"
        )
        add("--seeds", type=int, default=5, help="runs of each kind, from seed 0 (default: %(default)s)")
        add("--evaluations", type=int, default=self.evaluations, help="children of a run (default: %(default)s)")
        add(f"--{plural}", dest="kinds", default=",".join(self.kinds), help="with commas (default: all: %(default)s)")
        add("--out", type=Path, help="the file of results (default: none, only the table is printed)")
        options = parser.parse_args()
        kinds = options.kinds.split(",")
        if not set(kinds) <= set(self.kinds) or options.seeds < 1 or options.evaluations < self.least:
            parser.error(
                f"{plural} are {', '.join(self.kinds)}; a run has at least {self.least} children, and there is at "
                f"least one seed"
            )
        return options, kinds
