"""What the instructions on scalars do. Each group is one function of the registers, inlined into the loop.

They return a status; when it is not OK the destination is unchanged.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fitness.arithmetic import (
    EXACT,
    MIN_INT,
    U,
    add,
    finite,
    float_function,
    floor_divide,
    int_function,
    mixed,
    multiply,
    power,
    remainder,
    subtract,
)
from fitness.instructions import (
    ADDW,
    F2I,
    FABS,
    FADD,
    FDIV,
    FEQ,
    FFDIV,
    FFUN,
    FLE,
    FLT,
    FMAX,
    FMIN,
    FMOV,
    FMUL,
    FNE,
    FNEG,
    FPOW,
    FSUB,
    I2FX,
    IADD,
    IAND,
    IEQ,
    IFDIV,
    IFUN,
    ILE,
    ILT,
    IMAX,
    IMIN,
    IMOV,
    IMUL,
    INE,
    INEG,
    INOT,
    IOR,
    IPOW,
    IREM,
    ISHL,
    ISHR,
    ISUB,
    IXOR,
    MULW,
    RAND,
    RANDINT,
    SEED,
)
from fitness.kernels import Integer, inlined
from fitness.statuses import DOMAIN_ERROR, NOT_FINITE, OK, OVERFLOW, ZERO_DIVISION

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TRUNCATE, FLOOR = U(0), U(1)
"""How F2I rounds, see `opcodes.ROUNDINGS`."""

GAMMA = U(0x9E3779B97F4A7C15)
"""The step of splitmix64: the fraction of the golden ratio."""

TO_UNIT = 2.0**-53
TOO_LARGE = 2.0**63
LAST_SHIFT = np.int64(63)


@inlined
def int_instruction(op: Integer, ri: Ints, d: np.uint64, a: np.uint64, b: np.uint64) -> int:
    """From IMOV to IFUN."""
    x = ri[a]
    if op == IMOV:
        ri[d] = x
    elif op == IADD or op == ISUB or op == IMUL:
        if op == IADD:
            x, over = add(x, ri[b])
        elif op == ISUB:
            x, over = subtract(x, ri[b])
        else:
            x, over = multiply(x, ri[b])
        if over:
            return OVERFLOW
        ri[d] = x
    elif op == ILT:
        ri[d] = x < ri[b]
    elif op == ILE:
        ri[d] = x <= ri[b]
    elif op == IEQ:
        ri[d] = x == ri[b]
    elif op == INE:
        ri[d] = x != ri[b]
    elif op == IAND:
        ri[d] = x & ri[b]
    elif op == IOR:
        ri[d] = x | ri[b]
    elif op == IXOR:
        ri[d] = x ^ ri[b]
    elif op == IMIN:
        ri[d] = min(x, ri[b])
    elif op == IMAX:
        ri[d] = max(x, ri[b])
    elif op == MULW:
        ri[d] = np.int64(U(x) * U(ri[b]))
    elif op == ADDW:
        ri[d] = np.int64(U(x) + U(ri[b]))
    elif op == INOT:
        ri[d] = ~x
    elif op == ISHL or op == ISHR:
        return _shift(op, ri, d, x, ri[b])
    elif op == IFDIV or op == IREM:
        return _divide(op, ri, d, x, ri[b])
    elif op == IPOW:
        if ri[b] < 0:
            return DOMAIN_ERROR
        x, over = power(x, ri[b])
        if over:
            return OVERFLOW
        ri[d] = x
    elif op == IFUN:
        ri[d] = int_function(np.int64(b), x)
    elif op == INEG or x < 0:  # INEG, IABS
        if x == MIN_INT:
            return OVERFLOW
        ri[d] = -x
    else:
        ri[d] = x
    return OK


@inlined
def _shift(op: Integer, ri: Ints, d: np.uint64, x: Integer, count: Integer) -> int:
    """`x << count` and `x >> count`."""
    if count < 0:
        return DOMAIN_ERROR
    shift = min(count, LAST_SHIFT)
    if op == ISHR:
        ri[d] = x >> shift
        return OK
    if x != 0 and (count > LAST_SHIFT or ((x << shift) >> shift) != x):
        return OVERFLOW
    ri[d] = x << shift
    return OK


@inlined
def _divide(op: Integer, ri: Ints, d: np.uint64, x: Integer, y: Integer) -> int:
    """`x // y` and `x % y`; the processor's division traps where y is -1 and x the least int."""
    if y == 0:
        return ZERO_DIVISION
    if op == IREM:
        ri[d] = 0 if y == -1 else x % y
    elif y == -1:
        if x == MIN_INT:
            return OVERFLOW
        ri[d] = -x
    else:
        ri[d] = x // y
    return OK


