"""What may be passed to a program, and that arrays which share memory share it on the machine."""

from __future__ import annotations

import numpy as np
import pytest

from fitness import Limits, measure
from primitives.errors import ProgramError

STEPS = Limits(steps=1_000_000)


@pytest.mark.parametrize(
    "argument",
    [
        np.zeros((2, 2, 2)),
        np.array(1.0),
        np.zeros(3, np.complex128),
        np.zeros(3, np.float16),
        np.zeros(3, np.uint64),
        np.array(["a"]),
        np.array([None]),
        "text",
        None,
        [[1, 2], [3]],
        [1, "a"],
        2**63,
        float("inf"),
        float("nan"),
        np.array([1.0, np.nan]),
        {"a": 1},
    ],
    ids=repr,
)
def test_arguments_that_are_no_values_are_refused_clearly(argument: object) -> None:
    with pytest.raises((ProgramError, TypeError, ValueError)) as caught:
        measure("def main(a):\n    return 1\n", "main", (argument,), energy=("dmc",), limits=STEPS)
    assert str(caught.value)


@pytest.mark.parametrize(
    ("source", "args"),
    [
        ("def main(a):\n    return a[0, 0]\n", (np.zeros(3),)),
        ("def main(a):\n    return a[0]\n", (3,)),
        ("def main(a):\n    return a.T\n", (np.zeros(3),)),
        ("def main(a):\n    return len(a)\n", (1.5,)),
        ("def main(a, b):\n    return a + b\n", (np.zeros(3), np.zeros((3, 3)))),
        ("def main(a):\n    return a\n", (1, 2)),
        ("def main(a):\n    return a\n", ()),
        ("def other(a):\n    return a\n", (1,)),
    ],
)
def test_arguments_of_wrong_types_are_refused(source: str, args: tuple[object, ...]) -> None:
    with pytest.raises(ProgramError):
        measure(source, "main", args, energy=(), limits=STEPS)


def test_an_array_and_views_of_it_as_arguments_are_one_memory() -> None:
    source = "def main(a, b, c):\n    a[1] = 5.0\n    b[0] = b[0] + 1.0\n    c[0] = c[0] * 2.0\n    return a, b, c\n"
    memory = np.zeros(4)
    measurement = measure(source, "main", (memory, memory[1:3], memory[::-1][2:]), energy=("dmc",), limits=STEPS)
    a, b, c = measurement.value
    assert a.tolist() == [0.0, 12.0, 0.0, 0.0]
    assert b.tolist() == [12.0, 0.0]
    assert c.tolist() == [12.0, 0.0]


def test_the_caller_s_arrays_are_not_changed() -> None:
    memory = np.zeros(4)
    measure("def main(a):\n    a[0] = 1.0\n    return a\n", "main", (memory,), energy=(), limits=STEPS)
    assert memory.tolist() == [0.0] * 4


def test_results_are_no_views_of_arguments() -> None:
    memory = np.zeros(4)
    value = measure("def main(a):\n    return a\n", "main", (memory,), energy=(), limits=STEPS).value
    value[0] = 1.0
    assert memory[0] == 0.0
