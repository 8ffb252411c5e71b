"""The rules of docs/energy.md on cells, order, conditions, loops, calls and lifetimes, each as a figure worked out by hand."""

import numpy as np
import pytest

from primitives import elementwise
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, cost, matrix, price, u1, with_imports

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

WIDTHS = [
    (True, 1), (-128, 1), (255, 1), (-129, 2), (256, 2), (-32_768, 2), (65_535, 2), (-32_769, 4), (65_536, 4),
    (-(2**31), 4), (2**32 - 1, 4), (-(2**31) - 1, 8), (2**32, 8), (-(2**63), 8), (1.0, 8),
]  # fmt: skip


@both
@pytest.mark.parametrize(("value", "width"), WIDTHS)
def test_a_scalar_is_as_wide_as_its_value(implementation, value, width):
    source = "def f(v):\n    return not v\n"
    assert price(implementation, source, [value]).energy == pytest.approx(cost([(0, width)]), rel=1e-12)


@both
@pytest.mark.parametrize(("dtype", "width"), [("u1", 1), ("i4", 4), ("i8", 8), ("f4", 4), ("f8", 8)])
def test_an_element_is_as_wide_as_its_type(implementation, dtype, width):
    # [a1 a0]: a1 has a0 above it, and then a0 has a1 above it
    source = "def f(a):\n    return a[1] + a[0]\n"
    found = price(implementation, source, [np.array([1, 2], dtype=dtype)])
    assert found.energy == pytest.approx(cost([(width, width), (width, width)]), rel=1e-12)


CELLS = [
    claim(
        "a temporary is as wide as its value",
        """
        def f(v):
            return -(v * 1000)
        """,
        [1],
        [(0, 1), (0, 2)],  # v, and on top of it v * 1000 in two bytes
    ),
    claim(
        "a variable changes its width with its value",
        """
        def f(v):
            s = v + 0
            s = s * 1000
            return v + 0
        """,
        [1],
        [(0, 1), (0, 1), (2, 1)],  # [v]; [v s]; [v s s]: s has two bytes now
    ),
    claim(
        "a read puts the cell on top",
        """
        def f(y, x):
            return x * x
        """,
        [3, 5],
        [(1, 1), (0, 1)],  # [x y]; [y x]
    ),
    claim(
        "a write puts a variable on top and is free",
        """
        def f(a, b):
            b = 1
            return a + b
        """,
        [3, 5],
        [(1, 1), (1, 1)],  # [b a]; b is written: [a b]; a is read: [b a]
    ),
    claim(
        "a write puts an element on top and is free",
        """
        def f(a):
            a[2] = 9
            return a[2] + 0
        """,
        [u1(1, 2, 3)],
        [(0, 1)],
    ),
    claim(
        "a bool and a float as temporaries",
        """
        def f(v):
            return not ((v * 0.5) > 1.0)
        """,
        [2],
        [(0, 1), (0, 8), (0, 1)],
    ),
]

