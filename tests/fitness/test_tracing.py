"""The traced build: room for all events of an instruction, and a limit on what all events take."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitness import Control, Limits, measure
from fitness.measure import Measurement


def run(source: str, *args: Any, **limits: Any) -> Measurement:
    return measure(source, "main", args, energy=("bytedmd",), limits=Limits(**limits))


def test_a_trace_has_room_for_everything_that_leaves_at_once() -> None:
    names = [f"v{k}" for k in range(3000)]
    body = "".join(f"    {name} = x + {k}\n" for k, name in enumerate(names))
    rounds = "    for i in range(100):\n        x = inner(x)\n"
    source = f"def inner(x):\n{body}    return v0\ndef main(x):\n{rounds}    return x\n"
    m = run(source, 1)
    assert (m.status, m.value) == ("ok", 1)
    assert m.energy["bytedmd"] > 0


def test_a_trace_counts_the_elements_that_enter_and_leave() -> None:
    source = (
        "from primitives import u1, zeros\n"
        "def work():\n    a = zeros(100000, u1)\n    return 0\n"
        "def main(n):\n    s = 0\n    for i in range(n):\n        s = work()\n    return s\n"
    )
    assert run(source, Control(4), events=1_000_000).status == "ok"
    assert run(source, Control(6), events=1_000_000).status == "trace_too_long"


def test_a_trace_too_long_for_its_limit_prices_what_is_within() -> None:
    source = "def main(x):\n    while True:\n        x = x + 1\n"
    m = run(source, 1, events=1_000_000)
    assert m.status == "trace_too_long" and m.line in (2, 3)
    assert m.energy["bytedmd"] > 0


def test_a_program_that_never_ran_has_an_empty_trace() -> None:
    for ending in ("return a", "a[0] = 1.0"):
        m = run(f"def main(a):\n    {ending}\n", np.zeros(1000), memory=100)
        assert (m.status, m.energy) == ("out_of_memory", {"bytedmd": 0.0})
