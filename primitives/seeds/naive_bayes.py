"""Naive Bayes: the columns are taken as independent given the class (P. Langley, W. Iba and K. Thompson, AAAI 1992).

The model is the logarithm of each symbol's probability in each column and class, with one added to every count
(Laplace). It learns what single columns tell of the class. About parity each of them says nothing: it stays at chance.
"""

from primitives import f4, log, zeros


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    table = zeros((n_classes, n * n_symbols + 1), f4)
    for r in range(len(x)):
        row = table[y[r]]
        row[n * n_symbols] += 1.0
        for c in range(n):
            row[c * n_symbols + x[r, c]] += 1.0
    for k in range(n_classes):
        size = table[k, n * n_symbols]
        table[k, n * n_symbols] = log(size + 1.0)
        for i in range(n * n_symbols):
            table[k, i] = log((table[k, i] + 1.0) / (size + n_symbols))
    return table


def evidence(row, q):
    width = len(row) // len(q)
    total = row[len(row) - 1]
    for c in range(len(q)):
        total += row[c * width + q[c]]
    return total


def predict(table, q):
    best = evidence(table[0], q)
    where = 0
    for k in range(1, len(table)):
        total = evidence(table[k], q)
        if total > best:
            best = total
            where = k
    return where
