"""The types of the language. A type is one object per meaning, so that types are compared with `is`."""

from __future__ import annotations

from dataclasses import dataclass

from primitives.dtypes import DType, f4, f8, i4, i8, u1


@dataclass(frozen=True, eq=False, slots=True)
class Type:
    """A type; `rank` is 0 for scalars, 1 and 2 for arrays, -1 for element types, -2 for what has no value."""

    name: str
    rank: int
    dtype: DType | None = None
    readonly: bool = False

    def __str__(self) -> str:
        return self.name


BOOL = Type("bool", 0)
INT = Type("int", 0)
FLOAT = Type("float", 0)
NONE = Type("nothing", -2)
UNKNOWN = Type("unknown", -2)
"""The type of a faulty expression: it causes no further diagnostics."""

DTYPES = (u1, i4, i8, f4, f8)
DTYPE_TYPES = {dtype.name: Type(f"element type {dtype.name}", -1, dtype) for dtype in DTYPES}
DTYPE_CODES = {dtype.name: code for code, dtype in enumerate(DTYPES)}

_ARRAYS = {
    (dtype.name, rank, readonly): Type(
        f"{'read-only ' if readonly else ''}array of {dtype.name}, rank {rank}", rank, dtype, readonly
    )
    for dtype in DTYPES
    for rank in (1, 2)
    for readonly in (False, True)
}


def array_type(dtype: DType, rank: int, readonly: bool = False) -> Type:
    """The type of arrays with elements of `dtype` and `rank` 1 or 2."""
    return _ARRAYS[dtype.name, rank, readonly]


def element_type(array: Type) -> Type:
    """The scalar type that an element of `array` has when it is read."""
    assert array.dtype is not None
    return FLOAT if array.dtype.is_float else INT


def element_dtype(kind: Type) -> DType:
    """The element type of an array, or the one that a type stands for."""
    assert kind.dtype is not None
    return kind.dtype


def is_float(kind: Type) -> bool:
    """Whether a scalar type is float, or the elements of an array are."""
    return kind is FLOAT or (kind.dtype is not None and kind.dtype.is_float)


def rank_name(kind: Type) -> str:
    """How `elementwise` calls an operand of this type: "s", "1" or "2"."""
    return str(kind.rank) if kind.rank else "s"
