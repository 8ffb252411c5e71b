"""Exporting: from a program to the text of a file, its figures on fresh instances, and its verification."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from fitness import models
from fitness.limits import limits_of
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Failed, Score, score
from primitives.parser import parse
from runs.export.documents import Facts, docstring
from runs.export.module import WORTH
from runs.export.shapes import SHAPES, text_of
from runs.export.simplification import Simplified, cleaned_up, simplified
from runs.export.trial import INTERPRETERS, ExportError, FileFailed, ShapeError, Trial, tried
from runs.export.words import Words
from runs.verification import Observer, Report, verify
from tasks import Examples, Purpose, Task, instances

EPOCH: Final = 0x65787074
"""An epoch of its own: neither a search nor a verification looks at these instances."""


_COMPILING: Final = 10_000_000
"""Steps of the machine that take plain numpy about as long as numba takes to compile a program: two to five seconds."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported, and how.

    Attributes:
        source: the program.
        task: what it learns.
        title: what it is, in a line.
        lineage: where it comes from, in at most three lines.
        command: that asks for the file.
        shape: one of `SHAPES`.
        pure: whether the file does without numpy.
        as_is: whether nothing is simplified.
        unverified: whether it is exported even if the verification fails.
        quick: whether the verification is a quick one.
        seed: of all instances.
    """

    source: str
    task: Task
    title: str
    lineage: Sequence[str]
    command: str
    shape: str
    pure: bool
    as_is: bool
    unverified: bool
    quick: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported program.

    Attributes:
        text: of the file.
        source: the program in the language, as it was exported.
        before, after: the scores of the program as it was given, and as it is exported, on the same instances.
        report: of the verification of what is exported.
        trials: how the file's answers compare with the machine's, in each interpreter in which it was tried.
        removed: the statements that the simplification took away, as text.
    """

    text: str
    source: str
    before: Score | Failed
    after: Score | Failed
    report: Report
    trials: tuple[Trial, ...]
    removed: tuple[str, ...]


def export(
    request: Request, observer: Observer | None = None, tell: Callable[[str], None] = lambda _: None
) -> Exported:
    """Write a program as a file.

    Args:
        request: what and how.
        observer: is told of the checks of the verification.
        tell: is told what is being done.

    Raises:
        ProgramError: the program is not in the language or does not keep the task's contract.
        ExportError: it fails its verification, predicts something else as a file, or does not fit the shape.
    """
    task = request.task
    if request.pure and not SHAPES[request.shape].pure:
        able = ", ".join(name for name, each in SHAPES.items() if each.pure)
        raise ShapeError(f"--as {request.shape} needs numpy; --pure goes with --as {able}")
    text_of(request.shape, _words(request), "", parse(request.source), task, request.seed)  # does it fit the shape?
    tell("scoring on fresh instances")
    before = scored(task, request.source, request.seed)
    chosen = _chosen(request, before, observer, tell)
    simple, after, report = chosen.simple, chosen.score, chosen.report
    if not report.passed and not request.unverified:
        failed = "; ".join(f"{each.name}: {each.detail}" for each in report.failed)
        raise ExportError(f"it fails its verification ({failed}); --unverified exports it all the same, and says so")
    tell("running the file")
    text, trials = _file(request, simple, before, after, report)
    return Exported(text, simple.source, before, after, report, trials, simple.removed)


def _words(request: Request) -> Words:
    return Words.PURE if request.pure else SHAPES[request.shape].words


def _file(
    request: Request, simple: Simplified, before: Score | Failed, after: Score | Failed, report: Report
) -> tuple[str, tuple[Trial, ...]]:
    """The text of the file, in the first words in which it gives the machine's answers, and how it was tried."""
    task = request.task
    first = "" if report.passed else f"NOT VERIFIED: it failed {', '.join(each.name for each in report.failed)}"
    words = _words(request)

    def text(words: Words, *more: str) -> str:
        document = docstring(
            Facts(
                request.title,
                task,
                after if isinstance(after, Score) else None,
                energy_model(),
                request.seed,
                report,
                request.lineage,
                request.command,
                [
                    *_notes(before, after, simple, request.as_is),
                    f"It needs {SHAPES[request.shape].needs(words)}.",
                    *more,
                ],
                ast.get_docstring(parse(request.source)),
            )
        )
        return text_of(
            request.shape, words, document, parse(simple.source), task, request.seed, first, worth(task, after)
        )

    found = text(words)
    if words is Words.EITHER:
        try:
            return found, _tried(found, request, simple.source, words)
        except NumbaDiffers as error:
            words, found = Words.NUMPY, text(Words.NUMPY, f"It runs in numpy alone: {error}.")
    return found, _tried(found, request, simple.source, words)


