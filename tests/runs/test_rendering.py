"""Programs laid out for people are the same programs, and say where they come from."""

import ast
from dataclasses import replace

import pytest

from fitness import learner
from fitness.score import Score
from population import Individual
from primitives.seeds import SEEDS, source
from runs.rendering import rendered, told

SCORE = Score(8, 1.0, 0.9, 1.0, 123.5, 100.0, 1000.0, 800.0, 1e-5, 640)
SEED = Individual(0, "k", source("backtracking"), (), "backtracking", SCORE)
CHILD = replace(SEED, id=7, source=ast.unparse(ast.parse(SEED.source)) + "\n", parents=(0,), operator="swap")


def without_docstring(text):
    body = ast.parse(text).body
    return [ast.dump(each) for each in body if not isinstance(each, ast.Expr)]


@pytest.mark.parametrize("name", SEEDS)
def test_a_program_that_is_laid_out_is_the_same_program(name):
    text = rendered(source(name))
    assert sorted(without_docstring(text)) == sorted(without_docstring(source(name)))
    assert rendered(text) == text
    learner(text)


def test_empty_lines_stand_where_people_put_them():
    squeezed = (
        "'''Old.'''\nfrom primitives import zeros, array\nA = 1\nB = 2\ndef f(x):\n    return x\ndef g():\n    pass\n"
    )
    laid_out = (
        '"""New."""\n\nfrom primitives import array, zeros\n\nA = 1\nB = 2\n\n\n'
        "def f(x):\n    return x\n\n\ndef g():\n    pass\n"
    )
    assert rendered(squeezed, "New.") == laid_out
    assert rendered("def f():\n    pass") == "def f():\n    pass\n"


def test_a_long_import_is_folded():
    names = [f"name_of_a_primitive_{number}" for number in range(8)]
    text = rendered(f"from primitives import {', '.join(names)}\n")
    assert max(map(len, text.splitlines())) <= 80
    assert [each.name for each in ast.parse(text).body[0].names] == names


def test_a_seed_is_told_as_it_was_written():
    assert told([SEED], "run") == SEED.source


def test_what_was_evolved_says_from_what_and_that_the_seeds_words_may_be_wrong():
    docstring = ast.get_docstring(ast.parse(told([SEED, CHILD], "parity-1")))
    assert docstring.startswith("Individual 7 of parity-1: evolved from backtracking in 1 step.")
    assert "need not be true here" in docstring
    assert "Backtracking over the columns" in docstring.replace("\n", " ")


def test_any_docstring_of_a_persons_seed_can_be_told():
    odd = replace(SEED, source='r"""Say \\"\\"\\" and \\n."""\n\n\ndef f():\n    pass\n', operator="my \\ own.py")
    child = replace(odd, id=3, parents=(0,), source="def f():\n    pass\n")
    ast.parse(told([odd, child], "run"))
