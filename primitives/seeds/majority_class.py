"""The most frequent class of the first hundred rows, for every query: the accuracy of guessing."""

from primitives import argmax, bincount, u1, zeros


def fit(x, y, n_symbols, n_classes):
    most = zeros(1, u1)
    most[0] = argmax(bincount(y[: min(len(y), 100)], n_classes))
    return most


def predict(most, q):
    return most[0]
