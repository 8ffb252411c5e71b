"""What is stored can be read, while the run goes on and after its process has died; what can't be read says why."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fitness.score import Score
from population import Individual
from runs import Birth, Point, RunError, create_run, open_run, reopen_run
from runs.schema import DATABASE

SCORE = Score(8, 1.0, 0.9, 1.0, 123.5, 100.0, 1000.0, 800.0, 1e-5, 640)
SEEDS = Birth("parity-4-1", None, 0, 5, 0.0)
OTHER = Score(30, 0.75, 0.7, 0.8, 99.0, 90.0, 900.0, 700.0, 9e-6, 512)


def individual(number, score=SCORE):
    return Individual(number, "key", "def fit(): pass\n", (0, 1), "swap", score)


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "runs" / "first"


def test_a_run_reads_as_it_was_written_while_it_goes_on(directory):
    with create_run(directory, {"rungs": ["parity-4-1"]}) as store:
        store.open_rung(0, "parity-4-1", 0.0, {})
        store.add([individual(0)], SEEDS)
        store.add([individual(7), individual(8)], Birth("parity-4-1", 1, 2, 5, 3.5))
        store.set_front("parity-4-1", [individual(7, OTHER)], verified=False)
        store.note("finished", {"evaluations": 3})
        store.chart("parity-4-1", Point(30, 1.5, 2, 9.25, 1))
        store.count({("swap", "died"): 4, ("swap", "front"): 1})
        store.count({("swap", "died"): 6})
        store.keep_island(0, "parity-4-1", 2, 10, 2.5, b"old")
        store.keep_island(0, "parity-4-1", 2, 15, 3.5, b"new")
        with open_run(directory) as run:
            assert run.configuration == {"rungs": ["parity-4-1"]}
            assert run.individuals() == (individual(0), individual(7), individual(8))
            assert run.seeds() == (individual(0),)
            assert run.individual(7) == individual(7)
            assert run.front().members == (individual(7, OTHER),)
            assert not run.front().verified
            assert run.events("finished") == [{"evaluations": 3}]
            assert run.history() == [Point(30, 1.5, 2, 9.25, 1)]
            assert run.outcomes() == {("swap", "died"): 6, ("swap", "front"): 1}
            assert (run.islands(), run.children(), run.seconds()) == ([b"new"], [15], 3.5)


def test_a_new_front_takes_the_place_of_the_old(directory):
    with create_run(directory, {}) as store:
        store.open_rung(0, "parity-4-1", 0.0, {})
        for number in range(3):
            store.add([individual(number)], SEEDS)
        store.set_front("parity-4-1", [individual(0), individual(1)], verified=False)
        store.set_front("parity-4-1", [individual(2)], verified=True)
    with open_run(directory) as run:
        assert run.front().members == (individual(2),)
        assert run.front().verified


def test_what_was_written_survives_a_killed_process(directory):
    script = (
        "import os, sys, signal\nfrom pathlib import Path\nfrom runs import Birth, create_run\n"
        "from population import Individual\nfrom fitness.score import Score\n"
        "store = create_run(Path(sys.argv[1]), {'rung': 'x'})\n"
        "score = Score(8, 1.0, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1)\n"
        "store.add([Individual(5, 'k', 's', (), 'o', score)], Birth('x', None, 0, 0, 0.0))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(directory)], cwd=root, check=False)
    assert done.returncode < 0
    with open_run(directory) as run:
        assert run.individual(5).key == "k"


def test_a_run_never_overwrites_anything(directory, tmp_path):
    create_run(directory, {}).__exit__()
    with pytest.raises(RunError, match="holds a run; --resume goes on with it"):
        create_run(directory, {})
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="is not empty"):
        create_run(tmp_path, {})


def test_only_one_writes_at_a_time(directory):
    with create_run(directory, {}):
        for opening in (reopen_run, lambda path: create_run(path, {})):
            with pytest.raises(RunError, match=rf"in use by a search that is running \(process {os.getpid()}\)"):
                opening(directory)
    reopen_run(directory).__exit__()


def test_a_transaction_is_stored_as_a_whole_or_not_at_all(directory):
    with create_run(directory, {}) as store:
        with pytest.raises(KeyboardInterrupt), store.transaction():
            store.add([individual(0)], SEEDS)
            store.note("epoch", {})
            raise KeyboardInterrupt
        with open_run(directory) as run:
            assert (run.individuals(), run.events("epoch")) == ((), [])
        store.add([individual(0)], SEEDS)
        with pytest.raises(RunError, match=r"can't write to .*UNIQUE"), store.transaction():
            store.note("epoch", {})
            store.add([individual(0)], SEEDS)
        with open_run(directory) as run:
            assert (run.individuals(), run.events("epoch")) == ((individual(0),), [])


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
