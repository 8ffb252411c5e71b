"""The search as a whole: it improves on its seeds, repeats itself, stops when told, and tells the truth."""

import itertools
import json

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.search import Configuration, SeedError, search
from fitness import learner
from primitives.seeds import SEEDS, source
from runs import open_run
from tasks import rung

SEED_PROGRAMS = {name: source(name) for name in SEEDS}


class Silent:
    """An observer that keeps what it is told, and interrupts the search after some evaluations."""

    def __init__(self, interrupt_after=None):
        self.interrupt_after = interrupt_after
        self.individuals = []

    def born(self, individual, epoch):
        self.individuals.append((individual, epoch))

    def progressed(self, progress):
        if progress.evaluations == self.interrupt_after:
            raise KeyboardInterrupt


def searched(observer=None, name="parity-6-2", programs=SEED_PROGRAMS, **settings):
    configuration = Configuration(name, **{"evaluations": 150, "population": 12, "epoch": 60} | settings)
    return search(rung(name), configuration, programs, observer or Silent())


def test_a_search_improves_on_its_seeds():
    result = searched(evaluations=300)
    best = min(each.score.energy for each in result.front if each.score.accuracy_low > 0.9)
    assert best < 0.95 * min(each.score.energy for each in result.seeds)


def test_the_same_seed_finds_the_same_and_another_seed_something_else():
    runs = [searched(observer, seed=seed) for seed, observer in ((1, Silent()), (1, Silent()), (2, Silent()))]
    first, second, third = ([(each.id, each.source, each.score) for each in run.front] for run in runs)
    assert first == second != third


def test_every_child_is_accounted_for():
    progress = searched().progress
    assert progress.evaluations == sum(progress.made.values()) == sum(progress.outcomes.values()) == 150


def test_every_individual_is_a_program_with_parents_born_before_it():
    observer = Silent()
    searched(observer)
    known = set()
    for individual, _ in observer.individuals:
        learner(individual.source)
        assert set(individual.parents) <= known
        known.add(individual.id)
    assert {epoch for _, epoch in observer.individuals} >= {0, 1}


def test_the_front_is_judged_on_other_instances_than_selection():
    result = searched()
    inside = {each.id: each.score for each in result.progress.archive.members}
    assert all(each.score != inside[each.id] for each in result.front)
    assert {each.score.instances for each in result.front} == {30}


def test_an_interrupt_stops_the_search_and_keeps_what_was_found():
    result = searched(Silent(interrupt_after=40))
    assert result.progress.stopped
    assert result.progress.evaluations == 40
    assert result.front


def test_a_limit_of_time_stops_the_search():
    ticks = itertools.count()
    configuration = Configuration("parity-4-1", seconds=20.0)
    result = search(rung("parity-4-1"), configuration, SEED_PROGRAMS, Silent(), clock=lambda: float(next(ticks)))
    assert 0 < result.progress.evaluations <= 20


def test_nothing_at_chance_is_on_the_front():
    result = searched(programs={"blank": rung("parity-6-2").contract.blank}, evaluations=60)
    assert all(each.score.accuracy_low > 0.5 for each in result.progress.archive.members)


def test_a_seed_that_fails_or_does_not_compile_is_named():
    with pytest.raises(SeedError, match=r"odd is not in the language:\nline 1"):
        searched(programs={"odd": "import os\n"})
    failing = "def fit(x, y, n_symbols, n_classes):\n    return x[99, 0]\n\n\ndef predict(a, q):\n    return a\n"
    with pytest.raises(SeedError, match="odd fails in line 2: index_error"):
        searched(programs={"odd": failing})


@pytest.fixture
def evolve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_search_keeps_a_run_that_front_and_show_read(evolve):
    done = evolve("search", "--rung", "parity-6-2", "--evaluations", 40)
    assert done.exit_code == 0
    assert "energy (dmc v1)" in done.stdout
    assert "children" in done.stderr
    front = json.loads(evolve("front", "evolve-runs/parity-6-2-1", "--format", "json").stdout)
    assert front["verified"]
    assert front["configuration"]["evaluations"] == 40
    lines = evolve("front", "evolve-runs/parity-6-2-1", "--format", "csv").stdout.splitlines()
    assert len(lines) == 1 + len(front["front"])
    shown = evolve("show", "evolve-runs/parity-6-2-1", front["front"][0]["id"]).stdout
    assert "def predict(" in shown
    learner(shown)


def test_a_second_run_gets_a_directory_of_its_own(evolve, tmp_path):
    for _ in range(2):
        evolve("search", "--rung", "parity-4-1", "--evaluations", 0)
    assert sorted(path.name for path in (tmp_path / "evolve-runs").iterdir()) == ["parity-4-1-1", "parity-4-1-2"]


def test_a_search_can_start_from_a_file(evolve, tmp_path):
    (tmp_path / "mine.py").write_text(SEED_PROGRAMS["subset_table"], encoding="utf-8")
    assert (
        evolve("search", "--rung", "parity-4-1", "--from", "mine.py", "--evaluations", 5, "--run", "r").exit_code == 0
    )
    with open_run(tmp_path / "r") as run:
        assert run.individual(0).operator == "mine.py"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["search", "--rung", "parity-5-1"], "there is no rung parity-5-1"),
        (["search", "--from", "missing.py"], "can't read missing.py"),
        (["search", "--minutes", "-1"], "not in the range"),
        (["front", "nowhere"], "there is no directory nowhere"),
        (["front", "."], "is not a run"),
        (["show", "nowhere", "1"], "there is no directory nowhere"),
    ],
)
def test_a_wrong_request_is_explained_with_exit_code_2(evolve, words, message):
    result = evolve(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_no_seed_dominates_what_the_search_found():
    result = searched(evaluations=200, epoch=50)
    for seed in result.seeds:
        assert any(
            each.score.accuracy >= seed.score.accuracy and each.score.energy <= seed.score.energy
            for each in result.front
        )
