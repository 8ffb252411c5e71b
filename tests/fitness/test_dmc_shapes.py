"""Shapes are control (docs/energy.md): lengths that data decide are priced, sizes that do are rejected."""

from textwrap import indent

import pytest

from primitives.errors import ProgramError
from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, matrix, price, u1, with_imports

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

SHAPES = [
    claim(
        "the length of an array whose size data decided",
        """
        def f(v):
            a = zeros(2, u1)
            if v:
                a = zeros(3, u1)
            n = len(a)
            return n + 0
        """,
        [1],
        [(2, 1), (0, 1)],
    ),
    claim(
        "that length as a bound",
        """
        def f(v):
            a = zeros(2, u1)
            if v:
                a = zeros(3, u1)
            for i in range(len(a)):
                a[i] = 1
        """,
        [0],
        # [v a1 a0]: v; [a1 a0 v t]: t; [a1 a0 v i]: i; [a1 v i a0], i on top: i
        [(2, 1), (0, 1), (0, 1), (0, 1)],
    ),
    claim(
        "the length of a view of it, and of one given to a function",
        """
        def size(a):
            return a.shape[0]
        def f(v):
            a = zeros(2, u1)
            if v:
                a = zeros(3, u1)
            b = a[0:1]
            return len(b) + size(b)
        """,
        [0],
        # v; [a0 a1 v s t], the temporary of len, then that of the call: s; t
        [(2, 1), (1, 1), (0, 1)],
    ),
    claim(
        "the same size on either path",
        """
        def f(x, v):
            n = len(x) + 1
            a = zeros(n, u1)
            if v:
                a = zeros(n, u1)
            b = zeros(len(a), u1)
            return len(b) + 0
        """,
        [u1(1), 1],
        [(3, 1)],  # [v x a0 a1]
    ),
    claim(
        "a view of the same shape on either path",
        """
        def f(x, v):
            a = x[0]
            if v:
                a = x[1]
            return len(a) + 0
        """,
        [matrix([1, 2], [3, 4]), 1],
        [(4, 1)],
    ),
    claim(
        "an exchange of two arrays of one shape",
        """
        def f(x, v):
            a = zeros(len(x), u1)
            b = zeros(len(x), u1)
            if v:
                a, b = b, a
            return len(a) + len(b)
        """,
        [u1(1), 1],
        [(3, 1)],
    ),
    claim(
        "an array that is given another shape under no data control",
        "def f(a):\n    b = zeros(2, u1)\n    b = zeros(3, u1)\n    return len(b) + 0\n",
        [u1(1)],
        [],
    ),
    claim(
        "a size that is computed in one way on either path",
        """
        def f(n, v):
            a = zeros(2 * n + 1, u1)
            if v:
                a = zeros(2 * n + 1, u1)
            return len(a) + 0
        """,
        [1, 1],
        [(3, 1)],  # [v a a a]
        control=[0],
    ),
    claim(
        "another name and a view of the whole have the shape of the array",
        """
        def f(x, v):
            a = zeros(len(x), u1)
            b = x
            if v:
                b = a
                a = a[:]
            return len(a) + len(b)
        """,
        [u1(1), 1],
        [(2, 1)],
    ),
    claim(
        "a call's result has the shape that its body makes of the arguments'",
        """
        def fresh(b, n):
            return zeros(len(b) + n, u1)
        def f(x, v):
            a = zeros(len(x) + 1, u1)
            if v:
                a = fresh(x, 1)
            return len(a) + 0
        """,
        [u1(1), 1],
        [(3, 1)],  # [v x a a]
    ),
    claim(
        "a size assigned in a loop differs from round to round",
        """
        def f(v):
            a = zeros(1, u1)
            for i in range(2):
                n = i + 1
                if v:
                    a = zeros(n, u1)
            return len(a) + 0
        """,
        [0],
        [(1, 1), (0, 1), (0, 1)],  # [v a]: v twice; the temporary of len
    ),
    claim(
        "an array that data chose in a function",
        """
        def either(a, b, v):
            if v:
                return a
            return b
        def f(x, y, v):
            a = either(x, y, v)
            return len(a) + 0
        """,
        [u1(1), u1(1, 2), 1],
        [(3, 1), (0, 1), (0, 1)],  # [v y y x]: v; its parameter; the temporary of len
    ),
]


