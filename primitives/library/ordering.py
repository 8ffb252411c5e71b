"""Definitions: sorting, bottom-up and stable.

Merge sort (Knuth, The Art of Computer Programming, volume 3, 5.2.4): its passes and blocks depend on the length alone,
so that only the two places where a merge reads are data. Each pass merges into a fresh array.
"""

from primitives.dtypes import i8
from primitives.library.memory import copy
from primitives.special import dtype_of, zeros


def sort(a):
    out = copy(a)
    width = 1
    while width < len(a):
        merged = zeros(len(a), dtype_of(a))
        for start in range(0, len(a), 2 * width):
            middle = min(start + width, len(a))
            stop = min(start + 2 * width, len(a))
            left = start
            right = middle
            for k in range(start, stop):
                if right == stop or (left < middle and out[left] <= out[right]):
                    merged[k] = out[left]
                    left += 1
                else:
                    merged[k] = out[right]
                    right += 1
        out = merged
        width *= 2
    return out


def argsort(a):
    order = zeros(len(a), i8)
    for k in range(len(a)):
        order[k] = k
    width = 1
    while width < len(a):
        merged = zeros(len(a), i8)
        for start in range(0, len(a), 2 * width):
            middle = min(start + width, len(a))
            stop = min(start + 2 * width, len(a))
            left = start
            right = middle
            for k in range(start, stop):
                if right == stop or (left < middle and a[order[left]] <= a[order[right]]):
                    merged[k] = order[left]
                    left += 1
                else:
                    merged[k] = order[right]
                    right += 1
        order = merged
        width *= 2
    return order