ORDER = [
    claim(
        "a sum of products",
        """
        def f(a, b, s):
            s = s + a[0, 1] * b[1, 0]
            return s
        """,
        [matrix([1, 2]), matrix([3], [4]), 5],
        # [s b1 b0 a1 a0]: a1; [s b1 b0 a0 a1]: b1; [s b0 a0 a1 b1 t]: s; [b0 a0 a1 b1 t s]: t
        [(1, 1), (3, 1), (5, 1), (1, 1)],
    ),
    claim(
        "an element is read when the operation that takes it executes",
        """
        def f(a, b, c):
            return a[0] + b * c
        """,
        [u1(1), 2, 3],
        # [c b a]: b; [c a b]: c; [a b c t]: a; [b c t a]: t
        [(1, 1), (2, 1), (3, 1), (1, 1)],
    ),
    claim(
        "a data index is read just before its element",
        """
        def f(a, i, b, c):
            return a[i] + b * c
        """,
        [u1(1, 2), 1, 2, 3],
        # [c b i a1 a0]: b; [c i a1 a0 b]: c; [i a1 a0 b c t]: i; [a1 a0 b c t i]: a1; [a0 b c t i a1]: t
        [(3, 1), (4, 1), (5, 1), (5, 1), (2, 1)],
    ),
    claim(
        "indices are read left to right",
        """
        def f(a, i, j):
            return a[i, j]
        """,
        [matrix([1, 2], [3, 4]), 0, 0],
        # [j i d c b a]: i; [j d c b a i]: j; [d c b a i j]: a
        [(4, 1), (5, 1), (2, 1)],
    ),
    claim(
        "an element as an index",
        """
        def f(a, b):
            return a[b[0]] + 0
        """,
        [u1(7, 8), u1(1)],
        # [b a1 a0]: b; [a1 a0 b]: a1
        [(2, 1), (2, 1)],
    ),
    claim(
        "an operation inside an index was executed before",
        """
        def f(a, i, v):
            return v - a[i + 1]
        """,
        [u1(7, 8), 0, 1],
        # [v i a1 a0]: i; [v a1 a0 i t]: v; [a1 a0 i t v]: t; [a1 a0 i v]: a1
        [(2, 1), (4, 1), (1, 1), (3, 1)],
    ),
    claim(
        "assigning an element reads it and writes the variable",
        """
        def f(a, b):
            t = b[0]
            return a[0] + t
        """,
        [u1(1), u1(2)],
        # [b a]: b; [a b t]: a; [b t a]: t
        [(1, 1), (2, 1), (1, 1)],
    ),
    claim(
        "assigning a variable reads it and writes the other",
        """
        def f(a, b):
            t = b
            return a + t
        """,
        [1, 2],
        [(1, 1), (2, 1), (1, 1)],
    ),
    claim(
        "storing a variable reads it, then the data index",
        """
        def f(a, i, v):
            a[i] = v
        """,
        [np.array([1, 2], dtype=np.int32), 1, 1000],
        # [v i a1 a0] with v of two bytes, elements of four: v; [i a1 a0 v]: i
        [(9, 2), (10, 1)],
    ),
    claim(
        "storing an operation's result reads its operands, then the data index",
        """
        def f(a, i, b, c):
            a[i] = b + c
            return a[1] + 0
        """,
        [u1(1, 2), 1, 2, 3],
        # [c b i a1 a0]: b; [c i a1 a0 b]: c; [i a1 a0 b c]: i; [a0 b c i a1]: a1
        [(3, 1), (4, 1), (4, 1), (0, 1)],
    ),
    claim(
        "the operations inside a target are executed after the right side",
        """
        def f(a, i, b, c):
            a[i + 1] = b + c
        """,
        [u1(1, 2), 0, 2, 3],
        # [c b i a1 a0]: b; [c i a1 a0 b]: c; [i a1 a0 b c]: i; [a1 a0 b c i t]: t
        [(3, 1), (4, 1), (4, 1), (0, 1)],
    ),
    claim(
        "a variable that is stored is read after the operations inside the target",
        """
        def f(a, i, v):
            a[i + 1] = v
        """,
        [u1(1, 2), 0, 2],
        # [v i a1 a0]: i; [v a1 a0 i t]: v; [a1 a0 i t v]: t
        [(2, 1), (4, 1), (1, 1)],
    ),
    claim(
        "updating an element reads its index once",
        """
        def f(a, i, v):
            a[i] += v
            return a[1] + 0
        """,
        [u1(1, 2), 1, 3],
        # [v i a1 a0]: i; [v a1 a0 i]: a1; [v a0 i a1]: v; [a0 i v a1]: a1
        [(2, 1), (2, 1), (3, 1), (0, 1)],
    ),
    claim(
        "updating an element executes the operations inside first",
        """
        def f(a, i, v):
            a[i + 0] += v * v
        """,
        [u1(1, 2), 1, 3],
        # [v i a1 a0]: i; [v a1 a0 i t]: v; [a1 a0 i t v]: v; [a1 a0 i t v u]: t; [a1 a0 i v u]: a1; [a0 i v u a1]: u
        [(2, 1), (4, 1), (0, 1), (2, 1), (4, 1), (1, 1)],
    ),
    claim(
        "updating a variable",
        """
        def f(s, a):
            s += a[0]
            return s
        """,
        [1, u1(2)],
        [(0, 1), (1, 1)],  # [a s]: s; then a
    ),
    claim(
        "swapping elements",
        """
        def f(a):
            a[0], a[1] = a[1], a[0]
        """,
        [u1(1, 2)],
        # [a1 a0]: a1; [a0 a1 t]: a0; [a1 t a0 u]: t; [a1 u a0]: u
        [(1, 1), (2, 1), (2, 1), (1, 1)],
    ),
    claim(
        "swapping variables",
        """
        def f(x, y):
            x, y = y, x
            return x
        """,
        [1, 2],
        # [y x]: y; [x y t]: x; [y t x u]: t; [y u x]: u
        [(1, 1), (2, 1), (2, 1), (1, 1)],
    ),
    claim(
        "swapping elements at data indices",
        """
        def f(a, i, j):
            a[i], a[j] = a[j], a[i]
        """,
        [u1(1, 2), 0, 1],
        # [j i a1 a0]: j; [i a1 a0 j]: a1; [i a0 j a1 t]: i; [a0 j a1 t i]: a0; [j a1 t i a0 u]:
        # t; [j a1 i a0 u]: i; [j a1 u i a0]: u; [j a1 i a0]: j
        [(3, 1), (2, 1), (4, 1), (4, 1), (3, 1), (2, 1), (2, 1), (3, 1)],
    ),
    claim(
        "a control right side among several has no temporary",
        """
        def f(x):
            x, y = 1, x
            return y
        """,
        [5],
        [(0, 1), (1, 1)],  # [x]: x; [x t]; x is written: [t x]: t
    ),
    claim(
        "an operation among several right sides leaves a temporary",
        """
        def f(x, y):
            x, y = x + y, x - y
            return x
        """,
        [1, 2],
        # [y x]: x, y; [x y t]: x; [y t x]: y; [t x y u]: t; [y u x]: u
        [(0, 1), (1, 1), (2, 1), (2, 1), (3, 1), (1, 1)],
    ),
]

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
        "a data counter leaves with its loop",
        """
        def f(v, w):
            for i in range(w):
                pass
            return v + 0
        """,
        [5, 1],
        [(1, 1), (1, 1)],  # [w v]: w; [v w i]; after the loop [v w]: v
    ),
]

