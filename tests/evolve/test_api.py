"""The Python API: it does what the command does, in the same words, from any thread."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

import evolve
from evolve.cli import main
from runs import RunError
from tests.evolve.searches import Watcher

ROOT = Path(evolve.__file__).parent.parent
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SHORT = {"rung": "parity-6-2", "evaluations": 60, "workers": 0, "seed": 3, "deterministic": True}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return evolve.search("first", **SHORT, run=tmp_path_factory.mktemp("run") / "kept")


def test_a_run_has_its_front_its_individuals_and_its_history(run):
    front = run.front()
    assert run.rungs == ("parity-6-2",)
    assert front == run.front("parity-6-2")
    assert [each.score.energy for each in front] == sorted(each.score.energy for each in front)
    assert all(run.individual(each.id).source == each.source for each in front)
    assert run.history()[-1].members > 0
    assert run.history("parity-6-2") == run.history()
    assert run.configuration["evaluations"] == 60
    assert run.configuration["seconds"] is None


def test_it_finds_what_the_command_finds(run, tmp_path):
    settings = ("--rung", "parity-6-2", "--evaluations", "60", "--workers", "0", "--seed", "3", "--deterministic")
    words = ["search", "first", *settings, "--run"]
    assert CliRunner().invoke(main, [*words, str(tmp_path / "run")]).exit_code == 0
    assert evolve.open_run(tmp_path / "run").front() == run.front()


def test_a_run_says_what_it_is(run):
    text = repr(run)
    assert text.startswith(f"Run({str(run.directory)!r}): 60 children in ")
    assert f"front of {len(run.front())} on parity-6-2 (verified)" in text
    assert "dmc v1" in text
    assert len(text.splitlines()) == 1 + len(run.front())


def test_a_frame_has_a_row_for_each_member_of_a_front(run):
    frame = run.to_frame()
    assert frame["id"].tolist() == [each.id for each in run.front()]
    assert frame["energy"].tolist() == [each.score.energy for each in run.front()]
    assert set(frame["rung"]) == {"parity-6-2"}
    assert frame["verified"].all()


def test_a_frame_of_everyone_says_where_each_was_born(run):
    frame = run.to_frame(everyone=True).set_index("id")
    assert set(frame.index) >= {each.id for each in run.front()}
    seeds = frame[frame["island"].isna()]
    assert "backtracking" in set(seeds["operator"])
    assert (frame["born"] >= 0).all()
    assert (frame["seconds"] > 0).all()


def test_a_frame_without_pandas_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'evolve\[frames\]'"):
        run.to_frame()


def test_a_search_runs_in_any_thread_and_stops_when_told(tmp_path):
    stop, found = threading.Event(), []
    settings = SHORT | {"evaluations": 100_000, "run": tmp_path / "run"}

    def searching():
        found.append(evolve.search(**settings, observer=Watcher(20, stop), stop=stop))

    thread = threading.Thread(target=searching)
    thread.start()
    thread.join(120)
    assert stop.is_set()
    (run,) = found
    assert run.front()


def test_a_run_can_be_gone_on_with(tmp_path):
    evolve.search(**SHORT | {"evaluations": 8}, run=tmp_path / "run")
    further = evolve.search(resume=tmp_path / "run", evaluations=12, workers=0)
    assert further.configuration["evaluations"] == 20
    with pytest.raises(ValueError, match="which resume keeps; leave out population, seed"):
        evolve.search(resume=tmp_path / "run", seed=1, population=3)
    with pytest.raises(ValueError, match="leave out first"):
        evolve.search("first", resume=tmp_path / "run")


def test_a_ladder_is_climbed(tmp_path):
    run = evolve.search(ladder="parity-4-1..parity-6-1", evaluations=300, epoch=20, islands=2, workers=0, run=tmp_path)
    assert run.rungs == ("parity-4-1", "parity-6-1")
    assert run.configuration["rungs"] == ["parity-4-1", "parity-6-1"]
    assert set(run.to_frame()["rung"]) == set(run.rungs)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rung": "parity-5-1"}, "there is no rung parity-5-1; did you mean parity-"),
        ({"islands": "many"}, 'islands has to be a whole number of at least 1, not "many"'),
        ({"preset": "frist"}, "there is no preset frist; did you mean first?"),
        ({"preset": Path("missing.toml")}, "can't read missing.toml"),
        ({"from_": "missing.py"}, "can't read missing.py: No such file or directory; give the path of a program"),
        ({"deterministic": True}, "deterministic needs evaluations"),
        ({"task": "missing.py:Task"}, "can't read missing.py"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_value_error_with_the_message_of_the_command(settings, message, tmp_path):
    with pytest.raises(ValueError, match=re.escape(message)):
        evolve.search(**settings, run=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_directory_without_a_run_is_named(tmp_path):
    with pytest.raises(RunError, match="is not a run"):
        evolve.open_run(tmp_path)


def test_to_import_evolve_is_instant_and_its_names_are_known():
    script = (
        "import sys, evolve\n"
        "heavy = {'numpy', 'numba', 'ray', 'rich', 'click', 'runs', 'tasks'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
        "assert {'search', 'open_run', 'Run', 'SettingsError'} <= set(dir(evolve))\n"
        "assert issubclass(evolve.SettingsError, ValueError)\n"
        "assert not hasattr(evolve, 'serach')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_example_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(example, "configuration.md", "exec"), {})
