"""Simplifying a program before it is exported: what it does without goes.

Dead code is removed first (`population.dead_code`), and constants are tidied (`tidying`). Then every statement is left
out in turn, every branch is taken in the place of its `if`, and every float is written with fewer digits. A change
stays if on instances that nothing before has looked at, the same for all of them, the mean accuracy is no lower than
that of the whole program, and neither energy nor calibrated time are higher beyond noise.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fitness.interval import ONE_SIDED
from fitness.limits import limits_of
from fitness.problem import Problem, judge, problems
from fitness.programs import compile_for
from fitness.score import streams
from population.dead_code import without_dead_code
from primitives import syntax
from primitives.errors import ProgramError
from primitives.parser import parse
from runs.export.tidying import tidied
from tasks import Purpose, Task

EPOCH: Final = 0x73696D70
"""An epoch of its own: what chooses the changes looks at these instances, what is shown at others."""

_STEPS: Final = 3_000_000_000
"""Steps of the machine for all trials of one round, about; more instances are not looked at."""

_MOST: Final = 1000
"""Instances, where each is a trial: a program that checks fewer rows than before fails on few."""

_ROUNDS: Final = 3
_DIGITS: Final = (1, 2, 3)

Block = list[ast.stmt]


@dataclass(frozen=True, slots=True)
class Simplified:
    """A program, and what was changed in it, in words."""

    source: str
    removed: tuple[str, ...]


def simplified(task: Task, tree: ast.Module, seed: int) -> Simplified:
    """Take out of a program what it does without.

    Args:
        task: what it learns.
        tree: the program, which is not changed.
        seed: of the instances.
    """
    cleaned = cleaned_up(task, tree)
    source, removed = cleaned.source, list(cleaned.removed)
    trials = _Trials.start(task, source, seed)
    if trials is None:
        return Simplified(source, tuple(removed))
    source, removed = _tidied(task, source, trials, removed)
    for _ in range(_ROUNDS):
        shorter, changes = _round(source, trials, _statements)
        if not changes:
            break
        removed += changes
        cleaner = ast.unparse(without_dead_code(parse(shorter), task.contract.names)) + "\n"
        source = cleaner if trials.bears(cleaner) else shorter
    source, changes = _round(source, trials, _numbers)
    source, removed = _tidied(task, source, trials, [*removed, *changes])
    return Simplified(source, tuple(removed))


def _tidied(task: Task, source: str, trials: _Trials, changes: list[str]) -> tuple[str, list[str]]:
    """The program with its constants tidied, and all changes so far; as it was, if that costs something."""
    tidier, more = tidied(source, task.contract)
    return (tidier, [*changes, *more]) if more and trials.bears(tidier) else (source, changes)


def cleaned_up(task: Task, tree: ast.Module) -> Simplified:
    """The program without its dead code."""
    before = ast.unparse(tree)
    source = ast.unparse(without_dead_code(tree, task.contract.names)) + "\n"
    count = before.count("\n") + 1 - source.count("\n")
    return Simplified(source, (f"{count} lines of dead code",) if count > 0 else ())


class _Trials:
    """Judges changed programs on some instances, against the program as it was.

    Attributes:
        baseline: its accuracy, energy and calibrated seconds, an array of shape (instances, 3).
    """

    def __init__(self, task: Task, drawn: Sequence[Problem], seed: int):
        self.task, self.drawn, self.limits = task, drawn, limits_of(task.budget)
        self.streams = streams(seed, len(drawn))
        self.baseline: NDArray[np.float64] = np.zeros((0, 3))
        self._known: dict[str, bool] = {}

    @classmethod
    def start(cls, task: Task, source: str, seed: int) -> _Trials | None:
        """Judge the program itself; None if it fails."""
        first = judge(
            compile_for(task, source),
            problems(task, Purpose.VERIFICATION, seed, 1, EPOCH)[0],
            limits_of(task.budget),
            seed,
        )
        if first.status != "ok":
            return None
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(source)))
        most = _MOST if task.interval == "instances" else 2 * task.instances
        count = max(1, min(most, _STEPS // max(1, first.steps * statements)))
        trials = cls(task, problems(task, Purpose.VERIFICATION, seed, count, EPOCH), seed)
        measured = trials.measured(source, -1.0)
        if measured is None:
            return None
        trials.baseline = measured
        return trials

    def measured(self, source: str, least: float) -> NDArray[np.float64] | None:
        """Accuracy, energy and seconds on each instance; None if it fails, or its accuracies can't sum to `least`."""
        try:
            program = compile_for(self.task, source)
        except ProgramError:
            return None
        rows: list[tuple[float, float, float]] = []
        for each, stream in zip(self.drawn, self.streams, strict=True):
            one = judge(program, each, self.limits, stream)
            if one.accuracy is None:
                return None
            rows.append((one.accuracy, one.energy, one.seconds))
            if sum(row[0] for row in rows) + len(self.drawn) - len(rows) < least - 1e-9:
                return None
        return np.array(rows)

    def bears(self, source: str) -> bool:
        """Whether a changed program is as good as the first one."""
        if source not in self._known:
            self._known[source] = self._bears(source)
        return self._known[source]

    def _bears(self, source: str) -> bool:
        measured = self.measured(source, float(self.baseline[:, 0].sum()))
        if measured is None:
            return False
        dearer = measured[:, 1:] - self.baseline[:, 1:]
        noise = dearer.std(axis=0) / max(len(dearer) - 1, 1) ** 0.5
        return bool((dearer.mean(axis=0) <= ONE_SIDED * noise).all())


