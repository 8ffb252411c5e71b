"""What is data and what is control (docs/energy.md): what is priced and what is free, as figures worked out by hand."""

from textwrap import dedent

import numpy as np
import pytest

from primitives.errors import ProgramError
from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, price, u1

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

FREE = [
    claim(
        "literals, constants and lengths",
        "K = 3\ndef f(a):\n    n = len(a) * 2 + K\n    return n - a.shape[0]\n",
        [u1(1, 2)],
        [],
    ),
    claim("a control argument", "def f(n):\n    return n * n\n", [5], [], control=[0]),
    claim(
        "control counters, and what is computed from them",
        """
        def f(a):
            s = 0
            for i in range(len(a)):
                for k in range(i, 2 * i + 1):
                    s += k
            return s
        """,
        [u1(1, 2)],
        [],
    ),
    claim(
        "a loop whose control condition ends it",
        """
        def f(a):
            n = 1
            while n < len(a):
                n *= 2
            if n > 3:
                n -= 1
            return n
        """,
        [u1(1, 2, 3)],
        [],
    ),
    claim(
        "the result of a call that is given no data scalar and returns none",
        """
        def size(a):
            return 2 * len(a)
        def f(a):
            n = size(a)
            return n + 1
        """,
        [u1(1, 2)],
        [],
    ),
    claim(
        "a counter with control bounds in a branch that data decide",
        """
        def f(a, v):
            if v:
                for i in range(2):
                    a[i] = i
        """,
        [u1(1, 2), 1],
        [(2, 1)],  # [v a1 a0]
    ),
    claim(
        "what stands before a return under data control",
        """
        def f(v):
            n = 3
            m = n + 1
            if v:
                return m
            return n
        """,
        [0],
        [(0, 1)],
    ),
    claim(
        "what a loop around a loop with a data-dependent break assigns outside it",
        """
        def f(a):
            n = 0
            for i in range(2):
                n = n + 1
                for k in range(1):
                    if a[i]:
                        break
            return n + 0
        """,
        [u1(1, 2)],
        [(0, 1), (1, 1)],
    ),
]

ORIGINS = [
    claim("an element", "def f(a):\n    s = a[1]\n    return s + 0\n", [u1(1, 2)], [(1, 1), (0, 1)]),
    claim("a conversion", "def f(v):\n    n = int(v)\n    return n + 1\n", [1.5], [(0, 8), (0, 1)]),
    claim("a comparison", "def f(v):\n    c = v > 0.0\n    return not c\n", [1.5], [(0, 8), (0, 1)]),
    claim("a primitive", "def f(v):\n    p = popcount(v)\n    return p + 1\n", [3], [(0, 1), (0, 1)]),
    claim("min with a literal", "def f(v):\n    p = min(v, 1)\n    return p + 1\n", [3], [(0, 1), (0, 1)]),
    claim("zero times data", "def f(v):\n    p = 0 * v\n    return p + 1\n", [3], [(0, 1), (0, 1)]),
    claim("a choice of literals", "def f(v):\n    c = 1 if v else 0\n    return c + 0\n", [3], [(0, 1), (0, 1)]),
    claim(
        "a choice by control that might have taken data",
        "def f(a, v):\n    c = v if len(a) > 5 else 0\n    return c + 0\n",
        [u1(1), 3],
        [(0, 1)],  # v is not read, c is
    ),
    claim("and of control and data", "def f(a, v):\n    c = len(a) and v\n    return c + 0\n", [u1(), 3], [(0, 1)]),
    claim("a random draw", "def f(a):\n    r = randint(0, len(a))\n    return r + 0\n", [u1(1)], [(0, 1)]),
    claim(
        "a call that is given a data scalar and returns a literal",
        """
        def one(v):
            return 1
        def f(v):
            y = one(v)
            return y + 0
        """,
        [3],
        [(0, 1), (0, 1)],
    ),
    claim(
        "a call that returns an element",
        """
        def first(a):
            return a[0]
        def f(a):
            y = first(a)
            return y + 0
        """,
        [u1(1)],
        [(0, 1), (0, 1)],
    ),
    claim(
        "every result of a call that returns under data control",
        """
        def g(a):
            if a[0]:
                return 1, 2
            return 3, 4
        def f(a):
            p, q = g(a)
            return q - p
        """,
        [u1(1)],
        [(0, 1), (0, 1), (1, 1)],  # a; [a p q]: q; [a p q]: p
    ),
    claim(
        "only those results of a call that are",
        """
        def g(a):
            return len(a), a[0]
        def f(a):
            n, y = g(a)
            return n * y + n
        """,
        [u1(1)],
        [(0, 1), (0, 1), (0, 1)],  # a; y; the product
    ),
]

