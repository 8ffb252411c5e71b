"""Claims about the price of a small program, held against both implementations of `dmc`.

A claim lists the reads that the rules of docs/energy.md ask for, each as (bytes above the cell, bytes of the cell),
which is how a person works them out; comments draw the stack from bottom to top, `[c b a]` with a on top.
"""

import ast
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import dedent

import numpy as np
import pytest

from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES

IMPLEMENTATIONS = ("naive", "machine")


@dataclass(frozen=True)
class Price:
    value: object
    energy: float
    reads: int
    by_line: dict[int, float]


def price(implementation: str, source: str, args: Sequence, control: Iterable[int] = (), entry: str = "f") -> Price:
    """What the run of a program costs. Raises ProgramError if it is rejected."""
    if implementation == "naive":
        from tests.fitness import naive_dmc

        outcome = naive_dmc.run(source, entry, args, control=control)
        return Price(outcome.value, outcome.energy, outcome.reads, outcome.by_line)
    from fitness import Control, measure

    marked = [Control(argument) if position in control else argument for position, argument in enumerate(args)]
    measured = measure(source, entry, marked)
    assert measured.status == "ok", f"{measured.status} in line {measured.line}: {measured.message}"
    return Price(measured.value, measured.energy["dmc"], measured.reads, measured.by_line["dmc"])


@dataclass(frozen=True)
class Claim:
    source: str
    args: tuple
    expected: tuple[tuple[int, int], ...]
    control: tuple[int, ...] = ()


def claim(name: str, source: str, args: Sequence, expected: Sequence[tuple[int, int]], control: Sequence[int] = ()):
    """A parameter of a test: `f` of `source`, called with `args`, makes these reads, (bytes above, bytes)."""
    return pytest.param(Claim(with_imports(dedent(source)), tuple(args), tuple(expected), tuple(control)), id=name)


def with_imports(source: str) -> str:
    """The program, importing the primitives and element types that it names."""
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    used = sorted(names & (CATALOGUE.keys() | DTYPES.keys()) - {"abs"})
    return f"from primitives import {', '.join(used)}\n{source}" if used else source


def cost(reads: Iterable[tuple[int, int]]) -> float:
    """The energy of reads, each of (bytes above, bytes)."""
    return sum(math.sqrt(above + byte) for above, width in reads for byte in range(1, width + 1))


def check(implementation: str, claimed: Claim) -> None:
    found = price(implementation, claimed.source, claimed.args, claimed.control)
    assert found.energy == pytest.approx(cost(claimed.expected), rel=1e-12)
    assert found.reads == len(claimed.expected)


def u1(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.uint8)


def matrix(*rows: Sequence[int]) -> np.ndarray:
    return np.array(rows, dtype=np.uint8)
