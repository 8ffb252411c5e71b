"""`evolve export`, as a person at a terminal or a script meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from fitness.score import Score
from population import Individual
from primitives.seeds import source
from runs import Birth, create_run

SCORE = Score(8, 1.0, 0.9, 1.0, 123.5, 100.0, 1000.0, 800.0, 1e-5, 640)
RUNG = "parity-10-2"
BLOATED = '''
from primitives import f8, zeros


def fit(x, y, n_symbols, n_classes):
    """Try all pairs of columns."""
    best, a, b = -1, 0, 0
    wrong = zeros(len(y), f8)
    for i in range(x.shape[1]):
        for j in range(i):
            right = 0
            for row in range(len(y)):
                if (x[row, i] ^ x[row, j]) == y[row]:
                    right += 1
                else:
                    wrong[row] = 3.1415926 * wrong[row]
            if right > best:
                best, a, b = right, i, j
            if wrong[0] > 100.5:
                a = 0
    return a, b


def predict(a, b, q):
    return q[a] ^ q[b]
'''
CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 1\n\n\ndef predict(m, q):\n    return m\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty directory with a run of three individuals in it, the second one the first one's child."""
    monkeypatch.chdir(tmp_path)
    programs = ((source("backtracking"), (), "backtracking"), (BLOATED, (0,), "swap"), (CONSTANT, (1,), "delete"))
    with create_run(tmp_path / "run", {"rungs": [RUNG]}) as store:
        for number, (text, parents, operator) in enumerate(programs):
            store.add([Individual(number, "key", text, parents, operator, SCORE)], Birth(RUNG, None, 0, 5, 0.0))
    return tmp_path


def export(*words):
    options = [] if "--seed" in words else ["--seed", "3"]
    return CliRunner().invoke(main, ["export", *words, "--quick", *options], catch_exceptions=False)


def run(file, *words, site=True):
    """Run a file in a fresh interpreter, in a directory of its own; without installed packages if site is False."""
    folder = Path("elsewhere")
    folder.mkdir(exist_ok=True)
    words = [sys.executable, "-I", *([] if site else ["-S"]), "-W", "error", str(Path(file).absolute()), *words]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_a_winner_becomes_one_file_that_runs_alone_and_says_what_it_is(folder):
    result = export("run", "1")
    assert result.exit_code == 0, result.output
    text = Path("parity_10_2_1.py").read_text()
    for words in (
        "Individual 1 of the run run.",
        f"Task {RUNG}: ",
        "fresh instances (seed 3): accuracy 1.0000",
        "dmc v1",
        "Verification passed (seed 3, quick)",
        "It descends from backtracking (individual 0) in 1 step:",
        "evolve export run 1 --quick --seed 3",
        "Try all pairs of columns.",
    ):
        assert words in text
    assert not {"primitives", "evolve"} & {
        line.split()[1] for line in text.splitlines() if line.startswith(("from", "import"))
    }
    alone = run("parity_10_2_1.py", "5")
    assert alone.returncode == 0, alone.stderr
    assert alone.stdout.startswith("accuracy 1.0000 on 100 queries, ")


def test_the_report_beside_the_file_has_the_verification_and_both_scores(folder):
    result = export("run", "1")
    report = json.loads(Path("parity_10_2_1.verification.json").read_text())
    before, after = report["score"]["before"], report["score"]["after"]
    assert before["accuracy"] == after["accuracy"] == 1.0
    assert after["energy"] < before["energy"]
    assert "wrong[row] = 3.1415926 * wrong[row]" in report["removed"]
    assert "wrong" not in Path("parity_10_2_1.py").read_text()
    assert report["verification"]["passed"] and report["verified"]
    assert report["answers"] == [
        {"interpreter": each, "answers": 32, "different": 0} for each in ("numpy", "numpy and numba")
    ]
    assert f"energy {before['energy']:,.0f} (dmc v1)" in result.stdout
    assert f"energy {after['energy']:,.0f} (dmc v1)" in result.stdout


def test_as_is_changes_nothing(folder):
    assert export("run", "1", "--as-is", "--pure", "--out", "same.py").exit_code == 0
    text = Path("same.py").read_text()
    assert "wrong[row] = 3.1415926 * wrong[row]" in text
    assert "As it was found" in text
    assert "It needs nothing but Python." in " ".join(text.split())
    assert run("same.py", "5", site=False).stdout.startswith("accuracy 1.0000 on 100 queries, ")


def test_what_fails_its_verification_is_exported_only_if_asked_to_and_says_so_first(folder):
    result = export("run", "2")
    assert result.exit_code == 1
    assert "fails its verification (fresh instances: " in result.stderr
    assert not Path("parity_10_2_2.py").exists()
    assert export("run", "2", "--unverified", "--pure").exit_code == 0
    first = Path("parity_10_2_2.py").read_text().splitlines()[0]
    assert first.startswith("# NOT VERIFIED: it failed fresh instances")
    assert json.loads(Path("parity_10_2_2.verification.json").read_text())["verified"] is False
    assert run("parity_10_2_2.py").returncode == 0


def test_a_program_in_a_file_is_exported_for_the_task_that_is_named(folder):
    Path("mine.py").write_text(source("gf2_elimination"))
    assert export("mine.py", "--rung", "parity-10-3", "--out", "out.py", "--pure").exit_code == 0
    assert "Gaussian elimination over GF(2)" in Path("out.py").read_text()
    assert run("out.py").returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "99"), "run has no individual 99"),
        (("run",), "name an individual of run"),
        (("nowhere", "1"), "there is no directory nowhere"),
        (("mine.py",), "name a task"),
        (("mine.py", "1"), "mine.py is a file"),
        (("mine.py", "--rung", RUNG, "--out", "mine.py"), "mine.py is the program itself"),
        (("mine.py", "--rung", RUNG, "--out", "there.py"), "there.py is there already"),
        (("mine.py", "--rung", RUNG, "--out", "no/such/file.py"), "there is no directory no/such"),
        (("broken.py", "--rung", RUNG), "broken.py"),
        (("mine.py", "--rung", RUNG, "--as", "sklearn", "--pure"), "--pure goes with --as module, parity-challenge"),
    ],
)
def test_what_can_not_be_served_is_one_message_and_no_file_is_touched(folder, words, message):
    Path("mine.py").write_text(source("gf2_elimination"))
    Path("there.py").write_text("precious")
    Path("broken.py").write_text("import os\n")
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()}
    result = export(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()} == before


def test_force_writes_over_a_file(folder):
    Path("there.py").write_text("stale")
    assert export("run", "1", "--out", "there.py", "--force").exit_code == 0
    assert "def fit" in Path("there.py").read_text()
