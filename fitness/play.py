"""A learner on one instance: fit once, then one query after the other. What the answers are worth, `score` says."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitness import machine as machines
from fitness.arguments import Arrangement, Control, ReadOnly, arrange, value_of
from fitness.interpreter import ANSWERS
from fitness.limits import DEFAULT_MEMORY, Limits
from primitives.compiler import Argument
from primitives.dtypes import u1
from primitives.learner import Learner, compile_learner
from primitives.types import INT, array_type


@dataclass(frozen=True, slots=True)
class Play:
    """What a learner did on one instance.

    Attributes:
        status: "ok", or how it failed.
        line: the source line where it failed, None if it did not.
        answers: the classes it predicted, as far as it came, int64.
        steps, fit_steps: instructions in all, and up to the end of `fit`.
        energy, fit_energy: of the model `dmc`, likewise; 0 if it was not priced.
        peak_memory: the largest number of live bytes of arrays.
    """

    status: str
    line: int | None
    answers: NDArray[np.int64]
    steps: int
    fit_steps: int
    energy: float
    fit_energy: float
    peak_memory: int


def learner(source: str | bytes | ast.Module) -> Learner:
    """Compile a learner: `fit(x, y, n_symbols, n_classes)` for symbols of 1 byte, and `predict(model..., q)`.

    Raises `ProgramError`.
    """
    size = Argument(INT)
    arguments = [Argument(array_type(u1, 2, True)), Argument(array_type(u1, 1, True)), size, size]
    return compile_learner(source, arguments, array_type(u1, 1, True))


@dataclass(frozen=True, slots=True)
class Staged:
    """An instance ready to be played any number of times; see `stage`."""

    fit: Arrangement
    queries: Arrangement
    count: int


def stage(
    x: NDArray[np.uint8], y: NDArray[np.uint8], queries: NDArray[np.uint8], n_symbols: int, n_classes: int
) -> Staged:
    """Prepare an instance.

    Args:
        x: training rows, shape (rows, columns), symbols 0..n_symbols-1; may be a strided view.
        y: their classes, shape (rows,).
        queries: shape (queries, columns). Windows of a stream (`sliding_window_view(stream, columns)`) share its
            elements.
        n_symbols: size of the alphabet, control for the program.
        n_classes: number of classes, control for the program.
    """
    arguments = (ReadOnly(x), ReadOnly(y), Control(n_symbols), Control(n_classes))
    if queries.strides[1] != queries.itemsize or queries.strides[0] < 0:
        queries = queries.copy()  # no stream: the machine puts queries on the stack from the first element to the last
    return Staged(arrange([value_of(item) for item in arguments]), arrange([value_of(ReadOnly(queries))]), len(queries))


def play(
    program: Learner, instance: Staged, *, limits: Limits | None = None, priced: bool = True, seed: int = 0
) -> Play:
    """Run a learner on one instance.

    Args:
        program: a compiled learner.
        instance: what `stage` made.
        limits: of the whole: fit and all queries.
        priced: whether energy is counted.
        seed: the start of the stream of random numbers.
    """
    limits = limits or Limits()
    fit = program.code.entries["fit"]
    machine = machines.shared(max(limits.memory, DEFAULT_MEMORY))
    machine.load(program.code, limits, seed, priced=priced, answers=instance.count)
    line: int | None = None
    status = machine.bind(fit, instance.fit)
    if status == "ok":
        status = machine.bind_queries(program, instance.queries)
    if status == "ok":
        status, line = machine.run(fit)
    fit_steps, fit_energy = machine.steps, machine.energy
    if status == "ok" and instance.count:
        status, line = machine.run(program.play)
    answers = machine.answers[: int(machine.control[ANSWERS])].copy()
    return Play(status, line, answers, machine.steps, fit_steps, machine.energy, fit_energy, machine.peak_memory)
