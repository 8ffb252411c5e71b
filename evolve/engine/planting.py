"""Which programs a search starts from, and what its children may use: some times what these need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from evolve.engine.evaluation import ROOM, Evaluator
from fitness.programs import Compiled, compile_for
from fitness.score import Failed, Score
from primitives.errors import ProgramError
from tasks import Purpose


class Drop(Protocol):
    """Who is told the name of each program that is not started from, and why."""

    def __call__(self, name: str, reason: str, /) -> object:
        """Be told."""
        ...


class SeedError(ValueError):
    """A program that a search has to start from can't be compiled for the task, or fails; or there is none at all."""


class Seed(NamedTuple):
    """A program to start from.

    Attributes:
        name: for people.
        source: its text.
        required: whether the search is to stop if it fails. Of the others those that pass the task's gate are taken, or
            if none does all that don't fail; and none that needs more than `ROOM` times what the cheapest needs that
            passes, for its children would take all the time.
    """

    name: str
    source: str
    required: bool = True


class Sound(NamedTuple):
    """A seed that runs on the task, its number among all of them, and its score on the instances of the search."""

    number: int
    seed: Seed
    compiled: Compiled
    score: Score


def choose(seeds: Sequence[Seed], evaluator: Evaluator, dropped: Drop, others: Sequence[Score] = ()) -> list[Sound]:
    """The seeds to start from, the required ones first, then the others from the cheapest on one instance.

    Args:
        seeds: all that there are.
        evaluator: judges them.
        dropped: is told the name of each seed that is not taken, and why.
        others: scores of programs that pass the gate, and are started from anyway.

    Raises:
        SeedError: a required seed can't be compiled, or fails; or none is left.
    """
    gate = evaluator.task.gate
    sound: list[Sound] = []
    for number, seed, compiled in _compiled(seeds, evaluator, dropped):
        passing = [*others, *(each.score for each in sound if each.score.accuracy_low >= gate)]
        if passing and not seed.required:
            evaluator.cap(min(each.steps for each in passing), min(each.energy for each in passing))
        judged = evaluator.score(compiled, Purpose.SEARCH)
        if isinstance(judged, Score):
            sound.append(Sound(number, seed, compiled, judged))
        elif seed.required:
            raise SeedError(f"{seed.name} {fails(judged)}")
        elif passing and judged.status in ("out_of_steps", "out_of_energy"):
            dropped(seed.name, f"it needs more than {ROOM} times what the cheapest does that passes the gate")
        else:
            dropped(seed.name, fails(judged))
    able = bool(others) or any(each.score.accuracy_low >= gate for each in sound if not each.seed.required)
    taken = []
    for each in sound:
        if able and not each.seed.required and each.score.accuracy_low < gate:
            dropped(each.seed.name, f"its accuracy of {each.score.accuracy:.3f} does not pass the gate")
        else:
            taken.append(each)
    if not taken:
        raise SeedError("there is no program to start from that runs on the task")
    return taken


def _compiled(seeds: Sequence[Seed], evaluator: Evaluator, dropped: Drop) -> list[tuple[int, Seed, Compiled]]:
    """The seeds that compile, with their numbers, in the order in which they are judged."""
    found: list[tuple[int, int, Seed, Compiled]] = []
    for number, seed in enumerate(seeds):
        try:
            compiled = compile_for(evaluator.task, seed.source)
        except ProgramError as error:
            if seed.required:
                raise SeedError(f"{seed.name} is not in the language:\n{error}") from error
            dropped(seed.name, f"it can't be compiled for this task: {error.diagnostics[0]}")
        else:
            found.append((evaluator.trial(compiled).steps, number, seed, compiled))
    found.sort(key=lambda each: (not each[2].required, each[0]))
    return [(number, seed, compiled) for _, number, seed, compiled in found]


def fails(failed: Failed) -> str:
    """How a program failed, in a few words."""
    where = "" if failed.line is None else f" in line {failed.line}"
    return f"fails{where}: {failed.status}"
