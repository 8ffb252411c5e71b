"""The programs that are measured."""

LOOP = """
def f(n):
    s = 0
    k = 0
    for i in range(n):
        s = s + i
        k = s ^ i
    return k
"""
"""Scalars only, none of them data: nothing to price."""

SCAN = """
def f(a, n):
    s = 0
    for r in range(n):
        for i in range(len(a)):
            s = s + a[i]
    return s
"""
"""Array elements and a data scalar: in each round one element is read, and one variable read and written."""

TINY = """
def fit(x, y, n_symbols, n_classes):
    return x[0, 0]


def predict(a, q):
    return a ^ q[1]
"""
"""A learner of a handful of instructions, as random search writes them."""

LEARNER = """
# A network of one hidden layer, trained by stochastic gradient descent.
from primitives import argmax, axpy, dot, randint, random, sigmoid, tanh, u1, zeros

RATE = 0.1
HIDDEN = 16
EPOCHS = 3


def forward(w, c, row, h):
    for j in range(HIDDEN):
        s = c[j]
        for i in range(len(row)):
            if row[i]:
                s += w[j, i]
            else:
                s -= w[j, i]
        h[j] = tanh(s)


def initialise(w):
    for j in range(w.shape[0]):
        for i in range(w.shape[1]):
            w[j, i] = (random() - 0.5) * 0.2


def fit(x, y, n_symbols, n_classes):
    rows, cols = x.shape
    w = zeros((HIDDEN, cols))
    c = zeros(HIDDEN)
    v = zeros(HIDDEN)
    h = zeros(HIDDEN)
    initialise(w)
    for j in range(HIDDEN):
        v[j] = (random() - 0.5) * 0.2
    bias = 0.0
    for epoch in range(EPOCHS):
        for r in range(rows):
            k = randint(0, rows)
            forward(w, c, x[k], h)
            s = bias + dot(v, h)
            p = sigmoid(s)
            d = p - float(y[k])
            if abs(d) < 0.01:
                continue
            bias -= RATE * d
            for j in range(HIDDEN):
                g = d * v[j] * (1.0 - h[j] * h[j])
                v[j] -= RATE * d * h[j]
                c[j] -= RATE * g
                for i in range(cols):
                    if x[k, i]:
                        w[j, i] -= RATE * g
                    else:
                        w[j, i] += RATE * g
    return w, c, v, bias


def predict(w, c, v, bias, q):
    h = zeros(HIDDEN)
    forward(w, c, q, h)
    return int(bias + dot(v, h) > 0.0)
"""
"""60 lines."""
