"""Ranges of the results of scalar operations: what an operator gives for two operands, if it is safe."""

from __future__ import annotations

import math
from collections.abc import Callable

from tests.program_values import EXACT, INT_MAX, INT_MIN, Scalar

Range = tuple[float, float]

FLOAT_LIMIT = 1e200
"""Generated floats stay below, so that a few more operations don't reach infinity."""


def of_binary(op: str, a: Scalar, b: Scalar) -> Range | None:
    """The range of `a op b` for two numbers; None if it may fail."""
    if "float" in (a.kind, b.kind) or op == "/":
        return _of_floats(op, a, b)
    low, high = _INTS[op](a, b) or (INT_MIN, INT_MAX + 1)
    return (low, high) if low >= INT_MIN and high <= INT_MAX else None


def of_comparison(a: Scalar, b: Scalar) -> bool:
    """Is the comparison of two numbers safe?"""
    if (a.kind == "float") == (b.kind == "float"):
        return True
    return all(x.kind == "float" or x.within(-EXACT, EXACT) for x in (a, b))


def _corners(function: Callable[[float, float], float], a: Scalar, b: Scalar) -> Range:
    values = [function(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return min(values), max(values)


def _floor_division(a: Scalar, b: Scalar) -> Range | None:
    return _corners(lambda x, y: x // y, a, b) if b.low > 0 or b.high < 0 else None


def _remainder(a: Scalar, b: Scalar) -> Range | None:
    if b.low > 0:
        return (a.low, a.high) if a.low >= 0 and a.high < b.low else (0, b.high)
    return (b.low, 0) if b.high < 0 else None


def _power(a: Scalar, b: Scalar) -> Range | None:
    if b.low < 0 or b.high > 63:
        return None
    high = max(abs(a.low), abs(a.high), 1) ** b.high
    return (-high if a.low < 0 else 0), high


def _bits(a: Scalar, b: Scalar) -> Range:
    most = max(int(x).bit_length() for x in (a.low, a.high, b.low, b.high))
    return (0 if a.low >= 0 and b.low >= 0 else -(1 << most)), (1 << most) - 1


def _and(a: Scalar, b: Scalar) -> Range:
    highs = [x.high for x in (a, b) if x.low >= 0]
    return (0, min(highs)) if highs else _bits(a, b)


def _left_shift(a: Scalar, b: Scalar) -> Range | None:
    return _corners(lambda x, y: int(x) << int(y), a, b) if b.low >= 0 and b.high <= 63 else None


def _right_shift(a: Scalar, b: Scalar) -> Range | None:
    return _corners(lambda x, y: int(x) >> int(y), a, b) if b.low >= 0 and b.high <= 200 else None


_INTS: dict[str, Callable[[Scalar, Scalar], Range | None]] = {
    "+": lambda a, b: (a.low + b.low, a.high + b.high),
    "-": lambda a, b: (a.low - b.high, a.high - b.low),
    "*": lambda a, b: _corners(lambda x, y: x * y, a, b),
    "//": _floor_division,
    "%": _remainder,
    "**": _power,
    "&": _and,
    "|": _bits,
    "^": _bits,
    "<<": _left_shift,
    ">>": _right_shift,
}


def _of_floats(op: str, a: Scalar, b: Scalar) -> Range | None:
    if "float" not in (a.kind, b.kind) and not (a.within(-EXACT, EXACT) and b.within(-EXACT, EXACT)):
        return None
    if op in ("/", "//"):
        if b.low <= 0 <= b.high:
            return None
        low, high = _corners(lambda x, y: x / y, a, b)
        low, high = (low - 1, high) if op == "//" else (low, high)
    elif op == "**":
        if b.low != b.high or (a.low <= 0 and not (b.low == int(b.low) and b.low >= 0)):
            return None
        most = max(abs(a.low), abs(a.high), 1.0)
        if abs(b.low) * math.log(most) > 400 or (a.low > 0 and abs(b.low * math.log(a.low)) > 400):
            return None
        high = max(most**b.low, float(a.low) ** b.low if a.low > 0 else 0.0)
        low = -high if a.low < 0 else 0.0
    else:
        found = _INTS[op](a, b)
        if found is None:
            return None
        low, high = found
    return (low, high) if low > -FLOAT_LIMIT and high < FLOAT_LIMIT else None
