"""The ladder: a search climbs it from rung to rung, passes none by luck, and goes on wherever it broke off."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest

from evolve.engine import Progress, Seed, Standing, climbing, search
from evolve.engine.climbing import MOST, Ladder, examinable
from evolve.engine.evaluation import ROOM, Evaluator
from evolve.engine.founding import found
from evolve.engine.orders import PROMOTION, Examine, Examined, Found
from evolve.engine.saving import restored
from evolve.engine.schedule import TURNS, next_rung
from evolve.engine.searching import begun
from fitness.programs import compile_for
from fitness.score import Score
from population import Archive, Individual
from runs import RunError, Store, create_run, open_run, reopen_run
from tasks import Budget, Examples, Purpose, Task, TaskError, rung
from tests.episodes import PackingTask
from tests.evolve.ladders import MATCH, SEEDS, TASKS, climbed, configured_for
from tests.evolve.searches import Watcher, population_of


def resumed(directory, tasks=TASKS, **settings):
    with reopen_run(directory) as store:
        return search(tasks, configured_for(tasks, **settings), (), store)


@pytest.fixture(scope="module")
def climb(tmp_path_factory):
    """The run of a search over two rungs, with its result."""
    directory = tmp_path_factory.mktemp("runs") / "whole"
    return directory, climbed(directory)


def test_a_search_climbs_and_finds_a_front_on_each_rung(climb):
    directory, result = climb
    with open_run(directory) as run:
        assert run.rungs() == ("parity-4-1", "parity-6-1") == tuple(result.fronts)
        for name in run.rungs():
            front = run.front(name)
            assert front.verified
            assert front.members == result.fronts[name]
            assert max(each.score.accuracy_low for each in front.members) > 0.9
            assert [each.evaluations for each in run.history(name)]
        assert run.front().rung == result.rung == "parity-6-1"
        assert run.energy == ("dmc", 1)
        (passed, *_) = run.events("passed")
    assert (passed["rung"], passed["evaluations"]) == ("parity-4-1", 0)  # a seed passes: nobody waits for a turn


def test_who_is_promoted_keeps_its_id_and_has_children_on_the_next_rung(climb):
    with open_run(climb[0]) as run:
        promoted = {each for event in run.events("promoted") for each in event["ids"]}
        (opened,) = run.events("opened")
        above = [each for each in run.individuals() if run.birth(each.id).rung == "parity-6-1"]
        assert all(run.birth(each).rung == "parity-4-1" for each in promoted)
        islands = {run.birth(each.id).island for each in above}
    assert set(opened["settlers"]) <= promoted
    assert promoted & {parent for each in above for parent in each.parents}
    assert islands == {2, 3}


def test_all_rungs_have_their_share_of_the_children(climb):
    directory, result = climb
    with open_run(directory) as run:
        assert sum(run.children()) == result.progress.evaluations == 150
        turns = [(each["rung"], each["epoch"]) for each in run.events("epoch")]
    assert turns == [("parity-4-1", 1), *(("parity-6-1", epoch) for epoch in range(1, TURNS + 1))]
    assert [each.children for each in result.progress.rungs] == [30, 120]


def test_who_is_promoted_later_arrives_on_the_open_rung_if_it_runs_there(tmp_path):
    climbed(tmp_path / "run", evaluations=40)
    progress = Progress([Standing(task.name, task.gate, Archive(task.chance)) for task in TASKS])
    with open_run(tmp_path / "run") as run:
        rungs, seeds = begun(run, TASKS, progress)
    one = rungs[0].islands[0].population[0]
    fit, unfit = (replace(one, id=number, key=f"key {number}") for number in (1000, 1001))
    with reopen_run(tmp_path / "run") as store:
        ladder = Ladder(TASKS, configured_for(TASKS), seeds, store, rungs, progress)
        while ladder.current.number == 1:
            ladder.end_turn(lambda orders: [Examined(each.individual, "too dear") for each in orders], print)
        ladder.end_turn(lambda orders: [Examined(fit), Examined(unfit, None, "out_of_steps")], print)
    with open_run(tmp_path / "run") as run:
        islands = [restored(state) for state in run.islands()]
        assert run.events("promoted")[-1]["ids"] == [1000, 1001]
        assert run.events("dropped")[-1]["name"] == "#1001"
    arrivals = [each.id for island in islands if island.place.rung == 1 for each in island.arrivals]
    assert arrivals.count(1000) == 1
    assert 1001 not in arrivals
    assert all(island.stale for island in islands)


def test_islands_that_share_the_children_make_exactly_so_many_on_all_rungs(tmp_path):
    result = climbed(tmp_path / "run", evaluations=133, deterministic=False)
    assert result.progress.evaluations == 133 == sum(each.children for each in result.progress.rungs)
    assert result.progress.current.rung == "parity-6-1"


def test_the_highest_rung_has_most_turns_and_those_below_share_the_rest():
    epochs, since, turns = [3, 5, 0], (3, 5), []
    for _ in range(2 * (TURNS + 1)):
        turns.append(next_rung(epochs, since))
        epochs[turns[-1]] += 1
    assert turns == [2, 2, 2, 1, 2, 2, 2, 0]
    assert next_rung([7], ()) == 0


def test_a_search_that_broke_off_anywhere_climbs_the_same_ladder(climb, tmp_path):
    climbed(tmp_path / "run", evaluations=33)
    for evaluations in (40, 41, 90, 150):
        result = resumed(tmp_path / "run", evaluations=evaluations)
    assert population_of(tmp_path / "run") == population_of(climb[0])
    assert result.fronts == climb[1].fronts


@pytest.mark.parametrize(
    ("place", "name"),
    [(Examine, "perform"), (Found, "perform"), (Store, "open_rung"), (Store, "keep_rung"), (climbing, "ring")],
)
def test_a_turn_that_was_broken_off_is_ended_again(climb, tmp_path, monkeypatch, place, name):
    whole = getattr(place, name)

    def broken(self, *arguments):
        if name != "open_rung" or arguments[0] > 0:  # the first rung is opened at the start
            raise KeyboardInterrupt
        return whole(self, *arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        directory = tmp_path / "run"
        configuration = configured_for(TASKS)
        with create_run(directory, asdict(configuration)) as store:
            patch.setattr(place, name, broken)
            search(TASKS, configuration, SEEDS, store)
    with open_run(directory) as run:
        assert run.rungs() == ("parity-4-1",)
        assert not [each for kind in ("passed", "promoted", "opened", "epoch") for each in run.events(kind)]
    assert resumed(directory).fronts == climb[1].fronts
    assert population_of(directory) == population_of(climb[0])


class Fickle(Task):
    """The first bit of a row, but on instances that decide on promotion any answer."""

    summary = "the first of four bits, most of the time"
    budget = Budget(steps=100_000, energy=1e8, memory=1 << 16)
    gate, chance, instances = 0.9, 0.5, 40

    def __init__(self, name="fickle"):
        self._name = name

    @property
    def name(self):
        return self._name

    def draw(self, generator, purpose):
        epoch = generator.bit_generator.seed_seq.spawn_key[2]
        x = generator.integers(0, 2, (24, 4), dtype=np.uint8)
        y = generator.integers(0, 2, 24, dtype=np.uint8) if epoch >= PROMOTION else x[:, 0]
        return Examples(x[:12], y[:12], x[12:], y[12:].astype(np.int64), 2, 2)


FIRST = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return q[a]\n"


def test_nobody_passes_a_gate_by_luck_alone_and_nobody_is_examined_twice(tmp_path):
    tasks = (Fickle(), Fickle("next"))
    result = climbed(tmp_path / "run", tasks, [Seed("first", FIRST)], evaluations=160)
    assert result.fronts.keys() == {"fickle"}
    assert result.fronts["fickle"][0].score.accuracy == 1.0
    with open_run(tmp_path / "run") as run:
        held = [each["id"] for each in run.events("not promoted")]
        assert not run.events("promoted")
        with pytest.raises(RunError, match="next has not been reached yet"):
            run.front("next")
    assert 0 in held
    assert len(set(held)) == len(held)


def test_a_program_that_is_nearly_right_at_the_larger_size_is_examined_there_and_not_promoted(tmp_path):
    seven = MATCH.replace("x.shape[1]", "min(x.shape[1], 7)")
    climbed(tmp_path / "run", seeds=[Seed("seven", seven)], evaluations=40)
    with open_run(tmp_path / "run") as run:
        reasons = [each["reason"] for each in run.events("not promoted")]
        assert run.rungs() == ("parity-4-1",)
    assert reasons
    assert all("on parity-8-1" in each for each in reasons)


def test_where_nobody_passes_yet_what_children_may_use_follows_from_those_promoted():
    task = rung("parity-6-2")
    evaluator = Evaluator(task, 0)
    scored = evaluator.score(compile_for(task, MATCH), Purpose.SEARCH)
    match = Individual(7, "match", MATCH, (), "match", scored)
    configuration = configured_for((*TASKS[:1], task))
    (first, *_) = found(evaluator, 1, configuration, (), [match]).islands
    assert scored.accuracy_low < task.gate
    assert first.founders == (match,)
    assert first.place.limits.steps == math.ceil(scored.steps * ROOM) < task.budget.steps
    assert first.place.limits.energy == scored.energy * ROOM < task.budget.energy


def test_what_can_not_run_on_the_next_rung_is_dropped_there_and_the_blank_program_opens_it(tmp_path):
    tasks = (TASKS[0], PackingTask())
    watcher = Watcher()
    result = climbed(tmp_path / "run", tasks, observer=watcher, evaluations=60)
    with open_run(tmp_path / "run") as run:
        dropped = run.events("dropped")
        assert run.rungs() == ("parity-4-1", tasks[1].name)
        assert [each.operator for each in run.seeds()] == ["match", "scratch"]
        assert run.front().rung == result.rung
    assert dropped
    assert all(each["rung"] == tasks[1].name and "it can't be compiled" in each["reason"] for each in dropped)
    assert f"{tasks[1].name} opens, with 0 from parity-4-1 and 1 new" in watcher.messages


def test_of_those_who_seem_to_pass_the_cheapest_and_the_most_accurate_are_examined():
    def member(number, accuracy, energy, seconds):
        score = Score(30, accuracy, accuracy - 0.02, 1.0, energy, energy / 2, 1e3, 5e2, seconds, 100)
        return Individual(number, f"key {number}", "", (), "", score)

    members = [member(n, 0.9 + n / 100, 100.0 * n, 1.0) for n in range(1, 9)]
    front = Archive(0.5).with_individuals(members)
    chosen = examinable(front, {"key 4"}, 0.91)
    assert [each.id for each in chosen] == [3, 5, 6, 8]
    assert len(chosen) == MOST
    assert not examinable(front, {each.key for each in members}, 0.9)


def test_a_task_without_its_data_ends_a_search_before_it_begins(tmp_path):
    class Missing(Fickle):
        def draw(self, generator, purpose):
            raise RuntimeError("there is no text")

    with pytest.raises(TaskError, match="there is no text"):
        climbed(tmp_path / "run", (TASKS[0], Missing()))


def test_tasks_have_to_be_those_of_the_configuration(tmp_path):
    with create_run(tmp_path / "run", {}) as store, pytest.raises(ValueError, match="not the rungs parity-4-1"):
        search(TASKS[1:], configured_for(TASKS[:1]), SEEDS, store)
