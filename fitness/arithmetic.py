"""Scalar arithmetic of the machine, with the results that CPython gives, as numba kernels.

Ints are 64 bits; whatever would leave them is reported, never wrapped, but in the operations that wrap by name. Floats
may come out infinite or nan here; the interpreter looks at them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from fitness.kernels import Integer, inlined, kernel, leading_zeros, popcount
from primitives.opcodes import FLOAT_FUNCTIONS, INT_FUNCTIONS

U = np.uint64
MIN_INT = np.int64(-(2**63))
MAX_FLOAT = 1.7976931348623157e308
EXACT = np.int64(2**53)
"""Up to here every int is a float exactly."""

SIGN, POPCOUNT, PARITY, BIT_LENGTH, MIX = range(len(INT_FUNCTIONS))
EXP, LOG, SQRT, TANH, SIGMOID, SIN, COS, FLOAT_SIGN = range(len(FLOAT_FUNCTIONS))
_PAIR: Any = types.Tuple


def _checked(name: str) -> Any:
    """An operation of LLVM on two int64 that gives the wrapped result, and whether it overflowed."""

    def declare(typingctx: Any, left: Any, right: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pair = getattr(builder, name)(*args)
            return context.make_tuple(
                builder, signature.return_type, [builder.extract_value(pair, 0), builder.extract_value(pair, 1)]
            )

        return _PAIR((types.int64, types.boolean))(types.int64, types.int64), codegen

    return declare


add: Callable[..., Any] = intrinsic(_checked("sadd_with_overflow"))
subtract: Callable[..., Any] = intrinsic(_checked("ssub_with_overflow"))
multiply: Callable[..., Any] = intrinsic(_checked("smul_with_overflow"))


@inlined
def finite(x: float) -> bool:
    """Whether a float is neither infinite nor nan."""
    return abs(x) <= MAX_FLOAT


@kernel
def power(base: Integer, exponent: Integer) -> tuple[Integer, bool]:
    """Base ** exponent for a non-negative exponent, and whether it overflowed."""
    result = np.int64(1)
    overflowed = False
    while exponent > 0:
        if exponent & 1:
            result, over = multiply(result, base)
            overflowed |= over
        exponent >>= 1
        if exponent > 0:
            base, over = multiply(base, base)
            overflowed |= over
        if overflowed:
            break
    return result, overflowed


@kernel
def remainder(x: float, y: float) -> float:
    """`x % y` as CPython has it, for y other than 0: the sign is that of y."""
    rest: float = np.fmod(x, y)
    if rest != 0.0:
        if (y < 0.0) != (rest < 0.0):
            rest += y
    else:
        rest = math.copysign(0.0, y)
    return rest


@kernel
def floor_divide(x: float, y: float) -> float:
    """`x // y` as CPython has it, for y other than 0."""
    rest: float = np.fmod(x, y)
    quotient = (x - rest) / y
    if rest != 0.0 and (y < 0.0) != (rest < 0.0):
        quotient -= 1.0
    if quotient != 0.0:
        result: float = np.floor(quotient)
        if quotient - result > 0.5:
            result += 1.0
    else:
        result = math.copysign(0.0, x / y)
    return result


@inlined
def mixed(word: np.uint64) -> np.uint64:
    """The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    word = (word ^ (word >> U(30))) * U(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> U(27))) * U(0x94D049BB133111EB)
    return word ^ (word >> U(31))


@kernel
def int_function(number: Integer, x: Integer) -> Integer:
    """`opcodes.INT_FUNCTIONS` by number."""
    if number == SIGN:
        return np.int64(x > 0) - np.int64(x < 0)
    if number == POPCOUNT:
        return np.int64(popcount(U(x)))
    if number == PARITY:
        return np.int64(popcount(U(x)) & U(1))
    if number == BIT_LENGTH:
        return bit_length(U(x) if x >= 0 else U(0) - U(x))
    return np.int64(mixed(U(x)))


@inlined
def bit_length(word: np.uint64) -> Integer:
    """The number of bits that a uint64 needs."""
    return np.int64(U(64) - leading_zeros(word))


@kernel
def float_function(number: Integer, x: float) -> float:
    """`opcodes.FLOAT_FUNCTIONS` by number; nan or infinite where there is no finite result."""
    if number == EXP:
        return math.exp(x)
    if number == LOG:
        return math.log(x) if x > 0.0 else np.nan
    if number == SQRT:
        return math.sqrt(x) if x >= 0.0 else np.nan
    if number == TANH:
        return math.tanh(x)
    if number == SIGMOID:
        if x >= 0.0:
            return 1.0 / (1.0 + math.exp(-x))
        e = math.exp(x)
        return e / (1.0 + e)
    if number == SIN:
        return math.sin(x)
    if number == COS:
        return math.cos(x)
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0


@inlined
def width_of(value: Integer) -> int:
    """How many bytes the cell of an int scalar takes (docs/energy.md, Cells)."""
    if -128 <= value <= 255:
        return 1
    if -32768 <= value <= 65535:
        return 2
    if -2147483648 <= value <= 4294967295:
        return 4
    return 8
