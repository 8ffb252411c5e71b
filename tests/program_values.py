"""What the generator of random programs knows of a text that it has written: its type, its expected range, its shape.

Ranges are expectations, no proofs: they keep most programs free of failures, and a program that leaves them ends in a
status, which is tested too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
EXACT = 2**53
"""Up to here every int is a float."""

EDGES = (
    127,
    128,
    255,
    256,
    -128,
    -129,
    32767,
    65535,
    65536,
    -32769,
    2**31,
    2**32 - 1,
    2**32,
    EXACT,
    EXACT + 1,
    2**62,
    INT_MAX,
)
"""Ints around which something changes: the width of a cell, an element type, exactness as a float."""

Dim = tuple[int, int]
"""The least and the greatest size of a dimension."""

SIZES = {"u1": 1, "i4": 4, "i8": 8, "f4": 4, "f8": 8}
LIMITS = {"u1": (0, 255), "i4": (-(2**31), 2**31 - 1), "i8": (INT_MIN, INT_MAX)}
ELEMENTS = {"u1": (0, 255), "i4": (-3000, 3000), "i8": (-3000, 3000), "f4": (-100.0, 100.0), "f8": (-100.0, 100.0)}
"""What the elements of an array are expected to be."""

DTYPES = tuple(SIZES)
INTS = ("u1", "i4", "i8")
FLOATS = ("f4", "f8")


@dataclass(frozen=True)
class Scalar:
    """A text of type `kind` ("bool", "int", "float") between `low` and `high`; `control` if it certainly is control."""

    text: str
    kind: str
    low: float
    high: float
    control: bool = False

    @property
    def constant(self) -> bool:
        return self.kind == "int" and self.low == self.high

    def within(self, low: float, high: float) -> bool:
        return low <= self.low and self.high <= high


@dataclass(frozen=True)
class Block:
    """A text whose value is an array; `control` if its shape certainly is control, `named` if names can reach it."""

    text: str
    dtype: str
    dims: tuple[Dim, ...]
    control: bool = False
    named: bool = True

    @property
    def rank(self) -> int:
        return len(self.dims)

    @property
    def kind(self) -> str:
        return "float" if self.dtype in FLOATS else "int"

    @property
    def fixed(self) -> bool:
        """Is the shape known exactly?"""
        return all(low == high for low, high in self.dims)

    @property
    def nonempty(self) -> bool:
        return all(low > 0 for low, _ in self.dims)

    @property
    def most(self) -> int:
        """The greatest number of elements."""
        return math.prod(high for _, high in self.dims)

    def called(self, name: str) -> Block:
        return replace(self, text=name, named=True)

    def fits(self, other: Block) -> bool:
        """Can a value described by `self` be bound to a variable described by `other`?"""
        return (
            self.dtype == other.dtype
            and self.rank == other.rank
            and all(a >= c and b <= d for (a, b), (c, d) in zip(self.dims, other.dims, strict=True))
        )


Value = Scalar | Block


def literal(value: bool | int | float) -> Scalar:
    """A literal of the language, as a control scalar."""
    kind = type(value).__name__
    text = repr(value) if value >= 0 else f"({value!r})"
    return Scalar(text, kind, value, value, control=True)


def sized(*sizes: int) -> tuple[Dim, ...]:
    """The dims of a shape that is known exactly."""
    return tuple((size, size) for size in sizes)


def wider(a: str, b: str) -> str:
    """The wider of two element types of ints."""
    return a if SIZES[a] >= SIZES[b] else b


def elementwise_dtype(op: str, arrays: list[str], float_scalar: bool) -> str:
    """The element type of an elementwise operator's result, after docs/language.md."""
    if op in ("<", "<=", ">", ">=", "==", "!="):
        return "u1"
    if op in ("&", "|", "^"):
        return wider(arrays[0], arrays[-1])
    if op in ("<<", ">>"):
        return "i8"
    if all(dtype == "f4" for dtype in arrays):
        return "f4"
    if op == "/" or float_scalar or any(dtype in FLOATS for dtype in arrays):
        return "f8"
    return "i8"