@inlined
def float_instruction(op: Integer, ri: Ints, rf: Floats, d: np.uint64, a: np.uint64, b: np.uint64) -> int:
    """From FMOV to I2FX."""
    if op < FEQ:
        return _float_arithmetic(op, rf, d, a, b)
    if op == FLT:
        ri[d] = rf[a] < rf[b]
    elif op == FLE:
        ri[d] = rf[a] <= rf[b]
    elif op == FEQ:
        ri[d] = rf[a] == rf[b]
    elif op == FNE:
        ri[d] = rf[a] != rf[b]
    elif op == FNEG:
        rf[d] = -rf[a]
    elif op == FABS:
        rf[d] = abs(rf[a])
    elif op == FFUN:
        f = float_function(np.int64(b), rf[a])
        if not finite(f):
            return NOT_FINITE
        rf[d] = f
    elif op == F2I:
        f = rf[a]
        f = np.trunc(f) if b == TRUNCATE else np.floor(f) if b == FLOOR else np.ceil(f)
        if not (-TOO_LARGE <= f < TOO_LARGE):
            return OVERFLOW
        ri[d] = np.int64(f)
    else:  # I2F, I2FX
        x = ri[a]
        if op == I2FX and (x > EXACT or x < -EXACT):
            return OVERFLOW
        rf[d] = float(x)
    return OK


@inlined
def _float_arithmetic(op: Integer, rf: Floats, d: np.uint64, a: np.uint64, b: np.uint64) -> int:
    """From FMOV to FMAX."""
    f = rf[a]
    if op == FMOV:
        rf[d] = f
        return OK
    if op == FADD:
        f += rf[b]
    elif op == FSUB:
        f -= rf[b]
    elif op == FMUL:
        f *= rf[b]
    elif op == FMIN:
        if rf[b] < f:
            f = rf[b]
    elif op == FMAX:
        if rf[b] > f:
            f = rf[b]
    else:
        g = rf[b]
        if (g == 0.0 and op != FPOW) or (op == FPOW and f == 0.0 and g < 0.0):
            return ZERO_DIVISION
        if op == FDIV:
            f /= g
        elif op == FFDIV:
            f = floor_divide(f, g)
        elif op == FPOW:
            f = math.pow(f, g)
        else:
            f = remainder(f, g)
    if not finite(f):
        return NOT_FINITE
    rf[d] = f
    return OK


@inlined
def random_instruction(
    op: Integer, ri: Ints, rf: Floats, state: Ints, at: np.uint64, d: np.uint64, a: np.uint64, b: np.uint64
) -> int:
    """RAND, RANDINT and SEED; the generator (splitmix64) is the int at `state[at]`."""
    if op == SEED:
        state[at] = ri[a]
        return OK
    low, span = np.int64(0), np.int64(1)
    if op == RANDINT:
        low = ri[a]
        if low >= ri[b]:
            return DOMAIN_ERROR
        span, over = subtract(ri[b], low)
        if over:
            return OVERFLOW
    word = U(state[at]) + GAMMA
    state[at] = np.int64(word)
    f = float(np.int64(mixed(word) >> U(11))) * TO_UNIT
    if op == RAND:
        rf[d] = f
        return OK
    f *= float(span)
    drawn = span - 1
    if f < TOO_LARGE:
        drawn = min(np.int64(f), drawn)
    ri[d] = low + drawn
    return OK
