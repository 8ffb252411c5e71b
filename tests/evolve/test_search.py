"""The search as a whole: it improves on its seeds, repeats itself, stops when told, and tells the truth."""

import itertools
import json
import math
from dataclasses import replace

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.search import Configuration, Seed, SeedError, search
from evolve.search.evaluation import ROOM, Evaluator
from fitness import learner
from fitness.limits import limits_of
from runs import open_run
from tasks import rung
from tests.episodes import FIRST_FIT, PackingTask

TEXTBOOK = """
from primitives import zeros


def fit(x, y, n_symbols, n_classes):
    best, a, b = -1, 0, 0
    wrong = zeros(len(y))
    for i in range(x.shape[1]):
        for j in range(x.shape[1]):
            right = 0
            for row in range(len(y)):
                wrong[row] = 0.0
                if (x[row, i] ^ x[row, j]) == y[row]:
                    right += 1
                else:
                    wrong[row] = 1.0
            if right > best:
                best, a, b = right, i, j
    return a, b


def predict(a, b, q):
    return q[a] ^ q[b]
"""
"""It tries all pairs of bits, every pair twice, and keeps what nobody reads: for a search to improve."""

HALF = TEXTBOOK.replace("range(x.shape[1]):\n            right", "range(i):\n            right")
TASK = replace(rung("parity-6-2"), instances=30)
SEEDS = (Seed("textbook", TEXTBOOK), Seed("half", HALF))
CONSTANT = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return a\n"
FAILING = "def fit(x, y, n_symbols, n_classes):\n    return x[99, 0]\n\n\ndef predict(a, q):\n    return a\n"


class Silent:
    """An observer that keeps what it is told, and interrupts the search after some evaluations."""

    def __init__(self, interrupt_after=None):
        self.interrupt_after = interrupt_after
        self.individuals = []
        self.missing = {}

    def dropped(self, name, reason):
        self.missing[name] = reason

    def born(self, individual, epoch):
        self.individuals.append((individual, epoch))

    def progressed(self, progress):
        if progress.evaluations == self.interrupt_after:
            raise KeyboardInterrupt


def searched(observer=None, seeds=SEEDS, **settings):
    configuration = Configuration(TASK.name, **{"evaluations": 150, "population": 12, "epoch": 60} | settings)
    return search(TASK, configuration, seeds, observer or Silent())


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
    assert {each.score.instances for each in result.front} == {TASK.instances}


def test_an_interrupt_stops_the_search_and_keeps_what_was_found():
    result = searched(Silent(interrupt_after=40))
    assert result.progress.stopped
    assert result.progress.evaluations == 40
    assert result.front


def test_a_limit_of_time_stops_the_search():
    ticks = itertools.count()
    configuration = Configuration(TASK.name, seconds=20.0)
    result = search(TASK, configuration, SEEDS, Silent(), clock=lambda: float(next(ticks)))
    assert 0 < result.progress.evaluations <= 20


def test_nothing_at_chance_is_on_the_front():
    result = searched(seeds=[Seed("blank", TASK.contract.blank)], evaluations=60)
    assert all(each.score.accuracy_low > 0.5 for each in result.progress.archive.members)


def test_a_seed_that_fails_or_does_not_compile_is_named():
    with pytest.raises(SeedError, match=r"odd is not in the language:\nline 1"):
        searched(seeds=[Seed("odd", "import os\n")])
    with pytest.raises(SeedError, match="odd fails in line 2: index_error"):
        searched(seeds=[Seed("odd", FAILING)])


def test_seeds_that_are_not_required_are_dropped_if_they_fail_or_others_pass():
    observer = Silent()
    optional = [Seed("failing", FAILING, False), Seed("constant", CONSTANT, False), Seed("able", TEXTBOOK, False)]
    result = searched(observer, seeds=optional, evaluations=0)
    assert [each.operator for each in result.seeds] == ["able"]
    assert observer.missing.keys() == {"failing", "constant"}
    assert "index_error" in observer.missing["failing"]
    unable = searched(observer, seeds=optional[:2], evaluations=0)
    assert [each.operator for each in unable.seeds] == ["constant"]
    with pytest.raises(SeedError, match="no program to start from"):
        searched(observer, seeds=optional[:1])


def test_children_may_use_some_times_what_the_dearest_able_seed_needs():
    generous = replace(TASK, budget=replace(TASK.budget, steps=10**9, energy=1e12))
    evaluator = Evaluator(generous, 0)
    evaluator.cap(100.5, 2000.0)
    assert (evaluator.limits.steps, evaluator.limits.energy) == (math.ceil(100.5 * ROOM), 2000.0 * ROOM)
    evaluator.cap(1e12, 1e15)
    assert evaluator.limits == limits_of(generous.budget)


def test_seeds_that_are_far_dearer_than_another_are_dropped_unless_they_are_required():
    wasteful = TEXTBOOK.replace(
        "best, a, b = -1, 0, 0", "best, a, b = -1, 0, 0\n    for i in range(400000):\n        a = i"
    )
    observer = Silent()
    seeds = [Seed("wasteful", wasteful, False), Seed("textbook", TEXTBOOK, False)]
    assert [each.operator for each in searched(observer, seeds=seeds, evaluations=0).seeds] == ["textbook"]
    assert "more than 32 times" in observer.missing["wasteful"]
    seeds[0] = Seed("wasteful", wasteful)
    named = searched(observer, seeds=seeds, evaluations=0)
    assert [each.operator for each in named.seeds] == ["wasteful", "textbook"]


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
        evolve("search", "--rung", "parity-6-2", "--evaluations", 0)
    assert sorted(path.name for path in (tmp_path / "evolve-runs").iterdir()) == ["parity-6-2-1", "parity-6-2-2"]


def test_a_search_can_start_from_a_file(evolve, tmp_path):
    (tmp_path / "mine.py").write_text(TEXTBOOK, encoding="utf-8")
    assert (
        evolve("search", "--rung", "parity-6-2", "--from", "mine.py", "--evaluations", 5, "--run", "r").exit_code == 0
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


def test_a_task_with_a_contract_of_its_own_is_searched_likewise():
    task = PackingTask()
    seeds = [Seed("first fit", FIRST_FIT), Seed("blank", task.contract.blank, required=False)]
    result = search(task, Configuration(task.name, evaluations=40, population=8, epoch=25), seeds, Silent())
    assert result.progress.evaluations == 40
    assert "first fit" in [each.operator for each in result.seeds]
    assert all(each.score.accuracy_low > task.chance for each in result.front)
