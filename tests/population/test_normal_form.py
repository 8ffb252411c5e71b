"""Dead code and normal forms: what goes, what stays, and that answers and keys agree."""

import ast

import numpy as np
import pytest

from evolve.variation import OPERATORS, Context
from fitness import Limits, learner, play, stage
from population import normal_form_key, without_dead_code
from primitives.errors import ProgramError
from primitives.seeds import source
from tasks import LEARNER


def program(fit, predict="return a", parameters="a", more=""):
    indented = ["\n".join("    " + line for line in part.split("\n")) for part in (fit, predict)]
    return (
        f"def fit(x, y, n_symbols, n_classes):\n{indented[0]}\n\n{more}\ndef predict({parameters}, q):\n{indented[1]}\n"
    )


def cleaned(text):
    return ast.unparse(without_dead_code(ast.parse(text)))


def key(text):
    return normal_form_key(ast.parse(text))


DEAD = {
    "an assignment that is never read": ("t = y[0]\nreturn 1", "return 1"),
    "a chain of them": ("t = y[0]\nu = t + 1\nu += t\nreturn 1", "return 1"),
    "a loop that does nothing else": ("t = 0\nfor i in range(3):\n    t += i\nreturn 1", "return 1"),
    "a branch": ("if y[0]:\n    t = 1\nelse:\n    t = 2\nreturn 1", "return 1"),
    "a loop that is left early": ("for i in range(3):\n    if y[i]:\n        break\nreturn 1", "return 1"),
    "an array that is only written": ("t = zeros(3)\nt[0] = 1\nfill(t, 2)\nreturn 1", "return 1"),
    "what follows a return": ("return 1\nx = 2\nreturn 3", "return 1"),
    "what follows a break": (
        "s = 0\nfor i in range(3):\n    s += 1\n    break\n    s += 2\nreturn s",
        "s = 0\nfor i in range(3):\n    s += 1\n    break\nreturn s",
    ),
    "a continue at the end of a loop": (
        "s = 0\nfor i in range(3):\n    s += 1\n    continue\nreturn s",
        "s = 0\nfor i in range(3):\n    s += 1\nreturn s",
    ),
    "pass": ("s = 1\npass\nreturn s", "s = 1\nreturn s"),
}


@pytest.mark.parametrize("what", DEAD)
def test_dead_code_goes(what):
    before, after = DEAD[what]
    assert cleaned(program(before)) == cleaned(program(after)) == ast.unparse(ast.parse(program(after)))
    assert key(program(before)) == key(program(after))


ALIVE = {
    "a write through a view": "t = zeros((2, 2))\nrow = t[0]\nrow[1] = 1\nreturn t",
    "a write by a procedure": "t = zeros(3)\nfill(t, 2)\nreturn t",
    "a write by a function": "t = zeros(3)\nset(t)\nreturn t",
    "a draw, on which later ones depend": "t = random()\nreturn randint(0, 5)",
    "a draw in a condition": "if random() < 0.5:\n    pass\nreturn randint(0, 5)",
    "what decides when a loop ends": "s = 0\nwhile s < 5:\n    s += 1\nreturn s",
    "what decides when a loop is left": "s = 0\nfor i in range(9):\n    if y[i]:\n        break\n    s += 1\nreturn s",
}


@pytest.mark.parametrize("what", ALIVE)
def test_what_has_an_effect_stays(what):
    more = "def set(t):\n    t[0] = 1\n\n" if "set(" in ALIVE[what] else ""
    text = program(ALIVE[what], more=more)
    assert cleaned(text) == ast.unparse(ast.parse(text))


def test_functions_that_nothing_calls_and_unused_imports_go():
    more = "def g(v):\n    return abs(v)\n\n"
    assert cleaned("from primitives import dot\n\nN = 3\n" + program("return 1", more=more)) == cleaned(
        program("return 1")
    )


def test_parts_of_the_model_that_predict_does_not_use_go_with_all_that_made_them():
    before = program("s = 0\nfor i in range(9):\n    s += y[i]\nreturn s, 4", "return b", "a, b")
    assert cleaned(before) == ast.unparse(ast.parse(program("return 4", "return b", "b")))


