"""Definitions: normal numbers, shuffling and permutations."""

from primitives.dtypes import i8
from primitives.generator import randint, random
from primitives.library.matrices import swap_rows
from primitives.scalars import cos, log, sqrt
from primitives.special import zeros


def normal():
    # Box and Muller, 1958; 1 - random() is never 0
    radius = sqrt(-2.0 * log(1.0 - random()))
    return radius * cos(6.283185307179586 * random())


def shuffle(a):
    # Fisher and Yates
    for i in range(len(a) - 1, 0, -1):
        j = randint(0, i + 1)
        a[i], a[j] = a[j], a[i]


def shuffle_2d(a):
    for i in range(len(a) - 1, 0, -1):
        swap_rows(a, i, randint(0, i + 1))


def permutation(n):
    out = zeros(n, i8)
    for i in range(n):
        out[i] = i
    shuffle(out)
    return out
