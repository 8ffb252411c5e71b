"""Speed of the machine and of the compiler: steps and accesses a second, and what starting costs."""

import ast
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from benchmarks.programs import LEARNER, LOOP, SCAN
from benchmarks.timing import best_seconds, duration, rate
from fitness import Control, learner, measure

ROUNDS = 10_000_000
CELLS = 100_000


def bench_steps() -> None:
    """Instructions a second."""
    for build, energy in (("plain", ()), ("priced", ("dmc",))):
        run = lambda e=energy: measure(LOOP, "f", [Control(ROUNDS)], energy=e)  # noqa: E731
        rate(f"{build} build, control scalars only", run().steps, best_seconds(run), "M steps/s")
        array = np.ones(CELLS, dtype=np.uint8)
        run = lambda e=energy, a=array: measure(SCAN, "f", [a, Control(10)], energy=e)  # noqa: E731
        measured, seconds = run(), best_seconds(run)
        rate(f"{build} build, sum of 10^5 1-byte elements, ten times", measured.steps, seconds, "M steps/s")
        if energy:
            rate("    the same, priced reads", measured.reads, seconds, "M reads/s")


def bench_compiler() -> None:
    """From source to linked code."""
    tree = ast.parse(LEARNER)
    duration(
        f"parse a program of {LEARNER.count(chr(10)) - 1} lines (CPython's ast)",
        best_seconds(lambda: ast.parse(LEARNER), 30),
    )
    duration("parse, check, compile and link it", best_seconds(lambda: learner(LEARNER), 30))
    duration("check, compile and link it from its tree", best_seconds(lambda: learner(tree), 30))


def bench_start() -> None:
    """A new process: with the machine compiled, and without."""
    script = "import fitness; fitness.measure('def f(a):\\n    return a + 1\\n', 'f', [1], energy=ENERGY)"
    with tempfile.TemporaryDirectory() as cache:
        for what, energy in (("plain", "()"), ("priced", "('dmc',)"), ("traced", "('bytedmd',)")):
            for temperature in ("cold", "warm"):
                start = time.perf_counter()
                command = [sys.executable, "-c", script.replace("ENERGY", energy)]
                environment = os.environ | {"NUMBA_CACHE_DIR": cache}
                subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)
                duration(
                    f"{temperature} start of a process, {what} build, one measurement", time.perf_counter() - start
                )


def run() -> None:
    """All of it."""
    bench_steps()
    bench_compiler()
    bench_start()
