"""What comes of a call is a value that says what went wrong, and it comes before the deadline."""

import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from evolve.chat import Model, Usage
from evolve.chat.client import Client
from evolve.chat.retries import Backoff
from tests.evolve.chat.conftest import QUICK, question
from tests.evolve.chat.server import REPLY
from tests.evolve.chat.serving import ROOT, serving

SLACK = 1.0
"""Seconds that a busy computer may take for what takes none."""


def test_a_reply_is_given_with_its_tokens_and_attempts(ask, server):
    done = ask("ok")
    assert (done.outcome, done.ok, done.text, done.detail) == ("ok", True, REPLY, "")
    assert (done.usage, done.attempts) == (Usage(5, 8), 1)
    assert 0 < done.seconds < 5
    (sent,) = server.requests("ok")
    assert sent["body"] == {
        "model": "ok",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How many rows?"}],
        "max_tokens": 500,
        "temperature": 0.7,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert sent["headers"]["authorization"] == "Bearer none"


@pytest.mark.parametrize(
    ("name", "outcome", "words"),
    [
        ("slow", "ok", ""),
        ("never-streams", "ok", ""),
        ("prose", "ok", ""),
        ("cookie", "ok", ""),
        ("out-of-tokens", "truncated", "let it write more"),
        ("filtered", "truncated", "content filter"),
        ("empty", "empty", "replied with nothing"),
        ("refusing", "empty", "the model refused: I will not"),
        ("401", "unauthorized", "wants a key; put it in OPENAI_API_KEY: Incorrect API key provided"),
        ("403", "unauthorized", "(403): Country not supported"),
        ("400", "refused", "(400): this conversation is too long for the model"),
        ("402", "refused", "(402): Insufficient credits"),
        ("400-model", "unknown model", "not a valid model ID"),
        ("nonesuch", "unknown model", "has no model nonesuch: The model `nonesuch` does not exist"),
        ("404-page", "wrong path", "/v1/chat/completions (404); is it the right server?"),
        ("404-empty", "wrong path", "/v1/chat/completions (404)"),
        ("200-page", "wrong path", "is a web page"),
        ("redirect", "wrong path", "redirects to https://elsewhere.invalid/v1/chat/completions"),
        ("429-forever", "rate limited", "(429): Rate limit reached"),
        ("429-quota", "rate limited", "no credit left"),
        ("500-forever", "server error", "failed with 500: CUDA out of memory"),
        ("501", "server error", "failed with 501"),
        ("502-page", "server error", "failed with 502"),
        ("huge-error", "server error", "failed with 500"),
        ("error-in-stream", "server error", "the upstream is overloaded"),
        ("error-in-reply", "server error", "the upstream is overloaded"),
        ("reset", "unreachable", "broke the connection off"),
        ("cut-body", "unreachable", "broke the connection off"),
        ("cut-broken", "truncated", "the reply broke off"),
        ("cut-ended", "truncated", "closed the stream before the model had ended"),
        ("reset-in-reply", "truncated", "the reply broke off"),
        ("malformed", "malformed", "no JSON"),
        ("malformed-event", "malformed", "no JSON"),
        ("no-choices", "malformed", "holds no reply"),
        ("null-choices", "malformed", "holds no reply"),
        ("wrong-shape", "malformed", "holds no reply"),
        ("list", "malformed", "holds no reply"),
        ("wrong-event-shape", "malformed", "holds no reply"),
        ("no-events", "malformed", "holds no reply"),
        ("plain-text", "malformed", "its type is text/plain"),
        ("compressed", "malformed", "compressed"),
        ("huge", "too long", "did not end within"),
        ("endless-line", "too long", "did not end within 16 MiB"),
        ("escapes", "refused", "\ufffd[2Jgone\ufffd\ufffd and \ufffd back"),
    ],
)
def test_outcomes_say_what_went_wrong(ask, name, outcome, words):
    done = ask(name)
    assert done.outcome == outcome
    assert words in done.detail
    assert bool(done.detail) == (outcome != "ok")
    assert done.detail.isprintable()
    assert done.text.encode() is not None


def test_a_reply_that_does_not_end_is_cut_off_at_what_was_asked_for(ask):
    done = ask("endless", most=10, deadline=20.0)
    assert done.outcome == "too long"
    assert done.text.startswith("and so on and so on ")
    assert ask("endless-nothing", most=10, deadline=20.0).outcome == "too long"


@pytest.mark.parametrize(
    "name",
    [
        *("hang-before-headers", "hang-after-headers", "hang-in-reply", "trickle", "trickle-headers", "endless"),
        *("endless-nothing",),
    ],
)
def test_the_deadline_holds_whatever_the_endpoint_does(ask, name):
    ask("ok")  # sets the connection up
    began = time.monotonic()
    done = ask(name, deadline=0.4, most=100_000)
    took = time.monotonic() - began
    assert done.outcome == "timeout"
    assert "0.4 s" in done.detail
    assert 0.4 <= took < 0.4 + SLACK
    assert abs(done.seconds - took) < SLACK


def test_what_came_before_the_deadline_is_given(ask):
    done = ask("hang-in-reply", deadline=0.4)
    assert (done.outcome, done.text) == ("timeout", "some words ")
    assert done.usage is not None and done.usage.estimated
    assert ask("hang-before-headers", deadline=0.2).usage is None


def test_a_complete_reply_counts_although_the_stream_stays_open(ask):
    began = time.monotonic()
    done = ask("hang-at-end", deadline=30.0)
    assert (done.outcome, done.text) == ("ok", "some words ")
    assert done.usage is not None and done.usage.estimated
    assert time.monotonic() - began < 2.0 + SLACK


def test_nothing_that_can_not_be_stored_is_given(ask):
    done = ask("half-a-pair")
    assert done.ok
    assert done.text.encode() == b"? x"


def test_tokens_that_make_no_sense_are_estimated(ask):
    for name in ("uncounted", "false-usage"):
        usage = ask(name).usage
        assert usage is not None and usage.estimated
        assert usage.read > 0 and usage.written > 0
    assert ask("500-forever").usage == Usage(0, 0)
    assert ask("reset").usage is None


@pytest.mark.parametrize(
    ("name", "least"),
    [("429-then-ok", 0.2), ("429-ms-then-ok", 0.2), ("429-date-then-ok", 0.0), ("429-nonsense", 0.0)],
)
def test_retry_after_is_waited_for(ask, name, least):
    done = ask(name)
    assert done.ok
    assert done.attempts == 2
    assert done.seconds >= least


@pytest.mark.parametrize(("name", "attempts"), [("500-then-ok", 3), ("504-then-ok", 2), ("reset-then-ok", 2)])
def test_what_passes_is_tried_again(ask, name, attempts):
    done = ask(name)
    assert done.ok
    assert (done.attempts, done.usage) == (attempts, Usage(5, 8))


@pytest.mark.parametrize(
    "name", ["400", "401", "403", "404-page", "402", "501", "429-quota", "malformed", "cut-broken", "nonesuch"]
)
def test_what_does_not_pass_is_not_tried_again(ask, name):
    assert ask(name).attempts == 1


@pytest.mark.parametrize(("name", "outcome"), [("429-hour", "rate limited"), ("503-minute", "server error")])
def test_a_pause_past_the_deadline_ends_the_call_at_once(ask, name, outcome):
    done = ask(name, deadline=20.0)
    assert done.outcome == outcome
    assert "past the deadline" in done.detail
    assert (done.attempts, done.seconds < SLACK) == (1, True)


def test_backoff_past_the_deadline_ends_the_call_with_what_went_wrong(server):
    with Client(random.Random(1), Backoff(attempts=9, first=30.0)) as client:
        done = client.ask(question(("500-forever", server.url), deadline=2.0))
    assert (done.outcome, done.attempts) == ("server error", 1)
    assert done.seconds < SLACK


def test_a_deadline_in_a_later_attempt_tells_of_the_ones_before(tmp_path, client):
    script = {"worse": [{"do": "status", "status": 500}, {"do": "hang", "after": "nothing"}]}
    with serving(tmp_path, script=script) as served:
        done = client.ask(question(("worse", served.url), deadline=0.5))
    assert (done.outcome, done.attempts, done.usage) == ("timeout", 2, None)
    assert "before that, " in done.detail and "failed with 500" in done.detail


@pytest.mark.parametrize(
    ("name", "attempts", "missing"),
    [
        ("no-stream-options", 2, {"stream_options"}),
        ("no-stream", 2, {"stream_options"}),
        ("no-max-tokens", 2, {"max_tokens"}),
        ("no-temperature", 2, {"temperature"}),
        ("fussy", 4, {"stream_options", "max_tokens", "temperature"}),
    ],
)
def test_parameters_that_an_endpoint_refuses_are_left_out_and_that_is_remembered(ask, server, name, attempts, missing):
    first, second = ask(name), ask(name)
    assert (first.outcome, first.text, first.attempts) == ("ok", REPLY, attempts)
    assert (second.outcome, second.text, second.attempts) == ("ok", REPLY, 1)
    sent = server.requests(name)[-1]["body"]
    assert not missing & sent.keys()
    assert 500 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    assert sent["stream"] is (name != "no-stream")


def test_an_endpoint_that_refuses_everything_is_given_up(ask):
    done = ask("impossible")
    assert (done.outcome, done.attempts) == ("refused", 2)


def test_models_that_there_are_are_named_the_likest_first(tmp_path, client):
    with serving(tmp_path) as served:
        done = client.ask(question(("500-forevr", served.url)))
    assert done.outcome == "unknown model"
    assert "; it has 500-forever, " in done.detail
    assert " more" in done.detail


def test_addresses_that_can_not_be_are_refused_before_anything_is_sent(client, server):
    wrong = ["localhost:8000/v1", "http://", "ftp://localhost/v1", "http://a b/v1", "http://[::1", "http://h:99999/v1"]
    wrong += [f"{server.url}/chat/completions", f"{server.url}?key=1", "http://me:secret@localhost/v1"]
    for endpoint in wrong:
        done = client.ask(question(("ok", endpoint)))
        assert (done.outcome, done.attempts, done.usage) == ("wrong path", 0, None), endpoint
        assert "secret" not in done.detail


def test_an_address_without_v1_is_asked_about(client, server):
    done = client.ask(question(("ok", server.url.removesuffix("/v1"))))
    assert done.outcome == "wrong path"
    assert "does the address end in /v1?" in done.detail


def test_an_endpoint_that_is_not_there_is_unreachable_and_may_come_back(tmp_path, client):
    with serving(tmp_path) as served:
        asked = question(("ok", served.url))
        assert client.ask(asked).ok
        port = int(served.url.rpartition(":")[2].removesuffix("/v1"))
    gone = client.ask(asked)
    assert (gone.outcome, gone.attempts) == ("unreachable", 3)
    assert f"nothing listens at {served.url}; is the server running?" in gone.detail
    with serving(tmp_path, port=port):
        assert client.ask(asked).ok


def test_calls_of_several_threads_are_in_flight_at_once(ask):
    ask("ok")
    began = time.monotonic()
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: ask("slow"), range(12)))
    assert all(each.ok for each in found)
    assert time.monotonic() - began < 0.5 * sum(each.seconds for each in found)