CALLS = [
    claim(
        "arguments are read and written to parameters one by one",
        """
        def g(x, y):
            return x - y
        def f(a, b):
            return g(b, a + b)
        """,
        [1, 2],
        # [b a]: a; b; [a b t]: b; [a t b x]: t; [a b x y]: x; [a b y x]: y
        [(0, 1), (1, 1), (1, 1), (2, 1), (1, 1), (1, 1)],
    ),
    claim(
        "a returned variable hands its cell over where it is",
        """
        def g(x, a):
            y = x + 1
            a[0] = 5
            return y
        def f(v, a):
            r = g(v, a)
            return r + 0
        """,
        [1, u1(0)],
        # [a v]: v; [a v x]: x; [a v x y]; a is written: [v x y a]; x leaves: [v r a]: r
        [(0, 1), (0, 1), (1, 1)],
    ),
    claim(
        "the old cell of the variable leaves",
        """
        def g(x, a):
            y = x + 1
            a[0] = 5
            return y
        def f(v, a, w):
            r = v + 0
            r = g(v, a)
            return w + 0
        """,
        [1, u1(0), 7],
        # [w a v]: v; [w a v r]: v; [w a r v x]: x; [w a r v x y]; a is written: [w r v x y a]; [w v r a]: w
        [(0, 1), (1, 1), (0, 1), (3, 1)],
    ),
    claim(
        "other results are put into temporaries and not read again",
        """
        def g(a):
            return a[1]
        def f(a):
            r = g(a)
            return r + 0
        """,
        [u1(1, 2)],
        [(1, 1), (0, 1)],
    ),
    claim(
        "a result that is an operation's is not read again",
        """
        def g(x):
            return x + 1
        def f(v):
            return g(v) + 0
        """,
        [1],
        [(0, 1), (0, 1), (0, 1)],  # v; [v x]: x; [v t]: t
    ),
    claim(
        "a call's result passes through a return",
        """
        def h(x):
            return x + 1
        def g(x):
            return h(x)
        def f(v):
            r = g(v)
            return r
        """,
        [1],
        [(0, 1), (0, 1), (0, 1)],  # v, g's x, h's x
    ),
    claim(
        "several results",
        """
        def g(x):
            return x + 1, x
        def f(v):
            p, q = g(v)
            return q - p
        """,
        [1],
        # v; [v x]: x; [v x t], where x is q and t is p: q; [v p q]: p
        [(0, 1), (0, 1), (1, 1), (1, 1)],
    ),
    claim(
        "a variable returned twice is not handed over",
        """
        def g(x):
            return x, x
        def f(v):
            p, q = g(v)
            return p + q
        """,
        [1],
        # v; [v x]: x; [v x t]: x; [v t x u]; x leaves: [v p q]: p; [v q p]: q
        [(0, 1), (0, 1), (1, 1), (1, 1), (1, 1)],
    ),
    claim(
        "an element as a target reads its temporary",
        """
        def g(x):
            return x + 1, x + 2
        def f(v, a):
            a[0], q = g(v)
            return q + 0
        """,
        [1, u1(0)],
        # [a v]: v; [a v x]: x; [a v t x]... x leaves: [a v t u]: t; [v u a]: u, which is q
        [(0, 1), (0, 1), (1, 1), (1, 1), (1, 1)],
    ),
    claim(
        "a control value that is returned as data is not read",
        """
        def g(a):
            if a[0]:
                return 1
            return 2
        def f(a):
            y = g(a)
            return y + 0
        """,
        [u1(0)],
        [(0, 1), (0, 1)],
    ),
    claim(
        "a result that nothing takes leaves",
        """
        def g(x):
            return x + 1
        def f(v):
            g(v)
            return v + 0
        """,
        [1],
        [(0, 1), (0, 1), (0, 1)],
    ),
    claim(
        "a parameter that is control has no cell",
        """
        def g(n, x):
            return x * n + n
        def f(a, v):
            return g(len(a), v)
        """,
        [u1(1), 3],
        [(1, 1), (0, 1), (0, 1)],  # v; x; x * n
    ),
    claim(
        "arrays are passed by reference",
        """
        def g(a):
            a[0] = 7
        def f(a):
            g(a)
            return a[0] + 0
        """,
        [u1(1)],
        [(0, 1)],
    ),
]

