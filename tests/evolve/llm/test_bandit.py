"""The bandit asks what gains most hypervolume per cost, finds out when that changes, and never mixes units."""

from collections import Counter

import numpy as np
import pytest

from evolve.llm.bandit import Arm, Learned, Trial, drawn, learned, trials_in
from runs.ledger import Call

ARMS = [Arm("large", "edit"), Arm("large", "idea"), Arm("small", "edit"), Arm("small", "idea")]


def pulled(values, pulls, seed=0, trials=(), delay=4):
    """The arms that are pulled, and the trials: an arm gains so much with some probability, for a cost.

    What came of a pull is known only after some further ones.
    """
    generator = np.random.default_rng(seed)
    trials, late, counts = list(trials), [], Counter()
    for _ in range(pulls):
        arm = drawn(ARMS, trials, lambda arm: values[arm][2], generator)
        chance, gain, cost = values[arm]
        late.append(Trial(arm, gain if generator.random() < chance else 0.0, cost))
        counts[arm] += 1
        if len(late) > delay:
            trials.append(late.pop(0))
    return counts, trials


def test_the_arm_that_gains_most_is_pulled_most():
    values = dict.fromkeys(ARMS, (0.05, 1.0, 1.0)) | {ARMS[1]: (0.5, 1.0, 1.0)}
    counts, _ = pulled(values, 400)
    assert counts[ARMS[1]] > 240


def test_gain_counts_per_cost():
    """The large model gains twice as much for ten times the money."""
    values = {arm: (0.5, 2.0, 10.0) if arm.model == "large" else (0.5, 1.0, 1.0) for arm in ARMS}
    counts, _ = pulled(values, 300)
    assert counts[ARMS[2]] + counts[ARMS[3]] > 240


def test_the_size_of_gains_counts_not_only_how_often_there_is_one():
    values = dict.fromkeys(ARMS, (0.5, 0.05, 1.0)) | {ARMS[0]: (0.4, 1.0, 1.0)}
    counts, _ = pulled(values, 300)
    assert counts[ARMS[0]] > 180


def test_it_adapts_when_another_arm_becomes_the_best_and_all_gains_shrink():
    before = dict.fromkeys(ARMS, (0.05, 1.0, 1.0)) | {ARMS[0]: (0.6, 1.0, 1.0)}
    after = dict.fromkeys(ARMS, (0.05, 0.01, 1.0)) | {ARMS[3]: (0.6, 0.01, 1.0)}
    _, trials = pulled(before, 200)
    counts, _ = pulled(after, 400, seed=1, trials=trials)
    assert counts[ARMS[3]] > 200
    assert counts[ARMS[3]] > 3 * counts[ARMS[0]]


def test_every_arm_is_tried_at_first():
    counts, _ = pulled(dict.fromkeys(ARMS, (0.0, 1.0, 1.0)), 60)
    assert all(counts[arm] >= 5 for arm in ARMS)


def test_what_is_free_divides_nothing_by_zero():
    values = {arm: (0.2, 1.0, 0.0 if arm.model == "small" else 1.0) for arm in ARMS}
    counts, _ = pulled(values, 50)
    assert counts[ARMS[0]] + counts[ARMS[1]] == 0


def test_old_trials_count_less():
    trials = [Trial(ARMS[0], 4.0, 2.0), Trial(ARMS[1], 0.0, 1.0)]
    assert learned(trials, 0.5) == {ARMS[0]: Learned(0.5, 0.5, 1.0), ARMS[1]: Learned(1.0, 0.0, 1.0)}


def test_gains_are_compared_with_those_of_late():
    """A gain of long ago that was much larger counts as one, not as all there ever was."""
    trials = [Trial(ARMS[0], 100.0, 1.0), *[Trial(ARMS[1], 0.0, 1.0)] * 60, Trial(ARMS[2], 1.0, 1.0)]
    known = learned(trials, 1.0)
    assert known[ARMS[0]].gain == known[ARMS[2]].gain == 1.0


def call(number, trial, **values):
    given = {"outcome": "ok", "read": 600, "written": 400, "cost": 0.02, "gain": 0.0, "began": float(number)} | values
    model, request = given.pop("model", "large"), given.pop("request", "edit")
    return Call(number, trial, "parity-6-2", 0, request, model, 0.7, 4096, **given, number=number)


def test_a_trial_is_a_proposal_with_its_repair():
    calls = [call(1, 1), call(2, 2, request="idea"), call(3, 1, request="repair", gain=0.5)]
    assert trials_in(calls, True) == [
        Trial(Arm("large", "idea"), 0.0, pytest.approx(0.02)),
        Trial(Arm("large", "edit"), 0.5, pytest.approx(0.04)),
    ]
    assert trials_in(calls, False)[1].cost == 2.0


def test_what_is_under_way_was_given_up_replayed_or_not_answered_is_no_trial():
    calls = [
        *(call(1, 1, outcome="sent"), call(2, 2, outcome="abandoned"), call(3, 3, outcome="replayed")),
        *(call(4, 4, outcome="unreachable", read=0, written=0), call(5, 5), call(6, 5, outcome="sent")),
    ]
    assert trials_in(calls, True) == []


def test_a_call_of_unknown_price_is_no_trial_where_dollars_count():
    calls = [call(1, 1, cost=None), call(2, 2)]
    assert [each.cost for each in trials_in(calls, True)] == [0.02]
    assert [each.cost for each in trials_in(calls, False)] == [1.0, 1.0]
