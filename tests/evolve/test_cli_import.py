"""`evolve import`, as a person at a terminal meets it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from primitives.seeds import source

NUMPY = """
import numpy as np


def fit(x, y):
    return np.bincount(y, minlength=2)


def predict(counts, q):
    return int(np.argmax(counts))
"""
HARD = NUMPY.replace("    return np.bincount", "    rows = x[y == 1]\n    return np.bincount")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(NUMPY)
    Path("hard.py").write_text(HARD)
    Path("there.py").write_text("precious")
    Path("broken.py").write_text("def fit(:\n")
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_what_converts_is_written_and_founds_a_search(folder):
    result = run("import", "mine.py", "--out", "seed.py", "--compare", "--rung", "parity-4-1", "--seed", "1")
    assert result.exit_code == 0, result.output
    assert "mine.py:6: return np.bincount(y, minlength=2)  ->  return bincount(y, 2)" in result.stderr
    assert "predictions are the same on parity-4-1, seed 1" in result.stderr
    words = (
        "search",
        "--from",
        "seed.py",
        "--rung",
        "parity-4-1",
        "--evaluations",
        "60",
        "--seed",
        "1",
        "--run",
        "run",
    )
    assert run(*words, "--deterministic", "--workers", "1").exit_code == 0


def test_what_does_not_convert_is_explained_and_nothing_is_written(folder):
    result = run("import", "hard.py", "--out", "seed.py")
    assert result.exit_code == 1
    assert "hard.py:6:12: to write by hand: an array indexed with a mask; instead: write a loop" in result.stderr
    assert not Path("seed.py").exists()


def test_predictions_that_differ_are_an_exit_code(folder):
    Path("wraps.py").write_text(NUMPY.replace("np.argmax(counts)", "q[0] - np.uint8(1) > 1").replace("2)", "2) * 1"))
    result = run("import", "wraps.py", "--compare", "--rung", "parity-4-1", "--seed", "1")
    assert result.exit_code == 1
    assert "make a difference" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere.py",), "nowhere.py"),
        (("broken.py",), "invalid syntax"),
        (("mine.py", "--out", "mine.py"), "mine.py is the learner itself"),
        (("mine.py", "--out", "there.py"), "there.py is there already"),
        (("mine.py", "--out", "no/such.py"), "there is no directory no"),
        (("mine.py", "--rung", "parity-1"), "parity-1"),
    ],
)
def test_what_can_not_be_served_is_one_message(folder, words, message):
    result = run("import", *words)
    assert result.exit_code == 2
    assert message in result.stderr and "Traceback" not in result.output
    assert Path("there.py").read_text() == "precious"


def test_a_seed_of_the_language_passes_through(folder):
    Path("gf2.py").write_text(source("gf2_elimination"))
    assert run("import", "gf2.py", "--out", "same.py").exit_code == 0
    assert "rank += 1" in Path("same.py").read_text()
