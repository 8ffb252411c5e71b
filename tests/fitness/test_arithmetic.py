"""Every scalar operation of the machine against Python's own arithmetic, with the failures of docs/language.md."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitness import measure
from fitness.arithmetic import bit_length, width_of
from primitives import scalars
from primitives.failures import Failure

LEAST, GREATEST = -(2**63), 2**63 - 1
Outcome = tuple[str, str]

edges = [0, 1, -1, 2, -2, 3, 63, 64, 2**31, -(2**31), 2**32, 2**53, 2**53 + 1, -(2**53) - 1, GREATEST, LEAST, LEAST + 1]
ints = st.one_of(st.sampled_from(edges), st.integers(-70, 70), st.integers(LEAST, GREATEST))
floats = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 5e-324, 1.7976931348623157e308, 1e300, -1e-300, 9.3e18, -9.3e18]),
    st.floats(-100.0, 100.0),
    st.floats(allow_nan=False, allow_infinity=False),
)
examples = settings(max_examples=40, deadline=None)


def on_machine(expression: str, *args: float, imports: str = "") -> Outcome:
    """Status and result, which is compared as text: -0.0 is not 0.0, and 1 not 1.0."""
    header = f"from primitives import {imports}\n" if imports else ""
    parameters = ", ".join("xy"[: len(args)])
    measurement = measure(f"{header}def main({parameters}):\n    return {expression}\n", "main", args, energy=())
    return measurement.status, repr(measurement.value)


def in_python(function: Callable[..., Any], *args: float) -> Outcome:
    """What Python gives, or the status for why the machine may not give it."""
    try:
        value = function(*args)
    except Failure as failure:
        return failure.status, "None"
    except ZeroDivisionError:
        return "zero_division", "None"
    except OverflowError:
        return "not_finite", "None"
    if isinstance(value, complex) or (isinstance(value, float) and not math.isfinite(value)):
        return "not_finite", "None"
    if isinstance(value, int) and not LEAST <= value <= GREATEST:
        return "overflow", "None"
    return "ok", repr(value)


def int_failure(symbol: str, x: int, y: int) -> str | None:
    """Where ints fail other than by their result; powers and shifts that Python could not hold are among it."""
    if symbol in ("<<", ">>", "**") and y < 0:
        return "domain_error"
    if symbol == "<<" and x != 0 and y > 64:
        return "overflow"
    if symbol == "**" and abs(x) > 1 and y > 64:
        return "overflow"
    if symbol == "/" and max(abs(x), abs(y)) > 2**53:
        return "overflow"
    return None


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
BITS: dict[str, Callable[[Any, Any], Any]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}


@pytest.mark.parametrize("symbol", [*BINARY, *BITS])
@examples
@given(x=ints, y=ints)
@example(x=LEAST, y=-1)
@example(x=-7, y=2)
@example(x=7, y=-2)
@example(x=0, y=GREATEST)
@example(x=-1, y=63)
@example(x=1, y=63)
@example(x=-1, y=64)
@example(x=-2, y=63)
@example(x=3037000500, y=2)
@example(x=-1, y=GREATEST)
def test_ints_are_python_s(symbol: str, x: int, y: int) -> None:
    failure = int_failure(symbol, x, y)
    function = (BINARY | BITS)[symbol]
    if symbol == ">>" and y > 64:
        y = 64  # as far as any shift goes
    expected = (failure, "None") if failure else in_python(function, x, y)
    assert on_machine(f"x {symbol} y", x, y) == expected


@pytest.mark.parametrize("symbol", BINARY)
@examples
@given(x=floats, y=floats)
@example(x=-1e-300, y=1e300)
@example(x=0.0, y=-1.0)
@example(x=-0.0, y=3.0)
@example(x=1e308, y=1e-308)
@example(x=-8.0, y=1 / 3)
@example(x=0.0, y=0.0)
@example(x=1.0, y=0.1)
def test_floats_are_python_s(symbol: str, x: float, y: float) -> None:
    assert on_machine(f"x {symbol} y", x, y) == in_python(BINARY[symbol], x, y)


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "//", "%", "**"])
@examples
@given(x=ints, y=floats)
def test_an_int_becomes_a_float_beside_a_float(symbol: str, x: int, y: float) -> None:
    assert on_machine(f"x {symbol} y", x, y) == in_python(BINARY[symbol], float(x), y)
    assert on_machine(f"y {symbol} x", x, y) == in_python(BINARY[symbol], y, float(x))


@pytest.mark.parametrize("symbol", ["<", "<=", ">", ">=", "==", "!="])
@examples
@given(x=ints, y=floats)
@example(x=2**53 + 1, y=2.0**53)
def test_an_int_and_a_float_compare_exactly_or_not_at_all(symbol: str, x: int, y: float) -> None:
    expected = ("overflow", "None") if abs(x) > 2**53 else in_python(BINARY[symbol], x, y)
    assert on_machine(f"x {symbol} y", x, y) == expected


UNARY_INT: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "-x": ("", operator.neg),
    "~x": ("", operator.invert),
    "+x": ("", operator.pos),
    "abs(x)": ("", abs),
    "float(x)": ("", float),
    "bool(x)": ("", bool),
    "not x": ("", operator.not_),
    "sign(x)": ("sign", lambda x: (x > 0) - (x < 0)),
    "popcount(x)": ("popcount", lambda x: (x % 2**64).bit_count()),
    "parity(x)": ("parity", lambda x: (x % 2**64).bit_count() % 2),
    "bit_length(x)": ("bit_length", int.bit_length),
    "mix(x)": ("mix", scalars.mix),
}


@pytest.mark.parametrize("expression", UNARY_INT)
@examples
@given(x=ints)
@example(x=LEAST)
def test_functions_of_an_int(expression: str, x: int) -> None:
    imports, function = UNARY_INT[expression]
    assert on_machine(expression, x, imports=imports) == in_python(function, x)


UNARY_FLOAT: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "-x": ("", operator.neg),
    "abs(x)": ("", abs),
    "int(x)": ("", int),
    "bool(x)": ("", bool),
    "floor(x)": ("floor", math.floor),
    "ceil(x)": ("ceil", math.ceil),
    "sign(x)": ("sign", scalars.sign),
    "exp(x)": ("exp", scalars.exp),
    "log(x)": ("log", scalars.log),
    "sqrt(x)": ("sqrt", scalars.sqrt),
    "tanh(x)": ("tanh", scalars.tanh),
    "sigmoid(x)": ("sigmoid", scalars.sigmoid),
    "sin(x)": ("sin", scalars.sin),
    "cos(x)": ("cos", scalars.cos),
}


@pytest.mark.parametrize("expression", UNARY_FLOAT)
@examples
@given(x=floats)
@example(x=2.0**63)
@example(x=-(2.0**63))
@example(x=709.8)
def test_functions_of_a_float(expression: str, x: float) -> None:
    imports, function = UNARY_FLOAT[expression]
    assert on_machine(expression, x, imports=imports) == in_python(function, x)


@pytest.mark.parametrize("name", ["addw", "mulw"])
@examples
@given(x=ints, y=ints)
def test_wrapping_operations_wrap(name: str, x: int, y: int) -> None:
    total = (x + y if name == "addw" else x * y) % 2**64
    assert on_machine(f"{name}(x, y)", x, y, imports=name) == ("ok", repr(total - 2**64 * (total > GREATEST)))


@pytest.mark.parametrize("name", ["min", "max"])
@examples
@given(st.one_of(st.tuples(ints, ints), st.tuples(floats, floats)))
@example((0.0, -0.0))
@example((-0.0, 0.0))
def test_the_first_of_equals_is_the_least_and_the_greatest(name: str, pair: tuple[float, float]) -> None:
    assert on_machine(f"{name}(x, y)", *pair) == in_python({"min": min, "max": max}[name], *pair)


@examples
@given(ints)
def test_the_width_of_a_cell_holds_its_int(x: int) -> None:
    width = width_of(x)
    assert width in (1, 2, 4, 8)
    for narrower in (1, 2, 4):
        fits = -(2 ** (8 * narrower - 1)) <= x < 2 ** (8 * narrower)
        assert fits == (width <= narrower)


@examples
@given(st.integers(0, 2**64 - 1))
@example(2**64 - 1)
def test_the_bit_length_of_a_word(word: int) -> None:
    assert bit_length(np.uint64(word)) == word.bit_length()
