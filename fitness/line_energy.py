"""Where in its source a program spends its energy on an instance of a task: `energy_by_line`."""

from __future__ import annotations

from collections import Counter

import numpy as np

from fitness import models
from fitness.episode import Caller, play_with
from fitness.limits import Limits
from fitness.machine import Machine, Trap
from fitness.measure import ONLINE
from fitness.models import EnergyModel
from fitness.play import loaded
from fitness.problem import Problem
from fitness.programs import Compiled
from primitives.code import Entry


def energy_by_line(
    program: Compiled, instance: Problem, limits: Limits, seed: int, model: str = ONLINE
) -> tuple[str, dict[int, float]]:
    """Run a program on one instance: its status, and if that is "ok" its energy by source line.

    Line 0 is the passing on of the model from `fit` to `predict`.

    Args:
        program: compiled for the instance's task.
        instance: what `fitness.problem.problem` made.
        limits: of the whole instance; of events too, if the model prices a trace.
        seed: the start of the program's stream of random numbers.
        model: the name of the energy model.

    Raises:
        ValueError: there is no such model.
        TaskError: the task breaks its own contract.
    """
    chosen = models.get(model)
    if instance.episode is not None:
        caller = _Caller(program, limits, seed, chosen)
        play_with(caller, instance.episode)
        return caller.status, dict(caller.spent)
    assert program.learner is not None and instance.staged is not None
    priced = chosen.name == ONLINE
    machine, status = loaded(program.learner, instance.staged, limits, seed, priced=priced, traced=not priced)
    if status == "ok":
        status, _ = machine.run(program.learner.code.entries["fit"])
    if status == "ok" and instance.staged.count:
        status, _ = machine.run(program.learner.play)
    return status, dict(_spent(machine, chosen)) if status == "ok" else {}


def _spent(machine: Machine, model: EnergyModel, entry: Entry | None = None) -> Counter[int]:
    """The energy by line of what the machine did since it was loaded; of one call of an entry, with its results."""
    if machine.pricing is not None:
        costs = machine.pricing.by_site
    else:
        assert machine.recorder is not None
        trace = machine.recorder.trace() if entry is None else machine.trace(entry)
        costs = np.bincount(trace.site, weights=model.price(trace)).astype(np.float64)
    spent: Counter[int] = Counter()
    for position in np.flatnonzero(costs):
        spent[int(machine.code.lines[position])] += costs[position].item()
    return spent


class _Caller(Caller):
    """Adds up the energy of every call by line."""

    def __init__(self, program: Compiled, limits: Limits, seed: int, model: EnergyModel):
        priced = model.name == ONLINE
        super().__init__(program.task_contract, program.functions, limits, seed, priced=priced, traced=not priced)
        self.spent: Counter[int] = Counter()
        self._model = model

    def run(self, entry: Entry) -> Trap:
        trap = super().run(entry)
        if trap.status == "ok":
            self.spent += _spent(self.machine, self._model, entry)
        return trap
