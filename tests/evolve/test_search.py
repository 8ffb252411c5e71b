"""The search as a whole: it improves on its seeds, repeats itself, stops when told, and tells the truth."""

import itertools
import json
import math
import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.engine import Seed, SeedError
from evolve.engine.draws import MOST_CERTAIN, PART
from evolve.engine.evaluation import ROOM, Evaluator
from fitness import learner
from fitness.limits import limits_of
from runs import open_run
from tests.episodes import FIRST_FIT, PackingTask
from tests.evolve.searches import CONSTANT, FAILING, TASK, TEXTBOOK, Watcher, population_of, searched


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "run"


def test_a_search_improves_on_its_seeds(directory):
    result = searched(directory, evaluations=300)
    best = min(each.score.energy for each in result.front if each.score.accuracy_low > 0.9)
    assert best < 0.95 * min(each.score.energy for each in result.seeds)


def test_the_same_seed_finds_the_same_and_another_seed_something_else(tmp_path):
    runs = [searched(tmp_path / str(number), seed=seed) for number, seed in enumerate((1, 1, 2))]
    first, second, third = ([(each.id, each.source, each.score) for each in run.front] for run in runs)
    assert first == second != third
    assert population_of(tmp_path / "0") == population_of(tmp_path / "1")


def test_every_child_is_accounted_for(directory):
    progress = searched(directory).progress
    assert progress.evaluations == progress.outcomes.total() == 150
    with open_run(directory) as run:
        assert run.outcomes() == progress.outcomes
        assert run.children() == [75, 75]


def test_every_individual_is_a_program_with_parents_born_before_it(directory):
    searched(directory)
    individuals = population_of(directory)
    known = {each.id for each in individuals}
    for individual in individuals:
        learner(individual.source)
        assert set(individual.parents) <= known - {individual.id}
    assert len(known) > 20


def test_individuals_migrate_round_the_ring_and_have_children_there(directory):
    searched(directory, evaluations=240, islands=3, epoch=20, migrants=2)
    with open_run(directory) as run:
        epochs = run.events("epoch")
        first = len(run.seeds())
        children = [each for each in run.individuals() if each.parents]
    assert [each["epoch"] for each in epochs] == [1, 2, 3, 4]
    assert all(len(those) <= 2 for each in epochs for those in each["arrivals"])
    born_on = {each.id: (each.id - first) % 3 for each in children}
    for island, those in enumerate(epochs[0]["arrivals"]):
        assert {born_on.get(number, (island - 1) % 3) for number in those} <= {(island - 1) % 3}
    arrived = {(island, each) for epoch in epochs for island, those in enumerate(epoch["arrivals"]) for each in those}
    crossed = {
        (born_on[each.id], parent)
        for each in children
        for parent in each.parents
        if born_on.get(parent, born_on[each.id]) != born_on[each.id]
    }
    assert crossed
    assert crossed <= arrived


def test_the_history_says_how_the_front_grew_within_each_epoch(directory):
    searched(directory)
    with open_run(directory) as run:
        history = run.history()
    assert {each.epoch for each in history} == {0, 1, 2}
    for one, next_one in itertools.pairwise(history):
        assert one.evaluations <= next_one.evaluations
        assert one.epoch < next_one.epoch or one.hypervolume < next_one.hypervolume


