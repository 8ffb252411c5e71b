"""The selection of operators: it learns what helps, forgets nothing entirely, and can be kept."""

import dataclasses
import json

import numpy as np
import pytest

from evolve.variation import OperatorSelection
from evolve.variation.selection import EXPLORATION

NAMES = ["a", "b", "c", "d"]


def learned(gains, uses=2000, seed=0):
    """A selection that was told the gain of each operator it chose."""
    generator, selection = np.random.default_rng(seed), OperatorSelection.start(dict.fromkeys(NAMES, 1.0))
    for _ in range(uses):
        name = selection.choose(generator)
        selection.reward(name, gains.get(name, 0.0))
    return selection


def test_at_the_start_all_operators_are_alike():
    assert OperatorSelection.start(dict.fromkeys(NAMES, 1.0)).probabilities() == dict.fromkeys(NAMES, 0.25)


def test_an_operator_that_helps_is_chosen_more_often():
    probabilities = learned({"b": 0.5}).probabilities()
    assert probabilities["b"] > 0.5
    assert sum(probabilities.values()) == pytest.approx(1.0)


def test_no_operator_falls_below_the_minimum():
    selection = learned({"b": 1.0}, uses=5000)
    assert min(selection.probabilities().values()) >= EXPLORATION / len(NAMES)
    assert min(selection.uses.values()) > 300


def test_it_follows_when_another_operator_starts_to_help():
    selection, generator = learned({"b": 1.0}), np.random.default_rng(1)
    for _ in range(3000):
        name = selection.choose(generator)
        selection.reward(name, 1.0 if name == "c" else 0.0)
    assert selection.probabilities()["c"] > selection.probabilities()["b"]


def test_choices_follow_from_the_generator_and_the_rewards():
    assert learned({"b": 0.5}, seed=4) == learned({"b": 0.5}, seed=4) != learned({"b": 0.5}, seed=5)


def test_its_state_is_plain_data():
    selection = learned({"b": 0.5})
    kept = json.loads(json.dumps(dataclasses.asdict(selection)))
    assert OperatorSelection(**kept) == selection


def test_wrong_rewards_and_names_are_refused():
    selection = OperatorSelection.start(dict.fromkeys(NAMES, 1.0))
    with pytest.raises(ValueError, match="between 0 and 1"):
        selection.reward("a", 1.5)
    with pytest.raises(KeyError):
        selection.reward("z", 0.5)
    with pytest.raises(ValueError, match="positive weight"):
        OperatorSelection.start({"a": 0.0})
