"""Scalar arithmetic on the machine: fails as docs/language.md says, and is Python's where it does not."""

from __future__ import annotations

import pytest

from fitness import Control, Limits, measure

STEPS = Limits(steps=1_000_000)


@pytest.mark.parametrize(
    ("expression", "expected_status"),
    [
        ("x // 0", "zero_division"),
        ("x % 0", "zero_division"),
        ("x / 0", "zero_division"),
        ("0.0 ** -1.0", "zero_division"),
        ("x << -1", "domain_error"),
        ("x >> -1", "domain_error"),
        ("x << 64", "overflow"),
        ("x << 9223372036854775807", "overflow"),
        ("x ** -1", "domain_error"),
        ("(x + 1) ** 9223372036854775807", "overflow"),
        ("x * 9223372036854775807 * 2", "overflow"),
        ("(-9223372036854775807 - x) // -1", "overflow"),
        ("-(-9223372036854775807 - x)", "overflow"),
        ("abs(-9223372036854775807 - x)", "overflow"),
        ("int(1e300 * x)", "overflow"),
        ("1e300 * 1e300 * x", "not_finite"),
        ("(0.0 - x) ** 0.5", "not_finite"),
        ("1e300 ** 2.0 * x", "not_finite"),
        ("9007199254740993 * x > 0.5", "overflow"),
        ("9007199254740993 * x / 3", "overflow"),
    ],
)
def test_arithmetic_fails_as_documented(expression: str, expected_status: str) -> None:
    for argument in (1, Control(1)):
        source = f"def main(x):\n    return {expression}\n"
        assert measure(source, "main", (argument,), energy=("dmc",), limits=STEPS).status == expected_status


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(-9223372036854775807 - x) % -1", 0),
        ("0 << x * 9223372036854775807", 0),
        ("x >> 9223372036854775807", 0),
        ("-x >> 64", -1),
        ("(0 - x) ** 9223372036854775807", -1),
        ("(x - 1) ** 9223372036854775807", 0),
        ("0 ** (x - 1)", 1),
        ("-7 * x // 2", -4),
        ("-7 * x % 2", 1),
        ("7 * x % -2", -1),
        ("-7.5 * x // 2", -4.0),
        ("-1e-300 * x % 1e300", 1e300),
        ("max(0.0, -0.0) * x", 0.0),
        ("int(-2.5 * x)", -2),
    ],
)
def test_arithmetic_is_python_s(expression: str, value: float) -> None:
    measurement = measure(f"def main(x):\n    return {expression}\n", "main", (1,), energy=("dmc",), limits=STEPS)
    assert (measurement.status, repr(measurement.value)) == ("ok", repr(value))


@pytest.mark.parametrize("step", ["0", "x - 1"])
def test_a_range_without_a_step_fails(step: str) -> None:
    source = f"def main(x):\n    for i in range(0, 5, {step}):\n        pass\n    return 1\n"
    measurement = measure(source, "main", (1,), energy=("dmc",), limits=STEPS)
    assert (measurement.status, measurement.line) == ("domain_error", 2)


def test_a_range_to_the_largest_int_ends() -> None:
    source = (
        "def main(x):\n    s = 0\n"
        "    for i in range(9223372036854775805, 9223372036854775807, 5):\n        s = s + 1\n"
        "    for i in range(-9223372036854775807, -9223372036854775807 - 1, -7):\n        s = s + 1\n"
        "    return s\n"
    )
    measurement = measure(source, "main", (1,), energy=("dmc",), limits=STEPS)
    assert (measurement.status, measurement.value) == ("ok", 2)