VARIABLES = [
    claim(
        "a variable assigned data anywhere is data everywhere",
        """
        def f(v):
            s = 1
            t = s + 0
            s = v
            return s + t
        """,
        [3],
        # [v s]: s; [v s t]: v; [t v s]: s; [t v s]: t
        [(0, 1), (2, 1), (0, 1), (2, 1)],
    ),
    claim(
        "a control parameter that its function assigns data is data",
        """
        def g(n, v):
            m = n + 0
            n = v
            return m
        def f(a, v):
            return g(len(a), v)
        """,
        [u1(1), 3],
        # [v a n], n being written first: v; [a n v p]: n; [a v p n m]: p
        [(2, 1), (2, 1), (2, 1)],
    ),
    claim(
        "assigned in a branch that data decide, taken",
        "def f(v):\n    c = 0\n    if v:\n        c = 1\n    return c + 0\n",
        [3],
        [(1, 1), (0, 1)],  # [v c]: v; c is written: c
    ),
    claim(
        "assigned in a branch that data decide, not taken",
        "def f(v):\n    c = 0\n    if v:\n        c = 1\n    return c + 0\n",
        [0],
        [(1, 1), (1, 1)],  # [v c]: v; [c v]: c
    ),
    claim(
        "assigned in the other branch",
        "def f(v):\n    c = 0\n    if v:\n        pass\n    else:\n        c = 1\n    return c + 0\n",
        [3],
        [(1, 1), (1, 1)],
    ),
    claim(
        "assigned in a control branch inside",
        "def f(a, v):\n    c = 0\n    if v:\n        if len(a):\n            c = 1\n    return c + 0\n",
        [u1(1), 3],
        [(2, 1), (0, 1)],
    ),
    claim(
        "assigned in a loop with data bounds",
        "def f(v):\n    n = 0\n    for i in range(v):\n        n = 5\n    return n + 0\n",
        [2],
        [(1, 1), (0, 1)],
    ),
    claim(
        "counting in a loop with data bounds",
        "def f(v):\n    n = 0\n    for i in range(v):\n        n += 1\n    return n + 0\n",
        [2],
        # [v n]: v; [v i n]: n with i above; [v i n], i on top: n again; after the loop: n
        [(1, 1), (2, 1), (1, 1), (0, 1)],
    ),
    claim(
        "assigned in a loop with a data condition",
        "def f(v):\n    n = 0\n    while v:\n        v = v - 1\n        n = 7\n    return n + 0\n",
        [1],
        [(1, 1), (0, 1), (1, 1), (1, 1)],  # [v n]: v; [n v]: v; [v n]: v; [n v]: n
    ),
    claim(
        "the position of a break, copied into a variable",
        """
        def f(a):
            n = 0
            for i in range(2):
                n = i
                if a[i]:
                    break
            return n + 0
        """,
        [u1(0, 1)],
        # [a1 a0 n]: a0; [a1 n a0], n is written: a1; [a0 n a1]: n
        [(1, 1), (2, 1), (1, 1)],
    ),
    claim(
        "assigned after a continue that data decide",
        """
        def f(a):
            n = 0
            for i in range(2):
                if a[i]:
                    continue
                n = i
            return n + 0
        """,
        [u1(0, 1)],
        # [a1 a0 n]: a0; n is written: [a1 a0 n]: a1; [a0 n a1]: n
        [(1, 1), (2, 1), (1, 1)],
    ),
    claim(
        "assigned before a break in a control branch, in a loop that data leave elsewhere",
        """
        def f(a):
            n = 0
            while True:
                n += 1
                if n == 2:
                    break
                if a[0]:
                    break
            return n
        """,
        [u1(0)],
        # [a n]: n; [a n]: n; t; [a n]: a; [n a]: n; [a n]: n; t
        [(0, 1), (0, 1), (0, 1), (1, 1), (1, 1), (0, 1), (0, 1)],
    ),
    claim(
        "assigned in a loop around a return that data decide",
        """
        def f(a):
            n = 0
            for i in range(2):
                n = n + 1
                for k in range(1):
                    if a[i]:
                        return 0
            return n
        """,
        [u1(0, 0)],
        # [a1 a0 n]: n; [a1 a0 n]: a0; [a1 n a0]: n; [a1 a0 n]: a1
        [(0, 1), (1, 1), (1, 1), (2, 1)],
    ),
    claim(
        "assigned after a return that data decide",
        "def f(v):\n    if v:\n        return 1\n    n = 3\n    return n + 0\n",
        [0],
        [(0, 1), (0, 1)],
    ),
    claim(
        "assigned after such a return in the text, in another branch",
        """
        def f(a, v):
            n = 0
            if len(a) > 5:
                if v:
                    return 3
            else:
                n = 4
            return n + 0
        """,
        [u1(1), 0],
        [(0, 1)],
    ),
    claim(
        "assigned after a loop with a return that data decide",
        """
        def f(a):
            for i in range(1):
                if a[i]:
                    return 1
            n = 3
            return n + 0
        """,
        [u1(0)],
        [(0, 1), (0, 1)],
    ),
    claim(
        "a counter is decided for each loop by itself",
        """
        def f(a, v):
            s = 0
            for i in range(2):
                s = s + a[i]
            for i in range(v):
                s = s + a[i]
            return s
        """,
        [u1(1, 2), 1],
        # [v a1 a0 s]: s; a0; [v a1 a0 s]: s; a1; [v a0 a1 s]: v; [a0 a1 s v i]: s; [a0 a1 v i s]: i; [a0 a1 v s i]: a0
        [(0, 1), (1, 1), (0, 1), (2, 1), (3, 1), (2, 1), (1, 1), (4, 1)],
    ),
    claim(
        "a literal stored at a data index is read like any element",
        """
        def f(v):
            t = zeros(2, u1)
            t[v] = 1
            return t[0] + t[1]
        """,
        [1],
        [(2, 1), (2, 1), (1, 1)],  # [v t0 t1]: v; [t0 v t1]: t0; [v t1 t0]: t1
    ),
    claim(
        "randomness seeded by data",
        "def f(v):\n    seed(v)\n    x = random()\n    return x + 0.0\n",
        [7],
        [(0, 1), (0, 8)],
    ),
]


@both
@pytest.mark.parametrize("claimed", [*FREE, *ORIGINS, *VARIABLES])
def test_data_are_priced_and_control_is_free(implementation, claimed):
    check(implementation, claimed)


def test_a_counter_used_after_its_loop_is_rejected():
    source = dedent("""
        def f(a):
            for i in range(3):
                if a[i]:
                    break
            return i
    """)
    with pytest.raises(ProgramError, match="i"):
        price("machine", source, [np.zeros(3, dtype="u1")])
