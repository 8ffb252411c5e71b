"""The machine, CPython and the naive reference of the energy agree: on random programs, and on every primitive."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPE_NAMES
from primitives.errors import ProgramError
from tests import program_primitives
from tests.agreement import disagreements, measured, program
from tests.programs import Generated

PROGRAMS = 300
BATCH = 25
SAMPLES = 24
"""Argument sets for each overload of a primitive."""


@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_random_programs_agree(first: int) -> None:
    for seed in range(first, first + BATCH):
        found = list(disagreements(program(seed), seed))
        assert not found, f"seed {seed}\n{found}\n{program(seed).source}"


def test_random_programs_mostly_succeed() -> None:
    statuses = [measured(program(seed), seed, ()).status for seed in range(100)]
    assert statuses.count("ok") > 70
    assert len(set(statuses)) > 2


def test_random_programs_use_every_primitive() -> None:
    of_definitions = {"dtype_of", "number_dtype_of", "float_dtype_of", "zero_of"}
    assert program_primitives.covered() | of_definitions == set(CATALOGUE)


# Every primitive

SCALARS = (0, 1, 2, 3, -1, 70, 2**62, True, False, 0.0, -0.0, 0.5, -2.5, 1e308, 5e-324)
VECTORS = (
    np.array([], np.float64),
    np.array([], np.int64),
    np.array([2, 0, 1], np.uint8),
    np.array([1, 0, 1], np.uint8),
    np.array([1, -3, 2], np.int32),
    np.array([2, 1, 0], np.int64),
    np.array([-(2**63), 2**63 - 1, 0]),
    np.array([0.1, -2.0, 3.5], np.float32),
    np.array([0.0, -0.0, 1.0]),
    np.array([3.25, -1e300, 1e300]),
    np.array([5.0]),
    np.arange(9)[::-3],
    np.tile(np.array([1, 0], np.uint8), 40),
)
MATRICES = (
    np.zeros((0, 3)),
    np.zeros((3, 0), np.int64),
    np.array([[1, 0, 1], [0, 1, 1], [1, 1, 1]], np.uint8),
    np.arange(9, dtype=np.int64).reshape(3, 3),
    np.arange(9, dtype=np.int32).reshape(3, 3).T,
    np.linspace(-1, 1, 9, dtype=np.float32).reshape(3, 3),
    np.linspace(-2, 2, 9).reshape(3, 3),
    np.linspace(-2, 2, 6).reshape(2, 3),
    np.array([[2**62, -(2**62)], [2**62, 2**62]]),
)
POOLS: dict[int, tuple[object, ...]] = {0: SCALARS, 1: VECTORS, 2: MATRICES, -1: DTYPE_NAMES}
FITTING: dict[int, tuple[object, ...]] = {
    0: (0, 1, 2, True, 0.5, -2.5),
    1: tuple(v for v in VECTORS if len(v) == 3),
    2: tuple(m for m in MATRICES if m.shape == (3, 3)),
    -1: DTYPE_NAMES,
}
OVERLOADS = [
    (name, overload.ranks)
    for name, primitive in CATALOGUE.items()
    for overload in primitive.overloads
    if overload.kind != "special"
]


def call(name: str, values: list[object], result: bool) -> Generated:
    """A program that calls a primitive with these values; names of element types are written into it."""
    parameters = [f"p{k}" for k, value in enumerate(values) if not isinstance(value, str)]
    arguments = [value if isinstance(value, str) else f"p{k}" for k, value in enumerate(values)]
    imports = [name, *{value for value in values if isinstance(value, str)}]
    text = f"{name}({', '.join(arguments)})"
    body = f"return {text}" if result else f"{text}\n    return {', '.join(['1', *parameters])}"
    args = tuple(value for value in values if not isinstance(value, str))
    control = tuple(k for k, value in enumerate(args) if not isinstance(value, np.ndarray))
    header = f"from primitives import {', '.join(imports)}\n"
    return Generated(f"{header}def main({', '.join(parameters)}):\n    {body}\n", "main", args, control)


def argument_sets(ranks: tuple[int, ...], rng: random.Random) -> list[list[object]]:
    """Argument values for some ranks: a sample of any, and a sample of those whose shapes fit each other."""
    sets = []
    for pools in (POOLS, FITTING):
        everything = list(itertools.islice(itertools.product(*(pools[rank] for rank in ranks)), 20_000))
        sets += [list(values) for values in rng.sample(everything, min(len(everything), SAMPLES))]
    return sets


@pytest.mark.parametrize(("name", "ranks"), OVERLOADS, ids=str)
def test_a_primitive_agrees(name: str, ranks: tuple[int, ...]) -> None:
    result = CATALOGUE[name].returns != "nothing"
    accepted = 0
    for values in argument_sets(ranks, random.Random(name)):
        p = call(name, values, result)
        found = list(disagreements(p, 7))
        if len(found) == 1 and found[0].kind.startswith("rejected"):
            continue  # element types that the primitive doesn't take
        assert not found, f"{p}\n{found}"
        accepted += 1
    assert accepted > 0


SPECIAL = (
    "zeros(0)",
    "zeros(3)",
    "zeros(n)",
    "zeros((n, 0), u1)",
    "zeros((2, 3), f4)",
    "zeros(-n)",
    "zeros((-1, 2))",
    "full(n, 1)",
    "full(3, 7, u1)",
    "full(3, 256, u1)",
    "full((2, n), -0.0, f4)",
    "full(2, 1e39, f4)",
    "full(0, 256, u1)",
    "array([1, True, n])",
    "array([1.5, x])",
    "array([1, x], f4)",
    "array([1, 300], u1)",
    "array([a[0], a[1]], f8)",
    "window(a, 0, 2)",
    "window(a, a[0], 1)",
    "window(a, 3, 0)",
    "window(a, 4, 0)",
    "window(a, -1, 1)",
    "window(m, 1, 1)",
    "window(m.T, 1, 2)",
    "zeros(3, dtype_of(a))",
    "full(2, 1, dtype_of(m))",
    "zeros(3, number_dtype_of(a))",
    "zeros(3, number_dtype_of(a, m))",
    "zeros(3, float_dtype_of(a))",
    "zeros(3, float_dtype_of(m))",
    "zero_of(a) + 1",
    "zero_of(m) + 1",
    "zero_of(a, m) + 1",
)


@pytest.mark.parametrize("expression", SPECIAL)
def test_a_special_primitive_agrees(expression: str) -> None:
    names = [name for name in (*CATALOGUE, *DTYPE_NAMES) if f"{name}(" in expression or f" {name})" in expression]
    source = f"from primitives import {', '.join(names)}\ndef main(a, m, n, x):\n    return {expression}\n"
    args = (np.array([1, 2, 3], np.int32), np.linspace(0, 1, 4, dtype=np.float32).reshape(2, 2), 4, 2.5)
    assert not list(disagreements(Generated(source, "main", args, (2,)), 0))


def test_arrays_of_different_shapes_are_not_the_same_shape() -> None:
    source = "from primitives import same_shape\ndef main(a, b):\n    same_shape(a, b)\n    return 1\n"
    for lengths in ((0, 0), (3, 3), (3, 2), (0, 1)):
        args = tuple(np.zeros(length) for length in lengths)
        assert not list(disagreements(Generated(source, "main", args, ()), 0))


def test_a_program_that_is_no_program_is_rejected() -> None:
    with pytest.raises(ProgramError):
        measured(Generated("def main():\n    return unknown\n", "main", (), ()), 0, ())
