"""Gaussian elimination over GF(2), as a course in linear algebra has it: a matrix, pivots, back substitution.

Each row of the data is an equation: the secret bits of its columns add up to its label, modulo 2. Twice as many
equations as unknowns are enough. There may be any number of secret columns; one without a pivot is taken as none.
"""

from primitives import u1, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    rows = min(len(x), 2 * n)
    a = zeros((rows, n + 1), u1)
    for r in range(rows):
        for c in range(n):
            a[r, c] = x[r, c]
        a[r, n] = y[r]
    where = zeros(n)
    rank = 0
    for c in range(n):
        pivot = rank
        while pivot < rows and a[pivot, c] == 0:
            pivot += 1
        if pivot < rows:
            for j in range(n + 1):
                kept = a[rank, j]
                a[rank, j] = a[pivot, j]
                a[pivot, j] = kept
            for r in range(rank + 1, rows):
                if a[r, c] == 1:
                    for j in range(n + 1):
                        a[r, j] ^= a[rank, j]
            rank += 1
            where[c] = rank
    secret = zeros(n, u1)
    for c in range(n - 1, -1, -1):
        if where[c] > 0.0:
            row = int(where[c]) - 1
            secret[c] = a[row, n]
            for j in range(c + 1, n):
                secret[c] ^= a[row, j] & secret[j]
    return secret


def predict(secret, q):
    total = 0
    for c in range(len(q)):
        total += secret[c] * q[c]
    return total % 2
