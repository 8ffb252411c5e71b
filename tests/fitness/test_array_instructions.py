"""Views at the edges: empty ones, steps beyond the end, strides that would overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitness import Control, measure
from fitness.measure import Measurement

BUILDS: dict[str, tuple[str, ...]] = {"plain": (), "priced": ("dmc",), "traced": ("bytedmd",)}
builds = pytest.mark.parametrize("energy", BUILDS.values(), ids=BUILDS)


def run(source: str, *args: Any, energy: tuple[str, ...] = ()) -> Measurement:
    return measure(source, "main", args, energy=energy)


@pytest.mark.parametrize("step", [2**30, 2**31 - 1, 2**31, 2**32 + 1, 2**62, 2**63 - 1])
def test_a_step_beyond_the_array_leaves_one_element(step: int) -> None:
    m = run(f"def main(a):\n    return a[1:5:{step}]\n", np.arange(5.0))
    assert (m.status, m.value.tolist()) == ("ok", [1.0])


@builds
@pytest.mark.parametrize("argument", [np.arange(5.0), np.arange(10, dtype=np.uint8).reshape(5, 2)], ids=["1", "2"])
@pytest.mark.parametrize(("start", "rows"), [("0", 1), ("len(a)", 0)])
def test_steps_upon_steps_stay_within_the_array(
    argument: np.ndarray, start: str, rows: int, energy: tuple[str, ...]
) -> None:
    source = f"def main(a):\n    for i in range(5):\n        a = a[{start}:len(a):1073741824]\n    return a\n"
    m = run(source, argument, energy=energy)
    assert (m.status, m.value.tolist()) == ("ok", argument[:rows].tolist())


@builds
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_arrays_can_be_cut_turned_and_returned(shape: tuple[int, int], energy: tuple[str, ...]) -> None:
    source = (
        "from primitives import window, zeros\n"
        "def main(a, r, c):\n"
        "    b = zeros((r, c))\n"
        "    d = b.T[c:c:7]\n"
        "    e = window(a, 0, len(a))[:, c:c]\n"
        "    f = a[r:r:3]\n"
        "    return b, d, e, f.T, a * b\n"
    )
    m = run(source, np.zeros(shape), Control(shape[0]), Control(shape[1]), energy=energy)
    assert m.status == "ok"
    rows, columns = shape
    assert [v.shape for v in m.value] == [shape, (0, rows), (rows, 0), (columns, 0), shape]


@pytest.mark.parametrize(
    "element",
    [
        "a[0:0][0, 0]",
        "a[2:2, 0][0]",
        "a[0:2].T[0, 2]",
        "a[:, 2:2][0, 0]",
        "a.T[2, 0]",
        "a[0:3:2][2, 0]",
        "a[1, 0:1][1]",
    ],
)
def test_nothing_is_beyond_a_view(element: str) -> None:
    assert run(f"def main(a):\n    return {element}\n", np.zeros((3, 2))).status == "index_error"
