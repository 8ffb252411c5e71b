"""Definitions: bits in the elements of arrays, bits in words."""

from primitives.dtypes import i8, u1
from primitives.special import zeros


def pack(a):
    word = 0
    for i in range(len(a)):
        word |= a[i] << i
    return word


def pack_rows(a):
    words = zeros(len(a), i8)
    for i in range(len(a)):
        words[i] = pack(a[i])
    return words


def unpack(word, n):
    bits = zeros(n, u1)
    for i in range(n):
        bits[i] = (word >> i) & 1
    return bits
