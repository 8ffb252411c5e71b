"""The energy of a program by models that price a trace: those that the machine does not price while it runs.

A learner's trace begins with the arguments of `fit`; the model stays in memory, each query is another input, and what
`predict` returns leaves with the caller. Each call of an episode has a trace of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fitness.episode import Caller, play_with
from fitness.limits import Limits
from fitness.machine import Trap
from fitness.models import EnergyModel
from fitness.play import loaded
from fitness.problem import Judged, Problem, judge
from fitness.programs import Compiled
from fitness.trace import Trace
from primitives.code import Code, Entry
from tasks.contract import Contract

MOST_EVENTS: Final = 5_000_000
"""Events of the trace of one instance, which takes about 60 bytes each; a longer one is not priced."""


@dataclass(frozen=True, slots=True)
class TracedEnergy:
    """What models say of one program on one instance.

    Attributes:
        status: "ok", or why there are no figures: `trace_too_long`, or how the program failed.
        fit, predict: energy by the name of the model, of `fit` and of all queries; an episode has no fit. Empty if the
            status is not "ok".
    """

    status: str
    fit: Mapping[str, float]
    predict: Mapping[str, float]


def traced_energy(
    program: Compiled, instance: Problem, limits: Limits, seed: int, models: Sequence[EnergyModel]
) -> TracedEnergy:
    """Run a program on one instance, and let models price what it did."""
    if instance.episode is not None:
        caller = _TracedCaller(program.task_contract, program.functions, limits, seed, models)
        play_with(caller, instance.episode)
        fit = dict.fromkeys(caller.energies, 0.0)
        return TracedEnergy("ok", fit, caller.energies) if caller.status == "ok" else _nothing(caller.status)
    assert program.learner is not None and instance.staged is not None
    machine, status = loaded(program.learner, instance.staged, limits, seed, traced=True)
    if status == "ok":
        status, _ = machine.run(program.learner.code.entries["fit"])
    recorder = machine.recorder
    assert recorder is not None
    fitted = recorder.length
    if status == "ok" and instance.staged.count:
        status, _ = machine.run(program.learner.play)
    if status != "ok":
        return _nothing(status)
    trace = recorder.trace()
    fit, predict = {}, {}
    for model in models:
        costs = model.price(trace)
        fit[model.name], predict[model.name] = float(costs[:fitted].sum()), float(costs[fitted:].sum())
    return TracedEnergy("ok", fit, predict)


def judge_traced(model: EnergyModel) -> Callable[[Compiled, Problem, Limits, int], Judged]:
    """What judges like `fitness.problem.judge`, but with the energy of a model; a trace may not be too long for it."""

    def judging(program: Compiled, instance: Problem, limits: Limits, seed: int) -> Judged:
        judged = judge(program, instance, limits, seed)
        if judged.status != "ok":
            return judged
        found = traced_energy(program, instance, replace(limits, events=MOST_EVENTS), seed, [model])
        if found.status != "ok":
            return judged._replace(status=found.status, correct=None, accuracy=None)
        fit = found.fit[model.name]
        return judged._replace(energy=fit + found.predict[model.name], fit_energy=fit)

    return judging


def _nothing(status: str) -> TracedEnergy:
    return TracedEnergy(status, {}, {})


class _TracedCaller(Caller):
    """Prices the trace of every call."""

    def __init__(
        self,
        contract: Contract,
        functions: Mapping[str, Code],
        limits: Limits,
        seed: int,
        models: Sequence[EnergyModel],
    ):
        super().__init__(contract, functions, limits, seed, traced=True)
        self.energies = {model.name: 0.0 for model in models}
        self._models = models

    def run(self, entry: Entry) -> Trap:
        trap = super().run(entry)
        if trap.status == "ok":
            trace: Trace = self.machine.trace(entry)
            for model in self._models:
                self.energies[model.name] += float(model.price(trace).sum())
        return trap
