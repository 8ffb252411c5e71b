"""Arrays in CPython: elements, views, stores and what they refuse."""

import pickle

import numpy as np
import pytest

from primitives import array, f4, f8, full, i4, i8, u1, window, zeros
from primitives.array import Array
from primitives.failures import (
    IndexFailure,
    NotFiniteFailure,
    OverflowFailure,
    ReadOnlyFailure,
    ShapeFailure,
)

ALL = [u1, i4, i8, f4, f8]


def matrix(rows=3, columns=4):
    return Array.from_numpy(np.arange(rows * columns).reshape(rows, columns))


def values(a):
    return a.to_numpy().tolist()


@pytest.mark.parametrize("dtype", ALL)
def test_elements_come_out_as_python_numbers(dtype):
    a, m = zeros(2, dtype), zeros((2, 2), dtype)
    a[1] = 1
    m[1, 0] = True
    expected = float if dtype.is_float else int
    assert type(a[1]) is type(m[1, 0]) is expected
    assert (a[0], a[1], m[1, 0]) == (0, 1, 1)


def test_element_types_survive_pickling():
    assert all(pickle.loads(pickle.dumps(dtype)) is dtype for dtype in ALL)


def test_allocation():
    assert values(zeros((2, 3), u1)) == [[0, 0, 0], [0, 0, 0]]
    assert values(full(2, 7)) == [7.0, 7.0]
    assert array([1, True]).dtype is i8
    assert array([0.5]).dtype is f8
    assert array([1, 0.5], f4).dtype is f4
    for mixed in ([1, 0.5], []):
        with pytest.raises(TypeError):
            array(mixed)
    with pytest.raises(ShapeFailure):
        zeros((2, -1))
    with pytest.raises(TypeError):
        zeros(2.0)


@pytest.mark.parametrize("key", [-1, 3, (0, -1), (0, 4), (3, 0), (-1, 0)])
def test_no_index_is_negative_or_beyond_the_end(key):
    with pytest.raises(IndexFailure):
        matrix()[key]
    with pytest.raises(IndexError):
        matrix()[key] = 1


@pytest.mark.parametrize(
    "key", [slice(-1, 2), slice(2, 1), slice(0, 4), slice(0, 2, 0), (slice(0, 2), slice(0, 5)), (0, 4)]
)
def test_bounds_are_not_cut_to_the_array(key):
    with pytest.raises(IndexFailure):
        matrix()[key]


@pytest.mark.parametrize("key", [True, 1.0, None, (0, True), (0, 0, 0), slice(0, True), slice(0.0, 1)])
def test_indices_are_ints(key):
    with pytest.raises(TypeError):
        matrix()[key]


@pytest.mark.parametrize(
    "key",
    [
        0,
        slice(1, 3),
        slice(0, 3, 2),
        slice(None),
        (1, slice(None)),
        (slice(None), 2),
        (slice(1, 3), slice(1, 4)),
        (slice(None), slice(1, 3)),
        (2, slice(1, 3)),
        (slice(0, 2), 1),
        slice(1, 1),
    ],
)
def test_views_are_numpys_and_share_memory(key):
    memory = np.arange(12).reshape(3, 4)
    view = Array.from_numpy(memory)[key]
    assert values(view) == memory[key].tolist()
    view *= 2
    assert values(view) == memory[key].tolist()


def test_transpose_shares_memory():
    m = matrix()
    m.T[3, 1] = -5
    assert m[1, 3] == -5
    assert m.T.shape == (4, 3)
    with pytest.raises(TypeError):
        m[0].T  # noqa: B018


def test_window_views_elements_or_rows():
    m = matrix()
    assert values(window(m, 1, 2)) == values(m[1:3])
    assert values(window(m[0], 2, 0)) == []
    for start, length in [(-1, 2), (2, 2), (0, -1)]:
        with pytest.raises(IndexFailure):
            window(m, start, length)


