"""Multinomial logistic regression on the last symbols of a row, each as indicators, by stochastic gradient descent.

The score of a class is the sum of its weights for the symbols at the last places; a row moves the weights by the
difference between its class and the softmax of the scores (C. Bishop, "Pattern Recognition and Machine Learning", 2006,
section 4.3.4). The rate falls to zero along two passes over the rows, or one over the last 40,000. It learns what
single places tell of the class: copying, sums, majorities. What only several tell together, a parity or most of a
text, it can't.

For energy: only the 48 most frequent classes have weights, a row changes those where it is visibly wrong, and finished
weights are rounded to a byte, so that a query reads a quarter of the bytes, from half as far away.
"""

from primitives import argmax, argsort, bincount, exp, f4, i4, u1, zeros

INDICATORS = 512
CLASSES = 48
UPDATES = 40000
PASSES = 2
RATE = 0.3
VISIBLE = 0.01
STEPS_PER_UNIT = 12.0


def add_weights(weights, row, n_symbols, places, scores):
    """Add to each class's score its weights for the last symbols of a row."""
    for j in range(places):
        w = weights[j * n_symbols + row[len(row) - 1 - j]]
        for c in range(len(scores)):
            scores[c] += w[c]


def fit(x, y, n_symbols, n_classes):
    rows = len(x)
    places = min(x.shape[1], max(INDICATORS // n_symbols, 1))
    kept = min(n_classes, CLASSES)
    updates = min(UPDATES, PASSES * rows)
    by_count = argsort(bincount(y[max(rows - UPDATES, 0) :], n_classes))
    classes = zeros(kept, u1)
    number = zeros(n_classes, u1)
    number += 255
    for c in range(kept):
        classes[c] = by_count[n_classes - 1 - c]
        number[classes[c]] = c
    weights = zeros((places * n_symbols, kept), f4)
    for i in range(updates):
        r = rows - 1 - (updates - 1 - i) % rows
        rate = RATE * (1.0 - i / updates)
        scores = zeros(kept, f4)
        add_weights(weights, x[r], n_symbols, places, scores)
        highest = scores[0]
        for c in range(1, kept):
            highest = max(highest, scores[c])
        total = 0.0
        for c in range(kept):
            scores[c] = exp(scores[c] - highest)
            total += scores[c]
        total = rate / total
        truth = number[y[r]]
        for c in range(kept):
            change = -total * scores[c]
            if c == truth:
                change += rate
            if abs(change) > VISIBLE * rate:
                for j in range(places):
                    weights[j * n_symbols + x[r, x.shape[1] - 1 - j], c] += change
    rounded = zeros((places * n_symbols, kept), u1)
    for i in range(places * n_symbols):
        for c in range(kept):
            rounded[i, c] = min(max(int(weights[i, c] * STEPS_PER_UNIT + 128.5), 0), 255)
    return rounded, classes, n_symbols, places


def predict(rounded, classes, n_symbols, places, q):
    scores = zeros(len(classes), i4)
    add_weights(rounded, q, n_symbols, places, scores)
    return classes[argmax(scores)]
