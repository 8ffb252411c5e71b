"""What the numbers in a program's text weigh."""

import ast

import pytest

from primitives.literals import literals


def weight(text):
    return literals(ast.parse(text)).bytes


@pytest.mark.parametrize(
    ("number", "width"),
    [
        *(("0", 1), ("255", 1), ("-128", 1), ("256", 2), ("-129", 2), ("65535", 2), ("-32768", 2)),
        *(("65536", 4), ("-32769", 4), ("4294967295", 4), ("-2147483648", 4)),
        *(("4294967296", 8), ("-2147483649", 8), ("-9223372036854775808", 8)),
        *(("0.0", 8), ("-0.5", 8), ("1e300", 8), ("True", 1)),
    ],
)
def test_a_number_weighs_as_much_as_a_cell_that_holds_it(number, width):
    assert weight(f"def f(a):\n    return {number}\n") == width
    assert weight(f"K = {number}\n") == width


def test_numbers_count_as_often_as_they_are_written():
    assert weight("K = 300\n\n\ndef f(a):\n    return a * K + K + 7 + 7\n") == 4


def test_text_that_is_no_number_weighs_nothing():
    assert weight('"""1234567890 1234567890"""\n\n\ndef f(a):\n    """17"""\n    return a[:]\n') == 0


def test_the_widest_literal_is_found_the_first_of_them():
    found = literals(ast.parse("def f(a):\n    b = 7\n    c = 70000\n    return a + 80000 + b + c\n"))
    assert (found.bytes, found.largest.lineno) == (9, 3)
    assert literals(ast.parse("def f(a):\n    return a\n")).largest is None
