"""What calibration rests on: code that executes one class of instruction, and least squares without negative costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibrate import table_source
from benchmarks.least_squares import nonnegative
from benchmarks.single_instructions import REPEATED, code_of
from fitness import Limits
from fitness import machine as machines
from fitness.calibration import CLASSES
from fitness.limits import DEFAULT_MEMORY

ROUNDS = 5


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if kind not in ("HALT", "IFUN", "FFUN")])
def test_a_class_is_executed_in_every_round(kind: str) -> None:
    machine, code = machines.shared(DEFAULT_MEMORY), code_of(kind, ROUNDS)
    machine.load(code, Limits(), 0, priced=True, answers=ROUNDS * REPEATED)
    assert machine.run(code.entries["main"]).status == "ok"
    executed = dict(zip(CLASSES, machine.executed, strict=True))
    assert executed[kind] >= ROUNDS * REPEATED
    assert executed[kind] >= sum(executed.values()) / 4


@given(st.integers(0, 2**32))
def test_costs_are_found_again_from_times(seed: int) -> None:
    random = np.random.default_rng(seed)
    costs = random.uniform(0.5, 20, 6)
    counts = random.integers(0, 1000, (40, 6)).astype(float)
    found = nonnegative(counts, counts @ costs, np.full(6, 3.0), 1e-6)
    assert found == pytest.approx(costs, rel=1e-6)


@given(st.integers(0, 2**32))
def test_no_better_costs_are_near(seed: int) -> None:
    random = np.random.default_rng(seed)
    factors, values, known = random.normal(size=(12, 5)), random.normal(size=12), random.uniform(0.5, 2, 5)

    def loss(costs: np.ndarray) -> float:
        return float(((factors @ costs - values) ** 2).sum() + 0.3**2 * ((costs / known - 1) ** 2).sum())

    found = nonnegative(factors, values, known, 0.3)
    assert (found >= 0).all()
    for _ in range(50):
        near = np.maximum(0, found + random.normal(scale=0.05, size=5))
        assert loss(near) >= loss(found) - 1e-9


def test_what_no_program_executes_keeps_the_cost_that_is_known() -> None:
    assert nonnegative(np.array([[2.0, 0.0]]), np.array([8.0]), np.array([1.0, 5.0]), 1e-3)[1] == pytest.approx(5)


def test_a_written_table_has_a_cost_for_each_class() -> None:
    module: dict[str, object] = {}
    exec(table_source(np.arange(1.0, len(CLASSES) + 1)), module)
    assert module["PICOSECONDS"] == {kind: 1000 * number for number, kind in enumerate(CLASSES, start=1)}
