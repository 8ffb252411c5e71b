"""`python -m benchmarks.native [RUNG]`: how fast exported files are, beside the machine's own seconds.

It exports the seed algorithms and the front of a run, lets each file learn in a process of its own, and prints how well
calibrated, measured and native seconds agree on which program is faster.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.__main__ import computer
from fitness.assess import assess
from fitness.score import Failed
from primitives.errors import ProgramError
from primitives.parser import parse
from primitives.seeds import SEEDS, TEXTBOOK, source
from runs import open_run
from runs.export.shapes import SHAPES, text_of
from runs.export.words import Words
from runs.native import FileError, Native
from tasks import RUNGS, Task

SEED: Final = 0
INSTANCES: Final = 8
REPEATS: Final = 5
PROCESSES: Final = 3
"""Each with another instance; the median of them counts."""

SECONDS: Final = 0.3
SHARE: Final = 0.25
"""Of the budget of steps: seeds that use more of it would take minutes in plain Python."""

MOST: Final = 0.005
"""Calibrated seconds of one instance: what takes more takes seconds in plain Python, and the whole table minutes."""


class Kind(NamedTuple):
    """A kind of file: its shape, whether it does without numpy, and whether numba compiles it."""

    shape: str
    pure: bool
    numba: bool | None


FILES: Final = {
    "numpy": Kind("module", False, False),
    "numpy with numba": Kind("module", False, True),
    "numba": Kind("numba", False, None),
    "pure": Kind("module", True, None),
}
"""By the names of their columns."""


class Row(NamedTuple):
    """A program and its seconds of one instance: calibrated, measured on the machine, and of each shape's file."""

    name: str
    calibrated: float
    measured: float
    native: Mapping[str, float]


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.native", description=__doc__.partition("\n")[0])
    parser.add_argument("rung", nargs="?", default="parity-10-2", help="default: %(default)s")
    parser.add_argument("--run", type=Path, help="a run, whose front on the rung is measured as well")
    parser.add_argument("--as", dest="shapes", action="append", choices=list(FILES), help="default: all")
    options = parser.parse_args()
    task, shapes = RUNGS[options.rung], options.shapes or list(FILES)
    print(f"{computer()}\n", flush=True)
    print(f"| program | calibrated, ms | machine, ms | {' | '.join(f'{each}, ms' for each in shapes)} |")
    print("|---|" + "---:|" * (2 + len(shapes)), flush=True)
    rows = []
    for name, text in programs(task, options.run):
        row = measured(name, text, task, shapes)
        if row is not None:
            rows.append(row)
            seconds = [row.calibrated, row.measured, *row.native.values()]
            print(f"| {name} | {' | '.join(f'{1000 * each:.3g}' for each in seconds)} |", flush=True)
    print(f"\n{agreement(rows, shapes)}")
    return 0


def programs(task: Task, run: Path | None) -> Iterator[tuple[str, str]]:
    """The names and texts of the seed algorithms, and of a run's front."""
    if run is not None:
        with open_run(run) as opened:
            for each in opened.front(task.name).members:
                yield f"individual {each.id}", each.source
    for name in (*SEEDS, *TEXTBOOK):
        yield name, source(name)


def measured(name: str, text: str, task: Task, shapes: Sequence[str]) -> Row | None:
    """The seconds of a program; None if it fails on the task, or as a file."""
    try:
        found = assess(task, text, seed=SEED, instances=INSTANCES, models=(), repeats=REPEATS, share=SHARE)
        if isinstance(found.outcome, Failed) or found.times is None:
            raise FileError(f"fails with {getattr(found.outcome, 'status', 'no times')}")
        if found.outcome.seconds > MOST:
            raise FileError(f"it takes {1000 * found.outcome.seconds:.3g} calibrated ms")
        native = {each: native_seconds(text, task, each) for each in shapes}
    except (ProgramError, FileError) as error:
        print(f"{name} is left out: {error}", file=sys.stderr)
        return None
    return Row(name, found.outcome.seconds, found.times.total.median, native)


def native_seconds(text: str, task: Task, shape: str) -> float:
    """The least seconds in which the exported file learns an instance, the median of several instances."""
    kind = FILES[shape]
    words = Words.PURE if kind.pure else SHAPES[kind.shape].words
    file_of = text_of(kind.shape, words, "Exported.", parse(text), task, SEED)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exported.py"
        file.write_text(file_of, encoding="utf-8")
        least = []
        for seed in range(PROCESSES):
            with Native(file, seed, kind.numba) as native:
                least.append(native.run(SECONDS).least)
    return statistics.median(least)


def agreement(rows: Sequence[Row], shapes: Sequence[str]) -> str:
    """How well the clocks agree, as a table."""
    clocks = {
        "calibrated": [each.calibrated for each in rows],
        "machine": [each.measured for each in rows],
        **{shape: [each.native[shape] for each in rows] for shape in shapes},
    }
    lines = [
        "| clocks | rank correlation | pairs ordered alike | of those within a factor of 2 |",
        "|---|---:|---:|---:|",
    ]
    for one, other in itertools.combinations(clocks, 2):
        alike, close = ordered_alike(clocks[one], clocks[other])
        lines.append(f"| {one}, {other} | {rank_correlation(clocks[one], clocks[other]):.3f} | {alike} | {close} |")
    return "\n".join([f"{len(rows)} programs.", "", *lines])


def ordered_alike(first: Sequence[float], second: Sequence[float]) -> tuple[str, str]:
    """Of all pairs, and of those whose first values are within a factor of 2, how many both order alike."""
    counts = {False: [0, 0], True: [0, 0]}
    for i, j in itertools.combinations(range(len(first)), 2):
        close = max(first[i], first[j]) <= 2 * min(first[i], first[j])
        counts[close][0] += (first[i] - first[j]) * (second[i] - second[j]) > 0
        counts[close][1] += 1
    total = [a + b for a, b in zip(*counts.values(), strict=True)]
    return f"{total[0]} of {total[1]}", f"{counts[True][0]} of {counts[True][1]}"


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation: Pearson's of the midranks.

    Args:
        first: values, not all the same.
        second: as many.
    """
    return float(np.corrcoef(midranks(first), midranks(second))[0, 1])


def midranks(values: Sequence[float]) -> list[float]:
    """The rank of each value among all, from 1; ties share the mean of theirs."""
    array = np.asarray(values, dtype=np.float64)
    below, equal = (array[:, None] > array).sum(axis=1), (array[:, None] == array).sum(axis=1)
    return [float(each) for each in below + (equal + 1) / 2]


if __name__ == "__main__":
    sys.exit(main())
