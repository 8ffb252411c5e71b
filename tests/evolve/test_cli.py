"""The command line, as a person at a terminal or a script meets it."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import evolve
from evolve.cli import COMMANDS, main
from fitness import Limits
from primitives.catalogue import CATALOGUE

ROOT = Path(evolve.__file__).parent.parent

DOT = """\
def weighted(x, y, scale):
    total = 0.0
    for i in range(len(x)):
        total += x[i] * y[i]
    return total * scale
"""
DOT_ARGUMENTS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], {"control": 2}]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in an empty directory and gives its result; exceptions other than exits fail the test."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, list(words), catch_exceptions=False)

    return run


@pytest.fixture
def profile(run):
    """Profiles the program `source` with the arguments given as JSON data or as text."""

    def profile(source, entry, arguments, *options):
        Path("program.py").write_text(source, encoding="utf-8")
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        Path("args.json").write_text(text, encoding="utf-8")
        return run("profile", "program.py", "--entry", entry, "--args", "args.json", *options)

    return profile


def profiled(result):
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def test_every_command_of_the_table_is_a_click_command_of_that_name():
    for name in COMMANDS:
        command = import_module(f"evolve.cli.{name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        assert command.name == name


def test_help_lists_every_command(run):
    result = run("--help")
    assert result.exit_code == 0
    for name, summary in COMMANDS.items():
        assert name in result.output
        assert summary.split()[0] in result.output


def test_an_unknown_command_is_a_wrong_request(run):
    result = run("profiel")
    assert result.exit_code == 2
    assert "No such command 'profiel'" in result.stderr


def test_the_module_runs_as_a_process(tmp_path):
    (tmp_path / "program.py").write_text(DOT, encoding="utf-8")
    (tmp_path / "args.json").write_text(json.dumps(DOT_ARGUMENTS), encoding="utf-8")
    words = ["profile", "program.py", "--entry", "weighted", "--args", "args.json", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "evolve", *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["value"] == 64.0


def test_profile_prints_source_shares_totals_and_distances(profile):
    result = profile(DOT, "weighted", DOT_ARGUMENTS, "--energy", "dmc,bytedmd")
    assert result.exit_code == 0
    for line in DOT.splitlines():
        assert line in result.output
    for text in ("status", "ok", "64.0", "steps", "reads", "dmc v1", "bytedmd v2", "hottest variables", "LRU stack"):
        assert text in result.output
    assert "\x1b" not in result.output, "colours are for terminals only"
    assert result.stderr == ""


def test_profile_accounts_for_all_energy_by_line_and_by_variable(profile):
    document = profiled(profile(DOT, "weighted", DOT_ARGUMENTS, "--energy", "dmc,bytedmd", "--format", "json"))
    assert [(each["model"], each["version"]) for each in document["energy"]] == [("dmc", 1), ("bytedmd", 2)]
    for each in document["energy"]:
        assert each["total"] > 0
        assert sum(each["by_line"].values()) == pytest.approx(each["total"])
    assert sum(row["reads"] for row in document["dmc_distances"]) == document["reads"]


def test_profile_of_a_failing_program_names_status_and_line_and_exits_1(profile):
    source = "def f(x, i):\n    y = x[0]\n    return y + x[i]\n"
    result = profile(source, "f", [[1, 2], 7])
    assert result.exit_code == 1
    assert "index_error in line 3" in result.output
    assert profiled(profile(source, "f", [[1, 2], 7], "--format", "json"))["status"] == "index_error"


def test_profile_stops_at_the_limits_given(profile):
    forever = "def f():\n    while True:\n        pass\n"
    greedy = "def f():\n    a = zeros(1000)\n    return a\n"
    assert "out_of_steps" in profile(forever, "f", [], "--steps", "1000").output
    assert "out_of_memory" in profile("from primitives import zeros\n" + greedy, "f", [], "--memory", "7999").output


def test_the_help_of_profile_states_the_limits_that_hold(run):
    text = run("profile", "--help").output
    assert f"{Limits().steps // 10**6} million" in text
    assert f"{Limits().memory // 2**20} MiB" in text


def test_the_seed_decides_the_draws(profile):
    source = "from primitives import random\n\n\ndef f():\n    x = random()\n    return x\n"

    def draw(seed):
        return profiled(profile(source, "f", [], "--seed", seed, "--format", "json"))["value"]

    assert draw("1") == draw("1") != draw("2")


def test_a_program_outside_the_language_gets_every_diagnostic_with_source_and_caret(profile):
    result = profile("import os\n\n\ndef f(x):\n    y = [i for i in x]\n    return y\n", "f", [[1]])
    assert result.exit_code == 2
    assert "program.py:1:1: " in result.stderr
    assert "program.py:5:9: " in result.stderr
    assert "    5 |     y = [i for i in x]\n      |         ^" in result.stderr


@pytest.mark.parametrize("arguments", [[], [[1.0], [2.0], 1, 1]])
def test_a_wrong_number_of_arguments_is_a_wrong_request(profile, arguments):
    result = profile(DOT, "weighted", arguments)
    assert result.exit_code == 2
    assert "weighted" in result.stderr
    assert "3" in result.stderr
    assert str(len(arguments)) in result.stderr


def test_an_unknown_entry_is_a_wrong_request_that_names_it(profile):
    result = profile(DOT, "wieghted", DOT_ARGUMENTS)
    assert result.exit_code == 2
    assert "wieghted" in result.stderr


def test_an_unknown_energy_model_is_a_wrong_request_that_lists_the_known(profile):
    result = profile(DOT, "weighted", DOT_ARGUMENTS, "--energy", "dmc,joules")
    assert result.exit_code == 2
    assert "joules" in result.stderr
    assert "bytedmd" in result.stderr


@pytest.mark.parametrize("name", ["missing.py", "."])
def test_a_file_that_cannot_be_read_is_a_wrong_request(run, name):
    result = run("profile", name, "--entry", "f")
    assert result.exit_code == 2
    assert f"can't read {name}" in result.stderr


def test_a_file_that_is_not_utf8_is_a_wrong_request(run):
    Path("latin.py").write_bytes("# é".encode("latin-1"))
    result = run("profile", "latin.py", "--entry", "f")
    assert result.exit_code == 2
    assert "latin.py is not UTF-8 (byte 2)" in result.stderr


ECHO = "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        (5, 5),
        (-0.5, -0.5),
        (True, True),
        ({"control": 5}, 5),
        ([1, 2], {"dtype": "i8", "data": [1, 2]}),
        ([1, 2.5], {"dtype": "f8", "data": [1.0, 2.5]}),
        ([[True], [False]], {"dtype": "u1", "data": [[1], [0]]}),
        ({"dtype": "u1", "data": [[0, 255]]}, {"dtype": "u1", "data": [[0, 255]]}),
        ({"dtype": "f4", "data": [1, 0.5]}, {"dtype": "f4", "data": [1.0, 0.5]}),
        ({"dtype": "i4", "data": []}, {"dtype": "i4", "data": []}),
    ],
)
def test_an_argument_arrives_with_the_type_it_is_written_in(profile, entry, value):
    assert profiled(profile(ECHO, "f", [entry], "--format", "json"))["value"] == value


def test_a_readonly_argument_cannot_be_written(profile):
    source = "def f(x):\n    x[0] = 1\n    return x[0]\n"
    assert profile(source, "f", [[5]]).exit_code == 0
    assert profile(source, "f", [{"readonly": [5]}]).exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1,", "not JSON: line 1"),
        ("{}", "a list with one entry an argument"),
        ("[null]", "argument 1: null is no scalar"),
        ('[1, "a"]', 'argument 2: "a" is no scalar'),
        ("[[1, [2]]]", "argument 1: [0] is 1 where the others are lists"),
        ("[[[1], [2, 3]]]", "row 1 has 2 elements, row 0 has 1"),
        ("[[[[1]]]]", "at most two dimensions"),
        ("[[]]", "an empty list has no element type"),
        ("[[true, 2]]", "true and false stand among numbers"),
        ('[{"dtype": "u2", "data": []}]', 'no element type "u2"; there are u1'),
        ('[{"dtype": "u1", "data": [[0, 300]]}]', "element [0][1]: 300 does not fit u1 (0 to 255)"),
        ('[{"dtype": "i4", "data": [0.5]}]', "element [0]: 0.5 is a float, and i4 holds ints"),
        ('[{"dtype": "f4", "data": [1e39]}]', "1e+39 does not fit f4"),
        ('[{"dtype": "u1", "data": "ab"}]', '"ab" is no array'),
        ('[{"data": [1]}]', "an object is"),
        ('[{"control": [1]}]', "[1] is no scalar"),
        ('[{"readonly": 1}]', "1 is no array"),
        ("[NaN]", "nan is not finite"),
        ("[[1e999]]", "element [0]: inf is not finite"),
        ("[9223372036854775808]", "does not fit the 64 bits"),
        pytest.param("[" * 100_000, "nested too deeply", id="100,000 brackets"),
        pytest.param("[1" + "0" * 5_000 + "]", "too long", id="5,001 digits"),
    ],
)
def test_what_is_no_argument_is_a_wrong_request_that_names_the_place(profile, text, message):
    result = profile(ECHO, "f", text)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr) < 300


def test_primitives_lists_the_whole_catalogue(run):
    result = run("primitives")
    assert result.exit_code == 0
    for primitive in CATALOGUE.values():
        assert primitive.signature in result.output
        assert primitive.group in result.output


def test_a_primitive_is_shown_with_signature_doc_and_definitions(run):
    result = run("primitives", "matvec")
    matvec = CATALOGUE["matvec"]
    assert result.exit_code == 0
    assert matvec.signature in result.output
    assert matvec.doc in result.output
    assert matvec.overloads[0].source.strip() in result.output


def test_primitives_are_told_as_json_too(run):
    documents = json.loads(run("primitives", "--format", "json").stdout)
    assert [each["name"] for each in documents] == list(CATALOGUE)
    one = json.loads(run("primitives", "dot", "--format", "json").stdout)
    assert one in documents
    assert one["overloads"][0]["definition"] == CATALOGUE["dot"].overloads[0].source


def test_an_unknown_primitive_is_a_wrong_request_with_advice(run):
    result = run("primitives", "matmull")
    assert result.exit_code == 2
    assert "did you mean matmul" in result.stderr


def test_the_readme_shows_what_its_commands_print(monkeypatch):
    monkeypatch.chdir(ROOT)
    shown = re.findall(r"```\n\$ \.venv/bin/evolve (.*)\n((?s:.*?))```", Path("README.md").read_text(encoding="utf-8"))
    assert shown
    for words, output in shown:
        result = CliRunner().invoke(main, words.split(), catch_exceptions=False)
        assert result.exit_code == 0
        assert result.output == output
