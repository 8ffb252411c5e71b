"""The shapes of exports, each used as its user would."""

import ast
import random
import sys
from pydoc_data.topics import topics
from types import ModuleType

import numpy as np
import pytest

from primitives import seeds
from primitives.parser import parse
from runs.export.module import code_of, file_text
from runs.export.shapes import text_of
from runs.export.state import depends_on_state
from runs.export.trial import ShapeError
from runs.export.words import Words
from tasks import LEARNER, Examples, rung
from tests.runs.exports import NUMBA, predictions
from tests.runs.test_export import SEED, instance_of, machine_answers

ADAPTIVE = """
from primitives import u1, zeros

def fit(x, y, n_symbols, n_classes):
    return zeros(1, u1)

def predict(count, q):
    count[0] = (count[0] + q[0]) % 2
    return count[0]
"""
GUESSING = """
from primitives import randint

def fit(x, y, n_symbols, n_classes):
    return 0

def predict(model, q):
    return randint(0, 2)
"""
WORDS = """
from primitives import addw, f4, floor, i8, mix, mulw, normal, permutation, randint, random, sigmoid, zeros

def fit(x, y, n_symbols, n_classes):
    order = permutation(len(x))
    weights = zeros(8, f4)
    for i in range(8):
        weights[i] += sigmoid(normal()) ** 2 + random()
    table = zeros(64, i8)
    for i in range(len(x)):
        table[mix(x[order[i], 0] - 3) % 64] = addw(mulw(y[i], -7046029254386353131), randint(0, 9))
    return table, weights

def predict(table, weights, q):
    return (table[mix(q[0] - 3) % 64] + floor(weights[q[1] % 8] * 1000.0) + randint(0, 3)) % 16
"""
"""It draws random numbers, wraps, and rounds to four bytes, at fitting and at predicting."""


def loaded(text):
    namespace = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), namespace)
    return namespace


def challenge(source, task="parity-20-3", words=Words.NUMPY):
    return text_of("parity-challenge", words, "An export.", parse(source), rung(task), 0)


@pytest.mark.parametrize("name", ["gf2_elimination", "gf2_packed", "backtracking", "walsh_hadamard", "sparse_linear"])
def test_as_a_submission_to_the_challenge_a_learner_finds_the_secrets(name):
    solve = loaded(challenge(seeds.source(name)))["solve"]
    for secret_seed in range(3):
        generator = np.random.default_rng(secret_seed)
        secret = sorted(generator.choice(20, 3, replace=False).tolist())
        x = generator.choice([-1.0, 1.0], (500, 20))
        before = x.copy()
        found = solve(x, np.prod(x[:, secret], axis=1), n_bits=20, k_sparse=3)
        assert found == secret
        assert all(type(each) is int for each in found)
        assert np.array_equal(x, before)


@pytest.mark.parametrize("name", ["gf2_elimination", "walsh_hadamard"])
def test_the_submission_does_without_numpy_as_well(name):
    text = challenge(seeds.source(name), words=Words.PURE)
    assert "np." not in text and "numpy" not in text
    generator = random.Random(4)
    x = [[generator.choice((-1, 1)) for _ in range(20)] for _ in range(300)]
    y = [row[2] * row[11] * row[19] for row in x]
    assert loaded(text)["solve"](x, y, 20, 3) == [2, 11, 19]


def test_even_numbers_of_secret_bits_are_found_as_well():
    solve = loaded(challenge(seeds.source("gf2_elimination")))["solve"]
    x = np.random.default_rng(1).choice([-1, 1], (100, 12))
    assert solve(x, x[:, 3] * x[:, 7], 12, 2) == [3, 7]


@pytest.mark.parametrize("source", [ADAPTIVE, GUESSING])
def test_a_learner_whose_predictions_depend_on_state_does_not_fit_the_challenge(source):
    with pytest.raises(ShapeError, match="its predictions depend on the queries before"):
        challenge(source)


def test_a_learner_that_only_keeps_scratch_space_in_its_model_does_not_depend_on_state():
    assert not depends_on_state(rung("parity-10-3"), seeds.source("gf2_elimination"), 0)
    scratch = ADAPTIVE.replace("(count[0] + q[0]) % 2", "q[0]")
    assert not depends_on_state(rung("parity-10-3"), scratch, 0)