def test_the_front_is_judged_on_other_instances_than_selection(directory):
    result = searched(directory)
    inside = {each.id: each.score for each in result.progress.archive.members}
    assert all(each.score != inside.get(each.id) for each in result.front)
    assert {each.score.instances for each in result.front} == {MOST_CERTAIN + MOST_CERTAIN // PART}


def test_a_stop_ends_the_search_after_the_batch_and_keeps_what_was_found(directory):
    stop = threading.Event()
    result = searched(directory, Watcher(40, stop), stop=stop, evaluations=10_000)
    assert result.progress.stopped
    assert 40 <= result.progress.evaluations < 10_000
    assert result.front


def test_a_limit_of_time_stops_the_search(directory):
    ticks = itertools.count()
    result = searched(directory, clock=lambda: float(next(ticks)), evaluations=None, seconds=20.0, deterministic=False)
    assert result.progress.evaluations > 0
    assert 20 <= next(ticks) < 60


@pytest.mark.parametrize("deterministic", [True, False])
def test_exactly_so_many_children_are_made_as_were_asked_for(directory, deterministic):
    result = searched(directory, evaluations=103, islands=4, epoch=20, deterministic=deterministic)
    assert result.progress.evaluations == 103


def test_nothing_at_chance_is_on_the_front(directory):
    result = searched(directory, seeds=[Seed("blank", TASK.contract.blank)], evaluations=60)
    assert all(each.score.accuracy_low > 0.5 for each in result.progress.archive.members)


def test_a_seed_that_fails_or_does_not_compile_is_named(tmp_path):
    with pytest.raises(SeedError, match=r"odd is not in the language:\nline 1"):
        searched(tmp_path / "1", seeds=[Seed("odd", "import os\n")])
    with pytest.raises(SeedError, match="odd fails in line 2: index_error"):
        searched(tmp_path / "2", seeds=[Seed("odd", FAILING)])


def test_seeds_that_are_not_required_are_dropped_if_they_fail_or_others_pass(tmp_path):
    observer = Watcher()
    optional = [Seed("failing", FAILING, False), Seed("constant", CONSTANT, False), Seed("able", TEXTBOOK, False)]
    result = searched(tmp_path / "1", observer, seeds=optional, evaluations=0)
    assert [each.operator for each in result.seeds] == ["able"]
    assert observer.missing.keys() == {"failing", "constant"}
    assert "index_error" in observer.missing["failing"]
    unable = searched(tmp_path / "2", observer, seeds=optional[:2], evaluations=0)
    assert [each.operator for each in unable.seeds] == ["constant"]
    with pytest.raises(SeedError, match="no program to start from"):
        searched(tmp_path / "3", observer, seeds=optional[:1])


def test_children_may_use_some_times_what_the_dearest_able_seed_needs():
    generous = replace(TASK, budget=replace(TASK.budget, steps=10**9, energy=1e12))
    evaluator = Evaluator(generous, 0)
    evaluator.cap(100.5, 2000.0)
    assert (evaluator.limits.steps, evaluator.limits.energy) == (math.ceil(100.5 * ROOM), 2000.0 * ROOM)
    evaluator.cap(1e12, 1e15)
    assert evaluator.limits == limits_of(generous.budget)


def test_seeds_that_are_far_dearer_than_another_are_dropped_unless_they_are_required(tmp_path):
    wasteful = TEXTBOOK.replace(
        "best, a, b = -1, 0, 0", "best, a, b = -1, 0, 0\n    for i in range(400000):\n        a = i"
    )
    observer = Watcher()
    seeds = [Seed("wasteful", wasteful, False), Seed("textbook", TEXTBOOK, False)]
    started = searched(tmp_path / "1", observer, seeds=seeds, evaluations=0).seeds
    assert [each.operator for each in started] == ["textbook"]
    assert "more than 32 times" in observer.missing["wasteful"]
    seeds[0] = Seed("wasteful", wasteful)
    named = searched(tmp_path / "2", observer, seeds=seeds, evaluations=0)
    assert [each.operator for each in named.seeds] == ["wasteful", "textbook"]


def test_no_seed_dominates_what_the_search_found(directory):
    result = searched(directory, evaluations=200, epoch=50)
    for seed in result.seeds:
        assert any(
            each.score.accuracy >= seed.score.accuracy and each.score.energy <= seed.score.energy
            for each in result.front
        )


def test_a_task_with_a_contract_of_its_own_is_searched_likewise(directory):
    task = PackingTask()
    seeds = [Seed("first fit", FIRST_FIT), Seed("blank", task.contract.blank, required=False)]
    result = searched(directory, task=task, seeds=seeds, evaluations=40, population=8, epoch=25)
    assert result.progress.evaluations == 40
    assert "first fit" in [each.operator for each in result.seeds]
    assert all(each.score.accuracy_low > task.chance for each in result.front)


@pytest.fixture
def evolve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


SHORT = ("--rung", "parity-6-2", "--workers", 0)


def test_search_keeps_a_run_that_front_and_show_read(evolve):
    done = evolve("search", *SHORT, "--evaluations", 40)
    assert done.exit_code == 0
    assert "energy (dmc v1)" in done.stdout
    assert "evolve search --resume evolve-runs/parity-6-2-1 --minutes 5" in done.stdout
    assert "children" in done.stderr
    front = json.loads(evolve("front", "evolve-runs/parity-6-2-1", "--format", "json").stdout)
    assert all(each["verified"] for each in front)
    lines = evolve("front", "evolve-runs/parity-6-2-1", "--format", "csv").stdout.splitlines()
    assert len(lines) == 1 + len(front)
    shown = evolve("show", "evolve-runs/parity-6-2-1", front[0]["id"], "--source").stdout
    assert "def predict(" in shown
    learner(shown)


def test_a_second_run_gets_a_directory_of_its_own(evolve, tmp_path):
    for _ in range(2):
        evolve("search", *SHORT, "--evaluations", 0)
    assert sorted(path.name for path in (tmp_path / "evolve-runs").iterdir()) == ["parity-6-2-1", "parity-6-2-2"]


def test_a_search_can_start_from_a_file(evolve, tmp_path):
    (tmp_path / "mine.py").write_text(TEXTBOOK, encoding="utf-8")
    assert evolve("search", *SHORT, "--from", "mine.py", "--evaluations", 5, "--run", "r").exit_code == 0
    with open_run(tmp_path / "r") as run:
        assert run.individual(0).operator == "mine.py"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["search", "--rung", "parity-5-1"], "there is no rung parity-5-1"),
        (["search", "--from", "missing.py"], "can't read missing.py"),
        (["search", "--minutes", "-1"], "not in the range"),
        (["search", "--workers", "0", "--address", "here:1"], "--address needs --workers"),
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
