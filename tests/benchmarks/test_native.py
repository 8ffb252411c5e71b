"""The rank correlation of clocks, and the seconds of exported files."""

import pytest

from benchmarks.native import Row, agreement, measured, midranks, ordered_alike, rank_correlation
from primitives.seeds import source
from tasks import RUNGS


def test_ties_share_their_ranks():
    assert midranks([3.0, 1.0, 3.0, 2.0]) == [3.5, 1.0, 3.5, 2.0]


def test_the_rank_correlation_is_that_of_the_order_alone():
    assert rank_correlation([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1.0)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1.0)
    assert rank_correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) == pytest.approx(0.8)


def test_pairs_of_like_speed_are_counted_by_themselves():
    assert ordered_alike([1.0, 1.5, 10.0], [2.0, 1.0, 3.0]) == ("2 of 3", "0 of 1")


def test_a_program_is_timed_on_the_machine_and_as_a_file():
    row = measured("constant", source("constant"), RUNGS["parity-4-1"], ["numpy"])
    assert row is not None and row.calibrated > 0 and row.measured > 0 and row.native["numpy"] > 0


def test_a_program_that_fails_on_the_task_is_left_out(capsys):
    assert measured("none", "def fit(x):\n    return 1\n", RUNGS["parity-4-1"], ["numpy"]) is None
    assert "none is left out" in capsys.readouterr().err


def test_the_table_compares_all_clocks():
    rows = [Row("a", 1.0, 1.0, {"numpy": 2.0}), Row("b", 2.0, 3.0, {"numpy": 1.0})]
    assert "| calibrated, machine | 1.000 | 1 of 1 | 1 of 1 |" in agreement(rows, ["numpy"])
    assert "| machine, numpy | -1.000 | 0 of 1 | 0 of 0 |" in agreement(rows, ["numpy"])
