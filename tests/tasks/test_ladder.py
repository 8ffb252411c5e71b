"""The ladder: which rungs there are, that none is made before it is asked for, and what they allow."""

import pytest

from fitness.interval import lower_bound
from tasks import RUNGS, rung
from tasks.ladder import Ladder
from tasks.text import TEXT_ALIASES, TEXT_RUNGS

NAMES = [name for name in RUNGS if name not in TEXT_RUNGS]


@pytest.mark.parametrize("name", NAMES)
def test_a_rung_is_named_like_its_task(name):
    assert rung(name) is RUNGS[name]
    assert rung(name).name == name


def test_the_ladder_climbs_from_four_bits_to_text():
    assert NAMES[0] == "parity-4-1"
    assert list(RUNGS)[len(NAMES) :] == [name for name in TEXT_RUNGS if name not in TEXT_ALIASES]
    parities = [rung(name) for name in NAMES if name.startswith("parity")]
    assert [(each.n, each.k) for each in parities[:8]] == [
        (4, 1),
        (6, 1),
        (6, 2),
        (8, 2),
        (10, 2),
        (10, 3),
        (15, 3),
        (20, 3),
    ]


def test_rungs_are_made_when_they_are_asked_for():
    def broken():
        raise LookupError("made")

    ladder = Ladder({"first": lambda: rung("parity-4-1"), "second": broken}, {"2": "second"})
    assert list(ladder) == ["first", "second"]
    assert len(ladder) == 2
    assert "second" in ladder
    assert "2" in ladder
    assert ladder["first"] is ladder["first"]
    with pytest.raises(LookupError, match="made"):
        ladder["2"]


def test_an_alias_of_a_rung_leads_to_it():
    assert rung("pydoc").name == TEXT_ALIASES["pydoc"]
    assert rung("pydoc") is rung(TEXT_ALIASES["pydoc"])


def test_an_unknown_rung_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"no rung parity-5-1; there are parity-4-1, parity-6-1"):
        rung("parity-5-1")


def test_the_reference_has_the_sizes_of_the_public_challenge_and_room_for_gradient_descent():
    task = rung("parity-20-3")
    assert (task.rows, task.queries, task.gate) == (500, 500, 0.95)
    assert task.budget.steps == 1_000_000_000
    assert task.budget.literals == 1024
    assert [rung(name).budget.steps for name in NAMES[:8]] == sorted(rung(name).budget.steps for name in NAMES[:8])


@pytest.mark.parametrize("name", [name for name in NAMES if rung(name).interval == "instances"])
def test_a_program_may_fail_on_one_instance_and_still_surely_pass(name):
    task = rung(name)
    right = [1.0] * (task.instances - 1)
    assert lower_bound([*right, task.chance], task.chance) >= task.gate
