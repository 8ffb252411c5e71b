"""Random features, and on them a linear readout that is trained by the delta rule.

A feature adds up random signs, one for each symbol of each column, and is on where the sum is positive (the random
connections of F. Rosenblatt's perceptron, 1958); the readout is trained row by row to give 1 for the right class and 0
for the others (B. Widrow and M. Hoff, "Adaptive switching circuits", 1960). Sixty-four features carry a little of what
single columns tell of the class, and nothing of a parity, which takes a number that is exponential in the columns.
"""

from primitives import argmax, f4, randint, u1, zeros

FEATURES = 64
RATE = 0.02
PASSES = 5


def fit(x, y, n_symbols, n_classes):
    signs = zeros((x.shape[1] * n_symbols, FEATURES), u1)
    for i in range(len(signs)):
        for f in range(FEATURES):
            signs[i, f] = randint(0, 2)
    readout = zeros((n_classes, FEATURES + 1), f4)
    on = zeros(FEATURES, u1)
    scores = zeros(n_classes, f4)
    for p in range(PASSES):
        for r in range(len(x)):
            project(signs, x[r], on)
            read(readout, on, scores)
            for k in range(n_classes):
                step = RATE * ((1.0 if y[r] == k else 0.0) - scores[k])
                readout[k, FEATURES] += step
                for f in range(FEATURES):
                    if on[f]:
                        readout[k, f] += step
    return signs, readout, on, scores


def project(signs, row, on):
    n = len(row)
    on[:] = 0
    for c in range(n):
        chosen = signs[c * (len(signs) // n) + row[c]]
        for f in range(len(on)):
            on[f] += chosen[f]
    for f in range(len(on)):
        on[f] = 2 * on[f] > n


def read(readout, on, scores):
    for k in range(len(scores)):
        scores[k] = readout[k, len(on)]
        for f in range(len(on)):
            if on[f]:
                scores[k] += readout[k, f]


def predict(signs, readout, on, scores, q):
    project(signs, q, on)
    read(readout, on, scores)
    return argmax(scores)