def test_compiled_by_numba_a_learner_predicts_the_same(tmp_path):
    cases, wanted = [], []
    for name in ("gf2_elimination", "walsh_hadamard"):
        text = file_text("An export.", code_of(parse(seeds.source(name)), LEARNER, Words.NUMBA))
        assert "from numba import njit" in text
        cases.append((text, instance_of("parity-10-3"), SEED))
        wanted.append(machine_answers(seeds.source(name), cases[-1][1]))
    text = file_text("An export.", code_of(parse(WORDS), LEARNER, Words.NUMBA))
    cases += [(text, instance_of("copy-8"), seed) for seed in (SEED,)]
    wanted.append(machine_answers(WORDS, cases[-1][1]))
    assert predictions(cases, tmp_path / "empty", NUMBA, warnings="default") == wanted


def test_as_a_character_model_a_learner_is_trained_on_text_and_predicts_what_the_machine_does():
    source = seeds.source("context_mixing")
    module = loaded(text_of("charmodel", Words.EITHER, "An export.", parse(source), rung("pydoc"), 0))
    text = "".join(topics.values())[:4000]
    model = module["train"](text[:3800], valid_text="never looked at")
    assert guesses(model, text[3800:]) == guesses(model, text[3800:]), "reset forgets what it adapted to"
    symbol = {each: number for number, each in enumerate(model.characters)}
    stream = np.array([symbol.get(each, 127) for each in text[:3800]], dtype=np.uint8)
    asked = np.array([symbol["\n"]] * 16 + [symbol.get(each, 127) for each in text[3800:]], dtype=np.uint8)
    windows = [np.lib.stride_tricks.sliding_window_view(each[:-1], 16) for each in (stream, asked)]
    wanted = machine_answers(source, Examples(windows[0], stream[16:], windows[1], np.zeros(200, np.int64), 128, 128))
    assert guesses(model, text[3800:]) == [model.characters[each] for each in wanted]


def guesses(model, text):
    model.reset()
    found = []
    for character in text:
        probabilities = model.predict()
        assert probabilities == model.predict(), "asking twice changes nothing"
        assert abs(sum(probabilities.values()) - 1) < 1e-9
        found.append(max(probabilities, key=probabilities.get))
        model.observe(character)
    return found


@pytest.mark.parametrize(
    ("name", "task"), [("gf2_elimination", "parity-20-3"), ("naive_bayes", "sum-20-3"), ("nearest_neighbour", "copy-8")]
)
def test_as_a_scikit_learn_classifier_a_learner_passes_its_estimator_checks(name, task, monkeypatch):
    checks = pytest.importorskip("sklearn.utils.estimator_checks", reason="scikit-learn is not installed")
    module = ModuleType("exported")
    monkeypatch.setitem(sys.modules, "exported", module)  # where pickle looks for the class
    text = text_of("sklearn", Words.NUMPY, "An export.", parse(seeds.source(name)), rung(task), 0)
    exec(compile(text, "exported.py", "exec"), module.__dict__)
    found = checks.check_estimator(module.Learner(), on_fail=None, on_skip=None)
    assert not [each for each in found if each["status"] == "failed"]
    assert len([each for each in found if each["status"] == "passed"]) > 40
    instance = instance_of(task, 400, 200)
    names = np.array(list("abcdefghijklmnop"))
    learner = module.Learner().fit(instance.x, names[instance.y])
    assert learner.score(instance.queries, names[instance.answers]) > 1.5 * rung(task).chance


def test_the_classifier_refuses_state():
    with pytest.raises(ShapeError, match="scikit-learn's do not"):
        text_of("sklearn", Words.NUMPY, "An export.", parse(ADAPTIVE), rung("parity-10-3"), 0)


def test_other_tasks_do_not_fit_the_challenge():
    with pytest.raises(ShapeError, match="sum-20-3 is another task"):
        challenge(seeds.source("majority_class"), "sum-20-3")
    assert ast.parse(challenge(seeds.source("gf2_packed")))
