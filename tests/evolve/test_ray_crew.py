"""Workers in processes of their own: they find what one process finds, and none that is lost is missed.

All tests here share one Ray, but for the one whose driver is killed.
"""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from evolve.engine import CrewError, Seed, search
from evolve.engine import ray_crew as module
from evolve.engine.orders import Appraise
from evolve.engine.ray_crew import RayCrew
from fitness.limits import limits_of
from runs import RunError, open_run, reopen_run
from runs.schema import DATABASE
from tasks import Purpose, TaskError, load_task
from tests.evolve.ladders import climbed
from tests.evolve.searches import SEEDS, TASK, Watcher, configured, population_of, searched

pytestmark = pytest.mark.xdist_group("ray")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def ray():
    ray, owned = module.connected(2, None)
    assert owned
    yield ray
    ray.shutdown()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of a search in one process."""
    directory = tmp_path_factory.mktemp("runs") / "alone"
    return directory, searched(directory)


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_finds_the_same(ray, alone, tmp_path, workers):
    result = searched(tmp_path / "run", workers=workers)
    assert result.front == alone[1].front
    assert population_of(tmp_path / "run") == population_of(alone[0])
    assert result.progress.outcomes == alone[1].progress.outcomes


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_climbs_the_same_ladder(ray, tmp_path, workers):
    alone = climbed(tmp_path / "alone", evaluations=130)
    result = climbed(tmp_path / "run", workers=workers, evaluations=130)
    assert result.fronts == alone.fronts
    assert population_of(tmp_path / "run") == population_of(tmp_path / "alone")
    with open_run(tmp_path / "run") as run:
        assert run.rungs() == ("parity-4-1", "parity-6-1")


def workers_of(process):
    """The processes of the actors of a driver: children of its raylet that carry the name of the actor's class."""
    parents, names = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            names[int(path.name)] = (path / "cmdline").read_text()
        except OSError:
            continue  # it has ended meanwhile
    return [
        each for each, name in names.items() if name.startswith("ray::_Worker") and parents[parents[each]] == process
    ]


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it finds processes in /proc")


class Killer(Watcher):
    """An observer that kills a worker as soon as there is one at work, once."""

    def progressed(self, progress):
        if progress.evaluations and not self.messages:
            os.kill(workers_of(os.getpid())[0], signal.SIGKILL)
            self.messages.append("killed")


@linux
def test_a_worker_that_is_killed_is_replaced_and_nothing_is_missing(ray, alone, tmp_path):
    killer = Killer()
    result = searched(tmp_path / "run", killer, workers=2)
    assert result.progress.evaluations == 150
    assert result.progress.lost == 1
    assert any("was lost (its process died); another one goes on" in each for each in killer.messages)
    assert population_of(tmp_path / "run") == population_of(alone[0])


def appraisal(task, seconds=0.0):
    return Appraise(0, (), Purpose.SEARCH, 0, limits_of(task.budget), seconds)


def who(seconds=0.0):
    """An order that sleeps and then says which process carried it out."""

    class Who:
        rung, programs = 0, 0

        def __init__(self):
            self.seconds = seconds

        def perform(self, _):
            time.sleep(self.seconds)
            return os.getpid()

    return Who()


def test_an_island_goes_to_the_worker_where_it_is_at_home_if_that_is_idle(ray):
    crew = RayCrew([TASK], 0, "dmc", 2)
    try:
        while crew.idle < 2:
            crew.answers(5.0)
        processes = {0: set(), 1: set()}
        for island in (0, 1, 2, 3, 1, 0, 3):
            assert crew.at_home(island)
            crew.give(who(), island)
            (answer,) = crew.answers(60.0)
            processes[island % 2].add(answer.result)
        even, odd = processes.values()
        assert (len(even), len(odd), even & odd) == (1, 1, set())
        crew.give(who(2.0), 0)
        assert not crew.at_home(2)
        crew.give(who(), 2)
        (answer,) = crew.answers(60.0)
        assert {answer.result} == odd
    finally:
        crew.close()


def answer_of(crew, order):
    """The first answer to an order, from a worker that had to start."""
    for _ in range(240):
        if crew.idle:
            crew.give(order)
        found = crew.answers(0.5)
        if found:
            return found[0]
    return None


class Sleeper:
    """An order that is never done; the driver thinks that it takes no time."""

    rung = 0
    seconds = 0.0
    programs = 0

    def perform(self, evaluator):
        time.sleep(3600)


class Suicide(Sleeper):
    """An order that its worker does not survive."""

    def perform(self, evaluator):
        os.kill(os.getpid(), signal.SIGKILL)


