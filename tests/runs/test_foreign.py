"""Learners in numpy become programs of the language, or a line says what to write instead."""

import ast

import pytest

from primitives.errors import ProgramError
from primitives.parser import parse
from primitives.seeds import SEEDS, source
from runs.export.module import code_of, file_text
from runs.foreign.comparison import compared
from runs.foreign.converting import convert
from runs.foreign.findings import DIFFERS, LEFT
from tasks import RUNGS
from tests.runs.foreign_learners import AS_FUNCTIONS, BAYES, ELIMINATION, LOGISTIC, NEIGHBOURS, PERCEPTRON, WINNOW

TASK = RUNGS["parity-10-2"]
PAIRS = '''
"""Tries all pairs of columns."""
from itertools import combinations

import numpy as np

ENOUGH = 2**10


def fit(x, y):
    # the best so far
    n_rows, n = x.shape
    best = -1  # none yet
    w = np.zeros(n, dtype=np.uint8)
    for i, j in combinations(range(n), 2):
        right = np.sum((x[:, i] ^ x[:, j]) == y)
        if best < right < ENOUGH:
            best = int(right)
            w[:] = 0
            w[i] = w[j] = 1
    print("done", best)
    return w


def predict(w, q):
    return int((w * q).sum() % 2)


if __name__ == "__main__":
    print(fit(np.zeros((2, 3)), np.zeros(2)))
'''
NETWORK = """
import numpy as np


def fit(x: np.ndarray, y, *, lr=0.5, epochs: int = 5):
    x = x.astype(float) * 2 - 1
    mean = x.mean(axis=0)
    x = x - np.outer(np.ones(len(x)), mean)
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        for row, label in zip(x, y):
            error = 1 / (1 + np.exp(-(row @ w + b))) - label
            w -= lr * error * row
            b -= lr * error
    w[np.abs(w) < 1e-3] = 0.0
    return {"w": w, "b": b, "mean": mean}


def predict(model, q):
    s = np.dot(model["w"], 2.0 * q - 1 - model["mean"]) + model["b"]
    return 1 if s > 0 else 0
"""


def body(*lines):
    """A learner whose `fit` has these lines."""
    text = "".join(f"    {line}\n" for line in lines)
    return (
        f"import math\nimport numpy as np\n\n\ndef fit(x, y, n_symbols, n_classes):\n{text}    return 1\n\n\n"
        "def predict(m, q):\n    return m\n"
    )


def converted(line, *before):
    """What becomes of a line."""
    found = convert(body(*before, line), TASK)
    assert found.whole, (found.findings, found.faults)
    return found.source.split("\n    return 1\n")[0].split("):\n", 1)[1].split("\n")[len(before) :]


@pytest.mark.parametrize("text", [PAIRS, NETWORK])
def test_a_numpy_learner_becomes_a_program_that_predicts_the_same(text):
    found = convert(text, TASK)
    assert found.whole, (found.findings, found.faults)
    parse(found.source)
    assert compared(text, found.source, TASK, 1) == (512, 0)


def test_comments_stay_where_they_stood():
    lines = convert(PAIRS, TASK).source.splitlines()
    assert "    # the best so far" in lines
    assert "    best = -1  # none yet" in lines


@pytest.mark.parametrize("name", SEEDS)
def test_a_program_of_the_language_is_not_changed_but_for_names_of_primitives(name):
    found = convert(source(name), TASK)
    assert found.whole, (found.findings, found.faults)
    names = {"sum_": "sum", "full_": "full", "sign_": "sign"}
    same = "".join(names.get(each, each) for each in _words(ast.unparse(ast.parse(found.source))))
    assert same == ast.unparse(ast.parse(source(name)))


def _words(text):
    word = ""
    for character in text:
        if character.isidentifier() or character.isdigit():
            word += character
            continue
        yield from (word, character)
        word = ""
    yield word