def test_a_program_whose_parts_do_not_fit_together_keeps_them():
    text = program("if y[0]:\n    return 1, 2\nreturn 1, 2, 3", "return b", "a, b, c")
    assert cleaned(text) == ast.unparse(ast.parse(text))


def test_the_last_part_of_a_model_stays():
    text = program("return 4", "return q[0]")
    assert cleaned(text) == ast.unparse(ast.parse(text))


SAME = {
    "names of variables": ("t = 1\nreturn t", "total = 1\nreturn total"),
    "the side of a literal": ("t = 1 + n_symbols\nreturn t", "t = n_symbols + 1\nreturn t"),
    "the side of a literal in a comparison": ("return 1 if 0 < n_symbols else 2", "return 1 if n_symbols > 0 else 2"),
}


@pytest.mark.parametrize("what", SAME)
def test_the_key_does_not_depend_on(what):
    first, second = SAME[what]
    assert key(program(first)) == key(program(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("return n_symbols - 1", "return 1 - n_symbols"),
        ("return y[0] + y[1]", "return y[1] + y[0]"),  # the order of reads is part of the energy
        ("return n_symbols", "return n_classes"),
        ("return 1", "return 1.0"),
    ],
)
def test_the_key_tells_apart(first, second):
    assert key(program(first)) != key(program(second))


def test_the_key_does_not_depend_on_the_names_and_order_of_helper_functions():
    helpers = ("def {0}(v):\n    return v + 1\n\n", "def {1}(v):\n    return v + 2\n\n")
    body = "return {0}({1}(n_symbols))"
    first = program(body.format("f", "g"), more="".join(helpers).format("f", "g"))
    second = program(body.format("u", "w"), more="".join(reversed(helpers)).format("u", "w"))
    third = program(body.format("w", "u"), more="".join(helpers).format("u", "w"))
    assert key(first) == key(second) != key(third)


def variants(generations):
    """Descendants of two programs by random variation, neutral and not, that are in the language."""
    for seed, text in enumerate([source("gf2_elimination"), source("subset_table"), LEARNER.blank] * 2):
        generator = np.random.default_rng(seed)
        context = Context(ast.parse(text))
        for _ in range(generations):
            child = OPERATORS[generator.integers(len(OPERATORS))].vary(context, generator)
            accepted = None if child is None else context.accepts(child)
            if accepted is not None and len(accepted.scopes[0].spots) < 50:
                context = accepted
                yield accepted.tree


@pytest.fixture(scope="module")
def played():
    """Descendants, what they do, and what they do without dead code."""
    generator = np.random.default_rng(7)
    x = generator.integers(0, 2, (30, 6)).astype(np.uint8)
    queries = generator.integers(0, 2, (8, 6)).astype(np.uint8)
    instance = stage(x, x[:, 1] ^ x[:, 4], queries, 2, 2)
    limits = Limits(steps=100_000)
    found = []
    for tree in variants(40):
        both = [play(learner(each), instance, limits=limits, seed=3) for each in (tree, without_dead_code(tree))]
        found.append((tree, *both))
    return found


def test_a_program_without_its_dead_code_gives_the_same_answers_and_costs_no_more(played):
    ended = [(full, lean) for _, full, lean in played if full.status == "ok"]
    assert len(ended) > 40
    for full, lean in ended:
        assert lean.status == "ok"
        assert lean.answers.tolist() == full.answers.tolist()
        assert lean.steps <= full.steps


def test_programs_of_one_key_do_the_same(played):
    known = {}
    for tree, _, lean in played:
        did = (lean.status, lean.answers.tolist(), lean.steps, lean.energy)
        assert known.setdefault(normal_form_key(tree), did) == did
    assert len(known) < len(played)


def test_a_program_without_dead_code_has_no_more_of_it_and_the_same_key(played):
    for tree, _, _ in played:
        lean = without_dead_code(tree)
        assert ast.unparse(without_dead_code(lean)) == ast.unparse(lean)
        assert normal_form_key(lean) == normal_form_key(tree)
        try:
            learner(ast.unparse(lean))
        except ProgramError as error:
            pytest.fail(f"{error}\n{ast.unparse(lean)}")
