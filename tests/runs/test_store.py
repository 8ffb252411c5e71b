"""What is stored can be read, while the run goes on and after its process has died; what can't be read says why."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fitness.score import Score
from population import Individual
from runs import RunError, create_run, open_run
from runs.schema import DATABASE

SCORE = Score(8, 1.0, 0.9, 1.0, 123.5, 100.0, 1000.0, 800.0, 1e-5, 640)
OTHER = Score(30, 0.75, 0.7, 0.8, 99.0, 90.0, 900.0, 700.0, 9e-6, 512)


def individual(number, score=SCORE):
    return Individual(number, "key", "def fit(): pass\n", (0, 1), "swap", score)


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "runs" / "first"


def test_a_run_reads_as_it_was_written_while_it_goes_on(directory):
    with create_run(directory, {"rung": "parity-4-1"}) as store:
        store.add(individual(0), epoch=0)
        store.add(individual(7), epoch=2)
        store.set_front([individual(7, OTHER)], verified=False)
        store.note("finished", {"evaluations": 3})
        with open_run(directory) as run:
            assert run.configuration == {"rung": "parity-4-1"}
            assert run.individuals() == (individual(0), individual(7))
            assert run.individual(7) == individual(7)
            assert run.front().members == (individual(7, OTHER),)
            assert not run.front().verified
            assert run.events("finished") == [{"evaluations": 3}]


def test_a_new_front_takes_the_place_of_the_old(directory):
    with create_run(directory, {}) as store:
        for number in range(3):
            store.add(individual(number), epoch=0)
        store.set_front([individual(0), individual(1)], verified=False)
        store.set_front([individual(2)], verified=True)
    with open_run(directory) as run:
        assert run.front().members == (individual(2),)
        assert run.front().verified


def test_what_was_written_survives_a_killed_process(directory):
    script = (
        "import os, sys, signal\nfrom pathlib import Path\nfrom runs import create_run\n"
        "from population import Individual\nfrom fitness.score import Score\n"
        "store = create_run(Path(sys.argv[1]), {'rung': 'x'})\n"
        "store.add(Individual(5, 'k', 's', (), 'o', Score(8, 1.0, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1)), 0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(directory)], cwd=root, check=False)
    assert done.returncode < 0
    with open_run(directory) as run:
        assert run.individual(5).key == "k"


def test_a_run_never_overwrites_anything(directory):
    create_run(directory, {}).__exit__()
    with pytest.raises(RunError, match="is not empty"):
        create_run(directory, {})


def test_what_is_no_run_says_so(tmp_path, directory):
    with pytest.raises(RunError, match="there is no directory"):
        open_run(directory)
    with pytest.raises(RunError, match=r"is not a run: it has no run\.sqlite"):
        open_run(tmp_path)
    (tmp_path / DATABASE).write_text("not a database, but long enough to look at", encoding="utf-8")
    with pytest.raises(RunError, match="can't read the run"):
        open_run(tmp_path)


@pytest.mark.parametrize(("version", "message"), [(99, "newer version"), (1, "older version")])
def test_a_run_of_another_version_says_so(directory, version, message):
    create_run(directory, {}).__exit__()
    connection = sqlite3.connect(directory / DATABASE)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(RunError, match=message):
        open_run(directory)


def test_a_number_that_no_individual_has_says_so(directory):
    with create_run(directory, {}), open_run(directory) as run, pytest.raises(RunError, match="has no individual 4"):
        run.individual(4)
