"""Gaussian elimination over GF(2): solve x w = y for the secret bits w of a parity.

Parity is linear over the field of two elements, so that elimination learns it from about as many rows as there are
columns, whatever the number of secret bits (D. Helmbold, R. Sloan and M. Warmuth, "Learning integer lattices", SIAM
Journal on Computing 21, 1992). Labels are the XOR of the secret bits, for even k as well, and so need no constant
column. One wrong label in the rows that it uses breaks it.

Rows come one at a time: each is reduced by the rows kept before it, is kept if anything is left, and no more are read
once there are as many as columns, after n + 2 rows on average. `predict` reads the secret bits only; the last of them
has n added to its number to say that it is the last, so that there can be 127 columns.
"""

from primitives import u1, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    kept = zeros((n, n + 1), u1)
    rank = 0
    for r in range(len(x)):
        row = zeros(n + 1, u1)
        row[:n] = x[r]
        row[n] = y[r]
        for c in range(n):
            if row[c] == 1:
                if kept[c, c] == 0:
                    kept[c, c:] = row[c:]
                    rank += 1
                    break
                row[c + 1 :] ^= kept[c, c + 1 :]
        if rank == n:
            break
    return columns(solve(kept))


def solve(kept):
    n = len(kept)
    secret = zeros(n, u1)
    for c in range(n - 1, -1, -1):
        bit = kept[c, n]
        for j in range(c + 1, n):
            if secret[j] == 1:
                bit ^= kept[c, j]
        secret[c] = bit
    return secret


def columns(secret):
    n = len(secret)
    chosen = zeros(n + 1, u1)
    chosen[1] = n
    count = 0
    for c in range(n):
        if secret[c] == 1:
            chosen[count] = c
            count += 1
    if count > 0:
        chosen[count - 1] += n
    return chosen


def predict(chosen, q):
    s = 0
    n = len(q)
    for i in range(n):
        if chosen[i] >= n:
            return s ^ q[chosen[i] - n]
        s ^= q[chosen[i]]
    return s
