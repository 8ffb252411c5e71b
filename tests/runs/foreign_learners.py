"""Learners as people write them in numpy."""

PERCEPTRON = """
import numpy as np
from typing import Tuple


def fit(X: np.ndarray, y: np.ndarray, epochs: int = 20, lr: float = 0.1) -> Tuple[np.ndarray, float]:
    n_samples, n_features = X.shape
    w = np.zeros(n_features)
    b = 0.0
    for epoch in range(epochs):
        errors = 0
        for xi, target in zip(X, y):
            signs = 2.0 * xi - 1.0
            t = 1 if target == 1 else -1
            if t * (np.dot(w, signs) + b) <= 0:
                w += lr * t * signs
                b += lr * t
                errors += 1
        if errors == 0:
            break
    return w, b


def predict(model, q):
    w, b = model
    return int(np.dot(w, 2.0 * q - 1.0) + b > 0)
"""
NEIGHBOURS = """
import numpy as np

K = 5


def fit(x, y):
    return {"x": x.astype(np.int64), "y": y.astype(np.int64)}


def predict(model, q):
    distances = np.sum(np.abs(model["x"] - q), axis=1)
    nearest = np.argsort(distances, kind="stable")[:K]
    votes = np.bincount(model["y"][nearest], minlength=2)
    return votes.argmax()
"""
BAYES = """
import numpy as np


def fit(x, y, n_symbols, n_classes):
    n = x.shape[1]
    prior = np.log(np.bincount(y, minlength=n_classes) + 1.0)
    table = np.ones((n_classes, n * n_symbols))
    for row, label in zip(x, y):
        for j, symbol in enumerate(row):
            table[label, j * n_symbols + symbol] += 1
    table = np.log(table)
    return prior, table


def predict(model, q):
    prior, table = model
    width = table.shape[1] // len(q)
    scores = prior.copy()
    for j in range(len(q)):
        scores += table[:, j * width + q[j]] - prior
    return np.argmax(scores)
"""
LOGISTIC = """
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def fit(X, y, lr=0.5, n_iter=30, l2=1e-3):
    m, n = X.shape
    Xb = np.hstack([np.ones((m, 1)), X])
    w = np.zeros(n + 1)
    for _ in range(n_iter):
        p = sigmoid(Xb @ w)
        grad = Xb.T @ (p - y) / m + l2 * w
        w -= lr * grad
    return w


def predict(w, q):
    return int(w[0] + q @ w[1:] > 0)
"""
ELIMINATION = """
import numpy as np


def fit(x, y):
    a = np.column_stack([x, y]).astype(np.uint8)
    m, n = x.shape
    where = np.full(n, -1)
    used = np.zeros(m, dtype=np.uint8)
    for col in range(n):
        candidates = a[:, col] * (1 - used)
        if not candidates.any():
            continue
        p = np.argmax(candidates)
        mask = a[:, col] == 1
        mask[p] = False
        a[mask] ^= a[p]
        used[p] = 1
        where[col] = p
    w = np.zeros(n, dtype=np.uint8)
    for col in range(n):
        if where[col] >= 0:
            w[col] = a[where[col], -1]
    return w


def predict(w, q):
    return (w @ q) % 2
"""
WINNOW = """
import numpy as np


class Winnow:
    def __init__(self, alpha=2.0):
        self.alpha = alpha

    def fit(self, X, y):
        n = X.shape[1]
        self.w = np.ones(n)
        self.theta = n / 2
        for _ in range(10):
            for i in range(len(X)):
                pred = 1 if self._score(self.w, X[i]) > self.theta else 0
                if pred != y[i]:
                    factor = self.alpha if y[i] == 1 else 1 / self.alpha
                    for j in range(n):
                        if X[i, j] == 1:
                            self.w[j] *= factor
        return self

    def _score(self, w, row):
        return w @ row

    def predict(self, q):
        return 1 if self._score(self.w, q) > self.theta else 0
"""
AS_FUNCTIONS = """

def fit(x, y):
    return Winnow().fit(x, y)


def predict(model, q):
    return model.predict(q)
"""
