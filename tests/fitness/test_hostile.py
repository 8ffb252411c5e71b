"""Hostile programs end in a status or a clear `ProgramError`, and leave nothing for the next program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from fitness import Control, Limits, measure
from primitives.errors import ProgramError

STEPS = Limits(steps=1_000_000)
KNOWN = "def main(a, n):\n    s = 0\n    for i in range(len(a)):\n        s = s + a[i] * n\n    return s\n"


def known() -> Any:
    return measure(KNOWN, "main", (np.arange(5), 3), energy=("dmc",))


@pytest.fixture(scope="module")
def expected() -> Any:
    return known()


@pytest.fixture(autouse=True)
def without_traces(expected: Any) -> Iterator[None]:
    yield
    after = known()
    assert after.status == "ok" and after.value == 30
    assert (after.steps, after.energy) == (expected.steps, expected.energy)


def status(source: str, *args: object, limits: Limits = STEPS, energy: tuple[str, ...] = ("dmc",)) -> str:
    return measure(source, "main", args, energy=energy, limits=limits).status


# Time


@pytest.mark.parametrize("energy", [(), ("dmc",)])
@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "while 1:\n        continue",
        "x = 0\n    while x == 0:\n        x = x + 0",
        "for i in range(9223372036854775807):\n        pass",
        "for i in range(-9223372036854775807, 9223372036854775807):\n        pass",
        "for i in range(10**9):\n        for j in range(10**9):\n            pass",
    ],
)
def test_endless_loops_run_out_of_steps(body: str, energy: tuple[str, ...]) -> None:
    assert status(f"def main():\n    {body}\n", energy=energy) == "out_of_steps"


def test_whole_array_operations_in_an_endless_loop_run_out_of_steps() -> None:
    source = "from primitives import zeros\ndef main():\n    a = zeros(1000)\n    while True:\n        a += a\n"
    assert status(source) == "out_of_steps"


def test_a_large_product_runs_out_of_steps() -> None:
    source = "from primitives import matmul, zeros\ndef main():\n    a = zeros((1000, 1000))\n    return matmul(a, a)\n"
    assert status(source) == "out_of_steps"


def test_allocating_costs_time_too() -> None:
    source = "from primitives import zeros\ndef main():\n    while True:\n        a = zeros(1000000)\n"
    assert status(source, limits=Limits(steps=10_000_000)) == "out_of_steps"


def test_an_endless_loop_runs_out_of_energy() -> None:
    source = "def main(x):\n    while True:\n        x = x + 0\n"
    assert status(source, 1, limits=Limits(energy=1000.0)) == "out_of_energy"


def call_tree(levels: int) -> str:
    functions = ["def f0(x):\n    return x + 1\n"]
    functions += [f"def f{k}(x):\n    return f{k - 1}(x) + f{k - 1}(x)\n" for k in range(1, levels + 1)]
    return "".join(functions) + f"def main(x):\n    return f{levels}(x)\n"


def test_an_exponential_call_tree_compiles_in_linear_time_and_runs_out_of_steps() -> None:
    assert status(call_tree(60), 1) == "out_of_steps"


def test_a_long_chain_of_calls_is_no_recursion() -> None:
    functions = ["def f0(x):\n    return x\n", *(f"def f{k}(x):\n    return f{k - 1}(x)\n" for k in range(1, 1000))]
    try:
        assert status("".join(functions) + "def main(x):\n    return f999(x)\n", 1) == "ok"
    except ProgramError as error:
        assert error.diagnostics


def test_variants_of_functions_by_argument_types_are_bounded() -> None:
    # every level calls the next with an int and with a float at one more place: 2^14 combinations of types
    width = 14
    names = [f"x{k}" for k in range(width)]
    source = f"def f0({', '.join(names)}):\n    return x0\n"
    for level in range(1, width + 1):
        first, second = (f"f{level - 1}({', '.join([*names[1:], extra])})" for extra in ("1", "1.0"))
        source += f"def f{level}({', '.join(names)}):\n    y = {first}\n    z = {second}\n    return y + z\n"
    source += f"def main(x):\n    return f{width}({', '.join(['x'] * width)})\n"
    try:
        assert status(source, 1) in ("ok", "out_of_steps")
    except ProgramError as error:
        assert error.diagnostics


def test_variants_of_functions_by_data_and_control_are_bounded() -> None:
    width = 14
    names = [f"x{k}" for k in range(width)]
    source = f"def f0({', '.join(names)}):\n    return x0\n"
    for level in range(1, width + 1):
        first, second = (f"f{level - 1}({', '.join([*names[1:], extra])})" for extra in ("1", "d"))
        source += (
            f"def f{level}({', '.join(names)}):\n    d = x0 + 1\n    y = {first}\n    z = {second}\n    return y + z\n"
        )
    source += f"def main(x):\n    return f{width}({', '.join(['x'] * width)})\n"
    try:
        assert status(source, 1) in ("ok", "out_of_steps")
    except ProgramError as error:
        assert error.diagnostics


def test_a_large_function_with_many_variants_is_bounded() -> None:
    body = "".join(f"    y{k} = x0 + {k}\n" for k in range(1000))
    names = [f"x{k}" for k in range(10)]
    calls = []
    for number in range(1024):
        arguments = ", ".join(("1", "1.0")[number >> k & 1] for k in range(10))
        calls.append(f"    z{number} = f({arguments})\n")
    source = f"def f({', '.join(names)}):\n{body}    return 1\ndef main():\n{''.join(calls)}    return z0\n"
    try:
        assert status(source) in ("ok", "out_of_steps")
    except ProgramError as error:
        assert error.diagnostics


# Memory


@pytest.mark.parametrize(
    "size",
    ["2 ** 62", "9223372036854775807", "(2 ** 40, 2 ** 40)", "(9223372036854775807, 2)", "(4294967296, 4294967296)"],
)
def test_impossible_sizes_are_refused(size: str) -> None:
    for call in (f"zeros({size})", f"full({size}, 1.0)"):
        name = call.partition("(")[0]
        assert status(f"from primitives import {name}\ndef main():\n    return {call}\n") in (
            "out_of_memory",
            "shape_error",
        )


def test_negative_sizes_are_refused() -> None:
    for size in ("-1", "(3, -1)", "(-1, -1)", "(-9223372036854775807 - 1)"):
        assert status(f"from primitives import zeros\ndef main():\n    return zeros({size})\n") == "shape_error"


def test_sizes_that_double_run_out_of_memory() -> None:
    source = (
        "from primitives import zeros\n"
        "def main():\n    n = 1\n    while True:\n        a = zeros(n)\n        n = n * 2\n"
    )
    assert status(source, limits=Limits(steps=200_000_000)) in ("out_of_memory", "out_of_steps")


def test_many_live_arrays_run_out_of_memory() -> None:
    lines = [f"    a{k} = zeros(1000000)\n" for k in range(20)]
    source = f"from primitives import zeros\ndef main():\n{''.join(lines)}    return a0\n"
    assert status(source, limits=Limits(steps=200_000_000)) == "out_of_memory"


@pytest.mark.parametrize("energy", [(), ("dmc",)])
def test_arrays_without_names_are_reclaimed(energy: tuple[str, ...]) -> None:
    source = (
        "from primitives import zeros\n"
        "def work(n):\n    b = zeros(n)\n    c = b[1:]\n    return c\n"
        "def main():\n"
        "    a = zeros(1)\n"
        "    d = zeros(1)\n"
        "    for i in range(3000):\n"
        "        a = zeros(1000)\n"
        "        a = a + a\n"
        "        d = work(1000)\n"
        "    return len(a) + len(d)\n"
    )
    limits = Limits(steps=100_000_000, memory=100_000)
    assert status(source, limits=limits, energy=energy) == "ok"


def test_arrays_that_are_gone_make_room_for_arrays_of_other_sizes() -> None:
    source = (
        "from primitives import zeros\n"
        f"def work(n):\n{''.join(f'    a{k} = zeros(n)' + chr(10) for k in range(10))}    return a0[0]\n"
        "def main():\n    s = 0.0\n    for n in range(1, 1200, 7):\n        s = s + work(n)\n    return s\n"
    )
    assert status(source, limits=Limits(steps=100_000_000, memory=100_000)) == "ok"


def test_memory_is_free_again_after_a_failure() -> None:
    source = "from primitives import zeros\ndef main(i):\n    a = zeros(4000000)\n    return a[i]\n"
    for _ in range(30):
        assert status(source, -1, limits=Limits(steps=100_000_000), energy=()) == "index_error"


def test_a_view_keeps_its_array_alive_and_nothing_else() -> None:
    source = (
        "from primitives import zeros\n"
        "def main():\n"
        "    a = zeros(1000)\n"
        "    v = a[10:20]\n"
        "    for i in range(1000):\n"
        "        a = zeros(1000)\n"
        "        v = a[i:i]\n"
        "    return len(v)\n"
    )
    assert status(source, limits=Limits(memory=40_000)) == "ok"


def test_views_of_views_don_t_pile_up() -> None:
    source = (
        "from primitives import zeros\n"
        "def main():\n    a = zeros((4, 4))\n"
        "    for i in range(100000):\n        a = a.T\n        a = a[0:4]\n    return a\n"
    )
    assert status(source, limits=Limits(steps=100_000_000)) == "ok"


def test_huge_results_are_too_large() -> None:
    source = "from primitives import zeros\ndef main(n):\n    a = zeros((n, n))\n    return a\n"
    limits = Limits(steps=100_000_000, output=1000)
    assert measure(source, "main", (Control(100),), energy=(), limits=limits).status == "output_too_large"
    assert measure(source, "main", (Control(10),), energy=(), limits=limits).status == "ok"
    several = "from primitives import zeros\ndef main():\n    a = zeros(100)\n    return a, a, a\n"
    assert status(several, limits=limits, energy=()) == "output_too_large"


@pytest.mark.parametrize(
    "source",
    [
        "def main(x):\n    return main(x)\n",
        "def main(x):\n    if x > 0:\n        return main(x - 1)\n    return 0\n",
        "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\ndef main(x):\n    return f(x)\n",
        "def f(x):\n    return main(x)\ndef main(x):\n    return f(x)\n",
        "def f(x):\n    return f(float(x))\ndef main(x):\n    return f(x)\n",
    ],
)
def test_recursion_is_refused(source: str) -> None:
    with pytest.raises(ProgramError):
        measure(source, "main", (1,), energy=(), limits=STEPS)


# Shapes


@pytest.mark.parametrize(
    ("body", "expected_status"),
    [
        ("return a + a[1:]", "shape_error"),
        ("a[0:2] = a[0:3]\n    return a", "shape_error"),
        ("return a[3:2]", "index_error"),
        ("return a[-1:]", "index_error"),
        ("return a[0:99]", "index_error"),
        ("return a[4]", "index_error"),
        ("return a[-1]", "index_error"),
        ("return a[9223372036854775807]", "index_error"),
        ("return a[0:0][0]", "index_error"),
        ("return window(a, -1, 2)", "index_error"),
        ("return window(a, 3, 2)", "index_error"),
        ("return window(a, 9223372036854775807, 2)", "index_error"),
        ("return window(a, 2, -1)", "index_error"),
        ("return m[2]", "index_error"),
        ("return m[0, 3]", "index_error"),
        ("return m.T[3]", "index_error"),
        ("return m + m.T", "shape_error"),
        ("m += m.T\n    return m", "shape_error"),
        ("return dot(a, m[0])", "shape_error"),
        ("return matmul(m, m)", "shape_error"),
    ],
)
def test_shape_games_end_in_a_status(body: str, expected_status: str) -> None:
    source = f"from primitives import dot, matmul, window\ndef main(a, m):\n    {body}\n"
    assert status(source, np.arange(4.0), np.zeros((2, 3))) == expected_status


def test_empty_arrays_are_arrays() -> None:
    source = (
        "from primitives import sum, zeros\n"
        "def main(a):\n"
        "    b = zeros((0, 5))\n"
        "    c = b.T + b.T\n"
        "    d = a[2:2] * 2.0\n"
        "    d += 1.0\n"
        "    d[:] = 3.0\n"
        "    return b, c, d, sum(d)\n"
    )
    measurement = measure(source, "main", (np.zeros(3),), energy=("dmc",), limits=STEPS)
    assert measurement.status == "ok"
    assert [v.shape for v in measurement.value[:3]] == [(0, 5), (5, 0), (0,)]


# What is not executed


DEAD = {
    "after a return": ("", "    s = 1.0\n    a[0] = 7.0\n"),
    "a branch never taken": ("    if 0 > 1:\n        a[0] = 7.0\n", ""),
    "a loop without rounds": ("    for j in range(0):\n        a[j] = 7.0\n", ""),
    "pass": ("    pass\n    pass\n", ""),
    "a function never called": ("", "def unused(x):\n    return x + 1\n"),
    "a faulty function never called": ("", "def unused(x):\n    return y + [] + zeros\n"),
}


@pytest.mark.parametrize(("before", "after"), DEAD.values(), ids=DEAD)
def test_what_is_not_executed_costs_nothing(before: str, after: str) -> None:
    start, loop = "def main(a):\n", "    s = 0.0\n    for i in range(len(a)):\n        s = s + a[i]\n    return s\n"
    live = measure(start + loop, "main", (np.arange(9.0),), energy=("dmc",), limits=STEPS)
    dead = measure(start + before + loop + after, "main", (np.arange(9.0),), energy=("dmc",), limits=STEPS)
    assert (live.status, live.value, live.energy) == (dead.status, dead.value, dead.energy)
