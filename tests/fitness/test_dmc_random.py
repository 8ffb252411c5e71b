"""The machine prices random programs like the naive reference, line by line."""

import random

import numpy as np
import pytest

from fitness import Control, measure
from tests.fitness import naive_dmc
from tests.programs import generate

BATCHES, PROGRAMS, STATEMENTS = 8, 20, 12


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_machine_agrees_with_the_naive_reference(batch):
    compared = 0
    for number in range(batch * PROGRAMS, (batch + 1) * PROGRAMS):
        program = generate(random.Random(number), STATEMENTS)
        args = [Control(value) if place in program.control else value for place, value in enumerate(program.args)]
        measured = measure(program.source, program.entry, args, seed=number)
        if measured.status != "ok":
            continue
        outcome = naive_dmc.run(program.source, program.entry, program.args, control=program.control, seed=number)
        spent = {line: energy for line, energy in measured.by_line["dmc"].items() if energy}
        assert (number, measured.reads) == (number, outcome.reads)
        assert spent == pytest.approx(outcome.by_line, rel=1e-9)
        assert_same(measured.value, outcome.value)
        compared += 1
    assert compared > PROGRAMS // 2


def assert_same(value: object, other: object) -> None:
    assert type(value) is type(other)
    if isinstance(value, tuple):
        for part, other_part in zip(value, other, strict=True):
            assert_same(part, other_part)
    elif isinstance(value, np.ndarray):
        assert value.dtype == other.dtype and np.array_equal(value, other)
    else:
        assert value == other
