"""From Python's values to arguments of the machine: their types, and where their elements lie.

Arrays that look at one numpy buffer share their elements on the machine as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from primitives.compiler import Argument
from primitives.dtypes import dtype_of_numpy
from primitives.types import BOOL, FLOAT, INT, array_type

AnyArray = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Control:
    """Marks a scalar argument as control: a size, say, that does not depend on data."""

    value: bool | int | float


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Marks an array argument as one that the program may not write."""

    value: Any


@dataclass(frozen=True, slots=True)
class Value:
    """An argument: its type for the compiler, and its value, a Python scalar or a numpy array."""

    argument: Argument
    value: Any


def value_of(item: Any) -> Value:
    """An argument from a Python scalar, a numpy array, nested lists of numbers, `Control` or `ReadOnly`.

    Raises ValueError, with the reason, for anything else.
    """
    if isinstance(item, Control):
        if not isinstance(item.value, (bool, int, float)):
            raise ValueError(f"a control argument is a scalar, not {type(item.value).__name__}")
        inner = value_of(item.value)
        return Value(Argument(inner.argument.type), inner.value)
    if isinstance(item, ReadOnly):
        inner = value_of(item.value)
        kind = inner.argument.type
        if kind.rank == 0 or kind.dtype is None:
            raise ValueError("only arrays are read-only")
        return Value(Argument(array_type(kind.dtype, kind.rank, True)), inner.value)
    if isinstance(item, (bool, np.bool_)):
        return Value(Argument(BOOL, True), bool(item))
    if isinstance(item, (int, np.integer)):
        if not -(2**63) <= int(item) < 2**63:
            raise ValueError("an int argument has 64 bits")
        return Value(Argument(INT, True), int(item))
    if isinstance(item, (float, np.floating)):
        if not np.isfinite(item):
            raise ValueError("a float argument is finite")
        return Value(Argument(FLOAT, True), float(item))
    if isinstance(item, (list, tuple)):
        item = _array(item)
    if isinstance(item, np.ndarray):
        return _array_value(item)
    raise ValueError(f"an argument is a number, a nested list or a numpy array, not {type(item).__name__}")


def _array(items: Sequence[Any]) -> AnyArray:
    """Nested lists as an array: of 8-byte ints, or of 8-byte floats if a float is among them."""
    try:
        array = np.array(items)
    except ValueError:
        raise ValueError("the rows of a nested list have different lengths") from None
    if array.size == 0:
        array = array.astype(np.float64)
    if array.dtype == bool:
        return array.astype(np.uint8)
    if array.dtype.kind not in "if" or array.dtype.itemsize != 8:
        raise ValueError("a list holds ints of 64 bits, or floats")
    return array


