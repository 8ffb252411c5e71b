"""Fixtures for tests of tasks."""

from pathlib import Path

import pytest

from tests.text_files import REAL


@pytest.fixture
def wikitext() -> Path:
    """The directory with the real validation and test splits of WikiText."""
    if not (REAL / "wiki.test.raw").is_file():
        pytest.skip("the splits of WikiText are not on this machine; other tests use a small text in their layout")
    return REAL
