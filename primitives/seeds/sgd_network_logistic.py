"""Stochastic gradient descent on a network of one hidden layer of ReLUs, with the logistic loss and weight decay.

The same network as with the hinge loss (sgd_network_hinge): eight units, one row at a time, columns of -1 and +1, an
output for each class or one for two. An output is a probability; it is corrected in proportion to how far it is off,
and left alone when it is off by less than a quarter. It ends when it was right on as many rows in a row as there are.
"""

from primitives import f4, random, sigmoid, sqrt, zeros

UNITS = 8
RATE = 0.1
KEEP = 0.999
ENOUGH = 0.25
PASSES = 60


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    outputs = n_classes if n_classes > 2 else 1
    w = weights(UNITS, n)
    bias = zeros(UNITS, f4)
    v = weights(outputs, UNITS)
    offset = zeros(outputs, f4)
    hidden = zeros(UNITS, f4)
    step = zeros(outputs, f4)
    delta = zeros(1, f4)
    streak = 0
    for p in range(PASSES):
        for r in range(len(x)):
            forward(w, bias, x[r], hidden)
            streak += 1
            short = False
            for o in range(outputs):
                wrong = -sigmoid(scored(v[o], offset[o], hidden))
                if y[r] == (o if outputs > 1 else 1):
                    wrong += 1.0
                step[o] = 0.0
                if abs(wrong) > ENOUGH:
                    step[o] = RATE * wrong
                    short = True
                    if abs(wrong) >= 0.5:
                        streak = 0
            if short:
                backward(w, bias, v, offset, x[r], hidden, step, delta)
            if streak >= len(x):
                return w, bias, v, offset, hidden
    return w, bias, v, offset, hidden


def weights(rows, columns):
    w = zeros((rows, columns), f4)
    scale = 1.0 / sqrt(columns)
    for a in range(rows):
        for i in range(columns):
            w[a, i] = scale * (2.0 * random() - 1.0)
    return w


def forward(w, bias, row, hidden):
    for a in range(len(w)):
        hidden[a] = bias[a]
        for i in range(len(row)):
            if row[i]:
                hidden[a] += w[a, i]
            else:
                hidden[a] -= w[a, i]
        if hidden[a] < 0.0:
            hidden[a] = 0.0


def scored(v, offset, hidden):
    total = offset
    for a in range(len(hidden)):
        total += v[a] * hidden[a]
    return total


def backward(w, bias, v, offset, row, hidden, step, delta):
    for a in range(len(w)):
        if hidden[a] > 0.0:
            delta[0] = 0.0
            for o in range(len(v)):
                delta[0] += step[o] * v[o, a]
                v[o, a] *= KEEP
                v[o, a] += step[o] * hidden[a]
            bias[a] += delta[0]
            for i in range(len(row)):
                w[a, i] *= KEEP
                if row[i]:
                    w[a, i] += delta[0]
                else:
                    w[a, i] -= delta[0]
    for o in range(len(v)):
        offset[o] += step[o]


def predict(w, bias, v, offset, hidden, q):
    forward(w, bias, q, hidden)
    best = scored(v[0], offset[0], hidden)
    if len(v) == 1:
        return int(best > 0.0)
    where = 0
    for o in range(1, len(v)):
        score = scored(v[o], offset[o], hidden)
        if score > best:
            best = score
            where = o
    return where
