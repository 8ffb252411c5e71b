"""What the comparison with a cassette rests on: a cassette that can be read, and a table of both kinds of search."""

from __future__ import annotations

from collections import Counter

from benchmarks.replayed import ALONE, CASSETTE, REPLAYED, table
from evolve.llm.cassette import cassette
from evolve.llm.drafts import draft_of
from evolve.llm.requests import REQUESTS
from tasks import rung


def test_the_cassette_answers_every_kind_of_request() -> None:
    entries = cassette(CASSETTE)
    asked = Counter(each.request for each in entries)
    assert len(entries) >= 20
    assert set(asked) == set(REQUESTS)
    assert {each.rung for each in entries} == {"parity-20-3"}


def test_replies_with_a_whole_program_can_be_read_whatever_was_shown() -> None:
    contract = rung("parity-20-3").contract
    whole = [each for each in cassette(CASSETTE) if "```python" in each.reply]
    assert len(whole) >= 12
    for each in whole:
        assert "def predict" in draft_of(each.reply, contract.blank, contract).source


def test_the_table_has_a_row_for_each_checkpoint_and_kind() -> None:
    results = [
        {"rung": "r", "from": "textbook", "kind": kind, "seed": seed, "checkpoints": [10, 20], "replies": 3}
        | {"hypervolume": [1.0, seed + bonus], "cheapest": [None, 100.0], "exact": [None, 100.0 + seed]}
        | {"outcomes": {"accepted": 2} if kind == REPLAYED else {}}
        for kind, bonus in ((ALONE, 0.0), (REPLAYED, 5.0))
        for seed in range(3)
    ]
    lines = table(results).splitlines()
    assert lines[2] == f"| 10 | {ALONE} | 1.000 ± 0.000 | none | none |  |  |"
    assert lines[5] == f"| 20 | {REPLAYED} | 6.000 ± 1.000 | 100 ± 0 | 101 ± 1 | 1.00 | 0.1 |"
    assert lines[-1] == "Of 3 replies, on average: accepted 2.0."
