"""Copying: the class is the symbol at one secret place."""

import numpy as np
import pytest

from tasks import Budget, Purpose, rung
from tasks.symbols import CopySymbol


def drawn(task, seed=0):
    return task.draw(np.random.default_rng(seed), Purpose.SEARCH)


def places(instance):
    return np.flatnonzero((instance.x == instance.y[:, None]).all(axis=0))


def test_one_place_explains_rows_and_queries_and_it_differs_between_instances():
    task = rung("copy-8")
    found = []
    for seed in range(20):
        instance = drawn(task, seed)
        (place,) = places(instance)
        assert (instance.queries[:, place] == instance.answers).all()
        found.append(place)
    assert len(set(found)) > 3


def test_renamed_symbols_are_renamed_in_classes_as_well():
    variant = next(each for each in rung("copy-8").variants if each.name == "symbols renamed")
    instance = drawn(variant.task)
    (place,) = places(instance)
    assert (instance.queries[:, place] == instance.answers).all()
    assert (instance.x != drawn(rung("copy-8")).x).mean() > 0.5


def test_a_nearest_neighbour_does_not_pass_the_gate():
    instance = drawn(rung("copy-8"))
    nearest = (instance.queries[:, None, :] == instance.x[None]).sum(axis=2).argmax(axis=1)
    assert np.mean(instance.y[nearest] == instance.answers) < 0.7


def test_sizes_of_which_there_are_no_instances_are_refused():
    with pytest.raises(ValueError, match="alphabet"):
        CopySymbol(8, 500, 500, 2, Budget(1000, 1e3, 1000), symbols=1)
