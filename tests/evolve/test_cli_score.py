"""`evolve score`: what it prints, how its figures hang together, and what it says to a wrong request."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.cli.figures import duration
from evolve.cli.score_report import Scored, merit
from fitness.gate import Gate
from fitness.score import Failed, Score
from primitives.seeds import SEEDS, source
from tasks import LEARNER
from tests.episodes import BEST_FIT

RUNG = ("--rung", "parity-6-2", "--instances", "20", "--repeats", "1")
DIVIDING = LEARNER.blank.replace("return q[a]", "return 1 // (q[0] + q[1])")

OWN = '''"""A task of a person's own."""
from tests.episodes import PackingTask


class Careless(PackingTask):
    name = "careless"

    def draw(self, generator, purpose):
        return Careless.Episode()

    class Episode:
        def play(self):
            yield "least"
            return 1.0
'''


@pytest.fixture
def evolve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"good.py": source("gf2_elimination"), "blank.py": LEARNER.blank, "dividing.py": DIVIDING}
    files |= {"own.py": OWN, "pack.py": BEST_FIT, "odd.py": "import os\n", "list.py": "[1, 2]\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def score(*words):
        """Scores with seed 0 unless told otherwise."""
        seed = [] if "--seed" in words else ["--seed", "0"]
        return CliRunner().invoke(main, ["score", *map(str, words), *seed], catch_exceptions=False)

    return score


def test_a_program_is_scored_in_full(evolve):
    done = evolve("good.py", *RUNG, "--energy", "dmc,bytedmd")
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = dict(re.findall(r"^  (\w+) +(.*)$", done.stdout, re.MULTILINE))
    assert lines["status"] == "ok"
    assert lines["instances"].startswith("20 that no search has seen, seed 0")
    assert lines["accuracy"].startswith("1.0000; chance 0.5, best possible 1")
    assert "with a confidence of 95 %, over instances" in done.stdout
    assert re.search(r"0\.95 on parity-6-2: (not )?passed, accuracy at least 0\.9", done.stdout)
    assert "dmc v1: " in done.stdout and "bytedmd v2: " in done.stdout
    assert "calibrated: the same on every computer" in lines["time"]
    assert "(medians of 20 runs, in brackets the quartiles)" in done.stdout
    assert re.match(r"[\d,]+ = [\d,]+ fit \+ [\d,]+ queries", lines["steps"])
    assert "of 1,024 bytes" in lines["literals"]


def test_json_holds_the_figures_and_they_add_up(evolve):
    document = json.loads(evolve("good.py", *RUNG, "--format", "json", "--energy", "dmc,bytedmd").stdout)
    assert document["status"] == "ok"
    assert document["accuracy_from"] < document["accuracy"] <= document["accuracy_to"] == 1
    assert [(each["model"], each["version"]) for each in document["energy"]] == [("dmc", 1), ("bytedmd", 2)]
    for each in document["energy"]:
        assert each["total"] == pytest.approx(each["fit"] + each["queries"])
    assert document["seconds_measured"]["total"]["median"] > 0 < document["seconds_calibrated"]
    assert document["fit_steps"] < document["steps"]
    assert document["gates"][0]["task"] == "parity-6-2"


def test_without_a_seed_the_instances_are_new_ones_and_the_seed_is_printed(evolve):
    command = ["score", "good.py", *map(str, RUNG), "--repeats", "0", "--format", "json"]
    first, second = (json.loads(CliRunner().invoke(main, command).stdout) for _ in range(2))
    assert first["seed"] != second["seed"]
    again = json.loads(evolve("good.py", *RUNG, "--repeats", 0, "--format", "json", "--seed", first["seed"]).stdout)
    assert again == first


def test_the_same_seed_gives_the_same_and_another_one_something_else(evolve):
    first, again, other = (
        evolve("good.py", *RUNG, "--repeats", 0, "--seed", seed, "--format", "json").stdout for seed in (1, 1, 2)
    )
    assert first == again
    assert json.loads(first)["energy"] != json.loads(other)["energy"]


def test_csv_has_one_row_a_program(evolve):
    (row,) = csv.DictReader(io.StringIO(evolve("good.py", *RUNG, "--format", "csv").stdout))
    assert row["program"] == "good.py"
    assert float(row["energy_dmc_v1_total"]) == pytest.approx(
        float(row["energy_dmc_v1_fit"]) + float(row["energy_dmc_v1_queries"])
    )
    (failed,) = csv.DictReader(io.StringIO(evolve("dividing.py", *RUNG, "--format", "csv").stdout))
    assert (failed["status"], failed["line"], failed["accuracy"]) == ("zero_division", "10", "")


def test_a_program_that_does_not_pass_the_gate_has_run_and_one_that_fails_has_not(evolve):
    blank = evolve("blank.py", *RUNG)
    assert blank.exit_code == 0
    assert "0.95 on parity-6-2: not passed" in blank.stdout
    failed = evolve("dividing.py", *RUNG)
    assert failed.exit_code == 1
    assert re.search(r"status +zero_division in line 10, on instance \d+: division by zero", failed.stdout)
    assert "accuracy" not in failed.stdout
    document = json.loads(evolve("dividing.py", *RUNG, "--format", "json").stdout)
    assert (document["status"], document["line"]) == ("zero_division", 10)
    assert "accuracy" not in document


def test_a_task_of_one_s_own_is_scored_likewise(evolve, tmp_path):
    path = tmp_path / "packing.py"
    path.write_text('"""Packing."""\nfrom tests.episodes import PackingTask\n', encoding="utf-8")
    done = evolve("pack.py", "--task", f"{path}:PackingTask", "--energy", "dmc,bytedmd", "--format", "json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document["task"] == "packing"
    assert document["energy"][0]["fit"] == 0 < document["energy"][1]["queries"]
    assert document["accuracy"] > 0.5
    assert document["gates"][0]["least"] == 0.5


def test_all_seeds_are_scored_the_best_first(evolve):
    words = ("--all-seeds", "--rung", "parity-6-2", "--instances", 20, "--repeats", 0)
    done = evolve(*words)
    assert done.exit_code == 0
    assert done.stderr == ""
    for name in SEEDS:
        assert name in done.stdout
    rows = list(csv.DictReader(io.StringIO(evolve(*words, "--format", "csv").stdout)))
    assert {row["program"] for row in rows} == set(SEEDS)
    passed = [row["passed"] == "True" for row in rows]
    assert passed == sorted(passed, reverse=True)
    energies = [float(row["energy_dmc_v1_total"]) for row in rows if row["passed"] == "True"]
    assert energies == sorted(energies)
    documents = json.loads(evolve(*words, "--format", "json").stdout)
    assert [each["program"] for each in documents] == [row["program"] for row in rows]


def scored(name, passed=True, failed=False, **figures):
    made = {"accuracy": 1.0, "energy": 10.0} | figures
    low = 0.99 if passed else 0.5
    outcome = Score(9, made["accuracy"], low, 1.0, made["energy"], 0.5, 10.0, 5.0, 1e-6, 100)
    return Scored(name, Failed("overflow", 3, 0) if failed else outcome, None, (Gate("t", 0.95, outcome),))


def test_what_passes_comes_first_by_energy_then_the_rest_by_accuracy_then_failures():
    rows = [
        scored("failed", failed=True),
        scored("poor", passed=False, accuracy=0.5, energy=1.0),
        scored("dear", energy=100.0),
        scored("fair", passed=False, accuracy=0.8, energy=1000.0),
        scored("cheap", energy=1.0, accuracy=0.97),
    ]
    assert [each.name for each in sorted(rows, key=merit)] == ["cheap", "dear", "fair", "poor", "failed"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.py", *RUNG], "can't read missing.py: No such file or directory"),
        (["odd.py", *RUNG], "odd.py:1:1: an import"),
        (["list.py", *RUNG], "can't run fit and predict of list.py"),
        (["pack.py", *RUNG], "no function fit"),
        (["good.py", *RUNG, "--energy", "joule"], "--energy joule: no energy model 'joule'; there are dmc, bytedmd"),
        (["good.py", "--rung", "parity-5-1"], "there is no rung parity-5-1"),
        (["good.py"], "name a task"),
        (["good.py", "--task", "missing.py:Task"], "missing.py"),
        (["good.py", "--task", "own.py:Missing"], "Missing"),
        (["pack.py", "--task", "own.py:Careless"], "yields str 'least' as its call 1; it yields a Call"),
        (["good.py", "--rung", "parity-6-2", "--task", "own.py:Careless"], "two tasks"),
        ([*RUNG], "give the FILE of a program, or --all-seeds"),
        (["good.py", "--all-seeds", *RUNG], "give the FILE of a program, or --all-seeds"),
        (["good.py", *RUNG, "--instances", "0"], "not in the range"),
        (["good.py", *RUNG, "--data", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_request_is_explained_in_one_message_with_exit_code_2(evolve, words, message):
    done = evolve(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(re.findall("^Error: ", done.stderr, re.MULTILINE)) == 1


def test_times_are_shown_in_the_unit_that_suits_them():
    assert [duration(each) for each in (2.5, 0.0125, 0.00002, 0.0)] == ["2.5 s", "12.5 ms", "20 µs", "0 µs"]
