"""`evolve verify`, as a person at a terminal or a script meets it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from primitives.seeds import source

CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 1\n\n\ndef predict(m, q):\n    return m\n"


@pytest.fixture
def verify(tmp_path, monkeypatch):
    """Verifies the program `text` in an empty directory; exceptions other than exits fail the test."""
    monkeypatch.chdir(tmp_path)

    def verify(text, *options, rung="parity-10-3"):
        Path("program.py").write_text(text, encoding="utf-8")
        seed = [] if "--seed" in options else ["--seed", "0"]
        words = ["verify", "program.py", "--rung", rung, *options, *seed]
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return verify


def test_a_program_that_learns_passes_with_a_line_for_every_check_and_a_verdict(verify):
    result = verify(source("gf2_elimination"), "--quick")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "program.py on parity-10-3, seed 0, quick"
    assert lines[-1].startswith("PASS: ")
    for check in ("fresh instances", "larger: ", "CPython", "determinism", "variant: ", "curve: rows"):
        assert any(line.startswith(f"  pass  {check}") for line in lines), check
    assert "dmc v1 of fit ~ n^" in result.stdout
    assert "\x1b" not in result.output, "colours are for terminals only"


def test_a_program_that_does_not_learn_fails_with_exit_code_1_and_the_names_of_the_checks(verify):
    result = verify(CONSTANT, "--quick")
    assert result.exit_code == 1
    assert "  FAIL  fresh instances" in result.stdout
    last = result.stdout.splitlines()[-1]
    assert last.startswith("FAIL: ")
    assert "fresh instances" in last


def test_json_holds_every_figure_and_nothing_else_is_printed(verify):
    result = verify(CONSTANT, "--quick", "--seed", "7", "--instances", "40", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert (document["task"], document["seed"], document["passed"]) == ("parity-10-3", 7, False)
    fresh = document["checks"][0]
    assert (fresh["name"], fresh["verdict"], fresh["figures"]["instances"]) == ("fresh instances", "fail", 40)
    assert fresh["figures"]["energy (dmc v1)"] == 0.0, "it reads nothing that is priced"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("import os\n", (), "program.py:1:1"),
        (CONSTANT, ("--instances", "4"), "on 4 instances of parity-10-3 not even a perfect program"),
        (CONSTANT, ("--task", "other.py:Task"), "--rung and --task name two tasks"),
    ],
)
def test_what_can_not_be_checked_is_said_in_one_message_with_exit_code_2(verify, text, options, said):
    result = verify(text, *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_rung_and_a_missing_file_are_refused(verify):
    assert verify(CONSTANT, rung="parity-5-1").exit_code == 2
    Path("program.py").unlink()
    result = CliRunner().invoke(main, ["verify", "program.py", "--rung", "parity-10-3"], catch_exceptions=False)
    assert result.exit_code == 2
    assert "can't read program.py" in result.stderr


def test_the_page_shows_what_its_command_prints(monkeypatch):
    root = Path(__file__).parents[2]
    monkeypatch.chdir(root)
    page = (root / "docs" / "verification.md").read_text(encoding="utf-8")
    ((words, output),) = re.findall(r"```\n\$ evolve (verify .*)\n((?s:.*?))```", page)
    assert CliRunner().invoke(main, words.split(), catch_exceptions=False).output == output
