"""Gaussian elimination over GF(2) with the bits of a row packed eight to a byte.

Parity is linear over the field of two elements, so that elimination learns it from about as many rows as there are
columns, whatever the number of secret bits (D. Helmbold, R. Sloan and M. Warmuth, "Learning integer lattices", SIAM
Journal on Computing 21, 1992). One wrong label in the rows that it uses breaks it.

Rows come one at a time: each is reduced by the rows kept before it, is kept if anything is left, and no more are read
once there are as many as columns, after n + 2 rows on average. What is left of zeros at the front is passed over byte
by byte. The label is the bit after the last column. `predict` reads the secret bits only; the last of them has n added
to its number to say that it is the last, so that there can be 127 columns.
"""

from primitives import parity, u1, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    size = n // 8 + 1
    kept = zeros((n, size), u1)
    rank = 0
    for r in range(len(x)):
        row = zeros(size, u1)
        for w in range(size):
            byte = 0
            for c in range(8 * w, min(8 * w + 8, n)):
                byte = byte << 1 | x[r, c]
            if w == size - 1:
                byte = byte << 1 | y[r]
            row[w] = byte & 255
        for c in range(n):
            if row[c // 8] & bit_of(c, n):
                if kept[c, c // 8] == 0:
                    kept[c, :] = row
                    rank += 1
                    break
                for w in range(c // 8, size):
                    row[w] ^= kept[c, w]
        if rank == n:
            break
    return columns(solve(kept), n)


def bit_of(c, n):
    return 1 << min(c | 7, n) - c


def solve(kept):
    secret = zeros(kept.shape[1], u1)
    n = len(kept)
    for c in range(n - 1, -1, -1):
        sum = 0
        for w in range(c // 8, kept.shape[1]):
            sum ^= parity(kept[c, w] & secret[w])
        if sum != kept[c, n // 8] & 1:
            secret[c // 8] |= bit_of(c, n)
    return secret


def columns(secret, n):
    chosen = zeros(n + 1, u1)
    chosen[1] = n
    count = 0
    for c in range(n):
        if secret[c // 8] & bit_of(c, n):
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
