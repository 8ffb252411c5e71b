"""Where the machine, CPython and the naive reference of the energy disagree about a program, if anywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitness import Control, Limits, Measurement, measure, models
from fitness.trace import Trace
from primitives.errors import ProgramError
from tests import cpython
from tests.fitness import naive_dmc
from tests.programs import Generated, generate

LIMITS = Limits(steps=3_000_000)
RELATIVE = 1e-9


class Offline:
    """`dmc`, priced from a trace: the machine itself prices `dmc` while it runs."""

    name = "dmc from the trace"
    version = 1

    def price(self, trace: Trace) -> NDArray[np.float64]:
        return models.get("dmc").price(trace)


models.register(Offline())
BUILDS: dict[str, tuple[str, ...]] = {"plain": (), "priced": ("dmc",), "traced": (Offline.name, "bytedmd")}


@dataclass(frozen=True)
class Disagreement:
    """What was compared (`kind`), and what came out."""

    kind: str
    text: str


def program(seed: int) -> Generated:
    """The random program of a seed."""
    rng = random.Random(seed)
    return generate(rng, rng.randint(3, 40))


def disagreements(p: Generated, seed: int) -> Iterator[Disagreement]:
    """All that is compared of one program; nothing if everything agrees."""
    try:
        builds = {name: measured(p, seed, energy) for name, energy in BUILDS.items()}
    except ProgramError as error:
        yield Disagreement(f"rejected: {error.diagnostics[0].found}", str(error))
        return
    plain = builds["plain"]
    for name, other in builds.items():
        for what in ("status", "line", "steps", "value"):
            mine, others = getattr(plain, what), getattr(other, what)
            if not same(mine, others):
                yield Disagreement(f"{what} of {name} build", f"plain {mine!r}, {name} {others!r}")
    online, offline = builds["priced"].by_line["dmc"], builds["traced"].by_line[Offline.name]
    if not alike(online, offline):
        yield Disagreement("energy from the trace", _lines("online", online, "from the trace", offline))
    try:
        oracle = cpython.run_checked(p.source, p.entry, p.args, seed)
    except (TypeError, NameError, AttributeError) as error:
        yield Disagreement("refused by CPython", repr(error))
        return
    if plain.status.startswith("out_of") or oracle.status.startswith("out_of"):
        return
    if (plain.status, plain.line) != (oracle.status, oracle.line):
        found = f"machine {plain.status} in line {plain.line}, CPython {oracle.status} in line {oracle.line}"
        yield Disagreement("status" if plain.status != oracle.status else "line", found)
    elif plain.status == "ok":
        yield from _of_success(p, seed, plain, builds["priced"], oracle)


def _of_success(
    p: Generated, seed: int, plain: Measurement, priced: Measurement, oracle: cpython.Outcome
) -> Iterator[Disagreement]:
    if not same(plain.value, oracle.value):
        yield Disagreement("value", f"machine {plain.value!r}, CPython {oracle.value!r}")
    unchecked = cpython.run(p.source, p.entry, p.args, seed)
    if not same(plain.value, unchecked.value):
        yield Disagreement("value of plain CPython", f"machine {plain.value!r}, CPython {unchecked!r}")
    try:
        naive = naive_dmc.run(p.source, p.entry, cpython.fresh(p.args), control=p.control, seed=seed)
    except (ProgramError, LookupError, TypeError, AttributeError, AssertionError) as error:
        yield Disagreement(f"reference raised {type(error).__name__}", str(error))
        return
    if not same(naive.value, plain.value):
        yield Disagreement("value of reference", f"machine {plain.value!r}, reference {naive.value!r}")
    lines = _lines("machine", priced.by_line["dmc"], "reference", naive.by_line)
    if not close(priced.energy["dmc"], naive.energy):
        yield Disagreement("energy", f"machine {priced.energy['dmc']!r}, reference {naive.energy!r}{lines}")
    elif not alike(priced.by_line["dmc"], naive.by_line):
        yield Disagreement("energy by line", lines)
    if priced.reads != naive.reads:
        yield Disagreement("reads", f"machine {priced.reads}, reference {naive.reads}")


def measured(p: Generated, seed: int, energy: tuple[str, ...]) -> Measurement:
    """The machine's measurement of a program."""
    args = cpython.fresh(p.args)
    for position in p.control:
        args[position] = Control(args[position])
    return measure(p.source, p.entry, args, energy=energy, limits=LIMITS, seed=seed)


def same(a: Any, b: Any) -> bool:
    """Equal to the last bit, and of one type."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and repr(a) == repr(b)


def close(a: float, b: float) -> bool:
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b))


def alike(a: Mapping[int, float], b: Mapping[int, float]) -> bool:
    """Are two splits of energy by line close?"""
    return all(close(a.get(line, 0.0), b.get(line, 0.0)) for line in a.keys() | b.keys())


def _lines(a_name: str, a: Mapping[int, float], b_name: str, b: Mapping[int, float]) -> str:
    """The lines where two splits differ."""
    rows = [(line, a.get(line, 0.0), b.get(line, 0.0)) for line in sorted(a.keys() | b.keys())]
    return "".join(f"\n  line {line}: {a_name} {x!r}, {b_name} {y!r}" for line, x, y in rows if not close(x, y))
