"""The checker's diagnostics: where each fault is, what was found, and what is allowed instead."""

from __future__ import annotations

import pytest

from primitives.compiler import Argument, compile_program
from primitives.dtypes import f8, u1
from primitives.errors import Diagnostic, ProgramError
from primitives.types import FLOAT, INT, array_type

HEADER = "from primitives import array, astype, dot, f8, full, i8, random, seed, swap_rows, u1, window, zeros\nK = 3\n"
ARGUMENTS = {
    "n": Argument(INT),
    "d": Argument(INT, data=True),
    "x": Argument(FLOAT, data=True),
    "a": Argument(array_type(f8, 1)),
    "b": Argument(array_type(u1, 1)),
    "m": Argument(array_type(f8, 2)),
    "r": Argument(array_type(f8, 1, readonly=True)),
}
"""The parameters of a faulty program by name: control and data scalars, vectors, a matrix, a read-only vector."""


def faults(body: str, functions: str = "", header: str = HEADER) -> tuple[Diagnostic, ...]:
    """What is said of `f(n, d, x, a, b, m, r)` with that body, which begins in line 1 of what is reported."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    source = f"{header}def f({', '.join(ARGUMENTS)}):\n{lines}{functions}"
    above = header.count("\n") + 1
    with pytest.raises(ProgramError) as error:
        compile_program(source, "f", list(ARGUMENTS.values()))
    return tuple(Diagnostic(d.line - above, d.column, d.found, d.allowed) for d in error.value.diagnostics)


FAULTS = [
    # names
    ("y = z", 1, 9, "z is not defined", "names are parameters"),
    ("y = foo(n)", 1, 9, "foo is not defined", "imported primitives"),
    ("y = exp(x)", 1, 9, "exp is not imported", "from primitives import exp"),
    ("y = zeros", 1, 9, "zeros, a function, as a value", "call it: zeros(...)"),
    ("y = f", 1, 9, "f, a function, as a value", "call it"),
    ("if n:\n    y = 1\nz = y", 3, 9, "y may not have been assigned here", "on every path"),
    ("while n:\n    y = 1\nz = y", 3, 9, "y may not have been assigned here", "on every path"),
    ("K = 4", 1, 5, "K, a constant, as a variable", "another name"),
    ("zeros = 4", 1, 5, "zeros, a primitive or builtin, as a variable", "another name"),
    ("len = 4", 1, 5, "len, a primitive or builtin, as a variable", "another name"),
    ("f = 4", 1, 5, "f, a function, as a variable", "another name"),
    # types
    ("y = 0\ny = 0.5", 2, 5, "y is int and here float", "start it with a float such as 0.0"),
    ("y = 0.0\ny = 1", 2, 5, "y is float and here int", "write float(x), or 0.0"),
    ("y = 0\ny = True", 2, 5, "y is int and here bool", "int(x)"),
    ("y = 0\ny = a", 2, 5, "y is int and here array of f8, rank 1", "another name"),
    ("y = a\ny = b", 2, 5, "y is array of f8, rank 1 and here array of u1", "astype(a, dtype)"),
    ("y = a\ny = r", 2, 5, "y is array of f8, rank 1 and here read-only", "copy(a)"),
    ("y = f8", 1, 5, "element type f8 assigned to y", "scalars and arrays"),
    ("y = x & 1", 1, 9, "float & int", "want ints"),
    ("y = a + m", 1, 9, "array of f8, rank 1 + array of f8, rank 2", "the same rank"),
    ("y = a ^ 1", 1, 9, "array of f8, rank 1 ^ int", "^ wants ints"),
    ("y = ~x", 1, 9, "~ of float", "~ ints"),
    ("y = a @ a", 1, 9, "the operator @", "dot"),
    ("y = 0 < n < 3", 1, 9, "a chained comparison", "a < b and b < c"),
    ("y = n in a", 1, 9, "`in` or `is`", "search in a loop"),
    ("y = 1 if n else 0.5", 1, 9, "alternatives of types int and float", "both have one type"),
    ("y = n and x", 1, 9, "alternatives of types int and float", "both have one type"),
    ("y = not a", 1, 13, "array of f8, rank 1 as the operand of not", "a scalar"),
    ("if a:\n    pass", 1, 8, "array of f8, rank 1 as a condition", "a scalar"),
    ("y = 9223372036854775808", 1, 9, "an int beyond 64 bits", "2**63 - 1"),
    ("y = 'text'", 1, 9, "a string", "bools, ints, floats"),
    # arrays
    ("y = a[x]", 1, 11, "float as an index", "int(x) converts"),
    ("y = n[0]", 1, 9, "an index into int", "only arrays"),
    ("y = a[0, 1]", 1, 9, "2 indices into array of f8, rank 1", "at most 1"),
    ("y = a.shape", 1, 9, ".shape as a value", "rows, cols = a.shape"),
    ("y = a.shape[1]", 1, 9, "an index into the shape of array of f8, rank 1", "a.shape[0]"),
    ("y = a.size", 1, 9, ".size of array of f8, rank 1", ".shape, and .T"),
    ("y = a[::-1]", 1, 13, "the step of a slice", "a positive literal int"),
    ("y = a[:d]", 1, 12, "a bound of a slice depends on data", "control"),
    ("y = zeros(d)", 1, 15, "a size depends on data", "allocate the largest"),
    ("y = window(a, 0, d)", 1, 22, "the length of a window depends on data", "control"),
    ("y = zeros((1, 2, 3))", 1, 15, "a shape of 3 sizes", "(rows, columns)"),
    ("y = zeros(3, 4)", 1, 9, "int as an element type", "one of u1, i4, i8, f4, f8"),
    ("y = zeros()", 1, 9, "0 arguments for zeros", "zeros(shape, dtype)"),
    ("y = full(3, 0.5, i8)", 1, 17, "a float stored in an array of i8", "int(x)"),
    ("y = array([])", 1, 9, "array of something else than a list of scalars", "array([1, 2, 3], u1)"),
    ("y = array([1, 0.5])", 1, 9, "ints and floats in one array", "write all as floats"),
    ("y = window(a, 0.0, 1)", 1, 9, "window of other things", "window(a, start, length)"),
    # assignments
    ("y = z = 1", 1, 5, "a chained assignment", "a line of its own"),
    ("b[0] = 0.5", 1, 5, "a float stored in array of u1, rank 1", "int(x)"),
    ("a[0] = a", 1, 5, "array of f8, rank 1 stored in an element", "a scalar"),
    ("r[0] = 1.0", 1, 5, "a store into read-only array of f8, rank 1", "copy(a)"),
    ("r += 1.0", 1, 5, "+= into read-only array", "copy(a)"),
    ("m[0] = a", 1, 5, "a store into a row", "a[i, :] = v"),
    ("m[0:1] = a", 1, 5, "array of f8, rank 1 stored in array of f8, rank 2", "the same rank"),
    ("a.T = 1", 1, 5, "this target", "targets are names"),
    ("a += m", 1, 5, "array of f8, rank 1 += array of f8, rank 2", "the same rank"),
    ("b += 0.5", 1, 5, "array of u1, rank 1 += float", "astype(a, f8)"),
    ("b /= 2", 1, 5, "array of u1, rank 1 /= int", "or //"),
    ("a ^= 1", 1, 5, "array of f8, rank 1 ^= int", "^ wants ints"),
    ("y, z = 1, 2, 3", 1, 5, "3 values for 2 targets", "as many"),
    ("y, z = n", 1, 12, "one value for several targets", "a, b = e, f"),
    ("y, = min(n, 2)", 1, 10, "a call that gives one value, unpacked", "x = f(...)"),
    ("y, z = n.shape", 1, 12, ".shape of int", "arrays have a .shape"),
    ("y, a[0:1] = 1, 2.0", 1, 8, "a slice among several targets", "a line of its own"),
    # loops and branches
    ("for i in a:\n    pass", 1, 14, "a loop over something else than range(...)", "range(len(a))"),
    ("for i in range():\n    pass", 1, 14, "range of 0 arguments", "range(stop)"),
    ("for i in range(x):\n    pass", 1, 20, "float as a bound of range", "int(x)"),
    ("for i, j in range(3):\n    pass", 1, 9, "a loop target that is not a name", "for i in range"),
    ("for n in range(3):\n    pass", 1, 9, "n, a variable, as a loop counter", "nothing else"),
    ("for K in range(3):\n    pass", 1, 9, "K, which already has a meaning", "another name"),
    ("for i in range(3):\n    for i in range(3):\n        pass", 2, 13, "i, the counter of an outer loop", "different"),
    ("for i in range(3):\n    i = 1", 2, 9, "an assignment to i, a loop counter", "never assigned"),
    ("for i in range(3):\n    pass\ny = i", 3, 9, "i, the counter of a loop that has ended", "copy it"),
    ("for i in range(3):\n    pass\nelse:\n    pass", 4, 9, "else after a loop", "after the loop"),
    ("break", 1, 5, "break outside a loop", "for or while"),
    ("continue", 1, 5, "continue outside a loop", "for or while"),
    # calls
    ("n + 1", 1, 5, "a value that is not used", "assign it"),
    ("min(n, 2)", 1, 5, "a call whose result is not used", "assign it"),
    ("'text'\n'more'", 2, 5, "a string in the middle of a function", "a comment"),
    ("y = seed(3)", 1, 9, "a call that gives nothing, as a value", "one value"),
    ("y = dot(a, 1)", 1, 9, "dot(array of f8, rank 1, int)", "dot(a, b): The sum of products"),
    ("y = astype(a, i8)", 1, 9, "astype(array of f8, rank 1, element type i8)", "a float stored in array of i8"),
    ("y = min(n, x)", 1, 9, "min(int, float)", "two scalars of one type"),
    ("y = len(n)", 1, 9, "len(int)", "one array"),
    ("y = range(3)", 1, 9, "range(int)", "for i in range"),
    ("y = abs(x=1)", 1, 9, "a keyword argument", "by position"),
    ("y = a.sum()", 1, 9, "a call of something that is not a name", "methods don't exist"),
    ("swap_rows(m, 0)", 1, 5, "swap_rows(array of f8, rank 2, int)", "swap_rows(a, i, j)"),
    ("f(n, d, x, a, b, m, r)", 1, 5, "f calls itself", "no recursion"),
    ("f(n)", 1, 5, "1 arguments for f", "it takes 7"),
    # how functions end
    ("if n:\n    return 1\nreturn 1.0", 3, 5, "a return of float after a return of int", "the same types"),
    ("return f8", 1, 12, "element type f8 returned", "scalars and arrays"),
    ("return (n,)", 1, 12, "a return of a tuple of 1", "return x"),
    ("return ()", 1, 12, "a return of a tuple of 0", "return x"),
    # syntax
    ("y = [i for i in a]", 1, 9, "a list comprehension", "zeros(n, dtype)"),
    ("y = lambda: 1", 1, 9, "a lambda", "at the top level"),
    ("y: int = 1", 1, 5, "an annotation", "name = value"),
    ("import os", 1, 5, "an import", "nothing else can be imported"),
    ("assert n", 1, 5, "assert", "remove it"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "line", "column", "found", "allowed"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named_in_its_place(body: str, line: int, column: int, found: str, allowed: str) -> None:
    (fault,) = faults(body)
    assert (fault.line, fault.column) == (line, column)
    assert fault.found.startswith(found)
    assert allowed in fault.allowed


def test_every_fault_is_reported_in_the_order_of_the_source() -> None:
    found = faults("y = z\nu = x & 1\nif n:\n    v = 1\nw = v + q\nreturn 'no'")
    assert [(fault.line, fault.column) for fault in found] == [(1, 9), (2, 9), (5, 9), (5, 13), (6, 12)]


def test_a_faulty_value_causes_no_further_faults() -> None:
    assert len(faults("y = z + 1\nu = y * 2.0\na[y] = u\nfor i in range(y):\n    u = u + i\nreturn u, y")) == 1


def test_a_function_without_a_return_on_a_path_is_reported_at_its_first_line() -> None:
    (fault,) = faults("if n:\n    return 1")
    assert (fault.line, fault.column, fault.found) == (0, 1, "f can end without a return")


@pytest.mark.parametrize(
    ("function", "found"),
    [
        ("def g(y=1):\n    return y\n", "a default value"),
        ("def g(y: int):\n    return y\n", "an annotation"),
        ("def g(*y):\n    return 1\n", "a parameter that is not plain"),
        ("@f\ndef g(y):\n    return y\n", "a decorator"),
        ("def g(y):\n    return [y]\n    yield y\n", "yield"),
    ],
)
def test_functions_that_are_never_called_have_the_languages_syntax_too(function: str, found: str) -> None:
    assert found in [fault.found for fault in faults("return n", function)]


def test_a_function_that_is_never_called_may_have_a_docstring_and_return_none() -> None:
    compile_program('def f():\n    return 1\ndef g():\n    """Idle."""\n    return None\n', "f", [])


def test_what_must_be_control_is_reported_where_it_must_be() -> None:
    (fault,) = faults("return g(d)", "def g(size):\n    return zeros(size)\n")
    assert (fault.line, fault.column, fault.found) == (3, 18, "a size depends on data")


def test_the_entry_is_looked_for_and_given_its_arguments() -> None:
    with pytest.raises(ProgramError, match="no function g; this file defines f"):
        compile_program("def f(x):\n    return x\n", "g", [])
    with pytest.raises(ProgramError, match=r"0 arguments for f\(x\); pass 1"):
        compile_program("def f(x):\n    return x\n", "f", [])


def test_recursion_through_others_is_reported_once() -> None:
    source = "def f(x):\n    return g(x)\ndef g(x):\n    return h(x)\ndef h(x):\n    return g(x)\n"
    with pytest.raises(ProgramError) as error:
        compile_program(source, "f", [Argument(INT)])
    assert [str(fault) for fault in error.value.diagnostics] == [
        "line 6, column 12: g calls itself, directly or through others; there is no recursion; write a loop"
    ]


def test_columns_count_characters() -> None:
    with pytest.raises(ProgramError) as error:
        compile_program("def f(é, ß):\n    ü = é + ß; ö = ü + z\n", "f", [Argument(INT), Argument(INT)])
    (fault,) = error.value.diagnostics
    assert (fault.line, fault.column) == (2, 24)