def test_arguments_that_share_memory_stay_shared():
    memory = np.zeros(4)
    a, b = Array.from_numpy(memory), Array.from_numpy(memory[::-1])
    a[0] = 3.5
    assert b[3] == 3.5


@pytest.mark.parametrize(
    ("dtype", "value"), [(u1, -1), (u1, 256), (i4, 2**31), (i8, 2**63), (f8, 2**63), (f4, -(2**63) - 1)]
)
def test_what_does_not_fit_is_never_wrapped(dtype, value):
    with pytest.raises(OverflowFailure):
        zeros(1, dtype)[0] = value


def test_float_elements_round_and_stay_finite():
    a = zeros(1, f4)
    a[0] = 0.1
    assert a[0] == float(np.float32(0.1))
    a[0] = 3.4028235e38
    assert a[0] == float(np.finfo(np.float32).max)
    for dtype, value in [(f4, 3.4028235677973366e38), (f4, float("nan")), (f8, float("inf")), (f8, float("nan"))]:
        with pytest.raises(NotFiniteFailure):
            zeros(1, dtype)[0] = value
    a[0] = 2**53 + 1
    assert a[0] == 2.0**53


def test_int_elements_refuse_floats():
    for key in (0, slice(0, 2)):
        with pytest.raises(TypeError):
            zeros(2, i8)[key] = 1.0


def test_slice_stores_copy_and_fill():
    m = matrix()
    m[0, :] = m[2]
    m[1:3, 1:3] = 9
    assert values(m) == [[8, 9, 10, 11], [4, 9, 9, 7], [8, 9, 9, 11]]
    with pytest.raises(ShapeFailure):
        m[0, :] = m[0, 0:2]
    for key, value in [((0, slice(None)), m), (0, m[1]), (0, 1), ((0, 0), m[1])]:
        with pytest.raises(TypeError):
            m[key] = value


def test_an_overlapping_copy_goes_forward_element_by_element():
    a = array([1, 2, 3, 4])
    a[1:4] = a[0:3]
    assert values(a) == [1, 1, 1, 1]


def test_in_place_operators_change_the_array_behind_a_view():
    m = matrix()
    row = m[0]
    row ^= m[1]
    m[1] += 10
    m[2, :] *= m[2]
    m[:, 3] -= 1
    assert row is not m
    assert values(m) == [[4, 4, 4, 3], [14, 15, 16, 16], [64, 81, 100, 120]]


def test_in_place_operators_keep_the_element_type():
    a = zeros(2, u1)
    a += 255
    with pytest.raises(OverflowFailure):
        a += 1
    with pytest.raises(TypeError):
        a /= 5
    with pytest.raises(ShapeFailure):
        a += zeros(3, u1)


def test_read_only_arrays_and_their_views_refuse_stores():
    memory = np.zeros((2, 2))
    a = Array.from_numpy(memory, readonly=True)
    view = a[0]
    with pytest.raises(ReadOnlyFailure):
        a[0, 0] = 1.0
    with pytest.raises(ReadOnlyFailure):
        view[:] = 1.0
    with pytest.raises(ReadOnlyFailure):
        view += 1.0
    memory.flags.writeable = False
    assert Array.from_numpy(memory).readonly


def test_arrays_are_no_conditions_and_no_iterables():
    a = zeros(3)
    for use in (bool, list, hash, sum, lambda a: 1.0 in a, lambda a: a == None):  # noqa: E711
        with pytest.raises(TypeError):
            use(a)


def test_to_numpy_copies():
    m = matrix()
    copied = m.T.to_numpy()
    copied[0, 0] = 99
    assert m[0, 0] == 0
    assert copied.flags.c_contiguous


def test_numpy_arrays_of_other_types_are_refused():
    assert values(Array.from_numpy(np.array([True, False]))) == [1, 0]
    for memory in (np.zeros(2, np.int16), np.zeros((1, 1, 1)), np.array(1.0), np.zeros(2, ">f8")):
        with pytest.raises(TypeError):
            Array.from_numpy(memory)
