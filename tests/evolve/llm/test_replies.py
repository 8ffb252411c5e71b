"""Replies are understood in all the ways in which they are written, and never guessed at."""

import ast
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.llm.drafts import DraftError, draft_of
from evolve.llm.edits import fragment, statements, with_edits
from evolve.llm.replies import Edit, ReplyError, read_reply
from tasks.contract import LEARNER
from tests.evolve.llm.messy_replies import EDITS, HALVED, PROGRAM, PROGRAMS, REFUSED, WHOLE

NAMES = LEARNER.names
LINES = PROGRAM.split("\n")


def drafted(reply):
    return draft_of(reply, PROGRAM, LEARNER).source


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_understood(name):
    assert drafted(EDITS[name]) == HALVED


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_whole_program_is_understood(name):
    assert ast.dump(ast.parse(drafted(PROGRAMS[name]))) == ast.dump(ast.parse(WHOLE))


@pytest.mark.parametrize(("reply", "message"), REFUSED.items(), ids=[each[:30] for each in REFUSED.values()])
def test_what_can_not_be_used_is_refused_with_a_reason(reply, message):
    with pytest.raises(ReplyError) as refused:
        drafted(reply)
    assert message in str(refused.value)


def test_an_edit_that_fits_two_places_names_them():
    twice = PROGRAM.replace("a, b = 0, 0", "a, b = 0, 0\n    a, b = 0, 0")
    with pytest.raises(ReplyError, match="fits 2 places, at lines 8 and 9; add lines"):
        with_edits(twice, [Edit("a, b = 0, 0", "a, b = 1, 1")])


def test_indentation_tells_places_apart():
    source = "def fit(x):\n    a = 0\n    for i in range(3):\n        a = 0\n    return a\n"
    assert with_edits(source, [Edit("        a = 0", "        a = 1")]).split("\n")[3] == "        a = 1"


def test_comments_that_an_edit_does_not_touch_stay():
    search = "right = 0\nfor row in range(len(y)):\n    if (x[row, i] ^ x[row, j]) == y[row]:\n        right += 1"
    after = with_edits(PROGRAM, [Edit(search, search.replace("right += 1", "right += 2"))])
    assert after == PROGRAM.replace("right += 1", "right += 2")


def test_several_edits_are_applied_one_after_the_other():
    edits = [Edit("a, b = 0, 0", "a = 0\nb = 0"), Edit("b = 0", "b = 1  # the second")]
    assert "    a = 0\n    b = 1  # the second\n    for i" in with_edits(PROGRAM, edits)


def test_an_edit_may_delete_insert_and_nest():
    assert with_edits(PROGRAM, [Edit("best = 0", "")]) == PROGRAM.replace("    best = 0  # right so far\n", "")
    deeper = with_edits(PROGRAM, [Edit("a, b = i, j", "# new\nif a:\n    a, b = i, j\nelse:\n    a = j")])
    assert "                # new\n                if a:\n                    a, b = i, j\n" in deeper
    assert "                else:\n                    a = j\n    return" in deeper


@pytest.mark.parametrize("stray", ["import numpy as np", "import math", "from typing import Any", "import os, sys"])
def test_a_stray_import_is_left_out_and_said_so(stray):
    draft = draft_of(f"{stray}\n{WHOLE}", PROGRAM, LEARNER)
    assert draft.source == WHOLE
    assert draft.notes == (f"left out the unused `{stray}`",)


def test_an_import_that_is_used_is_left_for_the_checker():
    source = "import os\n" + WHOLE.replace("return 0", "return os.getpid()")
    assert draft_of(source, PROGRAM, LEARNER).source == source


def test_a_missing_import_of_a_primitive_is_made_and_said_so():
    draft = draft_of(WHOLE.replace("return 0", "return argmax(y)"), PROGRAM, LEARNER)
    assert draft.source.startswith("from primitives import argmax\nfrom primitives import zeros\n")
    assert draft.notes == ("imported argmax",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def fit(x, y, n_symbols, n_classes)", "def fit(x, y)", r"line 4 changes the signature of fit"),
        ("n_symbols, n_classes)", "n_symbols, n_classes=2)", r"def fit\(x, y, n_symbols, n_classes\)"),
        ("fit(x, y,", "fit(y, x,", "which the task fixes"),
        ("def predict(a, q):", "def predict(a, q):\n    return 1\n\n\ndef predict(a, q):", "defines 2 times predict"),
    ],
)
def test_a_change_of_the_signature_is_refused(old, new, message):
    with pytest.raises(DraftError, match=message):
        drafted(WHOLE.replace(old, new))


