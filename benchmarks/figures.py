"""`python -m benchmarks.figures`: figures of runs, for the README and the pages of docs/.

    python -m benchmarks.figures progress OUT.svg RUN[=NAME]...   hypervolume over the time of one or several runs
    python -m benchmarks.figures front OUT.svg RUN                the front of a run, its seeds, the floor of the rung

The format is that of the name of the file. Figures have no background of their own and colours that can be read on a
light page and on a dark one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from fitness.score import Score
from runs import Run, RunError, open_run
from tasks import rung

COLOURS: Final = ("#2f81f7", "#d4731c", "#3f9142", "#a371f7", "#c9413a", "#8a8f98")
"""Each has a contrast of about 4 to white and to GitHub's dark grey."""

INK: Final = "#848d97"
"""Text and axes, likewise."""

STYLE: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evolve",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "savefig.transparent": True,
    "savefig.bbox": "tight",
}


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.figures", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figure", choices=("progress", "front"))
    parser.add_argument("out", type=Path, help="the file to write: .svg or .png")
    parser.add_argument("runs", nargs="+", metavar="RUN[=NAME]", help="directories of runs, with names to label them")
    parser.add_argument("--rung", help="of a ladder (default: the highest that has a front)")
    parser.add_argument("--over", choices=("minutes", "children"), default="minutes", help="default: %(default)s")
    parser.add_argument("--against", choices=("accuracy", "seconds"), default="accuracy", help="default: %(default)s")
    options = parser.parse_args()
    mpl.rcParams.update(STYLE)
    figure = Figure(figsize=(6.4, 3.6))
    try:
        if options.figure == "progress":
            progress(figure.add_subplot(), options.runs, options.rung, options.over)
        elif len(options.runs) > 1:
            parser.error("the figure of a front shows one run")
        else:
            with open_run(Path(options.runs[0])) as run:
                front(figure.add_subplot(), run, options.rung, options.against)
    except RunError as error:
        parser.error(str(error))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out, dpi=160, metadata={"Date": None} if options.out.suffix == ".svg" else None)
    return 0


def progress(axes: Axes, runs: Sequence[str], name: str | None, over: str) -> None:
    """Draw the hypervolume of runs, each labelled at its end."""
    ends = []
    for number, text in enumerate(runs):
        directory, _, label = text.partition("=")
        with open_run(Path(directory)) as run:
            points = run.history(name)
            on = run.front(name).rung
        if not points:
            raise RunError(f"{directory} has no history yet")
        x = [each.seconds / 60 if over == "minutes" else each.evaluations for each in points]
        y = [each.hypervolume for each in points]
        colour = COLOURS[number % len(COLOURS)]
        axes.step(x, y, where="post", color=colour, linewidth=1.6)
        ends.append([y[-1], x[-1], label if label or len(runs) > 1 else "", colour])
    low, high = axes.get_ylim()
    last = -float("inf")
    for y_end, x_end, label, colour in sorted(ends):  # labels that would overlap move up
        last = max(y_end, last + 0.06 * (high - low))
        axes.annotate(
            f"{label}  {y_end:.3f}".strip(),
            (x_end, last),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            annotation_clip=False,
        )
    axes.set_xlabel("minutes of search" if over == "minutes" else "children made")
    axes.set_title(f"hypervolume of the front on {on}", loc="left", fontsize=10)


def front(axes: Axes, run: Run, name: str | None, against: str) -> None:
    """Draw the verified front of a run over energy, with the programs that it started from and the rung's floor."""
    shown = run.front(name)
    if not shown.members:
        raise RunError(f"{run.directory} has no front on {shown.rung} yet")
    task, (model, version) = rung(shown.rung), run.energy
    scores = [each.score for each in shown.members]
    seeds = [each for each in _seeds(run, shown.rung) if each["accuracy"] > task.chance]
    axes.plot(
        [each["energy"] for each in seeds], [each[against] for each in seeds], "o", mfc="none", mec=INK, markersize=6
    )
    for each in seeds:
        axes.annotate(
            each["name"],
            (each["energy"], each[against]),
            xytext=(3, 6),
            textcoords="offset points",
            size=8,
            rotation=35,
        )
    axes.plot([s.energy for s in scores], [_of(s, against) for s in scores], "o", color=COLOURS[0], markersize=5)
    passing = [each for each in shown.members if each.score.accuracy_low >= task.gate]
    if passing:
        best = min(passing, key=lambda each: each.score.energy)
        axes.annotate(
            f"#{best.id}: {best.score.energy:,.0f}",
            (best.score.energy, _of(best.score, against)),
            xytext=(-6, -14),
            textcoords="offset points",
            color=COLOURS[0],
            ha="right",
        )
    if task.floor is not None and model == "dmc":
        axes.axvline(task.floor.energy, color=COLOURS[1], linewidth=1.2, linestyle=(0, (4, 3)))
        place = (task.floor.energy, 1.0)
        axes.annotate(
            f"floor {task.floor.energy:,.0f}",
            place,
            xycoords=("data", "axes fraction"),
            xytext=(4, -10),
            textcoords="offset points",
            color=COLOURS[1],
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"energy of learning and answering ({model} v{version})")
    if against == "seconds":
        axes.set_yscale("log")
    checked = "on instances that the search never saw" if shown.verified else "not verified yet"
    title = "accuracy" if against == "accuracy" else "calibrated seconds"
    axes.set_title(f"{title} on {shown.rung}: ● front, ○ start; {checked}", loc="left", fontsize=10, pad=58)


def _seeds(run: Run, name: str) -> list[dict[str, Any]]:
    """The programs that a rung was started with, with their figures on the instances of the verified front."""
    return [each for finished in run.events("finished")[-1:] for each in finished["seeds"] if each["rung"] == name]


def _of(score: Score, against: str) -> float:
    return score.accuracy if against == "accuracy" else score.seconds


if __name__ == "__main__":
    sys.exit(main())
