"""The primitives that are written in the language, against numpy, and random numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives import (
    add_outer,
    add_rows,
    amax,
    amin,
    argmax,
    argmin,
    argsort,
    array,
    assign,
    astype,
    axpy,
    bincount,
    clip,
    copy,
    count_nonzero,
    cumsum,
    dot,
    f4,
    f8,
    fill,
    generator,
    hamming,
    i4,
    i8,
    matmul,
    matvec,
    mean,
    mix,
    normal,
    outer,
    pack,
    pack_rows,
    permutation,
    randint,
    random,
    seed,
    shuffle,
    softmax,
    sort,
    sum,
    swap_rows,
    take,
    u1,
    unpack,
    vecmat,
    xor_rows,
    zeros,
)
from primitives.array import Array
from primitives.failures import DomainFailure, IndexFailure, OverflowFailure, ShapeFailure

small_ints = st.lists(st.integers(-9, 9), max_size=9)
some_ints = st.lists(st.integers(-9, 9), min_size=1, max_size=9)


def matrix(rows, columns, start=0):
    return Array.from_numpy(np.arange(start, start + rows * columns).reshape(rows, columns))


def values(a):
    return a.to_numpy().tolist()


@settings(max_examples=25, deadline=None)
@given(small_ints)
def test_sorting_is_stable(numbers):
    a = array(numbers, i4)
    assert values(sort(a)) == sorted(numbers)
    assert values(argsort(a)) == np.argsort(numbers, kind="stable").tolist()
    assert sort(a).dtype is i4
    assert values(a) == numbers


@settings(max_examples=25, deadline=None)
@given(some_ints)
def test_reductions_are_numpys(numbers):
    a, n = array(numbers), np.array(numbers)
    assert sum(a) == n.sum()
    assert type(sum(a)) is int
    assert mean(a) == n.mean()
    assert (amax(a), amin(a), argmax(a), argmin(a)) == (n.max(), n.min(), n.argmax(), n.argmin())
    assert count_nonzero(a) == np.count_nonzero(n)
    assert hamming(a, a * 2) == np.count_nonzero(n)
    assert values(cumsum(a)) == n.cumsum().tolist()


def test_reductions_of_matrices_cover_every_element():
    m = matrix(2, 3, start=-2)
    assert (sum(m), mean(m), amax(m), amin(m), count_nonzero(m)) == (3, 0.5, 3, -2, 5)


def test_reductions_of_nothing():
    empty = zeros(0)
    assert (sum(empty), count_nonzero(empty)) == (0.0, 0)
    for reduction in (amax, amin, argmax, argmin, softmax):
        with pytest.raises(IndexFailure):
            reduction(empty)
    with pytest.raises(ZeroDivisionError):
        mean(empty)


def test_sums_of_ints_are_ints_and_of_floats_floats():
    ints, floats = array([1, 2], u1), array([0.5, 0.25])
    assert [type(x) for x in (sum(ints), dot(ints, ints), dot(ints, floats), mean(ints))] == [int, int, float, float]
    assert cumsum(ints).dtype is i8
    assert cumsum(astype(floats, f4)).dtype is f4


def test_copies_are_new_and_assignments_are_not():
    for a in (array([1, 2, 3], u1), matrix(2, 2)):
        b = copy(a)
        fill(a, 7)
        assert a.dtype is b.dtype
        assert amin(a) == 7
        assert values(b) != values(a)
        assign(a, b)
        assert values(b) == values(a)
        assert astype(a, f4).dtype is f4
    with pytest.raises(ShapeFailure):
        assign(zeros(2), zeros(3))
    with pytest.raises(TypeError):
        assign(zeros(2), zeros((2, 2)))
    with pytest.raises(OverflowFailure):
        astype(array([300]), u1)


def test_take_gathers_elements_or_rows():
    indices = array([2, 0], u1)
    assert values(take(array([5, 6, 7]), indices)) == [7, 5]
    assert values(take(matrix(3, 2), indices)) == [[4, 5], [0, 1]]


def test_bincount_counts_below_its_size():
    assert values(bincount(array([0, 2, 2], u1), 4)) == [1, 0, 2, 0]
    with pytest.raises(IndexFailure):
        bincount(array([4]), 4)


def test_clip_takes_scalars_and_arrays():
    assert (clip(5, 0, 3), clip(-0.5, 0.0, 1.0)) == (3, 0.0)
    clipped = clip(array([0, 128, 255], u1), 10, 200)
    assert (clipped.dtype, values(clipped)) == (u1, [10, 128, 200])
    assert values(clip(matrix(2, 2), 1, 2)) == [[1, 1], [2, 2]]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_products_are_numpys(rows, inner, columns):
    a, b = matrix(rows, inner), matrix(inner, columns, start=-3)
    expected = a.to_numpy() @ b.to_numpy()
    assert values(matmul(a, b)) == expected.tolist()
    assert values(matvec(a, b[:, 0])) == expected[:, 0].tolist()
    assert values(vecmat(a[0], b)) == expected[0].tolist()
    assert values(outer(a[0], b[0])) == np.outer(a[0].to_numpy(), b[0].to_numpy()).tolist()


def test_products_of_shapes_that_do_not_fit_fail():
    for product, a, b in [
        (matmul, matrix(2, 3), matrix(2, 3)),
        (matvec, matrix(2, 3), zeros(2)),
        (dot, zeros(1), zeros(2)),
    ]:
        with pytest.raises(ShapeFailure):
            product(a, b)
    with pytest.raises(TypeError, match=r"matvec\(a, x\) does not take an array of rank 1, an array of rank 1"):
        matvec(zeros(2), zeros(2))


def test_updates_change_their_target_only():
    y = array([1.0, 2.0])
    axpy(2.0, array([1, 10]), y)
    assert values(y) == [3.0, 22.0]
    a = zeros((2, 2))
    add_outer(a, 2, array([1, 2]), array([3, 4]))
    assert values(a) == [[6.0, 8.0], [12.0, 16.0]]
    for x, y in [(zeros(3), zeros(2)), (zeros(2), zeros(3))]:
        with pytest.raises(ShapeFailure):
            add_outer(a, 1.0, x, y)


def test_row_operations():
    a = matrix(3, 2)
    swap_rows(a, 0, 2)
    assert values(a) == [[4, 5], [2, 3], [0, 1]]
    xor_rows(a, 0, 1)
    assert values(a[0]) == [4 ^ 2, 5 ^ 3]
    add_rows(a, 2, 1, -1)
    assert values(a[2]) == [-2, -2]
    xor_rows(a, 1, 1)
    assert values(a[1]) == [0, 0]


def test_softmax_survives_large_numbers():
    p = softmax(array([1000.0, 1000.0, -1000.0]))
    assert values(p) == [0.5, 0.5, 0.0]
    assert softmax(array([1, 2], u1)).dtype is f8
    assert softmax(array([1.0], f4)).dtype is f4


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**63 - 1))
def test_packing_undoes_unpacking(word):
    bits = unpack(word, 63)
    assert bits.dtype is u1
    assert pack(bits) == word


def test_pack_rows_packs_each():
    assert values(pack_rows(Array.from_numpy(np.array([[1, 0, 1], [0, 1, 1]], np.uint8)))) == [5, 6]


def test_mix_and_the_generator_are_splitmix64():
    # the published first outputs of splitmix64 from state 1234567
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert [mix((1234567 + k * 0x9E3779B97F4A7C15 + 2**63) % 2**64 - 2**63) % 2**64 for k in range(1, 5)] == published
    seed(1234567)
    assert [random() for _ in published] == [(word >> 11) / 2**53 for word in published]


def test_a_seed_starts_the_stream_again():
    seed(5)
    first = [random(), randint(-3, 3), normal()]
    generator.reseed(5 - 2**64)
    assert [random(), randint(-3, 3), normal()] == first


@settings(max_examples=25, deadline=None)
@given(st.integers(-(2**62), 2**62), st.integers(1, 2**62 - 1))
def test_random_ints_lie_in_their_range(lo, count):
    assert lo <= randint(lo, lo + count) < lo + count


def test_empty_and_huge_ranges_of_random_ints_fail():
    with pytest.raises(DomainFailure):
        randint(3, 3)
    with pytest.raises(OverflowFailure):
        randint(-(2**63), 2**63 - 1)


def test_shuffles_are_permutations():
    seed(1)
    assert sorted(values(permutation(20))) == list(range(20))
    a, m = array([3, 1, 2]), matrix(4, 2)
    shuffle(a)
    shuffle(m)
    assert sorted(values(a)) == [1, 2, 3]
    assert sorted(values(m)) == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_normal_numbers_have_mean_0_and_variance_1():
    seed(2)
    sample = [normal() for _ in range(4000)]
    assert abs(np.mean(sample)) < 4 / math.sqrt(4000)
    assert abs(np.var(sample) - 1) < 4 * math.sqrt(2 / 4000)
