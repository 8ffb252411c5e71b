"""A learner on one instance: fit once, then one query after the other. What the answers are worth, `score` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import machine as machines
from fitness.arguments import Arrangement, Control, ReadOnly, arrange, value_of
from fitness.interpreter import ANSWERS
from fitness.layout import layout
from fitness.limits import DEFAULT_MEMORY, Limits
from fitness.machine import Machine
from fitness.placing import Layout
from primitives.learner import Learner


class Play(NamedTuple):
    """What a learner did on one instance.

    Attributes:
        status: "ok", or how it failed.
        line: the source line where it failed, None if it did not.
        answers: the classes it predicted, as far as it came, int64.
        steps, fit_steps: instructions in all, and up to the end of `fit`.
        energy, fit_energy: of the model `dmc`, likewise; 0 if it was not priced.
        seconds: calibrated seconds of all of it (`fitness.calibration`); 0 if it was not priced.
        peak_memory: the largest number of live bytes of arrays.
    """

    status: str
    line: int | None
    answers: NDArray[np.int64]
    steps: int
    fit_steps: int
    energy: float
    fit_energy: float
    seconds: float
    peak_memory: int


@dataclass(frozen=True, slots=True)
class Staged:
    """An instance ready to be played any number of times; see `stage`."""

    fit: Arrangement
    layout: Layout
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
    fit = arrange([value_of(item) for item in arguments])
    return Staged(fit, layout(fit, arrange([value_of(ReadOnly(queries))])), len(queries))


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
    machine, status = loaded(program, instance, limits or Limits(), seed, priced=priced)
    line: int | None = None
    if status == "ok":
        status, line = machine.run(program.code.entries["fit"])
    fit_steps, fit_energy = machine.steps, machine.energy
    if status == "ok" and instance.count:
        status, line = machine.run(program.play)
    answers = machine.answers[: int(machine.control[ANSWERS])].copy()
    steps, energy, seconds = machine.steps, machine.energy, machine.seconds
    return Play(status, line, answers, steps, fit_steps, energy, fit_energy, seconds, machine.peak_memory)


def loaded(
    program: Learner, instance: Staged, limits: Limits, seed: int, *, priced: bool = False, traced: bool = False
) -> tuple[Machine, str]:
    """The machine with a learner and its instance, ready to run `fit` and then the loop of queries; and a status."""
    machine = machines.shared(max(limits.memory, DEFAULT_MEMORY))
    build = "priced" if priced else "traced" if traced else "plain"
    return machine, machine.place(program, instance.layout, limits, seed, build, instance.count)