@both
@pytest.mark.parametrize("claimed", SHAPES)
def test_a_length_is_priced_where_data_decided_it(implementation, claimed):
    check(implementation, claimed)


ROUNDS = """
a = x
for i in range(3):
    n = i + 1
    if x[i]:
        a = zeros(n, u1)
b = zeros(len(a), u1)
"""

CHOSEN = "a = zeros(2, u1)\nif v:\n    a = zeros(3, u1)\n"  # an array of data shape

SIZES = {
    "zeros": "a = zeros(v, u1)",
    "zeros of rank 2": "a = zeros((2, v), u1)",
    "full": "a = full(v, 1, u1)",
    "an upper bound": "b = x[0:v]",
    "a lower bound": "b = x[v:]",
    "the bound of a target": "x[0:v] = 1",
    "a window's length": "b = window(x, 0, v)",
    "bincount": "b = bincount(x, v)",
    "permutation": "b = permutation(v)",
    "unpack": "b = unpack(5, v)",
    "an element": "a = zeros(x[0], u1)",
    "a random number": "a = zeros(randint(1, 3), u1)",
    "a conversion": "a = zeros(int(v), u1)",
    "a conditional expression": "a = zeros(1 if v else 2, u1)",
    "min": "a = zeros(min(v, 3), u1)",
    "a counter with data bounds": "for i in range(v):\n    a = zeros(i, u1)",
    "a function's literal": "a = zeros(choose(v), u1)",
    "a function that is given it": "b = make(v)",
    "a function that reads an element": "a = zeros(first(x), u1)",
    "a variable under data control": "n = 1\nif v:\n    n = 2\na = zeros(n, u1)",
    "a count": "n = 0\nwhile v:\n    v -= 1\n    n += 1\na = zeros(n, u1)",
    "the position of a break": "n = 0\nfor i in range(3):\n    n = i\n    if x[i]:\n        break\na = zeros(n, u1)",
    "after a return that data decide": "if v:\n    return 1\nn = 2\na = zeros(n, u1)",
    "the length of an array of data shape": f"{CHOSEN}b = zeros(len(a), u1)",
    "the length of a view of one": f"{CHOSEN}c = a[0:]\nb = zeros(len(c), u1)",
    "a copy of one": f"{CHOSEN}c = copy(a)",
    "a sum with one": f"{CHOSEN}c = a + 1",
    "the length of a chosen array": "a = x\nif v:\n    a = y\nb = zeros(len(a), u1)",
    "the length of a result that data chose": "a = either(x, y, v)\nb = zeros(len(a), u1)",
    "the length of an array made in rounds": ROUNDS,
    "the length of an array swapped in": "a = x\nc = y\nif v:\n    a, c = c, a\nb = zeros(len(a), u1)",
    "shrinking in rounds that data count": "a = x\nwhile v:\n    v -= 1\n    a = a[1:]\nb = zeros(len(a), u1)",
}

FUNCTIONS = """
def choose(v):
    if v:
        return 1
    return 2
def make(n):
    return zeros(n, u1)
def first(a):
    return a[0]
def either(a, b, v):
    if v:
        return a
    return b
"""


@both
@pytest.mark.parametrize("statements", SIZES.values(), ids=SIZES)
def test_a_size_that_depends_on_data_is_rejected(implementation, statements):
    body = indent(f"{statements}\nreturn 0\n", "    ")
    with pytest.raises(ProgramError):
        price(implementation, with_imports(f"{FUNCTIONS}\ndef f(x, y, v):\n{body}"), [u1(1, 0, 1), u1(1, 2), 1])
