"""Going on with a run: it ends where it would have ended, whatever broke it off; what can't be gone on with says so."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.engine import search
from evolve.engine.island import Island
from evolve.engine.saving import restored, saved
from runs import RunError, open_run, reopen_run
from runs.schema import DATABASE
from tests.evolve.searches import SEEDS, TASK, Watcher, configured, population_of, searched

ROOT = Path(__file__).parent.parent.parent


def resumed(directory, **settings):
    """Go on with a run in this process."""
    with reopen_run(directory) as store:
        return search([TASK], configured(**settings), SEEDS, store)


def evolve(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_a_search_that_is_gone_on_with_finds_what_one_without_a_break_finds(tmp_path):
    whole = searched(tmp_path / "whole", evaluations=200)
    searched(tmp_path / "parts", evaluations=70)
    resumed(tmp_path / "parts", evaluations=140)
    parts = resumed(tmp_path / "parts", evaluations=200)
    assert population_of(tmp_path / "parts") == population_of(tmp_path / "whole")
    assert parts.front == whole.front
    assert parts.progress.outcomes == whole.progress.outcomes


def test_an_island_goes_on_from_its_stored_form_as_from_itself(tmp_path):
    searched(tmp_path / "run")
    with open_run(tmp_path / "run") as run:
        states = run.islands()
    for state in states:
        island = restored(state)
        assert isinstance(island, Island)
        assert saved(island) == state
        again = restored(state)
        assert island.generator.random() == again.generator.random()
        assert (island.population, island.archive, island.keys) == (again.population, again.archive, again.keys)


def command(*words):
    return [sys.executable, "-m", "evolve", "search", "--workers", "0", *map(str, words)]


def started(directory, *words):
    """A search in another process, in a group of its own, that has made some children."""
    process = subprocess.Popen(
        command("--run", directory, "--rung", "parity-6-2", *words),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for_children(process, directory)
    return process


def wait_for_children(process, directory, count=30):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if (directory / DATABASE).exists():
            try:
                with open_run(directory) as run:
                    if sum(run.children()) >= count:
                        return
            except RunError:
                pass  # its tables are not there yet
        time.sleep(0.05)
    process.kill()
    pytest.fail("the search made no children: " + process.communicate()[1])


def test_a_killed_driver_loses_nothing_that_a_resume_does_not_make_again(tmp_path):
    settings = ("--deterministic", "--evaluations", 800, "--seed", 3)
    process = started(tmp_path / "killed", *settings)
    process.kill()
    process.communicate()
    with open_run(tmp_path / "killed") as run:
        assert 30 <= sum(run.children()) < 800
        assert run.front().members
    assert evolve("search", "--resume", tmp_path / "killed", "--workers", 0).exit_code == 0
    whole = ("--rung", "parity-6-2", "--run", tmp_path / "whole", "--workers", 0)
    assert evolve("search", *whole, *settings).exit_code == 0
    assert population_of(tmp_path / "killed") == population_of(tmp_path / "whole")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_search_and_shows_what_was_found(tmp_path, number):
    process = started(tmp_path / "run", "--minutes", 5)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "that the search never saw" in out
    assert f"evolve search --resume {tmp_path / 'run'} --minutes 5" in out
    assert "Traceback" not in err
    with open_run(tmp_path / "run") as run:
        assert run.events("finished")[-1]["stopped"]


def test_a_second_search_in_the_same_run_is_refused_while_the_first_goes_on(tmp_path):
    refusals = []

    class Second(Watcher):
        def progressed(self, progress):
            if not refusals:
                refusals.extend(evolve("search", *words, directory) for words in (["--resume"], ["--run"]))

    directory = tmp_path / "run"
    searched(directory, evaluations=0)
    with reopen_run(directory) as store:
        search([TASK], configured(evaluations=20), SEEDS, store, observer=Second(), stop=threading.Event())
    for refused in refusals:
        assert refused.exit_code == 2
        assert f"process {os.getpid()}" in refused.stderr or "not parity-6-2" in refused.stderr


@pytest.fixture
def run(tmp_path):
    words = ("--rung", "parity-6-2", "--workers", 0, "--evaluations", 8, "--run", tmp_path / "run")
    assert evolve("search", *words).exit_code == 0
    return tmp_path / "run"


def test_limits_count_from_where_the_run_is(run):
    assert evolve("search", "--resume", run, "--evaluations", 12, "--workers", 0).exit_code == 0
    with open_run(run) as opened:
        assert sum(opened.children()) == 20
        assert opened.configuration["evaluations"] == 20
        assert opened.events("resumed") == [{"evaluations": 8, "seconds": opened.events("resumed")[0]["seconds"]}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "has reached its limit, after 8 children"),
        (["--rung", "parity-4-1"], "is a run on parity-6-2, not on parity-4-1"),
        (["--seed", "1", "--islands", "3"], "leave out --islands, --seed"),
        (["--run", "other"], "leave out --run"),
    ],
)
def test_what_does_not_go_with_a_run_is_refused(run, words, message):
    refused = evolve("search", "--resume", run, *words)
    assert refused.exit_code == 2
    assert message in refused.stderr


def test_a_task_that_has_changed_is_refused(run):
    connection = sqlite3.connect(run / DATABASE)
    (text,) = connection.execute("SELECT value FROM configuration").fetchone()
    stored = json.loads(text)
    stored["properties"]["parity-6-2"]["gate"] = 0.5
    with connection:
        connection.execute("UPDATE configuration SET value = ?", (json.dumps(stored),))
    connection.close()
    refused = evolve("search", "--resume", run, "--evaluations", 1)
    assert refused.exit_code == 2
    assert "gate was 0.5, now 0.95" in refused.stderr


def test_a_run_of_a_newer_version_is_refused(run):
    connection = sqlite3.connect(run / DATABASE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    refused = evolve("search", "--resume", run)
    assert refused.exit_code == 2
    assert "newer version" in refused.stderr


def test_a_full_disk_is_named_and_the_run_stays_as_it_was(tmp_path):
    searched(tmp_path / "run", evaluations=40)
    before = population_of(tmp_path / "run")
    with reopen_run(tmp_path / "run") as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(RunError, match=r"full.*is intact: make room, then evolve search --resume"):
            search([TASK], configured(evaluations=2000), SEEDS, store)
    assert set(before) <= set(population_of(tmp_path / "run"))
    assert resumed(tmp_path / "run", evaluations=80).progress.evaluations >= 80
