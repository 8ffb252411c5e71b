"""Executed instructions are counted by class, and the same counts give the same seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitness import Control, Limits, learner, measure, play, stage
from fitness import machine as machines
from fitness.calibration import CLASSES, calibrated_seconds
from fitness.instruction_costs import PICOSECONDS
from fitness.limits import DEFAULT_MEMORY
from primitives.opcodes import FLOAT_FUNCTIONS, INT_FUNCTIONS, MNEMONIC

HEADER = "from primitives import exp, popcount, random, sort, tanh, u1, zeros\n"


def executed(source: str, *args: Any, **limits: Any) -> dict[str, int]:
    """The counts of a program, of classes that were executed at all; they are as many as its steps."""
    m = measure(HEADER + source, "main", args, limits=Limits(**limits))
    counts = machines.shared(DEFAULT_MEMORY).executed
    if m.status == "ok":
        assert counts.sum() == m.steps
    return {kind: int(count) for kind, count in zip(CLASSES, counts, strict=True) if count}


def test_every_class_has_a_cost() -> None:
    assert set(PICOSECONDS) == set(CLASSES)
    assert len(set(CLASSES)) == len(CLASSES) == len(MNEMONIC) + len(INT_FUNCTIONS) + len(FLOAT_FUNCTIONS) + 2
    assert all(type(cost) is int and cost > 0 for cost in PICOSECONDS.values())


def test_each_round_of_a_loop_counts() -> None:
    source = "def main(a, n):\n    s = 0\n    for i in range(n):\n        s = s + a[i] * 3\n    return s\n"
    counts = executed(source, np.arange(7, dtype=np.uint8), Control(7))
    assert (counts["LD1U1"], counts["IMUL"], counts["IADD"], counts["NEXT1"]) == (7, 7, 7, 7)


def test_the_functions_of_one_instruction_are_classes_of_their_own() -> None:
    source = "def main(x, n):\n    return exp(x) + tanh(x) + exp(-x), popcount(n)\n"
    counts = executed(source, 0.5, 7)
    assert (counts["FFUN exp"], counts["FFUN tanh"], counts["IFUN popcount"]) == (2, 1, 1)
    assert not {"FFUN", "IFUN"} & set(counts)


@pytest.mark.parametrize(("elements", "more"), [(7, 0), (8, 1), (1000, 125)])
def test_further_steps_of_an_allocation_count_apart(elements: int, more: int) -> None:
    counts = executed("def main():\n    a = zeros(1, u1)\n    return a\n")
    longer = executed(f"def main():\n    a = zeros({elements}, u1)\n    return a\n")
    assert longer["ALLOC"] == counts["ALLOC"] == 1
    assert longer.get("ALLOC, 8 elements more", 0) == more


def test_further_steps_of_a_return_count_apart() -> None:
    names = ", ".join(f"v{number}" for number in range(80))
    never = f"    if n > 0:\n        {names} = {', '.join(['x'] * 80)}\n"
    source = f"def inner(x, n):\n{never}    return n\ndef main(x):\n    s = inner(x, 0)\n    return s\n"
    counts = executed(source, 1)
    assert counts["RET"] == 2
    assert counts["RET, 8 cells or arrays more"] >= 10


def test_what_a_failed_program_executed_counts_too() -> None:
    source = "def main(a):\n    i = 0\n    while a[i] >= 0.0:\n        i = i + 1\n    return i\n"
    assert executed(source, np.zeros(5))["LD1F8"] == 6
    counts = executed("def main():\n    while True:\n        x = random()\n", steps=1000)
    assert 998 <= sum(counts.values()) <= 1000


def test_nothing_is_left_of_the_program_before() -> None:
    source = "def main(a):\n    return sort(a)\n"
    first = executed(source, np.arange(20.0)[::-1])
    executed("def main():\n    return random()\n")
    assert executed(source, np.arange(20.0)[::-1]) == first


# Seconds

LEARNER = "def fit(x, y, k, c):\n    return x[0, 0]\ndef predict(a, q):\n    return a ^ q[1]\n"
X = np.ones((4, 2), dtype=np.uint8)
INSTANCE = stage(X, X[:, 0].copy(), X, 2, 2)


def test_calibrated_seconds_are_the_sum_of_all_costs() -> None:
    counts = np.arange(len(CLASSES), dtype=np.int64) * 10**6
    expected = sum(int(count) * PICOSECONDS[kind] for kind, count in zip(CLASSES, counts, strict=True))
    assert calibrated_seconds(counts) == expected * 1e-12
    assert calibrated_seconds(np.zeros_like(counts)) == 0.0


def test_a_play_takes_the_seconds_of_what_it_executed() -> None:
    p = play(learner(LEARNER), INSTANCE)
    counts = machines.shared(DEFAULT_MEMORY).executed
    assert counts.sum() == p.steps
    assert p.seconds == calibrated_seconds(counts) > 0


def test_a_play_takes_the_same_seconds_every_time() -> None:
    assert len({play(learner(LEARNER), INSTANCE, seed=seed).seconds for seed in range(5)}) == 1


def test_an_unpriced_play_counts_nothing() -> None:
    p = play(learner(LEARNER), INSTANCE, priced=False)
    assert p.seconds == 0.0
    assert not machines.shared(DEFAULT_MEMORY).executed.any()
