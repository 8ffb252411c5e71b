"""Primitives that no function of the language could be: allocation, windows, questions about element types.

The compiler knows these by name. Here is what they do in CPython.
"""

from collections.abc import Sequence

from primitives import elementwise
from primitives.array import Array
from primitives.dtypes import DType, f8, i8
from primitives.failures import IndexFailure, ShapeFailure


def zeros(shape: int | tuple[int, int], dtype: DType = f8) -> Array:
    """A new array of zeros, of a length or a pair of rows and columns. Raises ShapeFailure if one is negative."""
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if len(sizes) > 2:
        raise TypeError("an array has one or two dimensions")
    for size in sizes:
        if not isinstance(size, int):
            raise TypeError(f"a size is an int, not {type(size).__name__}")
        if size < 0:
            raise ShapeFailure(f"a size of {size}")
    return Array.zeros(sizes, dtype)


def full(shape: int | tuple[int, int], value: float, dtype: DType = f8) -> Array:
    """A new array with `value` in every place."""
    out = zeros(shape, dtype)
    if 0 not in out.shape:  # as by `fill`: a value that is stored nowhere need not fit
        out[:] = value
    return out


def array(values: Sequence[float], dtype: DType | None = None) -> Array:
    """A new array of rank 1 from a list of scalars: `i8` of ints and bools, `f8` of floats, else `dtype`.

    Raises TypeError if ints and floats are mixed, or the list is empty and the element type not given.
    """
    if dtype is None:
        floats = [isinstance(value, float) for value in values]
        if not floats or any(floats) != all(floats):
            raise TypeError("array([...]) takes all ints or all floats; give an element type otherwise")
        dtype = f8 if floats[0] else i8
    out = zeros(len(values), dtype)
    for i, value in enumerate(values):
        out[i] = value
    return out


def window(a: Array, start: int, length: int) -> Array:
    """The view `a[start:start + length]`, of elements or of rows, where `start` may be data."""
    for bound in (start, length):
        if not isinstance(bound, int):
            raise TypeError(f"a bound is an int, not {type(bound).__name__}")
    if start < 0 or length < 0 or start + length > len(a):
        raise IndexFailure(f"a window of {length} from {start} in an array of length {len(a)}")
    view: Array = a[start : start + length]
    return view


def dtype_of(a: Array) -> DType:
    """The element type of `a`."""
    return a.dtype


def number_dtype_of(*arrays: Array) -> DType:
    """The element type of sums and products of these arrays' elements: `i8`, `f4` if all are `f4`, else `f8`."""
    return elementwise.number_dtype(*(a.dtype for a in arrays))


def float_dtype_of(*arrays: Array) -> DType:
    """The element type of quotients of these arrays' elements: `f4` if all are `f4`, else `f8`."""
    return elementwise.float_dtype(*(a.dtype for a in arrays))


def zero_of(*arrays: Array) -> float:
    """The zero to start a sum from: 0 if all arrays hold ints, else 0.0."""
    return 0.0 if any(a.dtype.is_float for a in arrays) else 0


def same_shape(a: Array, b: Array) -> None:
    """Raises ShapeFailure if the two shapes differ, TypeError if the ranks do."""
    if a.rank != b.rank:
        raise TypeError(f"arrays of rank {a.rank} and {b.rank}")
    if a.shape != b.shape:
        raise ShapeFailure(f"shapes {a.shape} and {b.shape}")
