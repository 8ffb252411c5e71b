"""The rules of docs/energy.md on cells and on the order of reads, each as a figure worked out by hand."""

import numpy as np
import pytest

from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, cost, matrix, price, u1

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
        "an instruction reads any number of cells before the elements that are indices of its elements",
        """
        def f(x, a, b, i, j):
            return a + x[b, x[i, j]]
        """,
        [matrix([0, 1], [1, 0]), 1, 1, 0, 1],
        [(4, 1), (5, 1), (6, 1), (7, 1), (5, 1), (7, 1)],  # a, b, i, j; x[0, 1] under x[0, 0] and these; x[1, 1]
    ),
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


@both
@pytest.mark.parametrize("claimed", [*CELLS, *ORDER])
def test_an_operation_pays_for_its_operands(implementation, claimed):
    check(implementation, claimed)
