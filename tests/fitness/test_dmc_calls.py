"""The rules of docs/energy.md on calls, each as a figure worked out by hand."""

import pytest

from tests.fitness.dmc_claims import IMPLEMENTATIONS, check, claim, u1

both = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)

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
        def g(x, a):
            return a[0] + 1, x
        def f(v, a):
            p, q = g(v, a)
            return q - p
        """,
        [1, u1(5)],
        # [a v]: v; [a v x]: a; [v x a t], where x is q and t is p: q; [v a p q]: p
        [(0, 1), (2, 1), (2, 1), (1, 1)],
    ),
    claim(
        "a variable that the return mentions twice is not handed over",
        """
        def g(x):
            return x + 1, x
        def f(v):
            p, q = g(v)
            return q - p
        """,
        [1],
        # v; [v x]: x; [v x t]: x; [v t x u]; x leaves: [v p q]: q; [v p q]: p
        [(0, 1), (0, 1), (1, 1), (0, 1), (1, 1)],
    ),
    claim(
        "a counter is not handed over",
        """
        def g(x, a):
            for i in range(x):
                a[0] = 7
                return i
            return 0
        def f(v, a):
            r = g(v, a)
            return r + a[0]
        """,
        [1, u1(5)],
        # [a v]: v; [a v x]: x; [v x i a]: i; [v x a i t]; x and i leave: [v a r]: r; [v a r]: a
        [(0, 1), (0, 1), (1, 1), (0, 1), (1, 1)],
    ),
    claim(
        "a control result of a call that is given data is written by the caller",
        """
        def g(x, a):
            return 1, x + a[0]
        def f(v, a):
            p, q = g(v, a)
            return p + q
        """,
        [3, u1(1)],
        # [a v]: v; [a v x]: x; [a v x]: a; [v x a t]; t is q, and p is written: [v a q p]: p; [v a q p]: q
        [(0, 1), (0, 1), (2, 1), (0, 1), (1, 1)],
    ),
    claim(
        "a call's result is read before the operations inside its target",
        """
        def g(x):
            return x + 1
        def f(v, a, i):
            a[i + 1] = g(v)
        """,
        [1, u1(0, 1), 0],
        # [i a1 a0 v]: v; [... v x]: x; [i a1 a0 v t]: t; [i a1 a0 v]: i; [a1 a0 v i u]: u
        [(0, 1), (0, 1), (0, 1), (3, 1), (0, 1)],
    ),
    claim(
        "with several results the operations inside a target come first",
        """
        def g(x):
            return x + 1, x + 2
        def f(v, a, i):
            a[i + 1], q = g(v)
        """,
        [1, u1(0, 1), 0],
        # [i a1 a0 v]: v; [... v x]: x; [... v t x]: x; [i a1 a0 v t q]: i; [a1 a0 v t q i u]: t; [a1 a0 v q i u]: u
        [(0, 1), (0, 1), (1, 1), (5, 1), (3, 1), (0, 1)],
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


@both
@pytest.mark.parametrize("claimed", CALLS)
def test_a_call_pays_for_its_arguments(implementation, claimed):
    check(implementation, claimed)
