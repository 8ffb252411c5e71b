"""A reply is read from whatever JSON comes, and never fails."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.chat import Message, Usage
from evolve.chat.reply import Reply

NAMES = ["choices", "delta", "message", "content", "usage", "finish_reason", "prompt_tokens", "completion_tokens", "x"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["stop", "length"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
)


@settings(max_examples=50)
@given(st.lists(VALUES, max_size=3))
def test_any_value_is_taken(values):
    reply = Reply()
    for each in values:
        reply.add(each)
    outcome, detail = reply.judged()
    assert (outcome == "ok") == (detail == "")
    usage = reply.usage([Message("user", "a")])
    assert usage.read >= 0 and usage.written >= 0
    assert reply.text.encode("utf-8") is not None


def chunk(text=None, finish=None, usage=None, **more):
    choices = [{"delta": {"content": text, **more}, "finish_reason": finish}]
    return {"choices": choices, "usage": usage}


def test_pieces_are_put_together_and_the_last_count_holds():
    reply = Reply()
    for each in (
        chunk("one ", usage={"prompt_tokens": 3, "completion_tokens": 1}),
        chunk("two"),
        chunk(None, "stop"),
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ):
        reply.add(each)
    assert (reply.text, reply.judged()) == ("one two", ("ok", ""))
    assert reply.usage([]) == Usage(3, 2)


def test_estimates_count_what_was_written_before_the_reply():
    reply = Reply()
    reply.add(chunk("x" * 30, reasoning_content="y" * 300))
    assert reply.usage([Message("user", "z" * 30)]) == Usage(14, 110, estimated=True)


def test_tokens_that_all_went_into_reasoning_are_told_of():
    reply = Reply()
    reply.add(json.loads('{"choices": [{"message": {"content": ""}, "finish_reason": "length"}]}'))
    outcome, detail = reply.judged()
    assert outcome == "truncated"
    assert "all of them before the reply" in detail
