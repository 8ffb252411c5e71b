"""`python -m benchmarks.calibrate [--write]`: measure what the instructions of the machine take in the plain build.

Prints the nanoseconds of each class of instruction, and how well they predict programs that were not used to find them.
With `--write` they become the table `fitness/instruction_costs.py`, and all calibrated seconds change: scores from
before and after can't be compared.

First a loop over each class alone gives a guess. Then half of the random programs and of the seed programs, with the
counts that the priced build makes of them, correct it by least squares of the relative errors. A run's time is the
shortest of several, taken in rounds over all runs, so that a busy computer disturbs few of them in every round.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.__main__ import computer
from benchmarks.calibration_runs import RANDOM, SEED, SINGLE, Run, random_programs, seed_programs, single_instructions
from benchmarks.least_squares import nonnegative
from fitness import machine as machines
from fitness.calibration import CLASSES, calibrated_seconds
from fitness.limits import DEFAULT_MEMORY

Floats = NDArray[np.float64]

ROUNDS = 15
USUAL = 3.0
"""Nanoseconds of an instruction as long as nothing is known of it."""
FIRST_WEIGHT, SECOND_WEIGHT = 0.02, 0.2
"""Weights of USUAL when single instructions are fitted, and of what comes out when programs are; each program has 1.
The second made the smallest errors on programs left out; from 0.05 to 0.8 they hardly differ."""

TABLE = Path(__file__).parent.parent / "fitness" / "instruction_costs.py"


def measured(runs: Sequence[Run]) -> tuple[list[Run], Floats, Floats]:
    """The runs that succeed, the instructions each executes by class, shape (runs, classes), and its nanoseconds."""
    machine = machines.shared(DEFAULT_MEMORY)
    counted = [(run, executed) for run in runs if (executed := run.executed(machine)) is not None]
    shortest = np.full(len(counted), np.inf)
    for _ in range(ROUNDS):
        for index, (run, _) in enumerate(counted):
            shortest[index] = min(shortest[index], run.seconds(machine) or np.inf)
    return [run for run, _ in counted], np.array([counts for _, counts in counted], dtype=float), shortest * 1e9


def fitted(counts: Floats, nanoseconds: Floats, known: Floats, weight: float) -> Floats:
    """Nanoseconds of each class that make the relative errors small."""
    return nonnegative(counts / nanoseconds[:, None], np.ones(len(nanoseconds)), known, weight)


def costs_of(runs: Sequence[Run], counts: Floats, nanoseconds: Floats, use: NDArray[np.bool_]) -> Floats:
    """Nanoseconds of each class, from the runs that are used."""
    single = np.array([run.kind == SINGLE for run in runs])
    known = fitted(counts[single], nanoseconds[single], np.full(len(CLASSES), USUAL), FIRST_WEIGHT)
    programs = use & ~single
    scale = np.exp(np.mean(np.log(nanoseconds[programs] / (counts[programs] @ known))))
    floor = known[known > 0].min()
    return fitted(counts[programs], nanoseconds[programs], np.maximum(known, floor) * scale, SECOND_WEIGHT)


def errors(predicted: Floats, nanoseconds: Floats) -> str:
    """Relative errors and rank correlation of predictions, in words."""
    off = np.abs(predicted / nanoseconds - 1)
    ranks = [np.argsort(np.argsort(times)) for times in (predicted, nanoseconds)]
    correlation = np.corrcoef(*ranks)[0, 1]
    return (
        f"median error {np.median(off):.1%}, 90 % below {np.quantile(off, 0.9):.1%}, rank correlation {correlation:.4f}"
    )


def report(runs: Sequence[Run], counts: Floats, nanoseconds: Floats, use: NDArray[np.bool_], costs: Floats) -> None:
    """Print how well programs that were not used are predicted, by costs and by their steps alone."""
    kinds = np.array([run.kind for run in runs])
    usual = np.exp(np.mean(np.log((nanoseconds / counts.sum(axis=1))[use & (kinds != SINGLE)])))
    for kind in (RANDOM, SEED):
        chosen = ~use & (kinds == kind)
        print(f"{chosen.sum()} {kind} that were not used")
        print(f"    by instructions         {errors(counts[chosen] @ costs, nanoseconds[chosen])}")
        print(f"    by steps, {usual:.2f} ns each  {errors(counts[chosen].sum(axis=1) * usual, nanoseconds[chosen])}")
        table = np.array([calibrated_seconds(each) * 1e9 for each in counts[chosen].astype(np.int64)])
        print(f"    by the table in use     {errors(table, nanoseconds[chosen])}")


def table_source(costs: Floats) -> str:
    """The module that holds the table."""
    lines = [f'    "{kind}": {round(1000 * cost)},' for kind, cost in zip(CLASSES, costs, strict=True)]
    return (
        '"""Picoseconds of each class of instructions (`calibration`), written by `python -m benchmarks.calibrate`.\n\n'
        f'Measured on: {computer()}.\n"""\n\n'
        "PICOSECONDS: dict[str, int] = {\n" + "\n".join(lines) + "\n}\n"
    )


def main() -> None:
    """Measure, print, and write the table if asked to."""
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit("python -m benchmarks.calibrate takes no argument but --write")
    programs = [*random_programs(machines.shared(DEFAULT_MEMORY)), *seed_programs()]
    runs, counts, nanoseconds = measured([*single_instructions(), *programs])
    names = [run.name.partition(",")[0] for run in runs if run.kind == SEED]
    fitting = set(sorted(set(names))[::2])
    use = np.array(
        [
            run.kind == SINGLE
            or (run.name.partition(",")[0] in fitting if run.kind == SEED else int(run.name) % 2 == 0)
            for run in runs
        ]
    )
    costs = costs_of(runs, counts, nanoseconds, use)
    for kind, cost, count in zip(CLASSES, costs, (counts[use] > 0).sum(axis=0), strict=True):
        print(f"{kind:<30}{cost:8.2f} ns, in {count} of {use.sum()} runs")
    report(runs, counts, nanoseconds, use, costs)
    if sys.argv[1:]:
        TABLE.write_text(table_source(costs), encoding="utf-8")
        print(f"wrote {TABLE}")


if __name__ == "__main__":
    main()
