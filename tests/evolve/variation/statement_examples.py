"""An exact example of a parent and a child for operators on statements, loops and variables."""

from tests.evolve.variation.example import Example

EXAMPLES = {
    "insert statement": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        v0 = 0
        s = 0
        t = 1
        s += t * 2
        return v0
        """,
    ),
    "insert idiom": Example(
        """
        return n_symbols
        """,
        """
        v0 = 0
        for i0 in range(x.shape[1]):
            v0 += y[i0]
        return v0
        """,
    ),
    "delete statement": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        return s
        """,
    ),
    "replace statement": Example(
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
    "move statement": Example(
        """
        s = 0
        t = 1
        s += 2
        t += 3
        return s
        """,
        """
        s = 0
        t = 1
        t += 3
        s += 2
        return s
        """,
    ),
    "swap statements": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        t = 1
        s = 0
        s += t * 2
        return s
        """,
    ),
    "copy statement": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        t = 1
        s = 0
        t = 1
        s += t * 2
        return s
        """,
    ),
    "wrap in branch": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        for i in range(len(y)):
            if y[i]:
                s += y[i]
        return s
        """,
    ),
    "wrap in loop": Example(
        """
        s = 0
        t = 1
        s += t * 2
        return s
        """,
        """
        s = 0
        t = 1
        for i0 in range(t):
            s += t * i0
        return s
        """,
    ),
    "unwrap": Example(
        """
        s = 0
        if s < 1:
            s = 2
        return s
        """,
        """
        s = 0
        s = 2
        return s
        """,
    ),
    "nest loop deeper": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i] * y[i]
        return s
        """,
        """
        s = 0
        for i in range(len(y)):
            for i0 in range(i + 1, len(y)):
                s += y[i] * y[i0]
        return s
        """,
    ),
    "pair throughout": Example(
        """
        s = 0
        for i in range(len(y)):
            s += y[i]
        return s
        """,
        """
        s = 0
        for i in range(len(y)):
            for i0 in range(i + 1, len(y)):
                s += y[i] ^ y[i0]
        return s
        """,
    ),
    "interchange loops": Example(
        """
        s = 0
        for i in range(len(x)):
            for j in range(x.shape[1]):
                s += x[i, j]
        return s
        """,
        """
        s = 0
        for j in range(x.shape[1]):
            for i in range(len(x)):
                s += x[i, j]
        return s
        """,
    ),
    "fuse loops": Example(
        """
        s = 0
        for i in range(len(y)):
            s += 1
        for j in range(len(y)):
            s += y[j]
        return s
        """,
        """
        s = 0
        for i in range(len(y)):
            s += 1
            s += y[i]
        return s
        """,
    ),
    "split loop": Example(
        """
        s = 0
        t = 0
        for i in range(len(y)):
            s += 1
            t += y[i]
        return s + t
        """,
        """
        s = 0
        t = 0
        for i in range(len(y)):
            s += 1
        for i0 in range(len(y)):
            t += y[i0]
        return s + t
        """,
    ),
    "hoist out of loop": Example(
        """
        s = 0
        for i in range(len(y)):
            t = n_symbols
            s += y[i]
        return s
        """,
        """
        s = 0
        t = n_symbols
        for i in range(len(y)):
            s += y[i]
        return s
        """,
    ),
    "introduce variable": Example(
        """
        return n_symbols + 1
        """,
        """
        v0 = n_symbols + 1
        return v0
        """,
    ),
    "inline variable": Example(
        """
        t = n_symbols + 1
        return t * t
        """,
        """
        return (n_symbols + 1) * (n_symbols + 1)
        """,
    ),
    "drop variable": Example(
        """
        t = n_symbols + 1
        return t
        """,
        """
        return n_symbols
        """,
    ),
    "merge variables": Example(
        """
        s = 1
        t = 2
        return s + t
        """,
        """
        t = 1
        t = 2
        return t + t
        """,
    ),
}
