"""Stochastic gradient descent on a network of one hidden layer of ReLUs, with the hinge loss and weight decay.

It learns sparse parities in passes (B. Barak, B. Edelman, S. Goel, S. Kakade, E. Malach and C. Zhang, "Hidden progress
in deep learning", NeurIPS 2022), though nothing about them is built in, and ends when it was right on as many rows in
a row as there are. The columns are -1 and +1 (any symbol but 0); each class has an output, two classes share one.
Few rows (40 of 10 columns) or many columns (100) are beyond it, and wrong labels are learned by heart.

The usual set-up has 200 units and batches of 32 rows. Eight units and one row at a time reach the same in a quarter of
the passes, at less than a hundredth of the cost; rows that are right by the margin change nothing, and decay strikes
only weights that move. Sums are in arrays of f4, which are read at half the cost of a float.
"""

from primitives import f4, random, sqrt, zeros

UNITS = 8
RATE = 0.06
KEEP = 0.9988
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
                score = scored(v[o], offset[o], hidden)
                wanted = y[r] == (o if outputs > 1 else 1)
                if not wanted:
                    score = -score
                step[o] = 0.0
                if score < 1.0:
                    step[o] = RATE if wanted else -RATE
                    short = True
                    if score <= 0.0:
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
