"""An exact example of a parent and a child for operators that change where data moves, and not what is computed."""

from tests.evolve.variation.example import Example, whole

_PREDICT = """
        def predict(a, q):
            return a
"""

EXAMPLES = {
    "hoist expression": Example(
        """
        s = 0
        for i in range(len(y)):
            for j in range(len(y)):
                if y[i] ^ y[j] != y[0]:
                    s += 1
        return s
        """,
        """
        s = 0
        for i in range(len(y)):
            v0 = y[i] ^ y[0]
            for j in range(len(y)):
                if y[j] != v0:
                    s += 1
        return s
        """,
    ),
    "tabulate": Example(
        """
        s = 0
        for i in range(x.shape[1]):
            for j in range(i + 1, x.shape[1]):
                s += x[0, i] & x[0, j]
        return s
        """,
        """
        s = 0
        v0 = zeros(x.shape[1], u1)
        for i0 in range(x.shape[1]):
            v0[i0] = x[0, i0]
        for i in range(x.shape[1]):
            for j in range(i + 1, x.shape[1]):
                s += v0[i] & v0[j]
        return s
        """,
    ),
    "bits at once": whole(
        f"""
        def fit(x, y, n_symbols, n_classes):
            for i in range(x.shape[1]):
                for j in range(i + 1, x.shape[1]):
                    if same(x, y, i, j):
                        return i + j
            return 0


        def same(x, y, i, j):
            for r in range(len(x)):
                if (x[r, i] + x[r, j]) % 2 != y[r]:
                    return False
            return True

        {_PREDICT}
        """,
        f"""
        from primitives import pack, u1, zeros


        def fit(x, y, n_symbols, n_classes):
            v0 = zeros(x.shape[1], u1)
            for i0 in range(x.shape[1]):
                v0[i0] = pack(x[0:min(len(x), 8), i0])
            v1 = pack(y[0:min(len(x), 8)])
            for i in range(x.shape[1]):
                for j in range(i + 1, x.shape[1]):
                    if v0[i] ^ v0[j] == v1 and same(x, y, i, j):
                        return i + j
            return 0


        def same(x, y, i, j):
            for r in range(min(len(x), 8), len(x)):
                if (x[r, i] + x[r, j]) % 2 != y[r]:
                    return False
            return True

        {_PREDICT}
        """,
    ),
    "inline guard": whole(
        f"""
        def fit(x, y, n_symbols, n_classes):
            s = 0
            for i in range(x.shape[1]):
                if same(x, y, i):
                    s = i
            return s


        def same(x, y, i):
            first = x[0, i]
            if first != y[0]:
                return False
            return x[1, i] == y[1]

        {_PREDICT}
        """,
        f"""
        def fit(x, y, n_symbols, n_classes):
            s = 0
            for i in range(x.shape[1]):
                if x[0, i] == y[0] and same(x, y, i):
                    s = i
            return s


        def same(x, y, i):
            return x[1, i] == y[1]

        {_PREDICT}
        """,
    ),
    "inline test": whole(
        f"""
        def fit(x, y, n_symbols, n_classes):
            s = 0
            for i in range(x.shape[1]):
                if same(x, y, i):
                    s = i
            return s


        def same(x, y, i):
            for r in range(len(x)):
                if x[r, i] != y[r]:
                    return False
            return True

        {_PREDICT}
        """,
        f"""
        def fit(x, y, n_symbols, n_classes):
            s = 0
            for i in range(x.shape[1]):
                v0 = True
                for i0 in range(len(x)):
                    if x[i0, i] != y[i0]:
                        v0 = False
                        break
                if v0:
                    s = i
            return s

        {_PREDICT}
        """,
    ),
    "peel loop": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        s += y[0]
        for i in range(1, len(y)):
            s += y[i]
        return s
        """,
    ),
    "split range": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        for i in range(min(8, len(y))):
            s += y[i]
        for i in range(min(8, len(y)), len(y)):
            s += y[i]
        return s
        """,
    ),
    "apply identity": Example(
        """
        return (x[0, 0] + x[0, 1]) % 2
        """,
        """
        return x[0, 0] ^ x[0, 1]
        """,
    ),
    "gather model": whole(
        """
        def fit(x, y, n_symbols, n_classes):
            for i in range(x.shape[1]):
                if y[i]:
                    return x, i, i + 1
            return x, 0, 1


        def predict(a, i, j, q):
            return q[i] ^ q[j]
        """,
        """
        from primitives import array, u1


        def fit(x, y, n_symbols, n_classes):
            for i in range(x.shape[1]):
                if y[i]:
                    return x, array([i, i + 1], u1)
            return x, array([0, 1], u1)


        def predict(a, v0, q):
            return q[v0[0]] ^ q[v0[1]]
        """,
    ),
}