def test_an_edit_that_takes_a_function_away_is_refused():
    edit = "<<<<<<< SEARCH\ndef predict(a, b, q):\n=======\ndef answer(a, b, q):\n>>>>>>> REPLACE\n"
    with pytest.raises(DraftError, match="does not define predict"):
        drafted(edit)


def test_what_predict_takes_may_change():
    assert drafted(WHOLE) == WHOLE


def test_a_program_that_is_not_python_is_left_for_the_checker():
    broken = WHOLE.replace("return 0", "return (0")
    assert drafted(f"```python\n{broken}```") == broken


@given(st.integers(0, 30), st.integers(1, 8), st.integers(0, 12), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_part_of_a_program_is_found_where_it_stands_whatever_its_indentation(start, size, shift, comments):
    lines = statements(PROGRAM)
    chosen = lines[start % len(lines) :][:size]
    part = LINES[chosen[0].first : chosen[-1].last + 1]
    if not comments:
        part = [each for each in part if each.strip() and not each.strip().startswith("#")]
    least = min(len(each) - len(each.lstrip()) for each in part if each.strip())
    moved = [" " * shift + each[least:] if each.strip() else "" for each in part]
    mark = f"{moved[0][: len(moved[0]) - len(moved[0].lstrip())]}marker = 1"
    after = with_edits(PROGRAM, [Edit("\n".join(moved), "\n".join([mark, *moved]))])
    left = after.split("\n")
    spot = next(number for number, line in enumerate(left) if line.strip() == "marker = 1")
    assert left[:spot] + left[spot + 1 :] == LINES
    assert spot == chosen[0].first
    assert left[spot].index("m") == chosen[0].indent


@given(st.integers(0, 30), st.integers(1, 6))
@settings(max_examples=80, deadline=None)
def test_deleting_lines_leaves_all_others_as_they_were(start, size):
    lines = statements(PROGRAM)
    chosen = lines[start % len(lines) :][:size]
    part = "\n".join(LINES[chosen[0].first : chosen[-1].last + 1])
    after = with_edits(PROGRAM, [Edit(part, "")]).split("\n")
    assert after == LINES[: chosen[0].first] + LINES[chosen[-1].last + 1 :]


PIECES = st.sampled_from(
    [
        *EDITS.values(),
        *PROGRAMS.values(),
        *LINES,
        "```",
        "```python",
        "<<<<<<< SEARCH",
        "=======",
        ">>>>>>> REPLACE",
        '"""',
        "(",
    ]
)


@given(st.lists(PIECES | st.text(max_size=40), max_size=8))
@settings(max_examples=250, deadline=None)
def test_whatever_is_replied_gives_a_program_or_a_reason(parts):
    reply = "\n".join(parts)
    with contextlib.suppress(ReplyError):
        draft = draft_of(reply, PROGRAM, LEARNER)
        assert isinstance(draft.source, str)


@given(st.text(max_size=200))
def test_any_text_is_a_list_of_lines(text):
    assert all(each.first <= each.last for each in fragment(text))


def test_a_long_hostile_reply_is_answered_at_once():
    reply = "\n".join(["from here on it's (prose", "x = [", "def it("] * 1600)
    with pytest.raises(ReplyError):
        read_reply(reply, NAMES)
    with pytest.raises(ReplyError):
        with_edits(PROGRAM, [Edit("x = (\n" * 4000, "y")])


@pytest.mark.parametrize("deep", [f"{'-' * 900}1", f"{'1 + ' * 1500}1"])
def test_deep_nesting_is_no_trouble(deep):
    with pytest.raises(ReplyError):
        with_edits(PROGRAM, [Edit(f"a = {deep}", "b = 1")])
    assert deep in drafted(WHOLE.replace("return 0", f"return {deep}"))