LIFETIMES = [
    claim(
        "a temporary leaves when it is read",
        """
        def f(v, w):
            x = (v + 1) + 1
            return w + 0
        """,
        [1, 2],
        [(0, 1), (0, 1), (2, 1)],  # [w v]: v; [w v t]: t; [w v x]: w
    ),
    claim(
        "the variables of a function leave when it returns",
        """
        def g(a):
            x = a[0]
            y = a[1]
            return x + y
        def f(a, v):
            s = g(a)
            return v + s
        """,
        [u1(1, 2), 3],
        # [v a1 a0]: a0; [v a1 a0 x]: a1; [v a0 x a1 y]: x; [v a0 a1 y x]: y; [v a0 a1 s]: v; [a0 a1 s v]: s
        [(0, 1), (2, 1), (2, 1), (1, 1), (3, 1), (1, 1)],
    ),
    claim(
        "an array enters in index order",
        """
        def f(v):
            a = zeros(3, u1)
            return a[2] + a[0]
        """,
        [1],
        [(0, 1), (2, 1)],  # [v a0 a1 a2]: a2; a0
    ),
    claim(
        "a matrix enters row by row",
        """
        def f(v):
            a = zeros((2, 2), i4)
            return a[1, 0] + 0
        """,
        [1],
        [(4, 4)],
    ),
    claim(
        "an array leaves when its name is given to another",
        """
        def f(v):
            a = zeros(4, u1)
            a = zeros(2, u1)
            return v + 0
        """,
        [1],
        [(2, 1)],
    ),
    claim(
        "an array leaves after the new value exists",
        """
        def f(v):
            a = zeros(3, u1)
            a = array([v, 0], u1)
            return v + 0
        """,
        [1],
        [(3, 1), (2, 1)],  # [v a0 a1 a2]: v; [a0 a1 a2 v b0 b1], a leaves: v
    ),
    claim(
        "another name keeps an array",
        """
        def f(v):
            a = zeros(3, u1)
            b = a
            a = zeros(1, u1)
            return v + b[0]
        """,
        [1],
        # [v b0 b1 b2 a0]: v; [b0 b1 b2 a0 v]: b0
        [(4, 1), (4, 1)],
    ),
    claim(
        "a view keeps the whole array",
        """
        def f(v):
            a = zeros(3, u1)
            b = a[0:1]
            a = zeros(1, u1)
            return v + 0
        """,
        [1],
        [(4, 1)],
    ),
    claim(
        "an array leaves with its last view",
        """
        def f(v):
            a = zeros(3, u1)
            b = a[0:1]
            a = zeros(1, u1)
            b = a
            return v + 0
        """,
        [1],
        [(1, 1)],
    ),
    claim(
        "arrays leave when their function returns, but not a returned one",
        """
        def g():
            a = zeros(5, u1)
            b = zeros(2, u1)
            return b
        def f(v):
            b = g()
            return v + 0
        """,
        [1],
        [(2, 1)],
    ),
    claim(
        "a returned view keeps its array",
        """
        def g():
            a = zeros(5, u1)
            return a[0:1]
        def f(v):
            b = g()
            return v + 0
        """,
        [1],
        [(5, 1)],
    ),
    claim(
        "an array without a name leaves after the operation that uses it",
        """
        def f(v):
            s = zeros(3, u1)[0] + v
            return v + s
        """,
        [1],
        # [v z0 z1 z2]: z0; [v z1 z2 z0]: v; z leaves: [v s]: v; s
        [(2, 1), (3, 1), (1, 1), (1, 1)],
    ),
    claim(
        "an array whose length is asked for leaves",
        """
        def f(v):
            n = len(zeros(5, u1))
            return v + n
        """,
        [1],
        [(0, 1)],
    ),
    claim(
        "an array that only an expression statement makes leaves",
        """
        def g():
            return zeros(5, u1)
        def f(v):
            g()
            return v + 0
        """,
        [1],
        [(0, 1)],
    ),
    claim(
        "making a view reads its data index, using it does not",
        """
        def f(a, i):
            row = a[i]
            return row[0] + row[0]
        """,
        [matrix([1], [2]), 1],
        [(2, 1), (2, 1), (0, 1)],  # [i a1 a0]: i; [a1 a0 i]: a1, twice
    ),
    claim(
        "a view inside an expression is made before the operation",
        """
        def f(a, i, b, c):
            return a[i][0] + b * c
        """,
        [matrix([1], [2]), 1, 3, 4],
        # [c b i a1 a0]: i; [c b a1 a0 i]: b; [c a1 a0 i b]: c; [a1 a0 i b c t]: a1; [a0 i b c t a1]: t
        [(2, 1), (3, 1), (4, 1), (5, 1), (1, 1)],
    ),
    claim(
        "a column, a transpose and a slice make no reads",
        """
        def f(a):
            return a[:, 1][1] + a.T[1, 1] + a[1:2, 1:2][0, 0]
        """,
        [matrix([1, 2], [3, 4])],
        [(3, 1), (0, 1), (0, 1), (0, 1)],  # [d c b a]: d; d; [c b a d t]: t; d
    ),
]