@pytest.mark.parametrize("name", ["gf2_elimination", "backtracking", "naive_bayes", "softmax_regression"])
def test_an_exported_file_comes_back_as_a_program(name):
    text = file_text("Exported.", code_of(parse(source(name)), TASK.contract))
    found = convert(text, TASK)
    assert found.whole, (found.findings, found.faults)
    assert compared(text, found.source, TASK, 2)[1] == 0


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("a = np.zeros((3, 4), dtype=np.int32)", "a = zeros((3, 4), i4)"),
        ("a = np.ones(3)", "a = full(3, 1, f8)"),
        ("a = np.full(3, 7)", "a = full(3, 7, i8)"),
        ("a = np.zeros_like(x)", "a = zeros((len(x), x.shape[1]), dtype_of(x))"),
        ("a = np.array([1, 2, 3], dtype='uint8')", "a = array([1, 2, 3], u1)"),
        ("a = y.astype(np.float64)", "a = astype(y, f8)"),
        ("a = x @ x[0]", "a = matvec(x, x[0])"),
        ("a = x.T @ x", "a = matmul(x.T, x)"),
        ("a = np.argmax(y)", "a = argmax(y)"),
        ("a = y[-1] + x[0, -2]", "a = y[len(y) - 1] + x[0, x.shape[1] - 2]"),
        ("a = y[:-1]", "a = y[:len(y) - 1]"),
        ("a = x[np.argsort(y)]", "a = take(x, argsort(y))"),
        ("a = x.sum(axis=1)", "a = matvec(x, full(x.shape[1], 1, number_dtype_of(x)))"),
        ("a = np.bincount(y, minlength=n_classes)", "a = bincount(y, n_classes)"),
        ("a = math.sqrt(2.0) * math.pi", "a = sqrt(2.0) * 3.141592653589793"),
        ("a = bin(n_classes).count('1')", "a = popcount(n_classes)"),
        ("a = (y == 1).all()", "a = count_nonzero((y == 1) == 0) == 0"),
        ("a = ~(y == 1)", "a = (y == 1) == 0"),
        ("a = np.where(y[0] == 1, 2, 3)", "a = 2 if y[0] == 1 else 3"),
        ("a = int(np.floor(2.5))", "a = floor(2.5)"),
        ("a: int = 3", "a = 3"),
        ("a = max(y)", "a = amax(y)"),
        ("a = np.full(3, -1)", "a = full(3, -1, i8)"),
        ("a = 2 if not y.any() else 3", "a = 2 if count_nonzero(y) == 0 else 3"),
        ("a = x - y[:3]", "a = x - outer(full(len(x), 1, i8), y[:3])"),
    ],
)
def test_what_has_a_counterpart_is_written_in_the_language(line, instead):
    assert converted(line) == [f"    {instead}"]


def test_assertions_and_prints_are_left_out():
    found = convert(body("assert n_classes == 2", "print(x)"), TASK)
    assert found.whole
    assert "assert" not in found.source and "print" not in found.source


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("a = x[y == 1]", "write a loop with an if"),
        ("a = 2 * x - y", "broadcasting"),
        ("a = (x + 1) / x.mean(axis=0)", "broadcasting"),
        ("a = np.unique(y)", "bincount"),
        ("a = np.concatenate([y, y])", "assign its parts"),
        ("a = x.max(axis=1)", "a loop over rows or columns"),
        ("a = y[::-1]", "range(n - 1, -1, -1)"),
        ("a = [i for i in range(3)]", "a list comprehension"),
        ("a = {}", "an array as a table"),
        ("a = np.linalg.solve(x, y)", "gf2_elimination"),
        ("a = np.random.rand(3)", "draw in a loop"),
        ("a = np.inf", "1e300"),
        ("a = sorted(set(y))", "an array of flags"),
        ("a = np.zeros(int(y[0]))", "a size depends on data"),
        ("a = f'{x}'", "there are no strings"),
    ],
)
def test_what_has_none_is_left_with_the_line_and_what_to_write_instead(line, advice):
    found = convert(body(line), TASK)
    assert not found.whole
    said = [f"{each.found} {each.instead}" for each in found.findings if each.line == 6 and each.kind == LEFT]
    said += [f"{each.found} {each.allowed}" for each in found.faults if each.line == 6]
    assert any(advice in each for each in said), (said, found.faults)


