"""Arrays in CPython: `Array`, with the views, checks and element types of docs/language.md.

An `Array` looks at memory that numpy holds, and is read and written through Python's own buffer of it, which gives
Python ints and floats and is faster for single elements. Operators are in `operators`, primitives that make arrays in
`special`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, TypeGuard

import numpy as np
from numpy.typing import NDArray

from primitives.dtypes import DType, dtype_of_numpy, f4, u1
from primitives.failures import IndexFailure, NotFiniteFailure, OverflowFailure, ReadOnlyFailure, ShapeFailure
from primitives.operators import Operators
from primitives.scalars import int64

_INFINITE = float("inf")
_INFINITE_F4 = 2.0**128 - 2.0**103  # from here on, rounding to f4 gives infinity

Part = int | slice
Key = Part | tuple[Part, Part]


class Array(Operators):
    """An array of rank 1 or 2, or a view into one.

    Elements come out as Python ints and floats. An int element refuses floats (TypeError) and what is beyond its range
    (OverflowFailure). A float element converts ints and bools as `float(x)` does, then rounds if it is `f4`, and
    refuses what is not finite (NotFiniteFailure). An index or bound outside the array, negative ones included, raises
    IndexFailure.

    Attributes:
        shape: the length, or rows and columns, as a tuple.
        rank: 1 or 2.
        dtype: the element type.
        readonly: whether stores raise ReadOnlyFailure; views inherit it.
    """

    __slots__ = ("_cells", "_infinite", "_length", "_memory", "dtype", "rank", "readonly", "shape")

    def __init__(self, memory: NDArray[Any], dtype: DType, readonly: bool) -> None:
        self._memory = memory
        self._cells: memoryview[Any] = memory.data
        self._infinite = _INFINITE_F4 if dtype is f4 else _INFINITE
        self.shape: tuple[int, ...] = memory.shape
        self._length = self.shape[0]
        self.rank = len(self.shape)
        self.dtype = dtype
        self.readonly = readonly

    @classmethod
    def from_numpy(cls, memory: NDArray[Any], readonly: bool = False) -> Array:
        """A view of a numpy array of rank 1 or 2, whose memory it shares; one of bools becomes `u1`.

        A numpy array that is not writeable gives a read-only one. Raises TypeError for other ranks and element types.
        """
        if memory.ndim not in (1, 2):
            raise TypeError(f"an array of rank {memory.ndim}; ranks are 1 and 2")
        if memory.dtype == np.bool_:
            memory = memory.view(u1.numpy)
        return cls(memory.view(np.ndarray), dtype_of_numpy(memory.dtype), readonly or not memory.flags.writeable)

    @classmethod
    def zeros(cls, shape: tuple[int, ...], dtype: DType) -> Array:
        """A new array of zeros of that shape, sizes not negative."""
        return cls(np.zeros(shape, dtype.numpy), dtype, False)

    def to_numpy(self) -> NDArray[Any]:
        """A copy as a numpy array, rows one after the other."""
        return np.array(self._memory, order="C")

    @property
    def T(self) -> Array:
        """The transposed view of a matrix."""
        if self.rank != 2:
            raise TypeError("only arrays of rank 2 have a transpose")
        return self._view(self._memory.T)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: Key) -> Any:
        """An element (int or float), or a view (`Array`)."""
        if type(key) is int and self.rank == 1:
            if 0 <= key < self._length:
                return self._cells[key]
            _outside(key, self._length)
        if self._names_element(key):
            return self._cells[key]
        return self._view(self._memory[self._region(key)])

    def __setitem__(self, key: Key, value: Array | float) -> None:
        """Stores an element; through a slice, copies an array of the same shape or fills with a scalar."""
        if self.readonly:
            raise ReadOnlyFailure("this array is read-only")
        if type(key) is int and self.rank == 1:
            if not 0 <= key < self._length:
                _outside(key, self._length)
            self._cells[key] = self._element(value)
        elif self._names_element(key):
            self._cells[key] = self._element(value)
        else:
            self._store(key, value)

    def _names_element(self, key: Key) -> TypeGuard[tuple[int, int]]:
        """Is `key` a pair of ints, of a matrix? Raises IndexFailure if it is outside."""
        if self.rank != 2 or type(key) is not tuple or len(key) != 2:
            return False
        i, j = key
        if type(i) is not int or type(j) is not int:
            return False
        rows, columns = self.shape
        if not 0 <= i < rows:
            _outside(i, rows)
        if not 0 <= j < columns:
            _outside(j, columns)
        return True

    def _element(self, value: Array | float) -> int | float:
        """What is stored for `value`. Raises as the class says."""
        if type(value) is float:
            if not self.dtype.is_float:
                raise TypeError(f"a float for an element of {self.dtype}: say int(x)")
            if -self._infinite < value < self._infinite:
                return value
            raise NotFiniteFailure(f"{value} is beyond {self.dtype}")
        if type(value) is int or type(value) is bool:
            if self.dtype.is_float:
                return float(int64(value))
            if self.dtype.min <= value <= self.dtype.max:
                return value
            raise OverflowFailure(f"{value} is beyond {self.dtype}")
        raise TypeError(f"{type(value).__name__} for an element of {self.dtype}")

    def _store(self, key: Key, value: Array | float) -> None:
        target = self._view(self._memory[self._region(key)])
        if isinstance(value, Array):
            if target._is_at_place_of(value):
                return  # Python ends `a[lo:hi] += b`, which is done, with `a[lo:hi] = ` the view that was changed
            if type(key) is int:
                raise TypeError("a row is stored with a[i, :] = ...")
            if target.rank != value.rank:
                raise TypeError(f"an array of rank {value.rank} into a view of rank {target.rank}")
            if target.shape != value.shape:
                raise ShapeFailure(f"shapes {target.shape} and {value.shape}")
            for place in np.ndindex(target.shape):
                target._cells[place] = target._element(value._cells[place])
        else:
            if type(key) is int:
                raise TypeError("a row is filled with a[i, :] = ...")
            element = target._element(value)
            for place in np.ndindex(target.shape):
                target._cells[place] = element

    def _is_at_place_of(self, other: Array) -> bool:
        mine, others = self._memory.__array_interface__, other._memory.__array_interface__
        return (
            mine["data"] == others["data"]
            and self._memory.strides == other._memory.strides
            and (self.shape == other.shape and self.dtype is other.dtype)
        )

    def _view(self, memory: NDArray[Any]) -> Array:
        return Array(memory, self.dtype, self.readonly)

    def _region(self, key: Key) -> tuple[Part, ...]:
        """`key` for numpy, once it is known to name a view of this array."""
        if not isinstance(key, tuple):
            return (_within(key, self._length),)
        if len(key) != 2 or self.rank != 2:
            raise TypeError(f"{len(key)} indices for an array of rank {self.rank}")
        rows, columns = self.shape
        return _within(key[0], rows), _within(key[1], columns)

    def __bool__(self) -> NoReturn:
        raise TypeError("an array is neither true nor false")

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("arrays can't be iterated over: write for i in range(len(a))")

    def __repr__(self) -> str:
        return f"Array({self._memory.tolist()}, {self.dtype})"


def _within(part: Part, size: int) -> Part:
    """An index or a slice, checked against the size of its dimension."""
    if type(part) is int:
        if not 0 <= part < size:
            _outside(part, size)
        return part
    if not isinstance(part, slice):
        raise TypeError(f"an index is an int, not {type(part).__name__}")
    lo = 0 if part.start is None else part.start
    hi = size if part.stop is None else part.stop
    step = 1 if part.step is None else part.step
    if not type(lo) is type(hi) is type(step) is int:
        raise TypeError("the bounds of a view are ints")
    if not (0 <= lo <= hi <= size and step > 0):
        raise IndexFailure(f"[{lo}:{hi}:{step}] of {size}")
    return slice(lo, hi, step)


def _outside(index: int, size: int) -> NoReturn:
    raise IndexFailure(f"index {index} of {size}")
