"""Compares machine, CPython and naive reference on random programs: `python -m tests.fuzz [--programs N] [--seed S]`.

Program number k is that of seed S + k. The first disagreement is reduced to a smaller program that shows it, printed,
and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from tests.agreement import Disagreement, disagreements, program
from tests.programs import Generated
from tests.shrink import smaller


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--programs", type=int, default=20_000, help="how many programs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first program's seed (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after this time")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.programs)
    for seed in _within(seeds, 60 * options.minutes):
        found = list(disagreements(program(seed), seed))
        if found:
            _report(seed, found)
            return 1
    return 0


def _within(seeds: range, seconds: float) -> Iterator[int]:
    """The seeds, as long as time is left, with progress on stderr."""
    start = shown = time.monotonic()
    done = 0
    for done, seed in enumerate(seeds):
        now = time.monotonic()
        if now - start > seconds:
            break
        if now - shown > 5:
            shown = now
            print(f"{done} of {len(seeds)} programs, {done / (now - start):.0f} a second", file=sys.stderr)
        yield seed
    else:
        done = len(seeds)
    print(f"{done} programs, no disagreement", file=sys.stderr)


def _report(seed: int, found: list[Disagreement]) -> None:
    original = program(seed)
    reduced = reduce(original, seed, found[0].kind)
    print(f"seed {seed} (python -m tests.fuzz --seed {seed} --programs 1)")
    for disagreement in disagreements(reduced, seed):
        print(f"{disagreement.kind}: {disagreement.text}")
    print(f"args = {reduced.args!r}, control = {reduced.control}")
    print(reduced.source)


def reduce(p: Generated, seed: int, kind: str) -> Generated:
    """A program, smaller if possible, with a disagreement of the same kind."""
    improved = True
    while improved:
        improved = False
        for source in smaller(p.source):
            candidate = replace(p, source=source)
            if any(d.kind == kind for d in disagreements(candidate, seed)):
                p, improved = candidate, True
                break
    return p


if __name__ == "__main__":
    sys.exit(main())
