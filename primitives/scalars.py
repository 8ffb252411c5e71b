"""Primitives on scalars, in CPython: elementary functions, rounding, bits, and wrapping 64-bit arithmetic.

Where an elementary function has no finite result it fails (`NotFiniteFailure`); an int that does not fit 64 bits,
signed, fails everywhere (`OverflowFailure`). A bool counts as an int. Functions of floats take ints too, converted as
`float(x)` does. Elementary functions are those of the C library, one call for one value, which is also what the machine
calls: numpy's vectorised ones differ from them in the last bit. Random numbers are in `generator`.
"""

import math
from collections.abc import Callable

from primitives.dtypes import i8
from primitives.failures import NotFiniteFailure, OverflowFailure

_LEAST, _GREATEST = int(i8.min), int(i8.max)
WORD = (1 << 64) - 1
"""The greatest word of 64 bits: all are ones."""


def int64(x: int) -> int:
    """`x` itself if it fits 64 bits, signed; else raises OverflowFailure. A float is a TypeError."""
    if not isinstance(x, int):
        raise TypeError(f"an int is wanted, not {type(x).__name__}")
    if not _LEAST <= x <= _GREATEST:
        raise OverflowFailure(f"{x} does not fit 64 bits")
    return int(x)


def signed(word: int) -> int:
    """The low 64 bits of `word`, read as a signed int in two's complement."""
    word &= WORD
    return word - (1 << 64) if word > _GREATEST else word


def _elementary(function: Callable[[float], float]) -> Callable[[float], float]:
    """The function, failing where its result is not finite."""
    name = function.__name__

    def checked(x: float) -> float:
        real = _real(x)
        try:
            y = function(real)
        except (ValueError, OverflowError):
            raise NotFiniteFailure(f"{name}({x!r})") from None
        if not math.isfinite(y):
            raise NotFiniteFailure(f"{name}({x!r})")
        return y

    checked.__name__ = checked.__qualname__ = name
    return checked


def _real(x: float) -> float:
    if isinstance(x, float):
        return x
    return float(int64(x))


exp = _elementary(math.exp)
log = _elementary(math.log)
sqrt = _elementary(math.sqrt)
tanh = _elementary(math.tanh)
sin = _elementary(math.sin)
cos = _elementary(math.cos)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), written so that no exponential overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-_real(x)))
    e = exp(x)
    return e / (1.0 + e)


def floor(x: float) -> int:
    """The greatest int that is not above x."""
    return _whole(x, math.floor)


def ceil(x: float) -> int:
    """The least int that is not below x."""
    return _whole(x, math.ceil)


def _whole(x: float, rounded: Callable[[float], int]) -> int:
    if not math.isfinite(x):
        raise NotFiniteFailure(f"{x!r} has no integer part")
    return int64(rounded(x))


def sign(x: float) -> float:
    """-1, 0 or 1, of the type of x; 0.0 for -0.0."""
    if isinstance(x, float):
        return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0
    return (x > 0) - (x < 0)


def popcount(x: int) -> int:
    """The number of ones among the 64 bits of x in two's complement."""
    return (int64(x) & WORD).bit_count()


def parity(x: int) -> int:
    """popcount(x) & 1."""
    return popcount(x) & 1


def bit_length(x: int) -> int:
    """The number of binary digits of abs(x); 0 for 0."""
    return int64(x).bit_length()


def addw(a: int, b: int) -> int:
    """The sum a + b modulo 2^64, as a signed int."""
    return signed(int64(a) + int64(b))


def mulw(a: int, b: int) -> int:
    """The product a * b modulo 2^64, as a signed int."""
    return signed(int64(a) * int64(b))


def mix(x: int) -> int:
    """The finaliser of splitmix64: a bijection of 64-bit words that scrambles their bits. Takes and gives signed ints.

    Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the constants of
    Stafford's variant 13.
    """
    return signed(scramble(int64(x) & WORD))


def scramble(z: int) -> int:
    """`mix` of a word that is not signed."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WORD
    return z ^ (z >> 31)