@pytest.mark.parametrize(
    "line",
    [
        "a = y[()]",
        "a = np.full_like(x, fill_value=3)",
        "a = np.full(shape=3, dtype=int)",
        "a = y.dot()",
        "a = x.sum(axis=-n_classes)",
        "a = x.sum(axis=(0, 1))",
        "a = np.maximum(y)",
        "a = np.zeros()",
        "a = np.zeros((*x.shape, 3))",
        "a = np.where()",
        "a = np.clip(*y)",
        "a = np.floor()",
        "a = np.random.default_rng().normal(0)",
        "a = np.astype(y, np.complex128)",
        "for i in enumerate(): a = i",
        "for i, (j, k) in zip(y, x): a = i",
        "a = min()",
        "a = np.bincount()",
        "a = round()",
        "a = np.hstack()",
        "a = np.column_stack(*y)",
        "a = np.c_[x]",
        "x[[0, 1]] = x[[1, 0, 2]]",
        "x[y] += 1",
    ],
)
def test_calls_that_make_no_sense_are_never_a_traceback(line):
    found = convert(body(line), TASK)
    assert not found.whole or parse(found.source)


def test_what_means_something_else_is_said():
    found = convert(body("rng = np.random.default_rng(1)", "a = rng.integers(3)", "b = round(2.5)"), TASK)
    assert found.whole
    assert "a = randint(0, 3)" in found.source and "seed(1)" in found.source
    assert [each.line for each in found.findings if each.kind == DIFFERS] == [7, 8]


def test_a_file_without_the_functions_is_refused_with_what_the_task_needs():
    with pytest.raises(ProgramError, match="no fit and no predict; parity-10-2 needs fit"):
        convert("class Learner:\n    pass\n", TASK)
    with pytest.raises(ProgramError, match="invalid syntax"):
        convert("def fit(:\n", TASK)


@pytest.mark.parametrize("text", [PERCEPTRON, NEIGHBOURS, BAYES, LOGISTIC, ELIMINATION])
def test_learners_as_people_write_them_are_converted_whole_and_predict_the_same(text):
    found = convert(text, TASK)
    assert found.whole, (found.findings, found.faults)
    assert compared(text, found.source, TASK, 3) == (512, 0)


def test_a_class_becomes_two_functions_and_what_it_keeps_the_model():
    found = convert(WINNOW, TASK)
    assert found.whole, (found.findings, found.faults)
    for words in ("alpha = 2.0", "return theta, own_w", "def predict(theta, own_w, q):", "def _score(w, row):"):
        assert words in found.source
    assert compared(WINNOW + AS_FUNCTIONS, found.source, TASK, 3) == (512, 0)


MASKED = """
def fit(x, y):
    ones = x[y == 1]
    return ones[:, 0].sum()


def predict(m, q):
    return m
"""


def test_a_line_that_only_uses_what_is_left_to_a_person_is_not_complained_about():
    found = convert(MASKED, TASK)
    assert [each.line for each in found.findings if each.kind == LEFT] == [3]
    assert not found.faults


def test_rows_that_change_places_are_swapped():
    lines = convert(body("a = np.zeros((3, 3))", "a[[0, 2]] = a[[2, 0]]"), TASK).source
    assert "    swap_rows(a, 0, 2)\n" in lines


def test_an_empty_list_is_answered_with_an_array_and_a_count():
    text = "def fit(x, y):\n    found = []\n    return 0\n\n\ndef predict(m, q):\n    return m\n"
    [left] = [each for each in convert(text, TASK).findings if each.kind == LEFT]
    assert left.found == "an empty list"
    assert "a[count] = v; count += 1" in left.instead