PRIMITIVES = [
    claim("max", "def f(a, b):\n    return max(a, b)\n", [1, 2], [(0, 1), (1, 1)]),
    claim("abs, int and float", "def f(v):\n    return float(int(abs(v)))\n", [-1.5], [(0, 8), (0, 8), (0, 1)]),
    claim("exp", "def f(v):\n    return exp(v)\n", [0], [(0, 1)]),
    claim("a random draw is written and read like any scalar", "def f(v):\n    x = random()\n    return x + x\n", [1], [(0, 8), (0, 8)]),
    claim("randint reads its data bound", "def f(v):\n    return randint(0, v)\n", [3], [(0, 1)]),
    claim("seed reads", "def f(v):\n    seed(v)\n", [3], [(0, 1)]),
    claim("full reads its value once", "def f(v):\n    a = full(3, v, u1)\n    return a[0] + 0\n", [3], [(0, 1), (2, 1)]),
    claim("array reads its scalars", "def f(v, w):\n    a = array([w, v], u1)\n    return v + 0\n", [3, 4], [(1, 1), (1, 1), (2, 1)]),
    claim("window reads a data start", "def f(a, v):\n    w = window(a, v, 2)\n    return w[1] + w[1]\n", [u1(1, 2, 3), 1],
          # [v a2 a1 a0]: v; [a2 a1 a0 v]: a2, twice
          [(3, 1), (3, 1), (0, 1)]),
    claim(
        "dot is its loop",
        "def f(a, b):\n    return dot(a, b)\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0 s]: a0; [b1 b0 a1 s a0]: b0; [b1 a1 s a0 b0 t]: s; [b1 a1 a0 b0 t s]: t;
        # [b1 a1 a0 b0 s]: a1; [b1 a0 b0 s a1]: b1; [a0 b0 s a1 b1 t]: s; [a0 b0 a1 b1 t s]: t
        [(1, 1), (3, 1), (3, 1), (1, 1), (3, 1), (4, 1), (3, 1), (1, 1)],
    ),
    claim(
        "filling a slice passes the value to a function",
        "def f(a, v):\n    a[0:2] = v\n",
        [u1(1, 2), 3],
        # [v a1 a0]: v; [a1 a0 v p]: p; [a1 v p a0]: p
        [(2, 1), (0, 1), (1, 1)],
    ),
    claim(
        "copying a slice is a loop",
        "def f(a, b):\n    a[0:2] = b\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0]: b0; [b1 a1 b0 a0]: b1
        [(2, 1), (3, 1)],
    ),
    claim(
        "an array and a scalar",
        "def f(a, v):\n    b = a + v\n",
        [u1(1, 2), 3],
        # [v a1 a0]: v; [a1 a0 v p], then eight bytes each of c0 and c1: a0; [a1 v p c0 c1 a0]: p;
        # [a1 v c1 a0 p c0]: a1; [v c1 a0 p c0 a1]: p
        [(2, 1), (18, 1), (17, 1), (19, 1), (9, 1)],
    ),
    claim(
        "an update of a whole array",
        "def f(a, b):\n    a ^= b\n",
        [u1(1, 2), u1(3, 4)],
        # [b1 b0 a1 a0]: a0; [b1 b0 a1 a0]: b0; [b1 a1 b0 a0]: a1; [b1 b0 a0 a1]: b1
        [(0, 1), (2, 1), (2, 1), (3, 1)],
    ),
]