def test_an_order_that_is_never_done_or_kills_its_worker_is_answered_as_lost(ray, monkeypatch):
    monkeypatch.setattr(module, "GRACE", 1.0)
    crew = RayCrew([TASK], 0, "dmc", 1)
    try:
        assert answer_of(crew, Sleeper()).lost == "it did not finish in time"
        monkeypatch.undo()
        assert answer_of(crew, Suicide()).lost == "its process died"
        assert answer_of(crew, appraisal(TASK)).result == ()
    finally:
        crew.close()


class Unwelcome:
    """What can't be unpickled."""

    def __reduce__(self):
        return os.kill, (0, -1)


def test_workers_that_can_not_start_end_the_search_with_a_message(ray, monkeypatch):
    monkeypatch.setattr(module, "_pickled", lambda task: pickle.dumps(Unwelcome()))
    crew = RayCrew([TASK], 0, "dmc", 1)
    try:
        with pytest.raises(CrewError, match=r"no worker can be started .* --workers 0 searches in this process"):
            answer_of(crew, appraisal(TASK))
    finally:
        crew.close()


OWN = """
import numpy as np
from companion import COLUMNS
from tasks import Budget, Examples, Purpose, Task


class Last(Task):
    \"\"\"The last bit of a row; there is nothing for the second epoch.\"\"\"

    name = "last-bit"
    summary = "the last of six bits"
    budget = Budget(steps=100_000, energy=1e8, memory=1 << 16)
    gate, chance, instances = 0.9, 0.5, 30

    def __init__(self, broken=False):
        self.broken = broken

    def draw(self, generator, purpose):
        if self.broken:
            raise RuntimeError("no more data")
        x = generator.integers(0, 2, (24, COLUMNS), dtype=np.uint8)
        return Examples(x[:12], x[:12, -1], x[12:], x[12:, -1].astype(np.int64), 2, 2)
"""

LAST = "def fit(x, y, n_symbols, n_classes):\n    return 5\n\n\ndef predict(a, q):\n    return q[a]\n"


def test_a_task_of_ones_own_is_sent_to_the_workers_and_so_are_its_faults(ray, tmp_path):
    (tmp_path / "companion.py").write_text("COLUMNS = 6\n", encoding="utf-8")
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    task = load_task(f"{tmp_path / 'own.py'}:Last")
    seeds = (Seed("last", LAST),)
    searched(tmp_path / "run", seeds=seeds, task=task, workers=1, evaluations=30)
    individuals = population_of(tmp_path / "run")
    assert len(individuals) > 1
    crew = RayCrew([type(task)(broken=True)], 0, "dmc", 1)
    try:
        with pytest.raises(TaskError, match="no more data"):
            answer_of(crew, replace(appraisal(task), individuals=individuals[:1]))
    finally:
        crew.close()


@linux
def test_a_killed_driver_takes_its_workers_along_and_its_run_goes_on(tmp_path):
    script = f"""
        from pathlib import Path
        from tests.evolve.searches import searched
        if __name__ == "__main__":
            searched(Path({str(tmp_path / "run")!r}), workers=2, evaluations=4000, epoch=50)
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, tmp_path / "script.py"], env=environment)
    wait_for_children(tmp_path / "run")
    workers = workers_of(process.pid)
    process.kill()
    process.wait()
    assert workers
    made = children_of(tmp_path / "run")
    aim = 2 * made  # more than any of the two islands has made
    with reopen_run(tmp_path / "run") as store:
        search([TASK], configured(evaluations=aim, epoch=50), SEEDS, store)
    searched(tmp_path / "whole", evaluations=aim, epoch=50)
    assert population_of(tmp_path / "run") == population_of(tmp_path / "whole")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(Path(f"/proc/{each}").exists() for each in workers):
        time.sleep(0.1)
    assert not any(Path(f"/proc/{each}").exists() for each in workers)


def wait_for_children(directory):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and children_of(directory) < 40:
        time.sleep(0.1)


def children_of(directory):
    if not (directory / DATABASE).exists():
        return 0
    try:
        with open_run(directory) as run:
            return sum(run.children())
    except RunError:
        return 0


@linux
def test_ctrl_c_reaches_the_workers_too_and_still_the_search_ends_in_order(tmp_path):
    words = ("search", "--rung", "parity-6-2", "--workers", "2", "--minutes", "5", "--run", "run")
    process = subprocess.Popen(
        [sys.executable, "-m", "evolve", *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for_children(tmp_path / "run")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "that the search never saw" in out
    assert "lost" not in err
    assert "Ray" not in err
