"""The instances of tasks: `Examples` for learners, an `Episode` for programs with another contract."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Examples:
    """One problem for a learner: rows to learn from, queries, and their answers, which no program is ever given.

    The learner is fitted once, and then asked one query after the other, in order.

    Attributes:
        x: training rows, uint8 of shape (rows, columns), symbols 0..n_symbols-1. Rows may overlap in memory: windows of
            a stream (`numpy.lib.stride_tricks.sliding_window_view`) have one cell for each element of the stream.
        y: their classes, uint8 of shape (rows,); may be a view of the same stream.
        queries: uint8 of shape (queries, columns), possibly windows of another stream.
        answers: the queries' classes, int64 of shape (queries,); -1 where no prediction is right.
        n_symbols, n_classes: sizes of the alphabets.
    """

    x: NDArray[np.uint8]
    y: NDArray[np.uint8]
    queries: NDArray[np.uint8]
    answers: NDArray[np.int64]
    n_symbols: int
    n_classes: int

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle, and keep which arrays are views of one stream: an element has one address, and one energy."""
        pieces = _pieces((self.x, self.y, self.queries, self.answers))
        return _examples, (pieces, self.n_symbols, self.n_classes)


_Piece: TypeAlias = tuple[tuple[int, ...], str, bytearray, int, tuple[int, ...]]
"""The arguments of `numpy.ndarray`: shape, dtype, the memory, the place in it, strides."""


def _pieces(arrays: Sequence[NDArray[Any]]) -> list[_Piece]:
    """Arrays as parts of memory, which those have in common that are views of one array."""
    roots: dict[int, list[NDArray[Any]]] = {}
    for array in arrays:
        roots.setdefault(id(root_of(array)), []).append(array)
    pieces: dict[int, _Piece] = {}
    for views in roots.values():
        bounds = [np.lib.array_utils.byte_bounds(view) for view in views]
        low = min(first for first, _ in bounds)
        memory = bytearray(max(last for _, last in bounds) - low)
        for view in views:
            place = view.__array_interface__["data"][0] - low if view.size else 0
            piece = (view.shape, view.dtype.str, memory, place, view.strides)
            _array(piece)[...] = view
            pieces[id(view)] = piece
    return [pieces[id(array)] for array in arrays]


def root_of(array: NDArray[Any]) -> Any:
    """What an array is a view of in the end, or itself. Views of one thing share cells where they overlap."""
    root: Any = array
    while getattr(root, "base", None) is not None:  # numpy's own views have bases that are no arrays
        root = root.base
    return root


def _examples(pieces: Sequence[_Piece], n_symbols: int, n_classes: int) -> Examples:
    """Make what was pickled."""
    x, y, queries, answers = (_array(piece) for piece in pieces)
    return Examples(x, y, queries, answers, n_symbols, n_classes)


def _array(piece: _Piece) -> NDArray[Any]:
    shape, dtype, memory, place, strides = piece
    return np.ndarray(shape, np.dtype(dtype), memory, place, strides)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the program's functions: its name, and arguments in the order of its signature."""

    function: str
    arguments: tuple[Any, ...]


class UnusableAnswer(Exception):
    """Raised by an episode whose task can do nothing with an answer, such as a list that is too short.

    The program has failed, with the status `unusable_answer`.
    """


class Episode(Protocol):
    """One problem for a program with a contract of its own: it calls the functions, and judges what they answer."""

    def play(self) -> Generator[Call, Any, float]:
        """Yield each call; its result, a Python scalar or a numpy array, is sent back. Return the quality, 0 to 1.

        Every call starts with nothing but its arguments: what a function needs to know of earlier calls it must be
        given. Quality takes the place of accuracy. Raise UnusableAnswer for an answer that is no answer.
        """
        ...


Instance: TypeAlias = Examples | Episode