def worth(task: Task, found: Score | Failed) -> int:
    """From how many rows and queries on plain numpy takes longer than compiling, about."""
    [instance] = instances(task, Purpose.VERIFICATION, 0, 1)
    if not isinstance(found, Score) or not isinstance(instance, Examples):
        return WORTH
    rows = _COMPILING * (len(instance.x) + len(instance.queries)) / found.steps
    return int(float(f"{rows:.0e}")) or 1


class NumbaDiffers(ExportError):
    """Numba can't compile a file, or does so with other results; the message says which."""


def _tried(text: str, request: Request, source: str, words: Words) -> tuple[Trial, ...]:
    """Run the file in all interpreters that it is for. Raises ExportError if it answers otherwise than the machine."""
    trials = []
    for interpreter in INTERPRETERS[words]:
        fallback = words is Words.EITHER and interpreter == "numpy and numba"
        try:
            trial = tried(text, source, request.task, request.seed, interpreter)
        except FileFailed as error:
            if fallback:
                raise NumbaDiffers("numba does not compile it") from error
            raise
        if trial.different:
            if fallback:
                raise NumbaDiffers("compiled by numba it answers otherwise")
            times = f"{trial.different} of {trial.answers} times"
            raise ExportError(f"the file answers otherwise than the machine with {interpreter}, {times}")
        trials.append(trial)
    return tuple(trials)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A form of the program, its score and its verification."""

    simple: Simplified
    score: Score | Failed
    report: Report


def _chosen(
    request: Request, before: Score | Failed, observer: Observer | None, tell: Callable[[str], None]
) -> _Candidate:
    """The simplest form of the program that is as accurate as it was and passes what it passes.

    It is fully simplified, or else without its dead code, or as it was given.
    """
    task, tree = request.task, parse(request.source)
    given = Simplified(request.source, ())
    forms: list[Callable[[], Simplified]] = [lambda: given]
    if not request.as_is and isinstance(before, Score):
        cleaned = cleaned_up(task, tree)
        forms = [lambda: simplified(task, tree, request.seed), lambda: cleaned, lambda: given]
    known: set[str] = set()
    for place, form in enumerate(forms):
        tell("simplifying" if len(forms) > 1 else "verifying")
        simple = form()
        last = place == len(forms) - 1
        if simple.source in known and not last:
            continue
        known.add(simple.source)
        score = scored(task, simple.source, request.seed)
        if not last and not _as_accurate(score, before):
            continue
        report = verify(task, simple.source, seed=request.seed, quick=request.quick, observer=observer)
        if report.passed or last:
            break
    return _Candidate(simple, score, report)


def _as_accurate(after: Score | Failed, before: Score | Failed) -> bool:
    return isinstance(after, Score) and isinstance(before, Score) and after.accuracy >= before.accuracy


def scored(task: Task, source: str, seed: int) -> Score | Failed:
    """The score of a program on as many fresh instances as the task says."""
    drawn = problems(task, Purpose.VERIFICATION, seed, task.instances, EPOCH)
    return score(compile_for(task, source), drawn, limits_of(task.budget), seed, task)


def energy_model() -> str:
    """The name and version of the model of the figures of energy."""
    model = models.get("dmc")
    return f"{model.name} v{model.version}"


def changes(count: int) -> str:
    """So many changes, in words."""
    return f"{count} change{'' if count == 1 else 's'}"


def _notes(before: Score | Failed, after: Score | Failed, simple: Simplified, as_is: bool) -> list[str]:
    if as_is:
        return ["As it was found: nothing was simplified."]
    if not isinstance(before, Score) or not isinstance(after, Score):
        return []
    if not simple.removed:
        return ["Nothing in it could be left out without cost in accuracy, time or energy."]
    count = changes(len(simple.removed))
    if (before.accuracy, before.energy, before.seconds) == (after.accuracy, after.energy, after.seconds):
        return [f"Simplified by {count}; it scores as it did before."]
    return [
        f"Simplified by {count}. Before: accuracy {before.accuracy:.4f}, energy "
        f"{before.energy:,.0f}, {before.seconds:.3g} calibrated seconds, on the same instances."
    ]
