"""Gauss-Jordan elimination over GF(2): solve x w = y for the secret bits w of a parity.

Parity is linear over the field of two elements, so that elimination learns it from a few more rows than there are
columns, whatever the number of secret bits (D. Helmbold, R. Sloan and M. Warmuth, "Learning integer lattices", SIAM
Journal on Computing 21, 1992). It uses n + 16 rows: a random binary matrix with that many rows has full rank but for
one case in 60,000. Labels are the XOR of the secret bits, for even k as well, and so need no constant column. One
wrong label in these rows breaks it.
"""

from primitives import swap_rows, u1, xor_rows, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    rows = min(len(x), n + 16)
    m = zeros((rows, n + 1), u1)
    for i in range(rows):
        m[i, :n] = x[i]
        m[i, n] = y[i]
    secret = zeros(n, u1)
    pivot_row = zeros(n, u1)
    rank = 0
    for c in range(n):
        p = rank
        while p < rows and m[p, c] == 0:
            p += 1
        if p < rows:
            if p != rank:
                swap_rows(m, p, rank)
            for r in range(rows):
                if r != rank and m[r, c] == 1:
                    xor_rows(m, r, rank)
            rank += 1
            pivot_row[c] = rank
    for c in range(n):
        if pivot_row[c] > 0:
            secret[c] = m[pivot_row[c] - 1, n]
    return secret


def predict(secret, q):
    s = 0
    for c in range(len(q)):
        if secret[c] == 1:
            s ^= q[c]
    return s
