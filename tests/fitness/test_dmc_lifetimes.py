"""The rules of docs/energy.md on when cells enter and leave, each as a figure worked out by hand."""

import numpy as np
import pytest

from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, cost, matrix, price, u1

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

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
        [(5, 1), (2, 1)],  # [v a0 a1 a2 b0 b1]: v; [a0 a1 a2 v b0 b1], a leaves: v
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
        "an array of which only an element is asked leaves when that is read",
        """
        def f(v):
            s = zeros(3, u1)[0] + v
            return v + s
        """,
        [1],
        # [v z0 z1 z2]: z0; z leaves: [v]: v; [v s]: v; [s v]: s
        [(2, 1), (0, 1), (1, 1), (1, 1)],
    ),
    claim(
        "an array without a name leaves after the call that uses it",
        """
        def g(a, x):
            return x + a[0]
        def f(v):
            s = g(zeros(3, u1), v)
            return v + s
        """,
        [1],
        # [v z0 z1 z2]: v; [z0 z1 z2 v x]: x; [z0 z1 z2 v x]: z0; z and x leave: [v s]: v; [s v]: s
        [(3, 1), (0, 1), (4, 1), (1, 1), (1, 1)],
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

INPUTS = [
    claim("the first argument is on top", "def f(a, b, c):\n    return c + 0\n", [1, 1000, 3], [(3, 1)]),
    claim("an array's first element is on top", "def f(a):\n    return a[2] + 0\n", [u1(1, 2, 3)], [(2, 1)]),
    claim("rows lie one after the other", "def f(a):\n    return a[1, 0] + 0\n", [matrix([1, 2], [3, 4])], [(2, 1)]),
    claim(
        "scalars and arrays in their order",
        "def f(a, v, b):\n    return b[0] + v\n",
        [u1(1, 2), 1000, u1(3)],
        [(4, 1), (3, 2)],
    ),
    claim(
        "a control argument has no cell",
        "def f(n, v):\n    return v * n + n\n",
        [3, 4],
        [(0, 1), (0, 1)],
        control=[0],
    ),
]


@both
@pytest.mark.parametrize("claimed", [*LIFETIMES, *INPUTS])
def test_cells_are_there_while_a_name_can_reach_them(implementation, claimed):
    check(implementation, claimed)


@both
def test_arguments_that_share_memory_share_cells(implementation):
    x = u1(1, 2, 3)
    source = "def f(a, b):\n    return b[0] + a[1]\n"
    # [a2 a1 a0], where a1 is b0: b0; [a2 a0 a1]: a1
    assert price(implementation, source, [x, x[1:]]).energy == pytest.approx(cost([(1, 1), (0, 1)]), rel=1e-12)
    assert price(implementation, source, [x, x]).energy == pytest.approx(cost([(0, 1), (1, 1)]), rel=1e-12)


@both
def test_windows_of_a_text_share_its_cells(implementation):
    text = u1(1, 2, 3, 4)
    windows = np.lib.stride_tricks.sliding_window_view(text, 2)
    source = "def f(x, text):\n    return x[1, 1] + x[2, 0] + text[2]\n"
    # [t3 t2 t1 t0]: t2; [t3 t1 t0 t2]: t2; a temporary, which is read and leaves: t2
    found = price(implementation, source, [windows, text])
    assert found.energy == pytest.approx(cost([(2, 1), (0, 1), (0, 1), (0, 1)]), rel=1e-12)


@both
def test_parts_of_one_buffer_that_do_not_overlap_lie_where_their_arguments_stand(implementation):
    x = u1(1, 2, 3, 4, 5, 6)
    source = "def f(a, v, b):\n    return v + b[0]\n"
    # [b1 b0 v a1 a0]: v; [b1 b0 a1 a0 v]: b0
    found = price(implementation, source, [x[4:], 7, x[:2]])
    assert found.energy == pytest.approx(cost([(2, 1), (3, 1)]), rel=1e-12)