INPUTS = [
    claim("the first argument is on top", "def f(a, b, c):\n    return c + 0\n", [1, 1000, 3], [(3, 1)]),
    claim("an array's first element is on top", "def f(a):\n    return a[2] + 0\n", [u1(1, 2, 3)], [(2, 1)]),
    claim("rows lie one after the other", "def f(a):\n    return a[1, 0] + 0\n", [matrix([1, 2], [3, 4])], [(2, 1)]),
    claim("scalars and arrays in their order", "def f(a, v, b):\n    return b[0] + v\n", [u1(1, 2), 1000, u1(3)], [(4, 1), (3, 2)]),
    claim("a control argument has no cell", "def f(n, v):\n    return v * n + n\n", [3, 4], [(0, 1), (0, 1)], control=[0]),
]  # fmt: skip

CLAIMS = [*CELLS, *ORDER, *CONDITIONS, *LOOPS, *CALLS, *LIFETIMES, *PRIMITIVES, *INPUTS]


@both
@pytest.mark.parametrize("claimed", CLAIMS)
def test_a_program_pays_what_the_rules_say(implementation, claimed):
    check(implementation, claimed)


@both
def test_arguments_that_share_a_buffer_share_its_cells(implementation):
    x = u1(1, 2, 3)
    source = "def f(a, b):\n    return b[0] + a[1]\n"
    # [a2 a1 a0], where a1 is b0: b0; [a2 a0 a1]: a1
    assert price(implementation, source, [x, x[1:]]).energy == pytest.approx(cost([(1, 1), (0, 1)]), rel=1e-12)
    assert price(implementation, source, [x, x]).energy == pytest.approx(cost([(0, 1), (1, 1)]), rel=1e-12)