def test_closing_ends_calls_in_flight_and_all_later_ones(server):
    client = Client(random.Random(1), QUICK)
    assert client.ask(question(("ok", server.url))).ok
    found = []
    asked = [question((name, server.url), deadline=60.0) for name in ("hang-before-headers", "trickle")]
    threads = [threading.Thread(target=lambda each=each: found.append(client.ask(each))) for each in asked]
    for each in threads:
        each.start()
    time.sleep(0.3)
    began = time.monotonic()
    client.close()
    for each in threads:
        each.join(5)
    assert time.monotonic() - began < SLACK
    assert [each.outcome for each in found] == ["closed", "closed"]
    later = client.ask(question(("ok", server.url)))
    assert (later.outcome, later.attempts) == ("closed", 0)
    assert client.names(Model("ok", server.url), 1.0).outcome == "closed"
    client.close()


def test_a_client_that_was_never_used_closes():
    client = Client(random.Random(1))
    client.close()
    assert client.ask(question(("ok", "http://127.0.0.1:9/v1"))).outcome == "closed"


def test_a_model_that_fails_again_and_again_is_left_alone_until_its_time_is_over(tmp_path):
    now = [0.0]
    script = {"ill": [*[{"do": "status", "status": 500}] * 3, "reply"], "well": ["reply"]}
    with (
        serving(tmp_path, script=script) as served,
        Client(random.Random(1), Backoff(attempts=1), patience=2, pause=10.0, clock=lambda: now[0]) as client,
    ):
        ill = question(("ill", served.url))
        assert [client.ask(ill).outcome for _ in range(3)] == ["server error", "server error", "circuit open"]
        assert len(served.requests("ill")) == 2
        refused = client.ask(ill)
        assert (refused.attempts, refused.usage) == (0, None)
        assert "ill is left alone: open for another 10 s; server error: " in refused.detail
        circuit = client.circuit(ill.model)
        assert (circuit.state, circuit.left) == ("open", 10.0)
        assert "failed with 500" in circuit.error
        assert client.ask(question(("well", served.url))).ok
        now[0] = 10.0
        assert client.circuit(ill.model).state == "half-open"
        assert client.ask(ill).outcome == "server error"
        assert client.circuit(ill.model).left == 20.0
        now[0] = 30.0
        assert client.ask(ill).ok
        assert str(client.circuit(ill.model)) == "closed"


def test_the_library_is_imported_when_the_first_question_is_asked():
    script = (
        "import random, sys, evolve.chat, evolve.chat.client, evolve.chat.models_file\n"
        "evolve.chat.client.Client(random.Random(1)).close()\n"
        "sys.exit(str({'openai', 'httpx2', 'pydantic'} & sys.modules.keys() or ''))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.stderr.strip()


def test_a_name_server_that_does_not_answer_delays_neither_a_call_nor_the_end_of_the_process():
    script = (
        "import random, socket, time\n"
        "from evolve.chat.client import Client\n"
        "from tests.evolve.chat.conftest import question\n"
        "socket.getaddrinfo = lambda *_, **__: time.sleep(60)\n"
        "client = Client(random.Random(1))\n"
        "print(client.ask(question(('m', 'http://nowhere.invalid/v1'), deadline=0.3)).outcome)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=40, check=False)
    assert (done.stdout, done.stderr) == ("timeout\n", "")
