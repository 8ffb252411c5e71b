"""An exact example of a parent and a child for operators on expressions, types, models and functions."""

from tests.evolve.variation.example import Example, whole

EXAMPLES = {
    "change operator": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1
        s += t - 2
        return s
        """,
    ),
    "change primitive": Example(
        """
        return popcount(n_symbols)
        """,
        """
        return abs(n_symbols)
        """,
    ),
    "change operand": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1
        s += t * 2
        return t
        """,
    ),
    "replace expression": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1
        s += s
        return s
        """,
    ),
    "repeat expression": Example(
        """
        s = len(y) - 1
        t = 0
        return t
        """,
        """
        s = len(y) - 1
        t = len(y) - 1
        return t
        """,
    ),
    "grow expression": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1 | s
        s += t * 2
        return s
        """,
    ),
    "shrink expression": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1
        s += 2
        return s
        """,
    ),
    "swap operands": Example(
        """
        return n_symbols - 1
        """,
        """
        return 1 - n_symbols
        """,
    ),
    "change bound": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        for i in range(len(y) // 2):
            s += y[i]
        return s
        """,
    ),
    "perturb constant": Example(
        """
        return 7
        """,
        """
        return 8
        """,
    ),
    "rescale constant": Example(
        """
        return 7
        """,
        """
        return 14
        """,
    ),
    "redraw constant": Example(
        """
        return 7
        """,
        """
        return 4
        """,
    ),
    "generalise constant": Example(
        """
        return 7
        """,
        """
        return len(y)
        """,
    ),
    "change element type": whole(
        """
        from primitives import u1, zeros

        def fit(x, y, n_symbols, n_classes):
            t = zeros(4, u1)
            t[0] = 1
            return t

        def predict(a, q):
            return a[0]
        """,
        """
        from primitives import i8, zeros

        def fit(x, y, n_symbols, n_classes):
            t = zeros(4, i8)
            t[0] = 1
            return t

        def predict(a, q):
            return a[0]
        """,
    ),
    "pack bits": Example(
        """
        s = 0
        for i in range(len(x)):
            for j in range(x.shape[1]):
                s += x[i, j]
        return s
        """,
        """
        s = 0
        v0 = pack_rows(x)
        for i in range(len(x)):
            for j in range(x.shape[1]):
                s += v0[i] >> j & 1
        return s
        """,
    ),
    "unpack bits": Example(
        """
        return n_symbols >> n_classes & 1
        """,
        """
        v0 = unpack(n_symbols, 63)
        return v0[n_classes]
        """,
    ),
    "add model part": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            return n_symbols

        def predict(a, q):
            return a
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return (n_symbols, y)

        def predict(a, v0, q):
            return v0[1]
        """,
    ),
    "remove model part": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            return n_symbols, n_classes

        def predict(a, b, q):
            return a + b
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return n_symbols

        def predict(a, q):
            return a + a
        """,
    ),
    "extract function": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            return (n_symbols + 1) * n_classes

        def predict(a, q):
            return a
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return f0(n_classes, n_symbols)

        def f0(n_classes, n_symbols):
            return (n_symbols + 1) * n_classes

        def predict(a, q):
            return a
        """,
    ),
    "inline function": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            return half(n_symbols + 1)


        def half(n):
            return n // 2


        def predict(a, q):
            return a
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return (n_symbols + 1) // 2

        def predict(a, q):
            return a
        """,
    ),
    "graft expression": Example(
        """
        return n_symbols + 1
        """,
        """
        return n_symbols + n_classes * n_symbols
        """,
        """
        return n_classes * n_symbols
        """,
    ),
    "graft statement": Example(
        """
        s = 1
        return s
        """,
        """
        s = 1
        for i0 in range(len(y)):
            s += y[i0]
        return s
        """,
        """
        t = 0
        for i in range(len(y)):
            t += y[i]
        return t
        """,
    ),
    "graft function": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            return 1

        def predict(a, q):
            return a
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return n_classes * n_symbols

        def predict(a, q):
            return a
        """,
        """
        def fit(x, y, n_symbols, n_classes):
            return n_classes * n_symbols

        def predict(a, q):
            return a ^ q[0]
        """,
    ),
}
