"""The rules of docs/energy.md on conditions, loops and calls, each as a figure worked out by hand."""

import pytest

from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, u1

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

CONDITIONS = [
    claim("a comparison", "def f(a, b):\n    if a < b:\n        pass\n", [1, 2], [(0, 1), (1, 1), (0, 1)]),
    claim("a variable", "def f(a, b):\n    if b:\n        pass\n", [1, 2], [(1, 1)]),
    claim("an element", "def f(a):\n    if a[1]:\n        pass\n", [u1(0, 0)], [(1, 1)]),
    claim("not", "def f(a, b):\n    if not b:\n        pass\n", [1, 2], [(1, 1)]),
    claim("not of a comparison", "def f(a, b):\n    if not a < b:\n        pass\n", [1, 2], [(0, 1), (1, 1), (0, 1)]),
    claim("and, decided by the first", "def f(a, b):\n    if a and b:\n        pass\n", [0, 2], [(0, 1)]),
    claim("and, not decided by the first", "def f(a, b):\n    if a and b:\n        pass\n", [1, 2], [(0, 1), (1, 1)]),
    claim("or, decided by the first", "def f(a, b):\n    if a or b:\n        pass\n", [1, 2], [(0, 1)]),
    claim("or, not decided by the first", "def f(a, b):\n    if a or b:\n        pass\n", [0, 2], [(0, 1), (1, 1)]),
    claim("not of and", "def f(a, b):\n    if not (a and b):\n        pass\n", [1, 2], [(0, 1), (1, 1)]),
    claim("control beside data", "def f(a):\n    if len(a) > 1 and a[1]:\n        pass\n", [u1(0, 0)], [(1, 1)]),
    claim("control decides", "def f(a):\n    if len(a) > 2 and a[1]:\n        pass\n", [u1(0, 0)], []),
    claim(
        "a conditional expression as a condition",
        "def f(a, b, c):\n    if b if a else c:\n        pass\n",
        [1, 2, 3],
        [(0, 1), (1, 1), (0, 1)],  # [c b a]: a; b, which is copied into a temporary, which is tested
    ),
    claim("and as a value, decided", "def f(a, b):\n    x = a and b\n    return x + 0\n", [0, 2], [(0, 1), (0, 1)]),
    claim(
        "and as a value, not decided",
        "def f(a, b):\n    x = a and b\n    return x + 0\n",
        [1, 2],
        [(0, 1), (1, 1), (0, 1)],
    ),
    claim("or as a value, decided", "def f(a, b):\n    x = a or b\n    return x + 0\n", [1, 2], [(0, 1), (0, 1)]),
    claim(
        "comparisons in and as a value",
        "def f(a, b):\n    x = a > 0 and b > 0\n    return not x\n",
        [1, 2],
        [(0, 1), (0, 1), (1, 1), (0, 1)],  # a, the temporary that is tested, b; its comparison is written to x
    ),
    claim(
        "and inside and as a value leaves a temporary",
        "def f(a, b, c):\n    x = (a and b) and c\n    return x + 0\n",
        [1, 2, 3],
        [(0, 1), (1, 1), (0, 1), (2, 1), (0, 1)],  # [c b a]: a; b; [c a b t]: t; [c a b]: c; x
    ),
    claim(
        "not of and as a value reads a temporary",
        "def f(a, b):\n    x = not (a and b)\n    return not x\n",
        [1, 2],
        [(0, 1), (1, 1), (0, 1), (0, 1)],
    ),
    claim(
        "and as an operand",
        "def f(a, b, c):\n    return c - (a and b)\n",
        [1, 2, 3],
        # [c b a]: a; b; [c a b t]: c; [a b t c]: t
        [(0, 1), (1, 1), (3, 1), (1, 1)],
    ),
    claim("not as a value", "def f(a, b):\n    x = not b\n    return not x\n", [1, 2], [(1, 1), (0, 1)]),
    claim(
        "a conditional expression",
        "def f(a, b, c):\n    x = b if a else c\n    return x + 0\n",
        [0, 2, 3],
        [(0, 1), (2, 1), (0, 1)],
    ),
    claim(
        "the chosen side's result is written to the variable",
        "def f(a, b):\n    x = b + 1 if a else b\n    return x + 0\n",
        [1, 2],
        [(0, 1), (1, 1), (0, 1)],
    ),
    claim(
        "a conditional expression as an operand",
        "def f(a, b, c):\n    return c + (b if a else 1)\n",
        [1, 2, 3],
        [(0, 1), (1, 1), (3, 1), (1, 1)],
    ),
    claim(
        "a control condition is free",
        "def f(a, b):\n    x = b if len(a) else 0\n    return x + 0\n",
        [u1(1), 2],
        [(1, 1), (0, 1)],
    ),
    claim(
        "a loop tests its condition before every round",
        "def f(v):\n    while v > 0:\n        v -= 1\n",
        [2],
        # comparing and testing three times, v -= 1 in between
        [(0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)],
    ),
]

LOOPS = [
    claim(
        "data bounds are read once, left to right",
        """
        def f(u, v, w):
            for i in range(u, v + 2, w):
                pass
        """,
        [0, 0, 1],
        # [w v u]: v; [w u v t]: u; [w v t u]: t; [w v u]: w
        [(1, 1), (2, 1), (1, 1), (2, 1)],
    ),
    claim(
        "a data counter is written before each round",
        """
        def f(a, v):
            s = 0
            for i in range(v):
                s = s + a[i]
            return s
        """,
        [u1(1, 2), 2],
        # [v a1 a0 s]: v; [a1 a0 s v i]: s; [a1 a0 v i s]: i; [a1 a0 v s i]: a0; [a1 v i a0 s], then i on top:
        # [a1 v a0 s i]: s; [a1 v a0 i s]: i; [a1 v a0 s i]: a1
        [(3, 1), (2, 1), (1, 1), (3, 1), (1, 1), (1, 1), (4, 1)],
    ),
    claim(
        "a data counter is as wide as its value",
        """
        def f(v):
            for i in range(v, v + 1):
                return i + 0
            return 0
        """,
        [1000],
        [(0, 2), (2, 2), (2, 2), (0, 2)],  # v; [v t]: v; [t v]: t; [v i]: i
    ),
    claim(
        "a data counter, like a variable, stays when its loop ends",
        """
        def f(v, w):
            for i in range(w):
                pass
            return v + 0
        """,
        [5, 1],
        [(1, 1), (2, 1)],  # [w v]: w; [v w i]: v
    ),
    claim(
        "a temporary does not take the place of a counter",
        """
        def f(v, a):
            for i in range(1):
                for j in range(v):
                    pass
            return a[0] + v + a[1]
        """,
        [2, u1(0, 1)],
        # [a1 a0 v]: v; [a1 a0 v j]: a0; [a1 v j a0]: v; [a1 j a0 v t]: t; [a1 j a0 v]: a1
        [(0, 1), (2, 1), (2, 1), (0, 1), (3, 1)],
    ),
    claim(
        "the counters of two loops are two cells, even under one name",
        """
        def f(v, w):
            for i in range(w):
                pass
            for i in range(w):
                pass
            return v + 0
        """,
        [5, 1],
        [(1, 1), (1, 1), (3, 1)],  # [w v]: w; [v w i]: w; [v i w i]: v
    ),
]


@both
@pytest.mark.parametrize("claimed", [*CONDITIONS, *LOOPS])
def test_a_condition_and_a_loop_pay_for_what_they_test(implementation, claimed):
    check(implementation, claimed)
