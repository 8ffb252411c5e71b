"""What the server for tests does with a request: well-behaved, slow, broken and hostile endpoints.

`BEHAVIOURS` has them by name, each a function of the exchange and of arguments that a script gives. `SCRIPTS` has the
models that the server knows by itself: what is done with the first request to it, the second, and so on; the last step
is repeated. A script file has the same form, in JSON: `{"MODEL": ["reply", {"do": "status", "status": 500}]}`.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from tests.evolve.chat.exchange import JSON, Exchange

LONG = 3600.0
"""Seconds that nobody waits for."""

HTML = "text/html; charset=utf-8"
PAGE = b"<!doctype html><html><head><title>Not what you want</title></head><body><h1>nginx</h1></body></html>"


def reply(
    exchange: Exchange,
    text: str | None = None,
    finish: str = "stop",
    usage: bool = True,
    first: float = 0.0,
    pause: float = 0.0,
    stream: bool = True,
) -> None:
    """Reply well, after `first` seconds, with `pause` seconds between pieces; without `stream` always in one piece."""
    time.sleep(first)
    said = exchange.text if text is None else text
    exchange.reply(said, finish=finish, usage=usage, pause=pause, streamed=stream and exchange.streamed)


def status(
    exchange: Exchange,
    status: int,
    message: str = "something is wrong",
    code: str | None = None,
    retry_after: str | None = None,
    retry_after_ms: str | None = None,
    in_seconds: float | None = None,
) -> None:
    """Answer with an error; `in_seconds` makes a Retry-After that is a date."""
    headers = {"Retry-After": retry_after, "Retry-After-Ms": retry_after_ms}
    if in_seconds is not None:
        headers["Retry-After"] = formatdate(time.time() + in_seconds, usegmt=True)
    exchange.error(status, message, code, {name: value for name, value in headers.items() if value is not None})


def raw(exchange: Exchange, body: str, status: int = 200, kind: str = JSON, location: str | None = None) -> None:
    """Answer with a body as it is."""
    exchange.whole(status, body.encode(), kind, {} if location is None else {"Location": location})


def cookie(exchange: Exchange) -> None:
    """Reply well, and hand out a cookie that no request can hold."""
    choices = [{"index": 0, "message": {"role": "assistant", "content": exchange.text}, "finish_reason": "stop"}]
    exchange.json(200, {"choices": choices}, {"Set-Cookie": "a=\xff; Path=/"})


def events(exchange: Exchange, events: list[str], kind: str = "text/event-stream") -> None:
    """Answer with the data of events as they are."""
    exchange.begin_chunks(200, kind)
    for each in events:
        exchange.event(each)
    exchange.chunk(b"")


def page(exchange: Exchange, status: int = 404) -> None:
    """Answer with a web page."""
    exchange.whole(status, PAGE, HTML)


def hang(exchange: Exchange, after: str) -> None:
    """Send nothing more after `nothing`, the `headers`, some `text`, or what looks like the `end`."""
    if after != "nothing":
        exchange.begin_chunks()
    if after in ("text", "end"):
        exchange.delta("some words ")
    if after == "end":
        exchange.delta(None, "stop")
    time.sleep(LONG)


def trickle(exchange: Exchange, every: float = 0.05) -> None:
    """Send a byte of a stream now and then, for ever."""
    exchange.begin_chunks()
    while True:
        exchange.chunk(b":")
        time.sleep(every)


def trickle_headers(exchange: Exchange, every: float = 0.05) -> None:
    """Send a byte of the head now and then, for ever."""
    exchange.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        exchange.write(b"x")
        time.sleep(every)


def endless(exchange: Exchange, what: str = "words") -> None:
    """Stream `words` that never end, events without words (`nothing`), or a `line` that never ends."""
    exchange.begin_chunks()
    while True:
        if what == "words":
            exchange.delta("and so on ")
        elif what == "nothing":
            exchange.event({"object": "chat.completion.chunk", "choices": []})
        else:
            exchange.chunk(b"x" * 60_000)


def huge(exchange: Exchange, status: int = 200, size: int = 200_000_000) -> None:
    """Answer with a body of so many bytes."""
    exchange.begin(status, JSON, {"Content-Length": str(size)})
    for _ in range(size // 1_000_000):
        exchange.write(b" " * 1_000_000)


def compressed(exchange: Exchange) -> None:
    """Answer with a small body that unpacks to a hundred megabytes."""
    exchange.whole(200, gzip.compress(b" " * 100_000_000, 1), JSON, {"Content-Encoding": "gzip"})


def cut(exchange: Exchange, how: str) -> None:
    """End a stream in the midst: `broken`, against the protocol, or `ended` in good order. Or cut off a `body`."""
    if how == "body":
        exchange.begin(200, JSON, {"Content-Length": "1000"})
        exchange.write(b'{"choices": [')
        exchange.cut()
        return
    exchange.begin_chunks()
    exchange.delta("some words ")
    if how == "ended":
        exchange.chunk(b"")
    else:
        exchange.write(b"ff\r\ndata: {")
        exchange.cut()


def reset(exchange: Exchange, after: str = "nothing") -> None:
    """Reset the connection after `nothing` or some `text`."""
    if after == "text":
        exchange.begin_chunks()
        exchange.delta("some words ")
        time.sleep(0.1)  # else the reset overtakes the words
    exchange.reset()


def echo(exchange: Exchange, status: int = 401, where: str = "message") -> None:
    """Answer with the credentials of the request: in the `message`, a `page`, a `header`, the `reply`, or all of it."""
    shown = exchange.headers.get("Authorization", "")
    key = shown.removeprefix("Bearer ")
    if where == "reply":
        exchange.reply(f"you said {shown}, and {key}", streamed=exchange.streamed)
    elif where == "page":
        exchange.whole(status, f"<html>no {shown}, {key[:-1]}</html>".encode(), HTML)
    elif where == "header":
        exchange.error(status, "look at the headers", headers={"X-Shown": shown, "X-Request-Id": key})
    elif where == "event":
        exchange.begin_chunks()
        exchange.event({"error": {"message": f"not with {shown}", "code": status, "key": key}})
        exchange.chunk(b"")
    else:
        exchange.error(
            status, f"Incorrect API key provided: {key}. You sent {shown!r}; in JSON {json.dumps(shown)}.", key
        )


def demanding(
    exchange: Exchange, without: list[str], status: int = 400, words: str = "Unsupported parameter: "
) -> None:
    """Refuse requests that hold certain parameters, and reply well to others."""
    for each in without:
        value = exchange.request.get(each)
        if value is not None and value is not False:
            exchange.error(status, f"{words}'{each}' is not supported with this model.", "unsupported_parameter")
            return
    exchange.reply(exchange.text, streamed=exchange.streamed)


GOOD = (reply, status, raw, cookie, events, page, demanding, echo)
BAD = (hang, trickle, trickle_headers, endless, huge, compressed, cut, reset)
BEHAVIOURS: dict[str, Callable[..., None]] = {each.__name__: each for each in (*GOOD, *BAD)}

PROSE = "It was a dark and stormy night, and the data moved. " * 4000
"""208 kB."""

CHUNK = '{"choices": [{"index": 0, "delta": {"content": "well"}, "finish_reason": null}]}'

SCRIPTS: dict[str, list[Any]] = {
    "ok": ["reply"],
    "slow": [{"do": "reply", "first": 0.2, "pause": 0.02}],
    "uncounted": [{"do": "reply", "usage": False}],
    "out-of-tokens": [{"do": "reply", "finish": "length"}],
    "filtered": [{"do": "reply", "finish": "content_filter"}],
    "empty": [{"do": "reply", "text": ""}],
    "prose": [{"do": "reply", "text": PROSE}],
    "never-streams": [{"do": "reply", "stream": False}],
    # refusals
    "401": [{"do": "status", "status": 401, "message": "Incorrect API key provided", "code": "invalid_api_key"}],
    "403": [{"do": "status", "status": 403, "message": "Country not supported"}],
    "400": [{"do": "status", "status": 400, "message": "this conversation is too long for the model"}],
    "402": [{"do": "status", "status": 402, "message": "Insufficient credits"}],
    "400-model": [{"do": "status", "status": 400, "message": "400-model is not a valid model ID"}],
    "404-page": ["page"],
    "404-empty": [{"do": "raw", "status": 404, "body": "", "kind": "text/plain"}],
    "200-page": [{"do": "page", "status": 200}],
    "redirect": [{"do": "raw", "status": 307, "body": "", "location": "https://elsewhere.invalid/v1/chat/completions"}],
    # what passes
    "429-then-ok": [{"do": "status", "status": 429, "retry_after": "0.2"}, "reply"],
    "429-date-then-ok": [{"do": "status", "status": 429, "in_seconds": 1.0}, "reply"],
    "429-ms-then-ok": [{"do": "status", "status": 429, "retry_after_ms": "200"}, "reply"],
    "429-forever": [{"do": "status", "status": 429, "message": "Rate limit reached"}],
    "429-hour": [{"do": "status", "status": 429, "retry_after": "3600"}],
    "429-nonsense": [{"do": "status", "status": 429, "retry_after": "soon"}, "reply"],
    "429-quota": [{"do": "status", "status": 429, "code": "insufficient_quota", "message": "You exceeded your quota"}],
    "500-then-ok": [{"do": "status", "status": 500}, {"do": "status", "status": 503}, "reply"],
    "500-forever": [{"do": "status", "status": 500, "message": "CUDA out of memory"}],
    "501": [{"do": "status", "status": 501}],
    "502-page": [{"do": "page", "status": 502}],
    "503-minute": [{"do": "status", "status": 503, "retry_after": "60"}],
    "504-then-ok": [{"do": "status", "status": 504}, "reply"],
    "reset": ["reset"],
    "reset-then-ok": ["reset", "reply"],
    # what does not end
    "hang-before-headers": [{"do": "hang", "after": "nothing"}],
    "hang-after-headers": [{"do": "hang", "after": "headers"}],
    "hang-in-reply": [{"do": "hang", "after": "text"}],
    "hang-at-end": [{"do": "hang", "after": "end"}],
    "trickle": ["trickle"],
    "trickle-headers": ["trickle_headers"],
    "endless": ["endless"],
    "endless-nothing": [{"do": "endless", "what": "nothing"}],
    "endless-line": [{"do": "endless", "what": "line"}],
    "huge": ["huge"],
    "huge-error": [{"do": "huge", "status": 500}],
    "compressed": ["compressed"],
    # what is broken
    "cut-broken": [{"do": "cut", "how": "broken"}],
    "cut-ended": [{"do": "cut", "how": "ended"}],
    "cut-body": [{"do": "cut", "how": "body"}],
    "reset-in-reply": [{"do": "reset", "after": "text"}],
    "malformed": [{"do": "raw", "body": '{"choices": [{"mess'}],
    "malformed-event": [{"do": "events", "events": [CHUNK, '{"choices": [{"mess']}],
    "no-choices": [{"do": "raw", "body": '{"id": "1", "choices": []}'}],
    "null-choices": [{"do": "raw", "body": '{"id": "1", "choices": null}'}],
    "wrong-shape": [{"do": "raw", "body": '{"choices": {"message": [1]}}'}],
    "list": [{"do": "raw", "body": "[1, 2, 3]"}],
    "wrong-event-shape": [{"do": "events", "events": ['{"choices": 7}', "[1, 2]", '"words"', "null", "{}"]}],
    "no-events": [{"do": "events", "events": []}],
    "plain-text": [{"do": "raw", "body": "hello, this is no protocol", "kind": "text/plain"}],
    "events-as-text": [{"do": "events", "events": [CHUNK, "[DONE]"], "kind": "text/plain"}],
    "error-in-stream": [
        {"do": "events", "events": ['{"error": {"message": "the upstream is overloaded", "code": 502}}']}
    ],
    "error-in-reply": [{"do": "raw", "body": '{"error": {"message": "the upstream is overloaded", "code": 502}}'}],
    "cookie": ["cookie"],
    "half-a-pair": [
        {"do": "raw", "body": '{"choices": [{"message": {"content": "\\ud800 x"}, "finish_reason": "stop"}]}'}
    ],
    "escapes": [{"do": "status", "status": 400, "message": "\x1b[2Jgone\x00\u202e and \ud800 back"}],
    "refusing": [
        {
            "do": "raw",
            "body": '{"choices": [{"message": {"content": null, "refusal": "I will not"}, "finish_reason": "stop"}]}',
        }
    ],
    "false-usage": [
        {
            "do": "raw",
            "body": '{"choices": [{"message": {"content": "well"}, "finish_reason": "stop"}], '
            '"usage": {"prompt_tokens": -5, "completion_tokens": "many"}}',
        }
    ],
    # what gives secrets back
    "echo": ["echo"],
    "echo-400": [{"do": "echo", "status": 400}],
    "echo-500": [{"do": "echo", "status": 500}],
    "echo-page": [{"do": "echo", "where": "page", "status": 404}],
    "echo-header": [{"do": "echo", "where": "header", "status": 403}],
    "echo-event": [{"do": "echo", "where": "event"}],
    "echo-reply": [{"do": "echo", "where": "reply"}],
    # dialects
    "no-stream-options": [{"do": "demanding", "without": ["stream_options"]}],
    "no-stream": [{"do": "demanding", "without": ["stream"], "status": 422}],
    "no-max-tokens": [{"do": "demanding", "without": ["max_tokens"]}],
    "no-temperature": [{"do": "demanding", "without": ["temperature"]}],
    "fussy": [{"do": "demanding", "without": ["stream_options", "max_tokens", "temperature"]}],
    "impossible": [{"do": "demanding", "without": ["max_tokens", "max_completion_tokens"]}],
}
