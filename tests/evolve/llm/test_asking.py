"""Whom a prompt shows, and what it tells of what was proposed before."""

from dataclasses import replace

import pytest

from evolve.llm.asking import SAID, idea_of, told_apart
from population import Individual
from tests.evolve.test_search_view import individual


def beside(member: Individual, number: int, **changes: float) -> Individual:
    return replace(member, id=number, score=replace(member.score, **changes))


def test_of_twins_on_a_front_only_the_first_may_be_shown() -> None:
    first = individual(0, 1.0, 1000.0, 1e-5)
    twin = beside(first, 1, energy=1001.0, seconds=0.999e-5)
    assert told_apart([first, twin]) == [first]


@pytest.mark.parametrize("changes", [{"accuracy": 0.995}, {"energy": 1100.0}, {"seconds": 0.9e-5}])
def test_what_is_better_in_something_may_be_shown_too(changes: dict[str, float]) -> None:
    first = individual(0, 1.0, 1000.0, 1e-5)
    other = beside(first, 1, **changes)
    assert told_apart([first, other]) == [first, other]


def test_the_idea_of_a_reply_is_what_it_says_before_its_program() -> None:
    assert idea_of("Look the third\ncolumn up.\n\n```python\nx = 1\n```\nThat is all.\n") == [
        "  its idea: Look the third column up."
    ]
    assert idea_of("Two bits.\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n") == ["  its idea: Two bits."]
    assert idea_of("```python\nx = 1\n```\n") == []
    assert len(idea_of("word " * 200)[0]) <= SAID + len("  its idea: ")
