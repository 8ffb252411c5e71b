"""One instance of a task, prepared, and one program judged on it: what it answered, and what that took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness.episode import play_episode
from fitness.limits import Limits
from fitness.play import Staged, play, stage
from fitness.programs import Compiled
from tasks.guest import Guest
from tasks.instances import Episode, Examples, Instance
from tasks.streams import instances
from tasks.task import Purpose, Task, TaskError


@dataclass(frozen=True, slots=True)
class Problem:
    """An instance ready to be played any number of times: examples with their answers, or an episode.

    `answerable` says which queries have a right answer, those with one that is not negative; None if all have.
    """

    staged: Staged | None
    answers: NDArray[np.int64] | None
    episode: Episode | None
    answerable: NDArray[np.bool_] | None = None


class Judged(NamedTuple):
    """How a program did on one instance.

    Attributes:
        status: "ok", or how it failed.
        line: the source line where it failed, None if it did not.
        correct: for each query whether its answer was right; None for an episode, and for a program that failed.
        accuracy: the part of the queries answered correctly, or the quality of an episode; None for a program that
            failed.
        steps, fit_steps: instructions in all, and up to the end of `fit`; an episode has no fit.
        energy, fit_energy: of the model `dmc`, likewise; 0 if it was not priced.
        seconds: calibrated seconds of all of it (`fitness.calibration`); 0 if it was not priced.
        peak_memory: the largest number of live bytes of arrays.
    """

    status: str
    line: int | None
    correct: NDArray[np.bool_] | None
    accuracy: float | None
    steps: int
    fit_steps: int
    energy: float
    fit_energy: float
    seconds: float
    peak_memory: int


def problems(task: Task, purpose: Purpose, seed: int, count: int, epoch: int = 0) -> list[Problem]:
    """Draw and prepare instances of a task (`tasks.streams.instances`).

    Raises TaskError if the task raises anything, or draws what is no instance.
    """
    drawn = instances(task, purpose, seed, count, epoch)
    found = []
    for _ in range(count):
        with Guest(f"draw(generator, {purpose.name}) of {task.name}"):
            instance = next(drawn)
        found.append(problem(instance))
    return found


def problem(instance: Instance) -> Problem:
    """Prepare an instance of a task. Raises TaskError for what is none."""
    if not isinstance(instance, Examples):
        if not hasattr(instance, "play"):
            raise TaskError(f"draw returned a {type(instance).__name__}; an instance is Examples or an Episode")
        return Problem(None, None, instance)
    _check(instance)
    staged = stage(instance.x, instance.y, instance.queries, instance.n_symbols, instance.n_classes)
    answerable = instance.answers >= 0
    return Problem(staged, instance.answers, None, None if answerable.all() else answerable)


def _check(examples: Examples) -> None:
    """Raise TaskError if the arrays are not of the types and shapes that examples have."""
    ranks = {"x": 2, "y": 1, "queries": 2, "answers": 1}
    arrays = {name: getattr(examples, name) for name in ranks}
    for name, array in arrays.items():
        kind = np.int64 if name == "answers" else np.uint8
        if not isinstance(array, np.ndarray) or array.dtype != kind or array.ndim != ranks[name]:
            found = f"{array.dtype}, rank {array.ndim}" if isinstance(array, np.ndarray) else type(array).__name__
            raise TaskError(f"{name} of Examples: {found}; it is an array of {np.dtype(kind)}, rank {ranks[name]}")
    x, y, queries, answers = arrays.values()
    if len(y) != len(x) or len(answers) != len(queries) or queries.shape[1] != x.shape[1]:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise TaskError(
            f"the shapes of Examples don't fit each other: {shapes}; a class a row, as many columns in both"
        )


def judge(program: Compiled, instance: Problem, limits: Limits, seed: int, priced: bool = True) -> Judged:
    """Run a program on one instance.

    Args:
        program: compiled for the instance's task.
        instance: what `problem` made.
        limits: of the whole instance.
        seed: the start of the program's stream of random numbers.
        priced: whether energy and calibrated seconds are counted.

    Raises:
        TaskError: the task breaks its own contract.
    """
    if instance.staged is None or instance.answers is None:
        return _judge_episode(program, instance, limits, seed, priced)
    if program.learner is None:
        raise TaskError("the task draws examples, and its contract is not that of learners")
    played = play(program.learner, instance.staged, limits=limits, priced=priced, seed=seed)
    correct: NDArray[np.bool_] | None = None
    accuracy = None
    if played.status == "ok":
        correct = played.answers == instance.answers
        if instance.answerable is not None:
            correct &= instance.answerable
        accuracy = int(np.count_nonzero(correct)) / len(correct) if len(correct) else 0.0
    return Judged(
        played.status,
        played.line,
        correct,
        accuracy,
        played.steps,
        played.fit_steps,
        played.energy,
        played.fit_energy,
        played.seconds,
        played.peak_memory,
    )


def unpriced(program: Compiled, instance: Problem, limits: Limits, seed: int) -> Judged:
    """Run a program on one instance without counting energy and calibrated seconds, and with no limit on energy."""
    return judge(program, instance, limits, seed, priced=False)


def _judge_episode(program: Compiled, instance: Problem, limits: Limits, seed: int, priced: bool) -> Judged:
    if program.learner is not None or instance.episode is None:
        raise TaskError("the task draws an episode, and its contract is that of learners, who are given Examples")
    played = play_episode(
        program.task_contract, program.functions, instance.episode, limits=limits, priced=priced, seed=seed
    )
    return Judged(
        played.status,
        played.line,
        None,
        played.quality,
        played.steps,
        0,
        played.energy,
        0.0,
        played.seconds,
        played.peak_memory,
    )
