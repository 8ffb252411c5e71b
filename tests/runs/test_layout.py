"""Programs laid out for people mean what they meant."""

import ast

import pytest

from primitives.parser import parse
from primitives.seeds import SEEDS, source
from runs.export.module import code_of, file_text
from runs.export.readable import with_readable_names
from runs.layout import WIDTH, broken, in_short_lines, laid_out
from tasks.contract import LEARNER

LONG = (
    "    total = first_of_them(left + right * (a if b else c), [one, two, three]) + second("
    + ", ".join(["value"] * 30)
    + ")"
)


def test_a_long_line_is_broken_inside_of_brackets_and_means_the_same():
    parts = broken(LONG)
    assert len(parts) > 1 and all(len(each) <= WIDTH for each in parts)
    assert ast.dump(ast.parse("\n".join(parts).strip())) == ast.dump(ast.parse(LONG.strip()))


def test_what_can_not_be_broken_stays():
    line = "x = " + " + ".join(["number"] * 30)
    assert broken(line) == [line]
    text = f'    """It says (at length), {"very, " * 30}what it does'
    assert broken(text) == [text]


@pytest.mark.parametrize("name", SEEDS)
def test_seeds_are_laid_out_and_broken_without_a_change(name):
    text = source(name)
    assert ast.dump(ast.parse(laid_out(ast.parse(text), text))) == ast.dump(ast.parse(text))
    assert ast.dump(ast.parse(in_short_lines(text))) == ast.dump(ast.parse(text))


COMMENTED = """\
# top
A = 1  # one


def f(x):
    # before
    y = x

    if y:  # beside
        return 1
    elif x:
        return 2
    else:
        return 3
"""


def test_comments_and_empty_lines_are_kept():
    assert laid_out(ast.parse(COMMENTED), COMMENTED) == COMMENTED


MADE = """
def fit(x, y, n_symbols, n_classes):
    v0 = x[:, 0]
    v1 = 0
    i = 3
    for v2 in range(len(v0)):
        for v3 in range(2):
            v1 = v1 + v0[v2] * v3 + i
    v4 = v1 > 2
    return v1, v4


def predict(v1, v4, q):
    return v1 % 2
"""


def test_variables_that_a_search_made_get_names():
    text = ast.unparse(with_readable_names(parse(MADE)))
    for line in (
        "column = x[:, 0]",
        "value = 0",
        "for j in range(len(column)):",
        "for k in range(2):",
        "value = value + column[j] * k + i",
        "flag = value > 2",
        "return (value, flag)",
        "def predict(given, given_2, q):",
    ):
        assert line in text
    file = file_text("Exported.", code_of(parse(MADE), LEARNER))
    assert "v0" not in file and "column" in file


def test_a_program_without_such_variables_is_left_alone():
    tree = parse(source("gf2_elimination"))
    assert with_readable_names(tree) is tree