def _round(source: str, trials: _Trials, kind: Changes) -> tuple[str, list[str]]:
    """Try every change of a kind once, each upon those that stayed."""
    tree = ast.parse(source)
    changes: list[str] = []
    for change in kind(tree):
        undo = change.make()
        text = ast.unparse(tree) + "\n"
        if trials.bears(text):
            source = text
            changes.append(change.says)
        else:
            undo()
    return source, changes


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a tree: what is put in the place of a statement, or another value for a number."""

    says: str
    block: Block
    statement: ast.stmt
    instead: Sequence[ast.stmt]

    def make(self) -> _Undo:
        """Change the tree."""
        before = list(self.block)
        place = next(index for index, each in enumerate(before) if each is self.statement)
        self.block[place : place + 1] = self.instead
        if not self.block:
            self.block.append(ast.Pass())
        return _Undo(self.block, before)


@dataclass(frozen=True, slots=True)
class _Undo:
    block: Block
    before: Block

    def __call__(self) -> None:
        self.block[:] = self.before


def _statements(tree: ast.Module) -> Iterator[_Change]:
    """Statements left out, and branches in the place of an `if`: large ones first, none inside of what is gone."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            yield from _of_block(function.body)


def _numbers(tree: ast.Module) -> Iterator[_Shorter]:
    """Floats with fewer digits, the fewest first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            for digits in _DIGITS:
                value = float(f"{node.value:.{digits}g}")
                if len(repr(value)) >= len(repr(node.value)):
                    break
                yield _Shorter(node, value)


def _of_block(block: Block) -> Iterator[_Change]:
    for statement in list(block):
        if syntax.is_text(statement) or isinstance(statement, ast.Pass):
            continue
        says = ast.unparse(statement).partition("\n")[0]
        if not isinstance(statement, ast.Return):
            yield _Change(says, block, statement, [])
            if not _is_in(statement, block):
                continue
        if isinstance(statement, ast.If):
            for part in (statement.body, statement.orelse):
                if part and _is_in(statement, block):
                    yield _Change(f"{says} (one branch stays)", block, statement, list(part))
        if not _is_in(statement, block):
            continue
        for name in ("body", "orelse"):
            inner = getattr(statement, name, None)
            if inner:
                yield from _of_block(inner)


def _is_in(statement: ast.stmt, block: Block) -> bool:
    return any(each is statement for each in block)


@dataclass(frozen=True, slots=True)
class _Shorter:
    """A number with fewer digits."""

    node: ast.Constant
    value: float

    @property
    def says(self) -> str:
        """The change in words."""
        return f"a number, now {self.value!r}"

    def make(self) -> _Restore:
        """Change the tree."""
        before = self.node.value
        assert isinstance(before, float)
        self.node.value = self.value
        return _Restore(self.node, before)


Changes = Callable[[ast.Module], Iterator["_Change | _Shorter"]]
"""Gives the changes of a tree, one after the other, each with those before it made or undone."""


@dataclass(frozen=True, slots=True)
class _Restore:
    node: ast.Constant
    before: float

    def __call__(self) -> None:
        self.node.value = self.before
