"""What a person is shown: right to the last digit on learners worked out by hand, and the same for the same seed."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fitness import Limits, models
from fitness.assess import assess
from fitness.gate import larger_gates
from fitness.interval import TWO_SIDED, interval_over_instances
from fitness.play import loaded, play
from fitness.problem import problem
from fitness.programs import compile_for, learner
from fitness.score import Failed
from fitness.timing import spread
from fitness.traced import MOST_EVENTS, traced_energy
from tasks import LEARNER, Budget, Examples, Purpose, Task, instances, rung
from tests.episodes import BEST_FIT, PackingTask

ADDING = "def fit(x, y, k, c):\n    return y[0] + y[1]\n\n\ndef predict(m, q):\n    return m + q[0]\n"
ADAPTING = """
from primitives import i4, zeros


def fit(x, y, k, c):
    return x[0:3], zeros(5, i4), y[0]


def predict(rows, a, m, q):
    a[q[0] + q[1]] += m
    a[2] = a[2] + rows[1, q[2]]
    return a[1]
"""
PARITY = replace(rung("parity-6-2"), instances=6)


class Tiny(Task):
    """Two rows of one column, and three queries; answers are 1, 2 and 3."""

    budget = Budget(steps=1000, energy=1000.0, memory=4096)
    family = name = summary = "tiny"
    gate, instances, chance = 0.9, 2, 0.1

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        x, y, queries = (np.array(values, dtype=np.uint8) for values in ([[5], [6]], [0, 1], [[0], [1], [7]]))
        return Examples(x, y, queries, np.array([1, 2, 3]), 8, 10)


def test_a_tiny_learner_costs_what_it_costs_by_hand():
    found = assess(Tiny(), ADDING, seed=0, models=("dmc", "bytedmd", "bytedmd-sized"), repeats=1)
    dmc, bytedmd, sized = found.energy
    # dmc: x[0, 0], x[1, 0], y[0] and y[1] lie on the stack. y[0] is third; then y[1] has y[0] and both of x above it.
    assert dmc.fit == pytest.approx(math.sqrt(3) + math.sqrt(4))
    # m is read where the model lies, on top at first, afterwards below the query before; in predict m and the query's
    # symbol lie second when they are read.
    assert dmc.predict == pytest.approx((1 + 2 * math.sqrt(2)) + 2 * 3 * math.sqrt(2))
    # bytedmd: x is never read, so it is not on the stack; y[1] is on top, y[0] second. m lies below each query.
    assert (bytedmd.fit, bytedmd.predict) == (2 + 1, 3 * (2 + 1))
    assert (sized.fit, sized.predict) == (bytedmd.fit, bytedmd.predict)
    assert bytedmd.total == 12
    assert [(each.model, each.version, each.status) for each in found.energy] == [
        ("dmc", 1, "ok"),
        ("bytedmd", 2, "ok"),
        ("bytedmd-sized", 2, "ok"),
    ]
    assert found.outcome.accuracy == pytest.approx(2 / 3)


def test_what_is_converted_is_not_tracked_any_more():
    wide = "from primitives import f8, zeros\n\n\ndef fit(x, y, k, c):\n    m = zeros(1, f8)\n    m[0] = y[0] + y[1]\n"
    wide += "    return m\n\n\ndef predict(m, q):\n    return int(m[0]) + q[0]\n"
    found = assess(Tiny(), wide, seed=0, models=("bytedmd",)).energy[0]
    # int(m[0]) reads m below the query, and what comes out is not tracked; then the query's symbol lies second, but at
    # the last query, after which m is not read again, on top.
    assert (found.fit, found.predict) == (3, (2 + 2) + (2 + 2) + (2 + 1))


@pytest.mark.parametrize("task", ["parity-6-2", "parity-10-3"])
def test_the_trace_of_a_learner_costs_in_dmc_what_the_machine_charged(task):
    chosen = rung(task)
    for each in instances(chosen, Purpose.SEARCH, 3, 3):
        program, prepared = compile_for(chosen, ADAPTING), problem(each)
        played = play(program.learner, prepared.staged)
        found = traced_energy(program, prepared, Limits(), 0, [models.get("dmc")])
        assert found.fit["dmc"] == pytest.approx(played.fit_energy)
        assert found.predict["dmc"] == pytest.approx(played.energy - played.fit_energy)


def test_windows_of_a_stream_enter_the_trace_once():
    stream = np.arange(12, dtype=np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(stream, 4)
    staged = problem(Examples(windows[:4], stream[4:8], windows[3:8], stream[7:12].astype(np.int64), 12, 12)).staged
    program = learner("def fit(x, y, k, c):\n    return 0\n\n\ndef predict(m, q):\n    return q[3] + q[0]\n")
    machine, _ = loaded(program, staged, Limits(), 0, traced=True)
    machine.run(program.code.entries["fit"])
    before = machine.recorder.length
    assert before == len(machine.recorder.trace())
    machine.run(program.play)
    trace = machine.recorder.trace()
    assert machine.recorder.length == len(trace)
    assert models.get("dmc").price(trace).sum() == pytest.approx(play(program, staged).energy)
    assert models.get("bytedmd").price(trace)[before:].sum() > 0


def test_the_same_seed_gives_the_same_but_for_measured_seconds():
    drawing = LEARNER.blank.replace("a = 0", "a = randint(0, 6)")
    source = drawing.replace("def fit", "from primitives import randint\n\n\ndef fit")
    one, same, other = (assess(PARITY, source, seed=seed, models=("dmc", "bytedmd")) for seed in (5, 5, 6))
    assert replace(one, times=None) == replace(same, times=None)
    assert one.times != same.times
    assert one.outcome != other.outcome


def test_the_interval_shown_holds_with_both_its_bounds():
    found = assess(PARITY, LEARNER.blank, seed=0, repeats=0)
    assert found.times is None
    assert found.interval.low < found.outcome.accuracy_low < found.outcome.accuracy
    assert found.interval.high > found.outcome.accuracy_high
    few = interval_over_instances([0.5] * 6, 0.5, TWO_SIDED)
    assert found.interval.high >= few.high


def test_a_failure_is_told_with_line_and_instance_and_has_no_figures():
    source = LEARNER.blank.replace("return q[a]", "return 1 // (q[0] + q[1])")
    found = assess(PARITY, source, seed=0)
    assert found.outcome == Failed("zero_division", 10, 0)
    assert (found.interval, found.energy, found.times) == (None, (), None)


def test_figures_are_means_over_the_instances():
    three = assess(PARITY, LEARNER.blank, seed=0, instances=3, repeats=0)
    assert three.outcome.instances == three.instances == 3
    singles = [assess(replace(PARITY, instances=1), LEARNER.blank, seed=0, repeats=0).outcome.accuracy]
    assert 0 <= singles[0] <= 1
    with pytest.raises(ValueError, match="at least one instance"):
        assess(PARITY, LEARNER.blank, seed=0, instances=0)
    with pytest.raises(ValueError, match="no energy model 'joule'"):
        assess(PARITY, LEARNER.blank, seed=0, models=("joule",))


def test_a_trace_that_is_too_long_is_a_status_and_no_figure(monkeypatch):
    monkeypatch.setattr("fitness.assess.MOST_EVENTS", 50)
    dmc, bytedmd = assess(PARITY, LEARNER.blank, seed=0, models=("dmc", "bytedmd"), repeats=0).energy
    assert dmc.total is not None
    assert (bytedmd.status, bytedmd.fit, bytedmd.total) == ("trace_too_long", None, None)
    assert MOST_EVENTS > 50


def test_times_have_a_spread_and_parts_and_nothing_else_runs_while_they_are_taken():
    told = []
    found = assess(PARITY, LEARNER.blank, seed=0, repeats=3, report=told.append)
    assert told[-1] is None
    assert told[0] == "instance 1 of 6"
    for each in (found.times.total, found.times.fit, found.times.predict):
        assert 0 <= each.low <= each.median <= each.high
    assert spread([3.0, 1.0, 2.0]).median == 2.0


def test_programs_with_another_contract_are_assessed_too():
    found = assess(PackingTask(), BEST_FIT, seed=0, models=("dmc", "bytedmd"))
    assert found.outcome.accuracy > 0.5
    assert all(each.fit == 0 < each.predict for each in found.energy)
    assert found.times.fit.high == 0


class FirstBit(Task):
    """The class is the first bit of the row, which the blank learner happens to answer."""

    budget = Budget(steps=1000, energy=1000.0, memory=4096)
    family = summary = "first bit"
    name = larger = gate = None
    instances, chance = 30, 0.5

    def __init__(self, columns: int, gate: float = 0.9, larger: tuple[Task, ...] = ()):
        self.name, self.gate, self.columns, self.larger = f"first-bit-{columns}", gate, columns, larger

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        x = generator.integers(0, 2, (10, self.columns), dtype=np.uint8)
        return Examples(x, x[:, 0], x, x[:, 0].astype(np.int64), 2, 2)


def test_the_gate_counts_at_larger_sizes_as_well():
    task = FirstBit(2, larger=(FirstBit(8), FirstBit(9, gate=0.999)))
    first, second = larger_gates(task, LEARNER.blank, 0)
    assert (first.task, second.task) == ("first-bit-8", "first-bit-9")
    assert first.passed
    assert second.outcome.accuracy == 1.0
    assert not second.passed
    failing, _ = larger_gates(task, LEARNER.blank.replace("q[a]", "q[77]"), 0)
    assert not failing.passed
    assert failing.outcome.status == "index_error"
    rejected, _ = larger_gates(task, LEARNER.blank.replace("predict", "guess"), 0)
    assert rejected.outcome.status == "rejected"
