"""Pairing: a search over singles becomes one over pairs, in `fit` and `predict` alike."""

import ast

import numpy as np

from evolve.variation import BY_NAME, Context

SINGLES = """
def fit(x, y, n_symbols, n_classes):
    most = -1
    best = 0
    for i in range(x.shape[1]):
        same = 0
        for j in range(len(x)):
            same += x[j, i] & y[j]
        if same > most:
            most = same
            best = i
    return best


def predict(best, q):
    return q[best]
"""

PAIRS = """
def fit(x, y, n_symbols, n_classes):
    most = -1
    best = 0
    v0 = 0
    for i in range(x.shape[1]):
        for i0 in range(i + 1, x.shape[1]):
            same = 0
            for j in range(len(x)):
                same += (x[j, i] ^ x[j, i0]) & y[j]
            if same > most:
                most = same
                best = i
                v0 = i0
    return (best, v0)


def predict(best, v0, q):
    return q[best] ^ q[v0]
"""


def test_the_best_column_becomes_the_best_pair_of_columns():
    context = Context(ast.parse(SINGLES))
    children = [BY_NAME["pair throughout"].vary(context, np.random.default_rng(seed)) for seed in range(200)]
    assert all(context.accepts(child) is not None for child in children)
    assert ast.unparse(ast.parse(PAIRS)) in {ast.unparse(child) for child in children}
