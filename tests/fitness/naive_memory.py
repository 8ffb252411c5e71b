"""What the naive `dmc` reference remembers: the LRU stack as a plain list, and arrays as buffers of cells.

Nothing here is fast, and nothing here knows the language: `naive_dmc` runs programs over it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product

import numpy as np

WIDTHS = {"u1": 1, "i4": 4, "i8": 8, "f4": 4, "f8": 8}
RANGES = {"u1": (0, 255), "i4": (-(2**31), 2**31 - 1), "i8": (-(2**63), 2**63 - 1)}
Cell = int


def scalar_width(value: bool | int | float) -> int:
    """Bytes of a scalar variable or temporary that holds `value`."""
    if isinstance(value, bool):
        return 1
    if isinstance(value, float):
        return 8
    if -128 <= value <= 255:
        return 1
    if -32_768 <= value <= 65_535:
        return 2
    if -(2**31) <= value <= 2**32 - 1:
        return 4
    return 8


class Stack:
    """The LRU stack: a list of [cell, width], the top at its end."""

    def __init__(self) -> None:
        self.entries: list[list[int]] = []
        self._names: Iterator[int] = count()

    def new_cell(self) -> Cell:
        return next(self._names)

    def place(self, cell: Cell) -> int | None:
        for position in range(len(self.entries) - 1, -1, -1):
            if self.entries[position][0] == cell:
                return position
        return None

    def read(self, cell: Cell) -> float:
        """The cost of reading `cell`, which goes on top."""
        position = self.place(cell)
        assert position is not None, "a cell is read that is not on the stack"
        width = self.entries[position][1]
        above = sum(entry[1] for entry in self.entries[position + 1 :])
        self.entries.append(self.entries.pop(position))
        return sum(math.sqrt(above + byte) for byte in range(1, width + 1))

    def write(self, cell: Cell, width: int) -> None:
        """Puts `cell` on top, with this width."""
        self.leave(cell)
        self.entries.append([cell, width])

    def leave(self, cell: Cell) -> None:
        """Takes `cell` off, if it is there; what lies below closes up."""
        position = self.place(cell)
        if position is not None:
            del self.entries[position]


@dataclass(eq=False)
class Buffer:
    """Memory of one allocation: values and cells by place. `names` counts whatever holds it: variables, operands."""

    values: dict[int, int | float] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    names: int = 0


@dataclass(frozen=True, eq=False)
class Array:
    """An array or a view: element (i, j) is at `offset + i * strides[0] + j * strides[1]` of its buffer."""

    buffer: Buffer
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def place(self, index: tuple[int, ...]) -> int:
        assert len(index) == len(self.shape)
        for i, length in zip(index, self.shape, strict=True):
            if not 0 <= i < length:
                raise IndexError(f"index {i} of {length}")
        return self.offset + sum(i * stride for i, stride in zip(index, self.strides, strict=True))

    def load(self, place: int) -> int | float:
        return self.buffer.values[place]

    def store(self, place: int, value: bool | int | float) -> None:
        self.buffer.values[place] = stored(value, self.dtype)

    def places(self) -> list[int]:
        """All places, row by row."""
        return [self.place(index) for index in product(*map(range, self.shape))]

    def transposed(self) -> "Array":
        return Array(self.buffer, self.dtype, self.offset, self.shape[::-1], self.strides[::-1])

    def without(self, axis: int, i: int) -> "Array":
        """The view at index `i` of an axis, which it does not have."""
        if not 0 <= i < self.shape[axis]:
            raise IndexError(f"index {i} of {self.shape[axis]}")
        shape, strides = list(self.shape), list(self.strides)
        del shape[axis], strides[axis]
        return Array(self.buffer, self.dtype, self.offset + i * self.strides[axis], tuple(shape), tuple(strides))

    def part(self, axis: int, low: int, high: int, step: int) -> "Array":
        """The view from `low` to `high` of one axis."""
        if not 0 <= low <= high <= self.shape[axis]:
            raise IndexError(f"bounds {low}:{high} of {self.shape[axis]}")
        shape, strides = list(self.shape), list(self.strides)
        shape[axis] = -(-(high - low) // step)
        strides[axis] *= step
        return Array(self.buffer, self.dtype, self.offset + low * self.strides[axis], tuple(shape), tuple(strides))

    def to_numpy(self) -> np.ndarray:
        values = [self.load(place) for place in self.places()]
        return np.array(values, dtype=self.dtype).reshape(self.shape)


def stored(value: bool | int | float, dtype: str) -> int | float:
    """What an element of that type holds after `value` has been stored into it."""
    if dtype == "f8":
        return float(value)
    if dtype == "f4":
        return float(np.float32(value))
    if isinstance(value, float):
        raise TypeError("a float stored in an int array")
    low, high = RANGES[dtype]
    if not low <= value <= high:
        raise OverflowError(f"{value} stored in {dtype}")
    return int(value)


def allocate(stack: Stack, shape: tuple[int, ...], dtype: str) -> Array:
    """A new array of zeros, whose cells are put on the stack in index order, the last on top."""
    if any(length < 0 for length in shape):
        raise ValueError("a negative size")
    strides = (shape[1], 1) if len(shape) == 2 else (1,)
    array = Array(Buffer(), dtype, 0, shape, strides)
    for place in array.places():
        array.store(place, 0)
        array.buffer.cells[place] = stack.new_cell()
        stack.write(array.buffer.cells[place], WIDTHS[dtype])
    return array


def discard(stack: Stack, buffer: Buffer) -> None:
    """Takes the cells of a buffer that no name can reach off the stack."""
    for cell in buffer.cells.values():
        stack.leave(cell)


def input_arrays(arguments: list) -> list:
    """The arguments, numpy arrays and nested lists being `Array`s of one memory by address: views share their places.

    The cells are not on the stack yet.
    """
    memory = Buffer(names=1)  # the caller holds its arguments until the end
    keep_alive = []
    converted = []
    for argument in arguments:
        if isinstance(argument, list):
            argument = np.array(argument)
            argument = argument.astype("f8" if argument.dtype.kind == "f" else "i8")
        if not isinstance(argument, np.ndarray):
            converted.append(argument)
            continue
        if argument.dtype.kind == "b":
            argument = argument.view("u1")
        keep_alive.append(argument)
        dtype = argument.dtype.kind + str(argument.dtype.itemsize)
        array = Array(memory, dtype, argument.ctypes.data, argument.shape, argument.strides)
        for place, value in zip(array.places(), argument.ravel().tolist(), strict=True):
            memory.values[place] = value
        converted.append(array)
    return converted
