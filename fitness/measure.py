"""One call of one function, measured: its result or how it failed, steps, and energy by model, line and variable."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitness import machine as machines
from fitness import models
from fitness.arguments import Value, arrange, value_of
from fitness.limits import DEFAULT_MEMORY, Limits
from fitness.machine import Machine, Trap
from fitness.statuses import MESSAGES
from primitives.code import Code, Entry
from primitives.compiler import compile_program

ONLINE = "dmc"
"""The model that the machine prices while it runs; all others price a trace."""

TEMPORARIES = "(temporaries)"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one call did.

    Attributes:
        status: "ok", or how it failed (`fitness.statuses`).
        line: the source line where it failed, None if it did not.
        message: the status in words.
        value: a Python scalar, a numpy array, or a tuple of these; None if it failed or returned nothing.
        steps: instructions executed.
        reads: reads that `dmc` priced, 0 if it was not asked for.
        energy: by model, in the model's own unit; of what was executed, also if it failed.
        by_line, by_variable: the energy by model split by source line, and by variable as "function.name".
        distances: reads priced by `dmc` by the bit length of their distance in bytes.
        peak_memory: the largest number of live bytes of arrays.
    """

    status: str
    line: int | None
    message: str
    value: Any
    steps: int
    reads: int
    energy: dict[str, float]
    by_line: dict[str, dict[int, float]]
    by_variable: dict[str, dict[str, float]]
    distances: NDArray[np.int64]
    peak_memory: int


@dataclass(slots=True)
class _Figures:
    energy: dict[str, float] = field(default_factory=dict)
    by_line: dict[str, dict[int, float]] = field(default_factory=dict)
    by_variable: dict[str, dict[str, float]] = field(default_factory=dict)


def measure(
    source: str | bytes | ast.Module,
    entry: str,
    args: Sequence[Any],
    *,
    energy: Sequence[str] = (ONLINE,),
    limits: Limits | None = None,
    seed: int = 0,
) -> Measurement:
    """Compile a program, call its function `entry` on the machine, and price what it did.

    Args:
        source: the program, as text or as a syntax tree.
        entry: the function to call.
        args: its arguments: Python scalars (data), numpy arrays of the element types, nested lists of numbers,
            `Control(scalar)` for a scalar that is control, `ReadOnly(array)` for an array that may not be written.
        energy: the names of energy models; with none, nothing is priced.
        limits: what the run may use.
        seed: the start of the stream of random numbers.

    Raises:
        ProgramError: the program is not in the language; it carries every fault.
        ValueError: an argument can't be given to a program, or an energy model is unknown.
    """
    limits = limits or Limits()
    chosen = [models.get(name) for name in energy]
    values = [value_of(item) for item in args]
    code = compile_program(source, entry, [value.argument for value in values])
    machine = machines.shared(max(limits.memory, DEFAULT_MEMORY))
    figures = _Figures()
    traced = [model for model in chosen if model.name != ONLINE]
    result: Any = None
    reads, distances = 0, np.zeros(65, dtype=np.int64)
    trap = Trap("ok", None)
    if traced:
        trap, result = _run(machine, code, entry, values, limits, seed, traced=True)
        trace = machine.trace(code.entries[entry])
        for model in traced:
            _split_trace(figures, model.name, code, trace.site, model.price(trace))
    if not traced or ONLINE in energy:
        trap, result = _run(machine, code, entry, values, limits, seed, priced=ONLINE in energy)
    steps, peak = machine.steps, machine.peak_memory
    if machine.pricing is not None:
        distances = machine.pricing.distances
        reads = int(distances.sum())
        _split_pricing(figures, machine, code)
    return Measurement(
        trap.status,
        trap.line,
        MESSAGES[trap.status],
        result,
        steps,
        reads,
        figures.energy,
        figures.by_line,
        figures.by_variable,
        distances,
        peak,
    )


def _run(
    machine: Machine,
    code: Code,
    entry: str,
    values: list[Value],
    limits: Limits,
    seed: int,
    *,
    priced: bool = False,
    traced: bool = False,
) -> tuple[Trap, Any]:
    """Load, call, and fetch the result."""
    where: Entry = code.entries[entry]
    machine.load(code, limits, seed, priced=priced, traced=traced)
    status = machine.bind(where, arrange(values))
    if status != "ok":
        return Trap(status, None), None
    trap = machine.run(where)
    if trap.status != "ok":
        return trap, None
    status, results = machine.results(where)
    value = None if not results else results[0] if len(results) == 1 else tuple(results)
    return Trap(status, None), value


def _split_pricing(figures: _Figures, machine: Machine, code: Code) -> None:
    pricing = machine.pricing
    assert pricing is not None
    figures.energy[ONLINE] = float(pricing.energy[0])
    figures.by_line[ONLINE] = _by_line(code, pricing.by_site)
    by_variable: dict[str, float] = {}
    for names, sums in ((code.cell_names, pricing.by_cell), (code.array_names, pricing.by_array[1:])):
        for number in np.flatnonzero(sums):
            name = names.get(int(number), TEMPORARIES)
            by_variable[name] = by_variable.get(name, 0.0) + float(sums[number])
    nameless = float(pricing.by_array[0])
    if nameless:
        by_variable[TEMPORARIES] = by_variable.get(TEMPORARIES, 0.0) + nameless
    figures.by_variable[ONLINE] = by_variable


def _by_line(code: Code, sums: NDArray[np.float64]) -> dict[int, float]:
    by_line: dict[int, float] = {}
    for position in np.flatnonzero(sums):
        line = int(code.lines[position])
        by_line[line] = by_line.get(line, 0.0) + float(sums[position])
    return dict(sorted(by_line.items()))


def _split_trace(
    figures: _Figures, name: str, code: Code, sites: NDArray[np.int32], costs: NDArray[np.float64]
) -> None:
    figures.energy[name] = float(costs.sum())
    figures.by_line[name] = _by_line(code, np.bincount(sites, weights=costs, minlength=1).astype(np.float64))
    figures.by_variable[name] = {}