def _array_value(array: AnyArray) -> Value:
    if array.dtype == bool:
        array = array.view(np.uint8)  # a view, so that arrays go on sharing elements
    if array.ndim not in (1, 2):
        raise ValueError(f"arrays have rank 1 or 2, not {array.ndim}")
    try:
        dtype = dtype_of_numpy(array.dtype)
    except TypeError as error:
        raise ValueError(str(error)) from None
    if dtype.is_float and not np.isfinite(array).all():
        raise ValueError("the elements of a float array are finite")
    return Value(Argument(array_type(dtype, array.ndim)), array)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an array argument lies: the number of its buffer, and in elements its offset there, shape and strides."""

    buffer: int
    offset: int
    shape: tuple[int, int]
    strides: tuple[int, int]


def place(arrays: Sequence[AnyArray]) -> tuple[list[AnyArray], list[Placement]]:
    """The buffers, of rank 1, that a sequence of arrays needs, and each array's place in them."""
    roots: dict[tuple[int, str], list[int]] = {}
    for index, array in enumerate(arrays):
        root: Any = array
        while getattr(root, "base", None) is not None:  # numpy's own views have bases that are no arrays
            root = root.base
        roots.setdefault((id(root), array.dtype.str), []).append(index)
    buffers: list[AnyArray] = []
    placements: dict[int, Placement] = {}
    for members in roots.values():
        if len(members) == 1 and not _overlaps(arrays[members[0]]):
            array = arrays[members[0]]
            placements[members[0]] = _placement(len(buffers), 0, array.shape, (array.shape[-1], 1))
            buffers.append(np.ascontiguousarray(array).reshape(-1))
            continue
        spans = [np.lib.array_utils.byte_bounds(arrays[index]) for index in members if arrays[index].size]
        low = min((span[0] for span in spans), default=0)
        size = arrays[members[0]].itemsize
        buffer = np.zeros((max((span[1] for span in spans), default=0) - low) // size, arrays[members[0]].dtype)
        for index in members:
            array = arrays[index]
            strides = tuple(stride // size for stride in array.strides)
            offset = (array.__array_interface__["data"][0] - low) // size if array.size else 0
            placements[index] = _placement(len(buffers), offset, array.shape, strides)
            if array.size:
                _copy(buffer, array, placements[index])
        buffers.append(buffer)
    return buffers, [placements[index] for index in range(len(arrays))]


def _copy(buffer: AnyArray, array: AnyArray, where: Placement) -> None:
    """Copy an array that is not empty to its place in a buffer; a progression's elements once each."""
    elements = _progression(where)
    shape: tuple[int, ...] = where.shape if elements is None else (len(elements),)
    steps: tuple[int, ...] = where.strides if elements is None else (elements.step,)
    strides = [step * array.itemsize for step in steps]
    source = array if elements is None else np.lib.stride_tricks.as_strided(array, shape, strides)
    np.lib.stride_tricks.as_strided(buffer[where.offset :], shape, strides)[...] = source


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Arguments ready for the machine, which can place them any number of times.

    Attributes:
        arguments: for each a scalar, or the place of an array.
        buffers: the elements of all arrays.
        visible: for each array argument the elements of its buffer that no argument before it looks at.
    """

    arguments: tuple[bool | int | float | Placement, ...]
    buffers: tuple[AnyArray, ...]
    visible: dict[int, npt.NDArray[np.int64] | range]


def arrange(values: Sequence[Value]) -> Arrangement:
    """Arrange arguments: arrays that look at one numpy buffer get one on the machine."""
    arrays = [index for index, value in enumerate(values) if value.argument.type.rank > 0]
    buffers, placements = place([values[index].value for index in arrays])
    placed = dict(zip(arrays, placements, strict=True))
    visible = dict(zip(arrays, newly_visible(buffers, placements), strict=True))
    arguments = tuple(placed.get(index, value.value) for index, value in enumerate(values))
    return Arrangement(arguments, tuple(buffers), visible)


def newly_visible(buffers: Sequence[AnyArray], placements: Sequence[Placement]) -> list[npt.NDArray[np.int64] | range]:
    """For each array the elements of its buffer, in index order, that no array before it looks at."""
    result: list[npt.NDArray[np.int64] | range] = []
    seen: dict[int, npt.NDArray[np.bool_]] = {}
    for where in placements:
        known = seen.setdefault(where.buffer, np.zeros(len(buffers[where.buffer]), dtype=bool))
        fresh: npt.NDArray[np.int64] | range
        progression = _progression(where)
        if progression is None:
            elements = _in_index_order(where)
            fresh = elements[~known[elements]]
            known[fresh] = True
        else:
            upwards = progression if progression.step > 0 else progression[::-1]
            here = known[upwards.start : upwards.stop : upwards.step]
            new = ~(here if upwards is progression else here[::-1])
            fresh = progression if new.all() else progression.start + progression.step * np.flatnonzero(new)
            here[:] = True
        result.append(fresh)
    return result


def _in_index_order(where: Placement) -> npt.NDArray[np.int64]:
    """The elements of its buffer that an array looks at, row by row, each where it comes first."""
    rows, columns = (np.arange(size) * stride for size, stride in zip(where.shape, where.strides, strict=True))
    elements, first = np.unique((where.offset + np.add.outer(rows, columns)).reshape(-1), return_index=True)
    return elements[np.argsort(first)].astype(np.int64)


def _progression(where: Placement) -> range | None:
    """The same in a moment, if it is an arithmetic progression; None if it is none.

    So it is for one row or column, for what is contiguous, and for windows of a stream, each of which goes on where the
    one before ends.
    """
    (rows, columns), (by_row, by_column) = where.shape, where.strides
    if rows * columns == 0:
        return range(0)
    if columns == 1 or by_column == 0:
        rows, columns, by_row, by_column = 1, rows, 0, by_row
    if rows == 1:
        by_row = 0
    if by_column == 0:
        return range(where.offset, where.offset + 1)
    ahead, rest = divmod(by_row, by_column)
    if rest or not 0 <= ahead <= columns:
        return None
    return range(where.offset, where.offset + by_column * (columns + (rows - 1) * ahead), by_column)


def _overlaps(array: AnyArray) -> bool:
    """Whether elements of one array share memory: whether steps along one axis lead where steps along the other do."""
    rows, columns = (*array.shape, 1)[:2]
    by_row, by_column = map(abs, (*array.strides, 0)[:2])
    unit = math.gcd(by_row, by_column)
    if unit == 0 or array.size == 0:
        return array.size > 1
    return bool(rows > by_column // unit and columns > by_row // unit)


def _placement(buffer: int, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Placement:
    if len(shape) == 1:
        return Placement(buffer, offset, (shape[0], 1), (strides[-1] if len(strides) == 1 else strides[1], 1))
    return Placement(buffer, offset, (shape[0], shape[1]), (strides[0], strides[1]))
