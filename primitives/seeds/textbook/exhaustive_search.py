"""Exhaustive search over all sets of three columns for one whose parity is the label of every row.

It knows that there are three. If no set fits all rows it answers with the first three columns.
"""


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                if consistent(x, y, i, j, k):
                    return i, j, k
    return 0, 1, 2


def consistent(x, y, i, j, k):
    for r in range(len(x)):
        total = x[r, i] + x[r, j] + x[r, k]
        if total % 2 != y[r]:
            return False
    return True


def predict(i, j, k, q):
    total = q[i] + q[j] + q[k]
    return total % 2
