"""Definitions: linear algebra and maths on vectors."""

from primitives.library.reductions import amax
from primitives.scalars import exp
from primitives.special import dtype_of, float_dtype_of, same_shape, zero_of, zeros


def dot(a, b):
    same_shape(a, b)
    total = zero_of(a, b)
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


def axpy(alpha, x, y):
    same_shape(x, y)
    for i in range(len(y)):
        y[i] += alpha * x[i]


def softmax(a):
    out = zeros(len(a), float_dtype_of(a))
    greatest = amax(a)
    total = 0.0
    for i in range(len(a)):
        e = exp(a[i] - greatest)
        total += e
        out[i] = e
    for i in range(len(a)):
        out[i] /= total
    return out


def clip_scalar(x, lo, hi):
    return min(max(x, lo), hi)


def clip(x, lo, hi):
    out = zeros(len(x), dtype_of(x))
    for i in range(len(x)):
        out[i] = min(max(x[i], lo), hi)
    return out


def clip_2d(x, lo, hi):
    out = zeros((x.shape[0], x.shape[1]), dtype_of(x))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = min(max(x[i, j], lo), hi)
    return out
