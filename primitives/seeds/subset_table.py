"""Exhaustive search for the few columns that decide the class, with a table of the class for each of their values.

Every function of at most three columns is learned, parity, sums, AND and majority among them, by testing O(n^3) sets:
the FOCUS algorithm (H. Almuallim and T. Dietterich, "Learning with many irrelevant features", AAAI 1991). Of more than
eight symbols it tries two columns at most. One wrong label breaks it; then, and when more columns decide, it predicts
the most frequent class.

A set must tell apart every two rows of different classes. Eight rows of the first row's class and eight of others make
64 pairs, and each column has a bit for each pair, eight to a byte: most sets fail at the first byte. What passes is
tested on the rows themselves, and is taken when the class has changed 24 times from row to row and every cell of the
table is filled, after 50 rows or so of a parity.
"""

from primitives import argmax, bincount, bit_length, fill, u1, zeros


def fit(x, y, n_symbols, n_classes):
    stride = n_symbols if n_symbols <= 8 else 0
    table = zeros((n_symbols, max(n_symbols * stride, n_symbols)), u1)
    chosen = zeros(3, u1)
    if not search(x, y, stride, table, chosen):
        fill(table, argmax(bincount(y[: min(len(y), 64)], n_classes)))
    return table, chosen


def search(x, y, stride, table, chosen):
    n = x.shape[1]
    width = bit_length(len(table) - 1)
    pairs = min(8, 62 // width)
    full = (1 << pairs) - 1
    apart = differences(x, y, width, pairs)
    for i in range(max(n - 1, 1) if stride else 1):
        for j in range(i + min(i, 1), n):
            first = apart[0, i] | apart[0, j]
            second = apart[1, i] | apart[1, j]
            for k in range(j + 1, n + 1):
                if first | apart[0, k] == full and second | apart[1, k] == full:
                    if covered(apart, i, j, k, full):
                        b = j if j > 0 else k
                        a = i if i > 0 else b
                        if consistent(x, y, a - 1, b - 1, k - 1, stride, table):
                            chosen[0] = a - 1
                            chosen[1] = b - 1
                            chosen[2] = k - 1
                            return True
    return False


def differences(x, y, width, pairs):
    alike = zeros(pairs, u1)
    other = zeros(pairs, u1)
    label = y[0]
    a = 0
    b = 0
    for r in range(min(len(x), 255)):
        if y[r] == label:
            if a < pairs:
                alike[a] = r
                a += 1
        else:
            if b == 0:
                fill(other, r)
            if b < pairs:
                other[b] = r
                b += 1
        if a == pairs and b == pairs:
            break
    apart = zeros((pairs, x.shape[1] + 1), u1)
    for c in range(x.shape[1]):
        left = symbols(x[:, c], alike, width)
        right = symbols(x[:, c], other, width)
        for d in range(pairs):
            apart[d, c + 1] = flags(left ^ right, width, pairs)
            right = right >> width | (right & (1 << width) - 1) << width * (pairs - 1)
    return apart


def symbols(column, rows, width):
    word = 0
    for t in range(len(rows)):
        word = word << width | column[rows[t]]
    return word


def flags(word, width, pairs):
    if width == 1:
        return word
    bits = 0
    for t in range(pairs):
        bits = bits << 1 | (word >> width * t & (1 << width) - 1 != 0)
    return bits


def covered(apart, i, j, k, full):
    for d in range(2, len(apart)):
        if apart[d, i] | apart[d, j] | apart[d, k] != full:
            return False
    return True


def consistent(x, y, i, j, k, stride, table):
    first = x[:, i]
    second = x[:, j]
    third = x[:, k]
    cells = len(table) ** (1 + (i != j) + (j != k))
    fill(table, 0)
    filled = 0
    changes = 0
    last = 0
    for r in range(len(x)):
        label = y[r] + 1
        seen = table[first[r], second[r] * stride + third[r]]
        if seen == 0:
            table[first[r], second[r] * stride + third[r]] = label
            filled += 1
        elif seen != label:
            return False
        if label != last:
            last = label
            changes += 1
            if changes > 24 and filled == cells:
                break
    for a in range(len(table)):
        for b in range(table.shape[1]):
            table[a, b] = max(table[a, b] - 1, 0)
    return True


def predict(table, chosen, q):
    stride = table.shape[1] // len(table)
    return table[q[chosen[0]], q[chosen[1]] * (stride if stride > 1 else 0) + q[chosen[2]]]
