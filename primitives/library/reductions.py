"""Definitions: one number from a whole array, and running sums and counts."""

from primitives.dtypes import i8
from primitives.special import number_dtype_of, same_shape, zero_of, zeros


def sum(a):
    total = zero_of(a)
    for i in range(len(a)):
        total += a[i]
    return total


def sum_2d(a):
    total = zero_of(a)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total += a[i, j]
    return total


def mean(a):
    total = zero_of(a)
    for i in range(len(a)):
        total += a[i]
    return total / len(a)


def mean_2d(a):
    total = zero_of(a)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total += a[i, j]
    return total / (a.shape[0] * a.shape[1])


def amax(a):
    best = a[0]
    for i in range(1, len(a)):
        best = max(best, a[i])
    return best


def amax_2d(a):
    best = a[0, 0]
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            best = max(best, a[i, j])
    return best


def amin(a):
    best = a[0]
    for i in range(1, len(a)):
        best = min(best, a[i])
    return best


def amin_2d(a):
    best = a[0, 0]
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            best = min(best, a[i, j])
    return best


def argmax(a):
    best = a[0]
    where = 0
    for i in range(1, len(a)):
        if a[i] > best:
            best = a[i]
            where = i
    return where


def argmin(a):
    best = a[0]
    where = 0
    for i in range(1, len(a)):
        if a[i] < best:
            best = a[i]
            where = i
    return where


def count_nonzero(a):
    count = 0
    for i in range(len(a)):
        if a[i]:
            count += 1
    return count


def count_nonzero_2d(a):
    count = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j]:
                count += 1
    return count


def hamming(a, b):
    same_shape(a, b)
    count = 0
    for i in range(len(a)):
        if a[i] != b[i]:
            count += 1
    return count


def cumsum(a):
    out = zeros(len(a), number_dtype_of(a))
    total = zero_of(a)
    for i in range(len(a)):
        total += a[i]
        out[i] = total
    return out


def bincount(a, size):
    counts = zeros(size, i8)
    for i in range(len(a)):
        counts[a[i]] += 1
    return counts
