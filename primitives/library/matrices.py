"""Definitions: products of matrices and vectors, and operations on rows.

A row that data choose is named once, as a view, so that its index is read once and not for every element.
"""

from primitives.library.vectors import axpy, dot
from primitives.special import number_dtype_of, same_shape, zeros


def matvec(a, x):
    out = zeros(len(a), number_dtype_of(a, x))
    for i in range(len(a)):
        out[i] = dot(a[i], x)
    return out


def vecmat(x, a):
    out = zeros(a.shape[1], number_dtype_of(x, a))
    for j in range(a.shape[1]):
        out[j] = dot(x, a[:, j])
    return out


def matmul(a, b):
    out = zeros((a.shape[0], b.shape[1]), number_dtype_of(a, b))
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            out[i, j] = dot(a[i], b[:, j])
    return out


def outer(x, y):
    out = zeros((len(x), len(y)), number_dtype_of(x, y))
    for i in range(len(x)):
        for j in range(len(y)):
            out[i, j] = x[i] * y[j]
    return out


def add_outer(a, alpha, x, y):
    same_shape(a[:, 0], x)
    for i in range(len(x)):
        axpy(alpha * x[i], y, a[i])


def swap_rows(a, i, j):
    first = a[i]
    second = a[j]
    for k in range(len(first)):
        first[k], second[k] = second[k], first[k]


def xor_rows(a, target, source):
    row = a[target]
    row ^= a[source]


def add_rows(a, target, source, alpha):
    axpy(alpha, a[source], a[target])
