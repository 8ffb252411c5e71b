"""The network of one hidden layer of ReLUs, trained with nothing but the signs of the hinge loss's gradient.

When a row is not right by a margin, the weights that matter go one step up or down, whatever the size of the gradient
(J. Bernstein, Y. Wang, K. Azizzadenesheli and A. Anandkumar, "signSGD: compressed optimisation for non-convex
problems", ICML 2018). So weights are whole numbers, and have one byte, 128 standing for 0: twice the units of
sgd_network_hinge at half its cost. A row's first n weights are the columns', then come the bias and the outputs'.
"""

from primitives import argmax, i4, randint, u1, zeros

UNITS = 16
ZERO = 128
MARGIN = 60
PASSES = 60


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    outputs = n_classes if n_classes > 2 else 1
    net = zeros((UNITS, n + 1 + outputs), u1)
    for a in range(UNITS):
        for i in range(n + 1 + outputs):
            net[a, i] = randint(ZERO - 2, ZERO + 3)
    scores = zeros(outputs, i4)
    offsets = zeros(outputs, i4)
    active = zeros(UNITS, u1)
    steps = zeros(outputs, i4)
    streak = 0
    for p in range(PASSES):
        for r in range(len(x)):
            forward(net, offsets, x[r], active, scores)
            streak += 1
            short = False
            for o in range(outputs):
                wanted = y[r] == (o if outputs > 1 else 1)
                score = scores[o] if wanted else -scores[o]
                steps[o] = 0
                if score < MARGIN:
                    steps[o] = 1 if wanted else -1
                    short = True
                    if score <= 0:
                        streak = 0
            if short:
                backward(net, offsets, x[r], active, steps)
            if streak >= len(x):
                return net, offsets, active, scores
    return net, offsets, active, scores


def forward(net, offsets, row, active, scores):
    n = len(row)
    scores[:] = offsets
    shift = -ZERO
    for i in range(n):
        if row[i]:
            shift -= ZERO
        else:
            shift += ZERO
    for a in range(len(net)):
        z = net[a, n] + shift
        for i in range(n):
            if row[i]:
                z += net[a, i]
            else:
                z -= net[a, i]
        active[a] = z > 0
        if z > 0:
            for o in range(len(scores)):
                scores[o] += (net[a, n + 1 + o] - ZERO) * z


def backward(net, offsets, row, active, steps):
    n = len(row)
    for a in range(len(net)):
        if active[a]:
            slope = 0
            for o in range(len(steps)):
                slope += steps[o] * (net[a, n + 1 + o] - ZERO)
                net[a, n + 1 + o] = min(max(net[a, n + 1 + o] + steps[o], 0), 255)
            if slope != 0:
                move(net[a, n : n + 1], slope > 0)
                for i in range(n):
                    if row[i]:
                        move(net[a, i : i + 1], slope > 0)
                    else:
                        move(net[a, i : i + 1], slope < 0)
    for o in range(len(steps)):
        offsets[o] += steps[o]


def move(weight, up):
    if up:
        if weight[0] < 255:
            weight[0] += 1
    elif weight[0] > 0:
        weight[0] -= 1


def predict(net, offsets, active, scores, q):
    forward(net, offsets, q, active, scores)
    return argmax(scores) if len(scores) > 1 else int(scores[0] > 0)
