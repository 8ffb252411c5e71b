"""Windows of a stream as arguments: what they share, what they cost, and that nobody writes them out."""

from __future__ import annotations

import math
import tracemalloc
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from fitness import Control, ReadOnly, learner, measure, play, stage
from fitness.arguments import newly_visible, place


def view_of(draw: st.DrawFn, memory: np.ndarray) -> np.ndarray:
    shape = draw(st.lists(st.integers(0, 6), min_size=1, max_size=2))
    strides = [draw(st.integers(-7, 7)) for _ in shape]
    ends = [(size - 1) * stride for size, stride in zip(shape, strides, strict=True)]
    low, high = -sum(end for end in ends if end < 0), len(memory) - sum(end for end in ends if end > 0)
    if low >= high:
        return memory[:0]
    first = draw(st.integers(low, high - 1))
    return as_strided(memory[first:], shape, [stride * memory.itemsize for stride in strides], writeable=False)


def addresses(array: np.ndarray) -> list[int]:
    """Where the elements of an array lie, row by row."""
    start, places = array.__array_interface__["data"][0], product(*map(range, array.shape))
    return [start + sum(i * stride for i, stride in zip(place, array.strides, strict=True)) for place in places]


@given(st.data(), st.integers(1, 4))
def test_each_view_makes_visible_in_index_order_what_none_before_it_did(data: st.DataObject, count: int) -> None:
    memory = np.arange(30, dtype=data.draw(st.sampled_from([np.uint8, np.int32, np.float64])))
    arrays = [view_of(data.draw, memory) for _ in range(count)]
    buffers, placements = place(arrays)
    seen: set[int] = set()
    for array, where, visible in zip(arrays, placements, newly_visible(buffers, placements), strict=True):
        fresh = [address for address in dict.fromkeys(addresses(array)) if address not in seen]
        seen.update(fresh)
        values = [memory[(address - memory.ctypes.data) // memory.itemsize] for address in fresh]
        assert buffers[where.buffer][np.asarray(visible, dtype=np.int64)].tolist() == values
        rows, columns = (np.arange(size) * step for size, step in zip(where.shape, where.strides, strict=True))
        here = buffers[where.buffer][where.offset + np.add.outer(rows, columns)] if array.size else array
        assert here.reshape(array.shape).tolist() == array.tolist()


def windows(stream: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and classes of a stream, as a text task makes them."""
    return sliding_window_view(stream, columns)[:-1], stream[columns:]


def test_rows_and_classes_of_a_stream_share_one_buffer_of_its_length() -> None:
    stream = np.arange(50, dtype=np.uint8)
    fit = stage(*windows(stream, 4), stream[None, :4], 50, 50).fit
    assert [buffer.tolist() for buffer in fit.buffers] == [stream.tolist()]
    assert [list(fit.visible[index]) for index in (0, 1)] == [list(range(49)), [49]]


def test_a_stream_is_arranged_without_writing_its_rows_out() -> None:
    stream = np.zeros(200_000, dtype=np.uint8)
    rows, classes = windows(stream, 16)
    stage(rows, classes, rows[:1], 2, 2)
    tracemalloc.start()
    stage(rows, classes, sliding_window_view(stream, 16), 2, 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(stream) < rows.size


class Stack:
    """An LRU stack of cells of 1 byte as a list, the top last."""

    def __init__(self) -> None:
        self.cells: list[object] = []
        self.energy = 0.0

    def write(self, cell: object) -> None:
        if cell in self.cells:
            self.cells.remove(cell)
        self.cells.append(cell)

    def read(self, cell: object) -> None:
        self.energy += math.sqrt(len(self.cells) - self.cells.index(cell))
        self.write(cell)


FOLD = (
    "def fold(x, y):\n"
    "    s = 0\n"
    "    for i in range(len(y)):\n"
    "        for j in range({start}, x.shape[1], {step}):\n"
    "            s = s ^ x[i, j]\n"
    "        s = s ^ y[i]\n"
    "    return s\n"
)


@pytest.mark.parametrize("columns", [1, 2, 5])
@pytest.mark.parametrize(("start", "step"), [(0, 1), (1, 2)])
def test_reading_windows_costs_what_it_costs_to_read_their_stream(columns: int, start: int, step: int) -> None:
    stream = np.random.default_rng(columns).integers(0, 64, 40, dtype=np.uint8)
    rows, classes = windows(stream, columns)
    stack = Stack()
    for cell in (39, *reversed(range(39))):  # the classes add the last, below what the rows hold; element 0 is on top
        stack.write(cell)
    stack.write("s")
    for i in range(len(rows)):
        for cell in (*range(i + start, i + columns, step), i + columns):
            stack.read("s")
            stack.read(cell)
            stack.write("s")
    m = measure(FOLD.format(start=start, step=step), "fold", [ReadOnly(rows), ReadOnly(classes)])
    assert (m.status, m.peak_memory) == ("ok", 40)
    assert m.energy["dmc"] == pytest.approx(stack.energy)


def test_asking_for_the_next_window_puts_one_element_on_the_stack() -> None:
    stream = np.arange(12, dtype=np.uint8)
    queries = sliding_window_view(stream, 4)
    stack = Stack()
    for cell in reversed(range(4)):
        stack.write(cell)
    for query in range(len(queries)):
        if query:
            stack.write(query + 3)
        for cell in (query, query + 3):
            stack.read(cell)
        stack.write("answer")
        stack.cells.remove("answer")
    program = learner("def fit(x, y, k, c):\n    return k\ndef predict(k, q):\n    return q[0] ^ q[3]\n")
    p = play(program, stage(*windows(stream, 4), queries, 12, 12))
    assert p.answers.tolist() == (queries[:, 0] ^ queries[:, 3]).tolist()
    assert p.energy == pytest.approx(stack.energy)


def test_a_control_argument_after_a_stream_changes_nothing() -> None:
    rows, classes = windows(np.arange(9, dtype=np.uint8), 3)
    source = FOLD.format(start=0, step=1).replace("(x, y)", "(x, y, n)")
    with_control = measure(source, "fold", [ReadOnly(rows), ReadOnly(classes), Control(7)])
    without = measure(FOLD.format(start=0, step=1), "fold", [ReadOnly(rows), ReadOnly(classes)])
    assert with_control.energy == without.energy