@both
def test_energy_is_split_by_line(implementation):
    source = (
        "from primitives import sum\n"
        "def g(x):\n"
        "    return x + 1\n"  # x: (0, 1)
        "def f(a, v):\n"
        "    s = sum(a)\n"  # [v a a s]: s, a0: [v a1 s a0]; [v a1 a0 s]: s, a1
        "    t = g(v)\n"  # [v a0 a1 s]: v
        "    while v:\n"  # [a0 a1 s v t]: v; [a0 a1 s t v]: v
        "        v -= 1\n"  # [a0 a1 s t v]: v
        "    return s\n"
    )
    found = price(implementation, source, [u1(1, 2), 1])
    lines = {3: [(0, 1)], 5: [(0, 1), (1, 1), (0, 1), (2, 1)], 6: [(3, 1)], 7: [(1, 1), (0, 1)], 8: [(0, 1)]}
    spent = {line: energy for line, energy in found.by_line.items() if energy}
    assert spent == pytest.approx({line: cost(reads) for line, reads in lines.items()}, rel=1e-12)


def definitions():
    """Every primitive and operator that has a definition: how it is called, the definition's text and name, the arguments' ranks."""
    for primitive in CATALOGUE.values():
        for overload in primitive.overloads:
            if overload.kind == "definition":
                letters = iter("abcdef")
                given = ["f8" if rank < 0 else next(letters) for rank in overload.ranks]
                call = f"{primitive.name}({', '.join(given)})"
                ranks = [rank for rank in overload.ranks if rank >= 0]
                yield pytest.param(call, overload.source, overload.function, given, ranks, id=f"{call} {overload.ranks}")
    dtype = DTYPES["u1"]
    for op in ["+", "/", "//", "&", "<<", "<"]:
        for left, right in ["11", "1s", "s1", "22", "2s", "s2"]:
            dtypes = [None if kind == "s" else dtype for kind in (left, right)]
            text, name = elementwise.definition(op, left, right, elementwise.result_dtype(op, *dtypes, False))
            ranks = [0 if kind == "s" else int(kind) for kind in (left, right)]
            yield pytest.param(f"a {op} b", text, name, ["a", "b"], ranks, id=f"{left} {op} {right}")


SIZE_ARGUMENTS = {"bincount": 1, "unpack": 1, "permutation": 0}


@both
@pytest.mark.parametrize(("call", "text", "name", "given", "ranks"), list(definitions()))
def test_a_primitive_costs_what_its_definition_costs(implementation, call, text, name, given, ranks):
    values = {0: 2, 1: u1(1, 1, 1, 1), 2: matrix([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1])}
    args = [values[rank] for rank in ranks]
    size = SIZE_ARGUMENTS.get(name)
    control = [] if size is None else [size]
    before = "return " if "return" in text else ""
    names = ", ".join(part for part in given if part != "f8")
    header = f"def f({names}):\n    {before}"
    primitive = price(implementation, with_imports(f"{header}{call}\n"), args, control)
    own = text.replace(f"def {name}(", "def own(")
    definition = price(implementation, with_imports(f"{own}\n{header}own({', '.join(given)})\n"), args, control)
    assert primitive.energy == pytest.approx(definition.energy, rel=1e-12)
    assert primitive.reads == definition.reads
