"""Sparse parity, two of the columns: try every pair until the labels fit."""


def fit(x, y, n_symbols, n_classes):
    first = 0
    second = 0
    for i in range(x.shape[1]):
        for j in range(i + 1, x.shape[1]):
            row = 0
            while row < len(x) and x[row, i] ^ x[row, j] == y[row]:
                row += 1
            if row == len(x):
                first = i
                second = j
    return first, second


def predict(first, second, q):
    return q[first] ^ q[second]
