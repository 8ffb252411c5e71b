"""Pauses between attempts grow, are drawn, and are never shorter than an endpoint asks for."""

import random
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.chat.retries import Backoff, retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": formatdate(NOW + 90, usegmt=True)}, 90.0),
        ({"retry-after": formatdate(NOW - 90, usegmt=True)}, 0.0),
        *(({"retry-after": value}, None) for value in ("", "soon", "-3", "nan", "inf", "1e999", "Mon, 99 Foo 12")),
    ],
)
def test_what_an_endpoint_asks_for_is_read(headers, seconds):
    assert retry_after(headers, NOW) == seconds


@given(st.text(), st.text())
def test_nonsense_is_no_pause(one, other):
    found = retry_after({"retry-after": one, "retry-after-ms": other}, NOW)
    assert found is None or found >= 0


def test_pauses_grow_and_are_drawn_from_their_upper_half():
    backoff, generator = Backoff(first=1.0, longest=5.0), random.Random(1)
    for attempt, longest in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (2000, 5.0)]:
        drawn = [backoff.pause(attempt, None, generator) for _ in range(50)]
        assert longest / 2 <= min(drawn) < max(drawn) <= longest


def test_the_same_generator_draws_the_same_pauses():
    drawn = [[Backoff().pause(each, None, random.Random(3)) for each in range(1, 5)] for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_what_is_asked_for_is_the_least():
    pauses = [Backoff(first=1.0).pause(1, 30.0, random.Random(seed)) for seed in range(20)]
    assert 30.0 < min(pauses) < max(pauses) <= 30.5
