"""Operators and maths on whole arrays."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import primitives
from primitives import array, elementwise, f4, f8, i4, i8, u1, zeros
from primitives.array import Array
from primitives.failures import NotFiniteFailure, OverflowFailure, ShapeFailure

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
ON_BITS = ("&", "|", "^", "<<", ">>")
positive_ints = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@pytest.mark.parametrize("op", OPERATORS)
@settings(max_examples=25, deadline=None)
@given(positive_ints, st.data())
def test_an_operator_is_pythons_at_every_place(op, left, data):
    right = data.draw(st.lists(st.integers(1, 9), min_size=len(left), max_size=len(left)))
    apply = OPERATORS[op]
    a, b = array(left), array(right)
    assert apply(a, b).to_numpy().tolist() == [apply(x, y) for x, y in zip(left, right, strict=True)]
    assert apply(a, 3).to_numpy().tolist() == [apply(x, 3) for x in left]
    assert apply(3, a).to_numpy().tolist() == [apply(3, x) for x in left]
    stacked = Array.from_numpy(np.array([left, right]))
    assert apply(stacked, stacked).to_numpy().tolist() == [[apply(x, x) for x in row] for row in (left, right)]


@pytest.mark.parametrize(
    ("op", "left", "right", "scalar_is_float", "expected"),
    [
        ("+", u1, u1, False, i8),
        ("+", u1, None, True, f8),
        ("*", f4, f4, False, f4),
        ("*", f4, None, True, f4),
        ("*", None, f4, False, f4),
        ("*", f4, u1, False, f8),
        ("*", f4, f8, False, f8),
        ("/", i8, i8, False, f8),
        ("/", f4, None, False, f4),
        ("/", u1, f4, False, f8),
        ("&", u1, i4, False, i4),
        ("^", u1, None, False, u1),
        ("<<", u1, None, False, i8),
        ("<", f8, f8, False, u1),
        ("==", None, u1, True, u1),
    ],
)
def test_element_types_of_results(op, left, right, scalar_is_float, expected):
    assert elementwise.result_dtype(op, left, right, scalar_is_float) is expected


@pytest.mark.parametrize("op", ON_BITS)
def test_operators_on_bits_refuse_floats(op):
    for a, b in [(zeros(1), 1), (array([1]), 1.0), (array([1]), zeros(1))]:
        with pytest.raises(TypeError):
            OPERATORS[op](a, b)


def test_negation_and_complement_of_bytes_fit():
    a = array([1, 0], u1)
    assert (-a).to_numpy().tolist() == [-1, 0]
    assert (~a).to_numpy().tolist() == [-2, -1]
    with pytest.raises(TypeError):
        ~zeros(1)


def test_operands_must_match():
    with pytest.raises(ShapeFailure):
        zeros(2) + zeros(3)
    with pytest.raises(TypeError):
        zeros(2) + zeros((2, 2))
    for other in ("text", None, [1.0, 2.0]):
        with pytest.raises(TypeError):
            zeros(2) + other


def test_results_beyond_their_element_type_fail():
    with pytest.raises(OverflowFailure):
        array([2**62]) * 2
    with pytest.raises(OverflowFailure):
        array([1], u1) | 256
    with pytest.raises(NotFiniteFailure):
        array([1e308]) * 10.0
    with pytest.raises(ZeroDivisionError):
        array([1]) // 0


def test_an_in_place_operator_on_itself_runs_forward():
    a = array([1, 2, 3])
    tail, head = a[1:3], a[0:2]
    tail += head
    assert a.to_numpy().tolist() == [1, 3, 6]


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "tanh", "sin", "cos"])
def test_maths_is_the_c_librarys(name):
    function, reference = getattr(primitives, name), getattr(math, name)
    assert function(2) == reference(2.0)
    assert function(array([0.1, 3.0])).to_numpy().tolist() == [reference(0.1), reference(3.0)]
    single = function(array([0.1], f4))
    assert single.dtype is f4
    assert single[0] == float(np.float32(reference(float(np.float32(0.1)))))
    assert function(array([[1, 2]][0], u1)).dtype is f8


@pytest.mark.parametrize(
    ("name", "x"), [("exp", 1000.0), ("log", 0.0), ("log", -1.0), ("sqrt", -1.0), ("floor", math.inf)]
)
def test_maths_without_a_finite_result_fails(name, x):
    with pytest.raises(NotFiniteFailure):
        getattr(primitives, name)(x)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1e300, 1e300))
def test_sigmoid_never_overflows(x):
    assert 0.0 <= primitives.sigmoid(x) <= 1.0


def test_rounding_gives_ints():
    assert (primitives.floor(-1.5), primitives.ceil(-1.5), primitives.floor(3)) == (-2, -1, 3)
    rounded = primitives.floor(array([-0.5, 2.9]))
    assert (rounded.dtype, rounded.to_numpy().tolist()) == (i8, [-1, 2])
    with pytest.raises(OverflowFailure):
        primitives.floor(1e19)


def test_sign_and_abs_keep_the_kind_of_number():
    assert [type(primitives.sign(x)) for x in (-3, -0.5)] == [int, float]
    assert primitives.sign(array([-2.0, 0.0, 5.0])).to_numpy().tolist() == [-1.0, 0.0, 1.0]
    assert primitives.sign(array([7], u1)).dtype is i8
    assert abs(array([-2, 3])).to_numpy().tolist() == [2, 3]
    assert abs(zeros((1, 1), f4)).dtype is f4


@settings(max_examples=25, deadline=None)
@given(st.integers(-(2**63), 2**63 - 1))
def test_bits_are_those_of_twos_complement(x):
    word = x % 2**64
    assert primitives.popcount(x) == word.bit_count()
    assert primitives.parity(x) == word.bit_count() % 2
    assert primitives.bit_length(x) == len(bin(abs(x))) - 2 if x else primitives.bit_length(x) == 0
    assert primitives.popcount(array([x])).dtype is u1


@settings(max_examples=25, deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_wrapping_arithmetic_is_modulo_two_to_the_64(a, b):
    for result, exact in [(primitives.addw(a, b), a + b), (primitives.mulw(a, b), a * b)]:
        assert -(2**63) <= result < 2**63
        assert (result - exact) % 2**64 == 0


def test_scalars_beyond_64_bits_are_refused():
    for name in ("popcount", "mix", "bit_length", "exp"):
        with pytest.raises(OverflowFailure):
            getattr(primitives, name)(2**63)
