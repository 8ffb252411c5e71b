"""A learner on one instance: fit once, then one query after the other, on the machine. What the answers are worth is `score`'s business."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitness import machine as machines
from fitness.arguments import Control, ReadOnly, value_of
from fitness.interpreter import ANSWERS
from fitness.limits import Limits
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
    """Compile a learner for symbols of 1 byte: `fit(x, y, n_symbols, n_classes)` with x of rank 2, `predict(model..., q)`.

    Raises `ProgramError`.
    """
    size = Argument(INT)
    arguments = [Argument(array_type(u1, 2, True)), Argument(array_type(u1, 1, True)), size, size]
    return compile_learner(source, arguments, array_type(u1, 1, True))


def play(
    program: str | bytes | ast.Module | Learner,
    x: NDArray[np.uint8],
    y: NDArray[np.uint8],
    queries: NDArray[np.uint8],
    n_symbols: int,
    n_classes: int,
    *,
    limits: Limits | None = None,
    priced: bool = True,
    seed: int = 0,
) -> Play:
    """Run a learner on one instance.

    Args:
        program: a learner, compiled or not.
        x: training rows, shape (rows, columns), symbols 0..n_symbols-1; may be a strided view.
        y: their classes, shape (rows,).
        queries: shape (queries, columns); may be a strided view, a stream.
        n_symbols, n_classes: sizes of the alphabets, control for the program.
        limits: of the whole: fit and all queries.
        priced: whether energy is counted.
        seed: the start of the stream of random numbers.
    """
    limits = limits or Limits()
    compiled = program if isinstance(program, Learner) else learner(program)
    fit = compiled.code.entries["fit"]
    machine = machines.shared(max(limits.memory, 64 << 20))
    machine.load(compiled.code, limits, seed, priced=priced, answers=len(queries))
    status = machine.bind(
        fit, [value_of(item) for item in (ReadOnly(x), ReadOnly(y), Control(n_symbols), Control(n_classes))]
    )
    line: int | None = None
    if status == "ok":
        status = machine.place_queries(compiled, queries)
    if status == "ok":
        status, line = machine.run(fit)
    fit_steps, fit_energy = machine.steps, machine.energy
    if status == "ok" and len(queries):
        status, line = machine.run(compiled.play)
    answers = machine.answers[: int(machine.control[ANSWERS])].copy()
    return Play(status, line, answers, machine.steps, fit_steps, machine.energy, fit_energy, machine.peak_memory)
