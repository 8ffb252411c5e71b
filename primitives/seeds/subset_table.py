"""Exhaustive search for the few columns that decide the class, with a table of the class for each of their values.

Sets of one, two and three columns are tried in turn, and the first is taken on which no two rows with equal values have
different classes. This learns every function of at most three columns, parity among them, by testing O(n^3) sets: the
FOCUS algorithm (H. Almuallim and T. Dietterich, "Learning with many irrelevant features", AAAI 1991). A column stands
twice in a smaller set. One wrong label breaks it.
"""

from primitives import fill, u1, zeros


def consistent(x, y, n_symbols, i, j, k, table):
    fill(table, 0)
    for r in range(len(x)):
        cell = (x[r, i] * n_symbols + x[r, j]) * n_symbols + x[r, k]
        seen = table[cell]
        if seen == 0:
            table[cell] = y[r] + 1
        elif seen != y[r] + 1:
            return False
    return True


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    table = zeros(n_symbols**3, u1)
    for i in range(n):
        if consistent(x, y, n_symbols, i, i, i, table):
            return table, n_symbols, i, i, i
    for i in range(n):
        for j in range(i + 1, n):
            if consistent(x, y, n_symbols, i, j, j, table):
                return table, n_symbols, i, j, j
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                if consistent(x, y, n_symbols, i, j, k, table):
                    return table, n_symbols, i, j, k
    return table, n_symbols, 0, 0, 0


def predict(table, n_symbols, i, j, k, q):
    seen = table[(q[i] * n_symbols + q[j]) * n_symbols + q[k]]
    return max(seen - 1, 0)
