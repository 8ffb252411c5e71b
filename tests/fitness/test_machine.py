"""The machine: how programs end and where, what a step covers, and that no program leaves anything to the next."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from fitness import Control, Limits, measure
from fitness.limits import MEBIBYTE
from fitness.measure import Measurement

BUILDS: dict[str, tuple[str, ...]] = {"plain": (), "priced": ("dmc",), "traced": ("bytedmd",)}
builds = pytest.mark.parametrize("energy", BUILDS.values(), ids=BUILDS)


def run(source: str, *args: Any, energy: tuple[str, ...] = (), **limits: Any) -> Measurement:
    return measure(source, "main", args, energy=energy, limits=Limits(**limits))


# Statuses and lines

FAILURES = {
    "index_error": "b = a[n]",
    "shape_error": "b = zeros(-n)[0]",
    "overflow": "b = 4611686018427387904 * n",
    "zero_division": "b = n // (n - n)",
    "not_finite": "b = exp(n * 1000.0)",
    "domain_error": "b = n << -n",
    "out_of_memory": "b = zeros(n * 1000000000)[0]",
    "out_of_steps": "b = zeros(n * 1000000)[0]",
}
failures = pytest.mark.parametrize(("status", "statement"), FAILURES.items(), ids=FAILURES)
HEADER = "from primitives import exp, sum, zeros\n"


@builds
@failures
def test_a_failure_names_its_line(status: str, statement: str, energy: tuple[str, ...]) -> None:
    source = f"{HEADER}def main(a, n):\n    c = 1\n    {statement}\n    return c\n"
    m = run(source, np.zeros(3), Control(4), energy=energy, steps=100_000)
    assert (m.status, m.line, m.value) == (status, 4, None)


@builds
@failures
def test_a_failure_in_a_function_names_the_line_in_it(status: str, statement: str, energy: tuple[str, ...]) -> None:
    source = (
        f"{HEADER}def main(a, n):\n    c = inner(a, n)\n    return c\n"
        f"def inner(a, n):\n    d = innermost(a, n)\n    return d\n"
        f"def innermost(a, n):\n    {statement}\n    return 1\n"
    )
    m = run(source, np.zeros(3), Control(4), energy=energy, steps=100_000)
    assert (m.status, m.line) == (status, 9)


IN_PRIMITIVES = {
    "shape_error": "a + a[1:]",
    "zero_division": "a // 0.0",
    "not_finite": "a / 1e-308 / 1e-308",
    "overflow": "i * 4611686018427387904",
    "index_error": "take(a, i)",
    "domain_error": "i << -1",
    "out_of_memory": "outer(a, zeros(1000000))",
    "out_of_steps": "matmul(zeros((100, 100)), zeros((100, 100)))",
}


@builds
@pytest.mark.parametrize(("status", "expression"), IN_PRIMITIVES.items(), ids=IN_PRIMITIVES)
def test_a_failure_in_a_primitive_names_the_line_that_called_it(
    status: str, expression: str, energy: tuple[str, ...]
) -> None:
    source = (
        "from primitives import matmul, outer, take, zeros\n"
        f"def inner(a, i):\n    b = 0\n    c = {expression}\n    return c\n"
        "def main(a, i):\n    c = inner(a, i)\n    return c\n"
    )
    m = run(source, np.ones(9), np.array([0, 9]), energy=energy, steps=1_000_000)
    assert (m.status, m.line) == (status, 4)


def test_a_failure_in_a_loop_s_condition_names_the_line_of_the_loop() -> None:
    source = "def main(a):\n    i = 0\n    while a[i] >= 0.0:\n        i = i + 1\n    return i\n"
    m = run(source, np.zeros(3))
    assert (m.status, m.line) == ("index_error", 3)


# Limits


@builds
def test_a_program_may_take_as_many_steps_as_it_needs_and_no_fewer(energy: tuple[str, ...]) -> None:
    source = "def main(n):\n    s = 0\n    for i in range(n):\n        s = s + i\n    return s\n"
    steps = run(source, 10, energy=energy).steps
    assert run(source, 10, energy=energy, steps=steps).status == "ok"
    starved = run(source, 10, energy=energy, steps=steps - 1)
    assert (starved.status, starved.steps) == ("out_of_steps", steps - 1)


def test_a_program_may_take_as_much_energy_as_it_needs_and_no_less() -> None:
    source = "def main(x):\n    y = x + 1\n    return y * y\n"
    needed = run(source, 3, energy=("dmc",)).energy["dmc"]
    assert measure(source, "main", (3,), limits=Limits(energy=needed)).status == "ok"
    starved = measure(source, "main", (3,), limits=Limits(energy=needed * 0.999))
    assert (starved.status, starved.line) == ("out_of_energy", 3)


@builds
def test_memory_counts_what_lives_at_a_time(energy: tuple[str, ...]) -> None:
    source = (
        "from primitives import zeros\n"
        "def work(n):\n    a = zeros(n)\n    b = zeros(n)\n    return a[0] + b[0]\n"
        "def main(n):\n    s = work(n)\n    s = s + work(n)\n    return s\n"
    )
    needed = run(source, Control(100), energy=energy).peak_memory
    assert needed == 2 * 100 * 8
    assert run(source, Control(100), energy=energy, memory=needed).status == "ok"
    assert run(source, Control(100), energy=energy, memory=needed - 1).status == "out_of_memory"


def test_arguments_count_as_memory() -> None:
    source = "def main(a, b):\n    return a[0] + b[0]\n"
    assert run(source, np.zeros(10), np.zeros(6, np.uint8)).peak_memory == 80 + 16
    m = run(source, np.zeros(1000), np.zeros(1000), energy=("dmc",), memory=15_000)
    assert (m.status, m.line, m.steps, m.energy) == ("out_of_memory", None, 0, {"dmc": 0.0})


def test_peak_memory_is_that_of_the_worst_moment() -> None:
    sizes = "".join(f"    a = zeros({size})\n" for size in (10, 1, 20))
    source = f"from primitives import zeros\ndef main():\n{sizes}    return a\n"
    assert run(source).peak_memory == 160 + 16


def test_arrays_of_other_sizes_find_room_below_the_limit() -> None:
    source = (
        "from primitives import u1, zeros\n"
        "def work(n):\n    a = zeros(n, u1)\n    b = zeros(n, u1)\n    c = zeros(n, u1)\n    return 0\n"
        "def main():\n    n = 1025\n    while n < 17000000:\n        s = work(n)\n        n = n * 2 - 1\n    return n\n"
    )
    assert run(source).status == "ok"


def test_what_fits_does_not_depend_on_programs_before() -> None:
    source = (
        "from primitives import u1, zeros\n"
        "def work(n, m):\n    a = zeros(n, u1)\n    b = zeros(m, u1)\n    c = zeros(n, u1)\n    return 0\n"
        "def main(n, m):\n    s = work(n, m)\n    return work(m, n)\n"
    )
    sizes = [(n, m) for n in (100, 1500, 2500, 3000, 4000) for m in (16, 200, 3000, 4500)]

    def outcomes() -> list[str]:
        return [run(source, Control(n), Control(m), memory=8000).status for n, m in sizes]

    before = outcomes()
    assert set(before) == {"ok", "out_of_memory"}
    assert run("def main(a):\n    return 1\n", np.zeros(20 * MEBIBYTE), memory=256 * MEBIBYTE).status == "ok"
    assert outcomes() == before


# What a step covers


@builds
@pytest.mark.parametrize("dtype", ["u1", "f8"])
def test_allocating_in_a_loop_runs_out_of_steps_soon(dtype: str, energy: tuple[str, ...]) -> None:
    count = {"u1": 60_000_000, "f8": 7_500_000}[dtype]
    source = (
        f"from primitives import {dtype}, zeros\n"
        f"def work():\n    a = zeros({count}, {dtype})\n    return 0\n"
        "def main():\n    while True:\n        s = work()\n"
    )
    run("def main():\n    return 0\n", energy=energy)  # compiles the build
    start = time.monotonic()
    expected = "trace_too_long" if energy == ("bytedmd",) else "out_of_steps"
    assert run(source, energy=energy, steps=10_000_000, events=1_000_000).status == expected
    assert time.monotonic() - start < 10


@builds
def test_returning_from_many_variables_takes_steps(energy: tuple[str, ...]) -> None:
    def steps(variables: int, value: object) -> int:
        names = ", ".join(f"v{k}" for k in range(variables))
        values = ", ".join(["x"] * variables)
        never = f"    if n > 0:\n        {names} = {values}\n" if variables else ""
        source = f"def inner(x, n):\n{never}    return n\ndef main(x):\n    s = inner(x, 0)\n    return s\n"
        return run(source, value, energy=energy).steps

    for value in (np.zeros(2), 1):
        assert steps(8000, value) >= steps(0, value) + 1000


@pytest.mark.parametrize("energy", [("dmc",), ("bytedmd",)])
def test_the_steps_do_not_depend_on_the_build(energy: tuple[str, ...]) -> None:
    source = (
        "from primitives import sort, zeros\n"
        "def main(a):\n    b = zeros(1000)\n    c = sort(a)\n    b[0:4] = c * 2.0\n    return b[0:4]\n"
    )
    priced, plain = run(source, np.arange(4.0)[::-1], energy=energy), run(source, np.arange(4.0)[::-1])
    assert priced.steps == plain.steps
    assert priced.value.tolist() == plain.value.tolist() == [0.0, 2.0, 4.0, 6.0]


# One after the other

GOOD = (
    "from primitives import random, sort, zeros\n"
    "def main(a, n):\n"
    "    b = sort(a)\n    s = 0.0\n"
    "    for i in range(n):\n        b[i % len(b)] += random()\n        s = s + b[0]\n"
    "    return b, s\n"
)


def good(energy: tuple[str, ...]) -> dict[str, Any]:
    m = measure(GOOD, "main", (np.arange(9.0)[::-1], 20), energy=energy, seed=7)
    figures = {name: getattr(m, name) for name in ("status", "steps", "reads", "energy", "by_line", "peak_memory")}
    return figures | {"value": [m.value[0].tolist(), m.value[1]], "distances": m.distances.tolist()}


@builds
@pytest.mark.parametrize("before", BUILDS.values(), ids=BUILDS)
def test_a_program_measures_the_same_after_one_that_failed(before: tuple[str, ...], energy: tuple[str, ...]) -> None:
    alone = good(energy)
    failing = (
        "from primitives import random, zeros\n"
        "def main(a, n):\n    b = zeros(100000)\n    b[0:3] = 7.0\n    c = b[1:]\n    return c[n] + a[n] + random()\n"
    )
    ends = {
        "index_error": Limits(),
        "out_of_steps": Limits(steps=1000),
        "out_of_memory": Limits(memory=1000),
        "out_of_energy": Limits(energy=1.0),
    }
    for status, limits in ends.items():
        if status != "out_of_energy" or before == ("dmc",):
            m = measure(failing, "main", (np.ones(3), 99_998), energy=before, limits=limits)
            assert m.status == status
            assert good(energy) == alone


# Random numbers


def test_random_numbers_depend_on_the_seed_alone() -> None:
    source = "from primitives import randint, random\ndef main():\n    return random(), random(), randint(0, 1000)\n"

    def drawn(seed: int, energy: tuple[str, ...] = ()) -> Any:
        return measure(source, "main", (), energy=energy, seed=seed).value

    assert drawn(1) == drawn(1) == drawn(1, ("dmc",)) == drawn(1, ("bytedmd",))
    assert len({drawn(seed) for seed in (0, 1, 2, -1, 2**63, 2**64 - 2)}) == 6
    assert drawn(5) == drawn(5 + 2**64)
    assert drawn(0)[0] != drawn(0)[1]


def test_a_program_may_set_the_seed_itself() -> None:
    source = "from primitives import random, seed\ndef main():\n    a = random()\n    seed(3)\n    return a, random()\n"
    first, second = (measure(source, "main", (), energy=(), seed=number).value for number in (1, 2))
    assert first[0] != second[0] and first[1] == second[1]
    alone = measure("from primitives import random\ndef main():\n    return random()\n", "main", (), seed=3).value
    assert first[1] == alone
