"""A key is sent, and is nowhere else: not in what comes of calls, in logs, in output, or in an object."""

import gc
import logging
import random
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.chat.client import Client
from evolve.chat.keys import SECRET, reply_without_key, sendable, without_key
from tests.evolve.chat.behaviours import SCRIPTS
from tests.evolve.chat.conftest import QUICK, question
from tests.evolve.chat.serving import serving

CANARY = "sk-canary-5f0c2a97d1e84b36"
SHAPELESS = "5f0c2a97d1e84b36canary"
"""A key that does not look like one."""

LONG = {"huge-error", "compressed", "huge"}
"""Models that take long, and give nothing back."""

PLAIN = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.FrameType)
"""Where a search for a key among objects goes no further: all that has been imported can be reached from there."""


@pytest.mark.parametrize("key", [CANARY, SHAPELESS])
def test_a_key_is_in_nothing_but_the_requests(server, monkeypatch, caplog, capfd, key):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    caplog.set_level(logging.DEBUG)
    before = len(server.requests())
    client = Client(random.Random(1), QUICK, patience=1000)
    asked = [question((name, server.url), deadline=0.4) for name in SCRIPTS.keys() - LONG]
    asked.append(question(("nonesuch", server.url)))
    asked.append(question((key, server.url)))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(client.ask, asked))
    listed = client.names(asked[0].model, 5.0)
    circuits = [client.circuit(each.model) for each in asked[:-1]]
    sent = server.requests()[before:]
    assert sum(each["headers"]["authorization"] == f"Bearer {key}" for each in sent) >= len(asked)
    client.close()  # a request that has just ended may be held until the loop has tidied up
    held = [each for each in strings_below(client) if key in each]
    for shown in (
        [repr(each) for each in found],
        repr((client, listed, circuits)),
        capfd.readouterr(),
        caplog.messages,
    ):
        assert "canary" not in repr(shown)
        assert key[:SECRET] not in repr(shown)
    assert held == [key]  # the name of the last model


def strings_below(root):
    """The texts and bytes that can be reached from an object."""
    seen, found, waiting = set(), [], [root]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, PLAIN):
            continue
        seen.add(id(each))
        if isinstance(each, str | bytes):
            found.append(each if isinstance(each, str) else each.decode("latin-1"))
        waiting += gc.get_referents(each)
    return found


@pytest.mark.parametrize("key", ["sk-two words", "sk-line\nend", "sk-clé", "sk-nul\0"])
def test_what_can_not_be_a_key_is_not_sent_and_not_shown(server, client, monkeypatch, key):
    monkeypatch.setattr("os.environ", {"OPENAI_API_KEY": key})
    assert not sendable(key)
    done = client.ask(question(("ok", server.url)))
    assert (done.outcome, done.attempts) == ("unauthorized", 0)
    assert "OPENAI_API_KEY" in done.detail
    assert key not in repr(done)


def test_a_key_in_a_reply_is_left_out_also_when_the_reply_is_cut_off():
    assert reply_without_key(f"you said {CANARY}, did you?", CANARY) == "you said [key], did you?"
    assert reply_without_key(f"you said {CANARY[:-3]}", CANARY) == "you said [key]"
    assert reply_without_key("sk-no-key-required is required", "sk-no-key-required") == "[key] is required"
    assert reply_without_key("the ollama of ollama", "ollama") == "the ollama of ollama"


def test_spaces_and_line_ends_around_a_key_are_left_out(tmp_path, client, monkeypatch):
    monkeypatch.setenv("MY_KEY", f" {CANARY}\r\n")
    with serving(tmp_path, key=CANARY) as served:
        assert client.ask(question(("ok", served.url), key_variable="MY_KEY")).ok
        refused = client.ask(question(("ok", served.url)))
    assert refused.outcome == "unauthorized"
    assert "put it in OPENAI_API_KEY" in refused.detail


def test_a_key_that_is_not_accepted_is_named_by_its_variable(tmp_path, client, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-another-0123456789")
    with serving(tmp_path, key=CANARY) as served:
        done = client.ask(question(("ok", served.url), key_variable="MY_KEY"))
    assert done.outcome == "unauthorized"
    assert "does not accept the key in MY_KEY (401)" in done.detail


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=SECRET), st.text(), st.text(), st.data())
def test_no_part_of_a_key_is_left_in_a_text(key, before, after, data):
    start = data.draw(st.integers(0, len(key) - SECRET))
    end = data.draw(st.integers(start + SECRET, len(key)))
    hidden = without_key(f"{before}{key[start:end]}{after}", key)
    parts = {key[at : at + SECRET] for at in range(len(key) - SECRET + 1)}
    assert not any(part in hidden for part in parts)


def test_what_is_too_short_to_be_a_secret_is_left():
    assert without_key("the model llama3 of ollama", "ollama") == "the model llama3 of ollama"
    assert without_key("key sk-ab***********wxyz is wrong", None) == "key [key] is wrong"
    assert without_key("Bearer abcdefgh12 is wrong", None) == "[key] is wrong"
