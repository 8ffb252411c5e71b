"""`python -m benchmarks.children [RUNG]`: what a child costs before it runs, in milliseconds of the processor.

Children are bred in chains, as a search breeds them: a program is varied, the child gets a key, loses its dead code, is
compiled, and its literals are counted. Every few children one that compiles takes its parent's place, which then costs
its text and an inspection. The chains of a small rung start from the blank program and simple ones, those of another
from its seeds. Stages are timed one by one; `all` is their sum.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from evolve.engine.garbage import RareCollections
from evolve.variation import OPERATORS, Context
from fitness.programs import compile_for
from population import normal_form_key, without_dead_code
from primitives.errors import ProgramError
from primitives.literals import literals
from primitives.seeds import SEEDS, source
from primitives.text import text_of
from tasks import Task, rung

SIMPLE = (
    "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return q[0]\n",
    "def fit(x, y, n_symbols, n_classes):\n    a = 0\n    for i in range(x.shape[1]):\n        s = 0\n"
    "        for r in range(len(y)):\n            s += x[r, i] ^ y[r]\n        if s == 0:\n            a = i\n"
    "    return a\n\n\ndef predict(a, q):\n    return q[a]\n",
    "def fit(x, y, n_symbols, n_classes):\n    a = 0\n    for r in range(len(y)):\n        a = a ^ y[r]\n"
    "    return a, n_symbols\n\n\ndef predict(a, n, q):\n    if q[0] == a:\n        return 1\n    return 0\n",
)
"""Programs as a search from scratch meets them."""

SMALL = 12
"""Rungs of at most so many columns start from the simple programs."""


@dataclass(slots=True)
class Costs:
    """Seconds by stage, how often each stage ran, and the lines of the programs that were made."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: list[int] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count what the block takes to a stage."""
        start = time.process_time()
        try:
            yield
        finally:
            self.seconds[stage] += time.process_time() - start
            self.times[stage] += 1


def starts(task: Task) -> list[str]:
    """The texts that chains on a task begin with."""
    if int(task.name.split("-")[1]) <= SMALL:
        return [task.contract.blank, *SIMPLE]
    return [source(name) for name, families in sorted(SEEDS.items()) if "parity" in families]


def chain(task: Task, text: str, children: int, generator: np.random.Generator, costs: Costs, every: int) -> None:
    """Breed children of a program and of those that take its place, of which there is one in `every` that compile."""
    names = task.contract.names
    context = Context(ast.parse(text), task.contract)
    for _ in range(children):
        operator = OPERATORS[generator.integers(len(OPERATORS))]
        with costs.timed("vary"):
            carrier = operator.vary(context.beside(context), generator)
        if carrier is None:
            continue
        with costs.timed("key"):
            normal_form_key(carrier, names)
        with costs.timed("dead code"):
            tree = without_dead_code(carrier, names)
        with costs.timed("compile"):
            try:
                compile_for(task, tree)
            except ProgramError:
                continue
        with costs.timed("literals (in compile)"):
            literals(tree)
        costs.lines.append(sum(isinstance(each, ast.stmt) for each in ast.walk(tree)))
        if generator.integers(every) == 0 and costs.lines[-1] <= 80:
            with costs.timed("text"):
                text_of(tree)
                carried = text_of(carrier)
            with costs.timed("inspect"):
                context = Context(ast.parse(carried), task.contract)


def measured(task: Task, children: int, chains: int, every: int) -> Costs:
    """The costs of children in chains from every start of a task."""
    costs = Costs()
    for number, text in enumerate(starts(task)):
        for seed in range(chains):
            chain(task, text, children, np.random.default_rng([seed, number]), costs, every)
    return costs


def main() -> None:
    """Print the milliseconds of each stage."""
    parser = argparse.ArgumentParser(description="Measure what a child costs before it runs.")
    parser.add_argument("rungs", nargs="*", default=["parity-4-1", "parity-20-3"], help="rungs of parity")
    parser.add_argument("--children", type=int, default=150, help="of a chain")
    parser.add_argument("--chains", type=int, default=4, help="from every program")
    parser.add_argument("--every", type=int, default=8, help="children that compile for one that becomes a parent")
    options = parser.parse_args()
    for name in options.rungs:
        with RareCollections():
            costs = measured(rung(name), options.children, options.chains, options.every)
        made = costs.times["key"]
        print(f"{name}: {made} children of {np.mean(costs.lines):.0f} statements on average")
        for stage, seconds in costs.seconds.items():
            each = 1e3 * seconds / costs.times[stage]
            print(f"  {stage:22} {1e3 * seconds / made:6.3f} ms a child  ({costs.times[stage]} times {each:.3f} ms)")
        total = sum(seconds for stage, seconds in costs.seconds.items() if "(" not in stage)
        print(f"  {'all':22} {1e3 * total / made:6.3f} ms a child")


if __name__ == "__main__":
    main()
