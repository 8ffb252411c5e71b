"""Settings: every source says the same words, the nearest one wins, and all mistakes are named at once."""

import inspect
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

import evolve
from evolve.cli import main
from evolve.cli.search import command
from evolve.engine import Configuration
from evolve.settings import KEYS, Layer, Settings, SettingsError, layer_of, preset_summaries, resolve, to_toml
from evolve.settings.naming import DEFAULT_LADDER
from evolve.settings.writing import toml
from tasks import RUNGS


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes `mine.toml` into the current directory, a new one, and gives its layer."""
    monkeypatch.chdir(tmp_path)

    def written(text):
        Path("mine.toml").write_text(text, encoding="utf-8")
        return layer_of("mine.toml")

    return written


@pytest.fixture
def search(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["search", *map(str, words)], catch_exceptions=False)


def mistakes(*layers):
    with pytest.raises(SettingsError) as caught:
        resolve(layers)
    return caught.value.mistakes


def test_options_files_and_the_python_api_have_the_same_settings():
    options = {each.name for each in command.params} - {"preset", "resume", "show"}
    parameters = inspect.signature(evolve.search).parameters
    api = [name.rstrip("_") for name in parameters if name not in ("preset", "resume", "observer", "stop")]
    assert options == set(KEYS) == set(api)
    assert api == list(KEYS)


def test_defaults_are_those_of_the_engine():
    settings, configuration = Settings(), Configuration(("",), evaluations=1)
    for name in {each.name for each in fields(Configuration)} & set(KEYS) - {"evaluations", "islands"}:
        assert getattr(settings, name) == getattr(configuration, name)


def test_without_a_preset_a_search_has_the_settings_of_the_first_one():
    assert resolve([]) == resolve([layer_of("first")])


@pytest.mark.parametrize("name", preset_summaries())
def test_what_show_prints_says_all_and_makes_the_same_search(name, search, written):
    shown = search(name, "--show", "--seed", 7, "--from", 'odd "name".py')
    assert shown.exit_code == 0
    for key in KEYS.values():
        assert f"\n{key.name} = " in shown.output or f"\n# {key.name} = " in shown.output
    options = Layer({"seed": 7, "from": ['odd "name".py']})
    assert resolve([written(shown.output)]) == resolve([options, layer_of(name)])


def test_examples_of_settings_are_settings():
    for key in KEYS.values():
        if key.example:
            others = {"llm": "a-model"} if key.name.startswith("llm_") else {}
            value = tomllib.loads(f"x = {key.example}")["x"]
            resolve([Layer({"evaluations": 5, "workers": 2, **others, key.name: value})])


def test_a_summary_of_each_preset_is_a_sentence():
    for text in preset_summaries().values():
        assert text.endswith(".")
        assert not text.startswith("#")


def test_an_option_wins_over_a_file_and_a_file_over_the_defaults(written):
    settings = resolve([Layer({"seed": 3}), written("seed = 1\npopulation = 5\n")])
    assert (settings.seed, settings.population, settings.epoch) == (3, 5, Settings().epoch)


def test_a_limit_replaces_all_limits_and_a_task_all_tasks_that_are_less_near(written):
    file = written('ladder = "parity-4-1..parity-6-2"\nminutes = 5\nevaluations = 100\n')
    assert resolve([file]).minutes == 5
    assert resolve([file]).evaluations == 100
    assert resolve([file]).ladder == ("parity-4-1", "parity-6-1", "parity-6-2")
    near = resolve([Layer({"rung": "parity-8-2", "minutes": 2}), file])
    assert (near.rung, near.ladder, near.minutes, near.evaluations) == ("parity-8-2", None, 2, None)
    assert resolve([Layer({"evaluations": 7})]).minutes is None


def test_paths_in_a_file_are_relative_to_it(tmp_path, monkeypatch):
    (tmp_path / "conf").mkdir()
    text = 'task = "mine.py:Task"\nfrom = ["seeds", "start.py"]\nrun = "kept"\ndata = "/texts"\n'
    (tmp_path / "conf" / "mine.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = resolve([layer_of("conf/mine.toml")])
    assert settings.task == "conf/mine.py:Task"
    assert settings.from_ == ("seeds", "conf/start.py")
    assert (settings.run, settings.data) == (Path("conf/kept"), Path("/texts"))


def test_all_mistakes_are_named_at_once_each_with_its_line_and_what_is_allowed(written):
    text = 'islnds = 3\npopulation = "many"\nenergy = "joule"\nrung = "parity-10-4"\ndeterministic = true\n[search]\n'
    found = mistakes(written(text))
    for line, parts in enumerate(
        (
            ("no setting islnds; did you mean islands?", *KEYS),
            ('population has to be a whole number of at least 1, not "many"',),
            ('energy has to be "dmc" or "bytedmd", not "joule"',),
            ("no rung parity-10-4; did you mean parity-10-3?", *RUNGS),
        ),
        start=1,
    ):
        (mistake,) = (each for each in found if each.startswith(f"mine.toml, line {line}: "))
        assert all(part in mistake for part in parts)
    assert any(each.startswith("mine.toml, line 6: there is no setting search; settings stand at") for each in found)
    assert any("deterministic needs evaluations" in each for each in found)
    assert len(found) == 6


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"islands": 0}, "islands has to be a whole number of at least 1, not 0"),
        ({"islands": True}, "islands has to be a whole number of at least 1, not true"),
        ({"epoch": 4.0}, "epoch has to be a whole number of at least 1, not 4.0"),
        ({"minutes": float("nan")}, "minutes has to be a number of at least 0, not nan"),
        ({"seed": 2**63}, "seed has to be a whole number from 0 to 9223372036854775807"),
        ({"deterministic": "yes"}, 'deterministic has to be true or false, not "yes"'),
        ({"from": []}, "from has to be a text, or a list of texts, not an empty list"),
        ({"from": ["seeds", 3]}, "from has to be a text, or a list of texts, not ['seeds', 3]"),
        ({"run": ""}, 'run has to be a path, not ""'),
        ({"rung": "parity-4-1", "ladder": ["parity-6-1"]}, "rung and ladder name two tasks; give one of them"),
        ({"ladder": "parity-4-1,parity-4-1"}, "the ladder names parity-4-1 twice; name each rung once"),
        ({"ladder": "parity-6-2..parity-4-1"}, "parity-4-1 comes before parity-6-2 in the order of `evolve tasks`"),
        ({"ladder": "parity-4-1..parity-5-1"}, "there is no rung parity-5-1"),
        ({"address": "head:1"}, "address needs workers"),
        ({"address": "head:1", "workers": 0}, "address needs workers"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(values, message):
    (mistake,) = mistakes(Layer(values))
    assert message in mistake


def test_a_ladder_is_named_by_names_by_its_ends_or_as_the_default():
    def ladder(*words):
        return resolve([Layer({"ladder": words})]).ladder

    assert ladder("parity-6-1, parity-4-1", "copy-8") == ("parity-6-1", "parity-4-1", "copy-8")
    assert ladder("parity-10-3..parity-20-3") == ("parity-10-3", "parity-15-3", "parity-20-3")
    assert ladder("default") == DEFAULT_LADDER
    assert [name for name in RUNGS if name in DEFAULT_LADDER] == list(DEFAULT_LADDER)
    (alias,) = ladder("pydoc")
    assert alias in list(RUNGS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["frist"], "there is no preset frist; did you mean first? there are first, reference, scratch, textbook"),
        (["odd"], "there is no preset odd; there are first"),
        (
            ["missing.toml"],
            "can't read missing.toml: No such file or directory; give the path of a TOML file, or a pre",
        ),
        (["."], ". is a directory; give a preset (first"),
        (["broken.toml"], "broken.toml is not TOML: "),
        (["first", "--rung", "parity-4-1", "--task", "mine.py:Task"], "--rung and --task name two tasks"),
        (["--deterministic"], "--deterministic needs --evaluations"),
        (["--energy", "joule"], "'joule' is not one of 'dmc', 'bytedmd'"),
        (["--resume", "run", "first"], "run has settings of its own, which --resume keeps; leave out first"),
        (["--data", "missing"], "missing is no directory"),
    ],
)
def test_a_wrong_request_is_explained_with_exit_code_2(search, words, message):
    Path("broken.toml").write_text("rung = parity\n", encoding="utf-8")
    result = search(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_run_in_the_place_of_settings_leads_to_resume(search):
    assert search("--rung", "parity-4-1", "--evaluations", 0, "--workers", 0, "--run", "kept").exit_code == 0
    refused = search("kept")
    assert refused.exit_code == 2
    assert "kept is a run; --resume kept goes on with it" in refused.stderr


def test_a_search_from_a_file_keeps_its_settings_and_programs(search, written):
    Path("start.py").write_text(
        "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return a\n"
    )
    written('rung = "parity-4-1"\nfrom = "start.py"\nevaluations = 4\nworkers = 0\npopulation = 6\nrun = "kept"\n')
    assert search("mine.toml", "--seed", 5).exit_code == 0
    Path("start.py").unlink()
    assert search("--resume", "kept", "--evaluations", 4, "--workers", 0).exit_code == 0
    kept = evolve.open_run("kept").configuration
    assert (kept["seed"], kept["population"], kept["evaluations"]) == (5, 6, 8)


def test_the_settings_of_what_show_prints_are_shown_as_they_are():
    text = to_toml(resolve([Layer({"ladder": "default", "minutes": 0.5})]))
    assert 'ladder = ["parity-4-1", ' in text
    assert "\nminutes = 0.5\n" in text
    assert "\n# rung = " in text


def test_the_page_has_every_setting_and_every_preset_as_the_table_has_them():
    page = (Path(evolve.__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \|(.*)\|$", page, re.MULTILINE)
    expected = [
        (key.name, f" {key.allowed} | {key.unset if key.default is None else f'`{toml(key.default)}`'} | {key.help} ")
        for key in KEYS.values()
    ]
    assert rows == expected + [(name, f" {text} ") for name, text in preset_summaries().items()]
