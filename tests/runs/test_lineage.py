"""The line from an individual back to its seed."""

import pytest

from fitness.score import Score
from population import Individual
from runs import Birth, RunError, create_run, open_run
from runs.lineage import lineage

SCORE = Score(8, 1.0, 0.9, 1.0, 123.5, 100.0, 1000.0, 800.0, 1e-5, 640)


@pytest.fixture
def run(tmp_path):
    parents = {0: (), 1: (), 4: (1,), 6: (4, 0), 9: (6,)}
    with create_run(tmp_path / "run", {"rung": "x"}) as store:
        people = [Individual(number, "k", "", those, "o", SCORE) for number, those in parents.items()]
        store.add(people, Birth("x", None, 0, 0, 0.0))
    with open_run(tmp_path / "run") as opened:
        yield opened


def test_it_follows_first_parents_to_the_seed(run):
    assert [each.id for each in lineage(run, 9)] == [1, 4, 6, 9]
    assert [each.id for each in lineage(run, 0)] == [0]


def test_nobody_has_no_lineage(run):
    with pytest.raises(RunError, match="has no individual 5"):
        lineage(run, 5)
