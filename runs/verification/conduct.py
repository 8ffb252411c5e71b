"""What a program does on one instance, answer by answer: for comparing runs with each other."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fitness.limits import Limits
from fitness.play import play
from fitness.problem import judge, problem
from runs.verification.trials import Subject
from tasks import Call, Episode, Examples, Instance


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a program did.

    Attributes:
        status, line: how it ended, and where it failed.
        answers: classes, or the results of calls.
        calls: for an episode, the calls that gave these results.
        energy, steps: in all.
    """

    status: str
    line: int | None
    answers: tuple[Any, ...]
    calls: tuple[Call, ...]
    energy: float
    steps: int


def conduct(subject: Subject, instance: Instance, limits: Limits, seed: int, most_calls: int | None = None) -> Conduct:
    """Run the program on an instance of its task.

    Args:
        subject: the program.
        instance: examples, or an episode, which is ended early after `most_calls` calls.
        limits: of the whole.
        seed: the start of its stream of random numbers.
        most_calls: None for the whole episode.
    """
    if isinstance(instance, Examples):
        staged = problem(instance).staged
        assert staged is not None and subject.compiled.learner is not None
        played = play(subject.compiled.learner, staged, limits=limits, seed=seed)
        answers = tuple(played.answers.tolist()) if played.status == "ok" else ()
        return Conduct(played.status, played.line, answers, (), played.energy, played.steps)
    recorded = Recorded(instance, most_calls)
    judged = judge(subject.compiled, problem(recorded), limits, seed)
    calls, answers = tuple(recorded.calls), tuple(recorded.results)
    return Conduct(judged.status, judged.line, answers, calls, judged.energy, judged.steps)


def same(left: Any, right: Any) -> bool:
    """Whether two answers are equal to the last bit, and of one type."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        alike = left.dtype == right.dtype and left.shape == right.shape
        return alike and left.tobytes() == right.tobytes()
    return type(left) is type(right) and repr(left) == repr(right)


def shrunk(examples: Examples, rows: int, queries: int) -> Examples:
    """The first rows and queries of an instance."""
    return replace(
        examples,
        x=examples.x[:rows],
        y=examples.y[:rows],
        queries=examples.queries[:queries],
        answers=examples.answers[:queries],
    )


@dataclass(slots=True)
class Recorded:
    """An episode that keeps its calls and their results, and may end early."""

    episode: Episode
    most_calls: int | None
    calls: list[Call] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)

    def play(self) -> Generator[Call, Any, float]:
        """Play the episode; its quality, or 0 if it is ended early."""
        inner = self.episode.play()
        try:
            call = next(inner)
            while self.most_calls is None or len(self.results) < self.most_calls:
                kept = replace(call, arguments=tuple(map(_copied, call.arguments)))  # the task may go on to change them
                result = yield call
                self.calls.append(kept)
                self.results.append(_copied(result))
                call = inner.send(result)
        except StopIteration as end:
            return float(end.value)
        finally:
            inner.close()
        return 0.0


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
