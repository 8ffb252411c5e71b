"""The docstring of an exported file: what it does, what it scored and where it comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from fitness.score import Score
from runs.verification import Report
from tasks import Task

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of an exported program.

    Attributes:
        title: what it is, in a line.
        task: what it learns.
        score: its figures on instances that nothing before has looked at; None if it failed there.
        energy: the name and version of the model of the energy.
        seed: of the instances of `score`.
        report: of its verification.
        lineage: where it comes from, in at most three lines.
        command: that made the file.
        notes: more sentences: what was removed, what the author said.
        original: the docstring of the program.
    """

    title: str
    task: Task
    score: Score | None
    energy: str
    seed: int
    report: Report | None
    lineage: Sequence[str]
    command: str
    notes: Sequence[str] = ()
    original: str | None = None


def docstring(facts: Facts) -> str:
    """The text, in lines of at most `WIDTH` characters."""
    task = facts.task
    blocks = [_filled(f"{facts.title}"), _filled(f"Task {task.name}: {task.summary}.")]
    if facts.score is not None:
        blocks.append(_filled(scored(facts)))
    if facts.report is not None:
        blocks.append(_filled(verified(facts.report)))
    blocks += [_filled(note) for note in facts.notes]
    if facts.lineage:
        blocks.append("\n".join(["Lineage:", *(_filled(line, "    ") for line in facts.lineage)]))
    if facts.original:
        blocks.append(
            "\n".join(
                [
                    "What its source says of itself, which need not be true after so many changes:"
                    if facts.lineage
                    else "Its source says:",
                    "",
                    textwrap.indent(facts.original, "    "),
                ]
            )
        )
    blocks.append(f"Made by: {facts.command}")
    return "\n\n".join(blocks)


def scored(facts: Facts) -> str:
    """The figures, with the names of what they measure."""
    score = facts.score
    assert score is not None
    return (
        f"On {score.instances} fresh instances (seed {facts.seed}): accuracy {score.accuracy:.4f} (95 % sure of "
        f"{score.accuracy_low:.4f}; the gate is {facts.task.gate:g}), energy {score.energy:,.0f} ({facts.energy}; "
        f"{score.fit_energy:,.0f} of it to fit), {score.seconds:.3g} calibrated seconds, {score.steps:,.0f} steps. "
        "Energy, seconds and steps are means for one instance, all queries included, of the program as the machine "
        "runs it."
    )


def verified(report: Report) -> str:
    """What a verification found, in short."""
    counts = {verdict: [each.name for each in report.checks if each.verdict == verdict] for verdict in ("pass", "fail")}
    verdict = "passed" if report.passed else "FAILED"
    text = f"Verification {verdict} (seed {report.seed}{', quick' if report.quick else ''}): "
    if counts["fail"]:
        text += f"failed {', '.join(counts['fail'])}; "
    return text + f"passed {', '.join(counts['pass']) or 'nothing'}."


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
