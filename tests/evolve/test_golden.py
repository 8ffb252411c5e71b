"""The golden run: a deterministic search finds the same on every computer, until someone changes the search."""

import json

import pytest

from evolve.engine import driver
from tests.evolve.golden import PINNED, SEARCHES, golden

ADVICE = (
    "the search finds something else than tests/evolve/golden.json says. If it was changed on purpose, "
    "`python -m tests.evolve.golden` pins what it finds now; commit that with the change. If not, a change that should "
    "have had no effect has one"
)


@pytest.mark.parametrize("name", SEARCHES)
def test_a_deterministic_search_finds_what_it_always_found(tmp_path, name):
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert golden(name, tmp_path / "run") == pinned.get(name), ADVICE


def test_it_does_not_matter_when_batches_end(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "BATCH", 0.01)  # islands take turns after every few children
    name = "from scratch"
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert golden(name, tmp_path / "run") == pinned.get(name), ADVICE


def test_workers_find_what_one_process_always_found(tmp_path):
    name = "up a ladder"
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert golden(name, tmp_path / "run", workers=2) == pinned.get(name), ADVICE
