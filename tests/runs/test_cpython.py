"""Programs in a process of plain CPython: what they can reach, and that they end."""

import numpy as np
import pytest

from runs.cpython import run_calls, run_learner
from tasks import Call, Contract, Examples, Parameter, Signature

BITS = np.array([[0, 1], [1, 1], [1, 0]], dtype=np.uint8)
EXAMPLES = Examples(BITS, BITS[:, 0], BITS[:2], np.array([0, 1]), 2, 2)

LEARNER = "def fit(x, y, n_symbols, n_classes):\n    {body}\n\n\ndef predict(m, q):\n    return m ^ q[1]\n"


def learned(body, seconds=30.0):
    return run_learner(LEARNER.format(body=body), EXAMPLES, 0, seconds)


def test_a_learner_answers_its_queries():
    assert learned("return x[1, 0]").results == (0, 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os", "a program imports primitives, not os"),
        ("import numpy", "a program imports primitives, not numpy"),
        ("return open('/etc/passwd')", "name 'open' is not defined in line 2"),
        ("return __import__('runs')", "a program imports primitives, not runs"),
        ("return x[7, 0]", "IndexFailure: index 7 of 3 in line 2"),
        ("x[0, 0] = 1", "ReadOnlyFailure"),
        ("return [0] * 10**10", "MemoryError"),
    ],
)
def test_a_program_reaches_nothing_but_its_arguments_and_primitives(body, said):
    outcome = learned(body)
    assert outcome.results is None
    assert said in outcome.problem


def test_a_program_that_does_not_end_is_killed():
    outcome = learned("while True:\n        n_symbols += 1", seconds=1.0)
    assert outcome.results is None
    assert outcome.problem == "CPython was killed after 1 s"


def test_calls_take_and_give_scalars_and_arrays_of_all_element_types():
    contract = Contract(
        (
            Signature("twice", (Parameter("a", "f4[:, :]", writable=True), Parameter("s", "float")), "f4[:, :]"),
            Signature("flip", (Parameter("b", "bool"),), "bool"),
        ),
        "",
    )
    source = (
        "def twice(a, s):\n    a[0, 0] = s\n    return a\n\n\ndef flip(b):\n    return not b\n"  # arguments are copies
    )
    given = np.array([[1.5, 2.0]], dtype=np.float32)
    calls = [Call("twice", (given, 3)), Call("flip", (True,)), Call("twice", (given, 0.25))]
    first, flipped, second = run_calls(source, contract, calls, 0).results
    assert first.dtype == np.float32
    assert (first.tolist(), second.tolist()) == ([[3.0, 2.0]], [[0.25, 2.0]])
    assert flipped is False
