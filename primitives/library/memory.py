"""Definitions: filling, copying, converting and gathering arrays."""

from primitives.special import dtype_of, same_shape, zeros


def fill(a, v):
    for i in range(len(a)):
        a[i] = v


def fill_2d(a, v):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = v


def assign(a, b):
    same_shape(a, b)
    for i in range(len(a)):
        a[i] = b[i]


def assign_2d(a, b):
    same_shape(a, b)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = b[i, j]


def copy(a):
    out = zeros(len(a), dtype_of(a))
    for i in range(len(a)):
        out[i] = a[i]
    return out


def copy_2d(a):
    out = zeros((a.shape[0], a.shape[1]), dtype_of(a))
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = a[i, j]
    return out


def astype(a, dtype):
    out = zeros(len(a), dtype)
    for i in range(len(a)):
        out[i] = a[i]
    return out


def astype_2d(a, dtype):
    out = zeros((a.shape[0], a.shape[1]), dtype)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = a[i, j]
    return out


def take(a, indices):
    out = zeros(len(indices), dtype_of(a))
    for i in range(len(indices)):
        out[i] = a[indices[i]]
    return out


def take_2d(a, indices):
    out = zeros((len(indices), a.shape[1]), dtype_of(a))
    for i in range(len(indices)):
        out[i, :] = a[indices[i]]
    return out
