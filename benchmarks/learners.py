"""Speed of whole evaluations: of a tiny learner, of the seed programs on a parity, and of PPM-C on English text."""

import numpy as np

from benchmarks import instances
from benchmarks.programs import TINY
from benchmarks.timing import best_seconds, duration
from fitness import Limits, Play, Staged, learner, play, stage
from fitness.limits import MOST_MEMORY
from primitives import seeds
from primitives.learner import Learner

ROOMY = Limits(steps=10**10, memory=MOST_MEMORY)
QUERIES = 1000
"""Queries after a text."""


def evaluation(program: Learner, instance: Staged, priced: bool = True) -> Play:
    """One instance, from loading the program to its last answer."""
    played = play(program, instance, limits=ROOMY, priced=priced)
    if played.status != "ok":
        raise RuntimeError(f"the program failed: {played.status} in line {played.line}")
    return played


def rate_of(what: str, program: Learner, instance: Staged, count: int, priced: bool = True) -> None:
    """Print evaluations a second."""

    def run() -> None:
        for _ in range(count):
            evaluation(program, instance, priced)

    print(f"{what:<64} {count / best_seconds(run):9.0f} /s", flush=True)


def bench_tiny() -> None:
    """100 training rows of 4 symbols, 16 queries, and nearly no instructions."""
    random = np.random.default_rng(0)
    x, queries = random.integers(0, 2, (100, 4), dtype=np.uint8), random.integers(0, 2, (16, 4), dtype=np.uint8)
    instance = stage(x, x[:, 0].copy(), queries, 2, 2)
    for build, priced in (("plain", False), ("priced", True)):
        rate_of(f"evaluations of a tiny learner, {build} build", learner(TINY), instance, 1000, priced)


def bench_parity() -> None:
    """Every seed program for parities: three bits of 20, 500 rows and 500 queries."""
    instance = instances.parity(20, 500, 500)
    for name in seeds.seeds_for("parity"):
        program = learner(seeds.source(name))
        steps = evaluation(program, instance).steps
        count = min(100, 10**7 // steps + 1)
        rate_of(f"evaluations of {name} on parity 20/3, {steps:,} steps", program, instance, count)


def bench_text() -> None:
    """PPM-C learns a text of some length, and then answers the queries of what follows."""
    program = learner(seeds.source("ppm_c"))
    for characters in (100_000, 1_000_000):
        instance = instances.text(characters, QUERIES)
        figures = evaluation(program, instance)
        for build, priced in (("plain", False), ("priced", True)):
            what = f"PPM-C on {characters:,} characters, {figures.steps:,} steps, {build} build"
            duration(what, best_seconds(lambda i=instance, p=priced: evaluation(program, i, p), 3))
        print(f"    its energy, dmc v1: {figures.energy:.4g}; calibrated: {1e3 * figures.seconds:.0f} ms", flush=True)


def run() -> None:
    """All of it."""
    bench_tiny()
    bench_parity()
    bench_text()
