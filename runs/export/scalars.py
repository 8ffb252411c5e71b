"""Primitives on scalars in an exported file: what they are called there, and their texts where Python has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from runs.export.array_class import ARRAY


class Written(NamedTuple):
    """How a primitive stands in a file: the name that calls it, its text if it has one, and what that text needs."""

    name: str
    text: str | None = None
    needs: tuple[str, ...] = ()


_WINDOW = '''
def window(a, start, length):
    """The elements, or the rows, of a from start on, as a view."""
    return a[start : start + length]
'''

_SIGMOID = '''
def sigmoid(x):
    """1 / (1 + exp(-x)), written so that no exponential overflows."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)
'''

_SIGN = '''
def sign(x):
    """-1, 0 or 1, of the type of x."""
    zero = x - x
    return zero + 1 if x > 0 else zero - 1 if x < 0 else zero
'''

_POPCOUNT = '''
def popcount(x):
    """The number of ones among the 64 bits of x in two's complement."""
    count = 0
    if x < 0:
        count = 1
        x = x & 0x7FFFFFFFFFFFFFFF
    while x:
        x &= x - 1
        count += 1
    return count
'''

_PARITY = '''
def parity(x):
    """1 if an odd number of the 64 bits of x are ones, else 0."""
    return popcount(x) & 1
'''

_BIT_LENGTH = '''
def bit_length(x):
    """The number of binary digits of abs(x); 0 for 0."""
    digits = 0
    if x < 0:
        digits = 1
        x = -((x + 1) >> 1)
    while x:
        x >>= 1
        digits += 1
    return digits
'''

_WORD = '''
def signed(word):
    """The low 64 bits of an int, as a signed int in two's complement."""
    word &= 0xFFFFFFFFFFFFFFFF
    return word - (1 << 64) if word >> 63 else word
'''

_ADDW = '''
def addw(a, b):
    """a + b modulo 2^64, as a signed int."""
    return signed(int(a) + int(b))
'''

_MULW = '''
def mulw(a, b):
    """a * b modulo 2^64, as a signed int."""
    return signed(int(a) * int(b))
'''

_SCRAMBLE = '''
def scramble(z):
    """The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014): scrambles the bits of a 64-bit word."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return z ^ (z >> 31)
'''

_MIX = '''
def mix(x):
    """Scrambles the 64 bits of x, one to one: a hash."""
    return signed(scramble(int(x) & 0xFFFFFFFFFFFFFFFF))
'''

_STREAM = '''
STREAM = [0]  # the state of the random numbers


def seed(v):
    """Start the random numbers again from v."""
    STREAM[0] = int(v) & 0xFFFFFFFFFFFFFFFF
'''

_RANDOM = '''
def random():
    """A random float from [0, 1), a multiple of 2^-53: splitmix64."""
    STREAM[0] = STREAM[0] + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return (scramble(STREAM[0]) >> 11) * 2.0**-53
'''

_RANDINT = '''
def randint(lo, hi):
    """A random int from lo to hi - 1."""
    count = int(hi) - int(lo)
    return int(lo) + min(int(random() * count), count - 1)
'''

_SINGLE = '''
def single(x):
    """x rounded to a float of four bytes."""
    return struct.unpack("f", struct.pack("f", x))[0]
'''

SCALARS: Final = {
    **{name: Written(f"math.{name}") for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "floor", "ceil")},
    "single": Written("single", _SINGLE),
    "Array": Written("Array", ARRAY),
    "window": Written("window", _WINDOW),
    "sigmoid": Written("sigmoid", _SIGMOID),
    "sign": Written("sign", _SIGN),
    "popcount": Written("popcount", _POPCOUNT),
    "parity": Written("parity", _PARITY, ("popcount",)),
    "bit_length": Written("bit_length", _BIT_LENGTH),
    "signed": Written("signed", _WORD),
    "scramble": Written("scramble", _SCRAMBLE),
    "addw": Written("addw", _ADDW, ("signed",)),
    "mulw": Written("mulw", _MULW, ("signed",)),
    "mix": Written("mix", _MIX, ("signed", "scramble")),
    "seed": Written("seed", _STREAM),
    "random": Written("random", _RANDOM, ("seed", "scramble")),
    "randint": Written("randint", _RANDINT, ("random",)),
}
"""By the names of the catalogue, and of what stands behind these; in the order in which they stand in a file."""


def with_needs(names: set[str], table: Mapping[str, Written] = SCALARS) -> list[str]:
    """The primitives that are called and those that their texts call, in the order of the table."""
    pending, found = list(names), set[str]()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(table[name].needs)
    return [name for name in table if name in found]
