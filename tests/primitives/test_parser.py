"""From text to a module: what stands at the top level, what does not, and where faults of the text itself are."""

from __future__ import annotations

import ast

import pytest

from primitives.errors import Diagnostic, ProgramError
from primitives.parser import MAX_BYTES, MAX_LINES, literal_fault, load, parse
from primitives.syntax import literal

PROGRAM = '''"""A program."""
from primitives import f8, zeros

SIZE = 3
RATE = -0.5
EXACT = True


def f(x):
    """Its first function."""
    return g(x)


def g(x):
    return x
'''


def faults(source: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(ProgramError) as error:
        parse(source)
    return error.value.diagnostics


def test_a_module_is_its_functions_constants_and_imports() -> None:
    module, diagnostics = load(PROGRAM)
    assert not diagnostics
    assert list(module.functions) == ["f", "g"]
    assert module.constants == {"SIZE": 3, "RATE": -0.5, "EXACT": True}
    assert module.imports == {"f8", "zeros"}
    assert module.source == PROGRAM


def test_a_tree_is_as_good_as_its_text_and_stays_as_it_is() -> None:
    tree = parse(PROGRAM)
    before = ast.dump(tree)
    module, diagnostics = load(tree)
    assert not diagnostics
    assert list(module.functions) == ["f", "g"]
    assert ast.dump(tree) == before


@pytest.mark.parametrize(
    ("source", "line", "column", "found", "allowed"),
    [
        ("import os\n", 1, 1, "an import", "from primitives import NAME"),
        ("from os import path\n", 1, 1, "an import from os", "only `from primitives import ...`"),
        ("from . import x\n", 1, 1, "an import from .", "only `from primitives import ...`"),
        ("from primitives import dot as d\n", 1, 24, "import of dot as d", "by its own name"),
        ("from primitives import *\n", 1, 24, "import of *", "lists the primitives"),
        ("from primitives import dot, dott\n", 1, 29, "dott, which is not a primitive", "lists the primitives"),
        ("A = B = 1\n", 1, 1, "an assignment at the top level", "NAME = a bool, int or float"),
        ("A = 1 + 1\n", 1, 1, "an assignment at the top level", "NAME = a bool, int or float"),
        ("A = 1\nA = 2\n", 2, 1, "a second definition of A", "another name"),
        ("A = 9223372036854775808\n", 1, 5, "an int beyond 64 bits", "2**63 - 1"),
        ("A = 1e999\n", 1, 5, "a float that is not finite", "finite"),
        ("A = 1\n'text'\n", 2, 1, "expr at the top level", "put statements into a function"),
        ("for i in range(3):\n    pass\n", 1, 1, "for at the top level", "put statements into a function"),
        ("class A:\n    pass\n", 1, 1, "a class", "only functions"),
        ("def f():\n    pass\ndef f():\n    pass\n", 3, 1, "a second definition of f", "another name"),
        ("from primitives import dot\ndef dot():\n    pass\n", 2, 1, "a function named dot", "another name"),
        ("def f():\n    pass\nf = 1\n", 3, 1, "a second definition of f", "another name"),
        ("def f(:\n    pass\n", 1, 7, "invalid syntax", "valid Python"),
        ("def f():\n    x = 1\n  y = 2\n", 3, 8, "invalid syntax: unindent", "valid Python"),
        ("def f():\n    return 1\0\n", 2, 1, "a null character", "remove it"),
        (b"def f():\n    return 1 # \xe9\n", 2, 1, "bytes that are not UTF-8", "UTF-8"),
    ],
)
def test_a_fault_is_named_in_its_place(source: str | bytes, line: int, column: int, found: str, allowed: str) -> None:
    (fault,) = faults(source)
    assert (fault.line, fault.column) == (line, column)
    assert fault.found.startswith(found)
    assert allowed in fault.allowed


def test_every_fault_of_every_function_is_reported_in_the_order_of_the_source() -> None:
    source = "import os\ndef f(x=1):\n    y = [1 for i in x]\n    return 'no'\ndef g(x: int):\n    yield x\n"
    assert [(fault.line, fault.column) for fault in faults(source)] == [
        (1, 1),
        (2, 9),
        (3, 9),
        (4, 12),
        (5, 10),
        (6, 5),
    ]


def test_an_error_says_one_line_for_each_fault() -> None:
    with pytest.raises(ProgramError) as error:
        parse("import os\nimport re\n")
    lines = str(error.value).split("\n")
    assert [line.partition(":")[0] for line in lines] == ["line 1, column 1", "line 2, column 1"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_count_characters_not_bytes(newline: str, mark: str) -> None:
    source = mark + newline.join(("# \xe4\u2028\x0c", "def f():", "    \u00fcber = 1; \u540d\u524d = 'no'", ""))
    for text in (source, source.encode()):
        (fault,) = faults(text)
        assert (fault.line, fault.column, fault.found) == (3, 20, "a string")


def test_text_beyond_the_limits_is_refused() -> None:
    assert "characters" in faults("#" * (MAX_BYTES + 1))[0].found
    assert "lines" in faults("\n" * (MAX_LINES + 1))[0].found
    parse("#" * MAX_BYTES)
    parse("\n" * MAX_LINES)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("-3", -3), ("0.5", 0.5), ("-0.5", -0.5), ("True", True), ("-True", None), ("+3", None), ("'x'", None)],
)
def test_literals(text: str, value: object) -> None:
    found = literal(ast.parse(text, mode="eval").body)
    assert found == value
    assert type(found) is type(value)


def test_ints_have_64_bits() -> None:
    node = ast.parse("0", mode="eval").body
    assert literal_fault(node, 2**63 - 1) is None
    assert literal_fault(node, -(2**63)) is None
    assert literal_fault(node, 2**63) is not None
