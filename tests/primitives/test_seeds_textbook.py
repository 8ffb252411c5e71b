"""The textbook programs: they learn the reference task exactly, and leave a search something to gain."""

from pathlib import Path

import numpy as np
import pytest

from fitness.limits import limits_of
from fitness.problem import problems
from fitness.programs import compile_for
from fitness.score import Score, score
from primitives import seeds
from tasks import Purpose, instances, rung
from tests import cpython

REFERENCE = rung("parity-20-3")
COUNT = 20


def scored(name):
    drawn = problems(REFERENCE, Purpose.SEARCH, 1, COUNT)
    found = score(compile_for(REFERENCE, seeds.source(name)), drawn, limits_of(REFERENCE.budget), 1, REFERENCE)
    assert isinstance(found, Score)
    return found


def test_every_textbook_program_is_a_file_and_every_file_is_one():
    folder = Path(seeds.__file__).parent / "textbook"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(seeds.TEXTBOOK)
    assert not set(seeds.TEXTBOOK) & set(seeds.SEEDS)


def test_they_learn_the_reference_task_exactly_for_many_times_the_energy_of_the_tuned_ones():
    tuned = min(scored(name).energy for name in ("backtracking", "gf2_elimination"))
    plain = {name: scored(name) for name in seeds.TEXTBOOK}
    assert all(each.accuracy == 1 for each in plain.values())
    assert all(each.energy > 5 * tuned for each in plain.values())
    cheapest = min(each.energy for each in plain.values())
    assert all(each.energy < 32 * cheapest for each in plain.values()), "a search would not start from it"


@pytest.mark.parametrize("name", seeds.TEXTBOOK)
def test_they_give_the_same_in_cpython(name):
    one = next(instances(rung("parity-10-3"), Purpose.SEARCH, 3, 1))
    model = cpython.run(seeds.source(name), "fit", [one.x, one.y, one.n_symbols, one.n_classes]).value
    parts = model if isinstance(model, tuple) else (model,)
    answers = [cpython.run(seeds.source(name), "predict", [*parts, query]).value for query in one.queries[:8]]
    np.testing.assert_array_equal(answers, one.answers[:8])
