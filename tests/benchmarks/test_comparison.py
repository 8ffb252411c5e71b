"""What the comparison of searches rests on: an exact rank test, and searches that really don't select."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.baseline_searches import DRIFT, RANDOM, SAMPLING, unselected_fronts
from benchmarks.comparison import table
from benchmarks.rank_test import mann_whitney
from tests.evolve.searches import SEEDS, TASK, configured

samples = st.lists(st.integers(0, 5), min_size=1, max_size=5)


@given(samples, samples)
def test_the_rank_test_counts_all_permutations(first: list[int], second: list[int]) -> None:
    def u(one: list[int], other: list[int]) -> float:
        return sum((a > b) + (a == b) / 2 for a in one for b in other)

    pooled, mean = [*first, *second], len(first) * len(second) / 2
    deviations = []
    for chosen in combinations(range(len(pooled)), len(first)):
        rest = [value for index, value in enumerate(pooled) if index not in chosen]
        deviations.append(abs(u([pooled[index] for index in chosen], rest) - mean))
    ahead, p = mann_whitney(first, second)
    assert ahead == pytest.approx(u(first, second) / (len(first) * len(second)))
    assert p == pytest.approx(np.mean(np.array(deviations) >= abs(u(first, second) - mean)))


def test_five_runs_that_are_all_better_than_five_others_are_no_chance() -> None:
    ahead, p = mann_whitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])
    assert (ahead, p) == (1.0, pytest.approx(2 / 252))


@pytest.mark.parametrize("kind", [DRIFT, SAMPLING, RANDOM])
def test_a_search_without_selection_goes_through_epochs_and_repeats_itself(kind: str) -> None:
    fronts = [list(unselected_fronts(kind, TASK, configured(epoch=20), SEEDS, [30, 90])) for _ in range(2)]
    assert fronts[0] == fronts[1]
    assert all(each.score.accuracy_low > TASK.chance for front in fronts[0] for each in front)
    assert bool(fronts[0][-1]) == (kind != RANDOM)  # random programs do not start from anything that learns


def test_the_table_has_a_row_for_each_kind() -> None:
    results = [
        {"rung": "r", "from": "seeds", "kind": kind, "seed": seed, "checkpoints": [10], "seconds": 1.0}
        | {"hypervolume": [seed + bonus], "cheapest": [None if seed else 100.0]}
        for kind, bonus in (("evolution", 5.0), (DRIFT, 0.0))
        for seed in range(3)
    ]
    lines = table(results).splitlines()
    assert lines[2].startswith("| evolution | 6.000 ± 1.000 | 100 ± 0 (1 of 3 runs) |")
    assert lines[3].endswith("| 1.00 | 0.1 |")
