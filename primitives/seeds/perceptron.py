"""The perceptron, with a vector of weights for each class (F. Rosenblatt, Psychological Review 65, 1958).

A weight for each symbol of each column votes for a class; when the class with the most votes is wrong, the weights of
the right class go up by one and those of the wrong one down. It learns what a weighted vote of single columns decides,
sparse sums and AND, say. Parity is no such vote: there it stays at chance.
"""

from primitives import i4, zeros

PASSES = 20


def fit(x, y, n_symbols, n_classes):
    w = zeros((n_classes, x.shape[1] * n_symbols + 1), i4)
    for p in range(PASSES):
        mistakes = 0
        for r in range(len(x)):
            wrong = predict(w, x[r])
            right = y[r]
            if wrong != right:
                mistakes += 1
                add(w[right], x[r], 1)
                add(w[wrong], x[r], -1)
        if mistakes == 0:
            break
    return w


def add(weights, row, step):
    width = len(weights) // len(row)
    weights[len(weights) - 1] += step
    for c in range(len(row)):
        weights[c * width + row[c]] += step


def votes(weights, row):
    width = len(weights) // len(row)
    total = weights[len(weights) - 1]
    for c in range(len(row)):
        total += weights[c * width + row[c]]
    return total


def predict(w, q):
    best = votes(w[0], q)
    where = 0
    for k in range(1, len(w)):
        total = votes(w[k], q)
        if total > best:
            best = total
            where = k
    return where
