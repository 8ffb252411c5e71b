"""What an error of a call means: its outcome, what is wrong in words, what to do, and whether to try again."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import httpx2
import openai

from evolve.chat.connections import CompressedError, TooLongError
from evolve.chat.endpoints import address, proxy_variable
from evolve.chat.failure import Failure
from evolve.chat.keys import key_in, without_key
from evolve.chat.model import Model
from evolve.chat.retries import retry_after

PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses that are tried again."""

LENGTH: Final = 300
"""Characters of an endpoint's own words that are shown."""

NO_MODEL: Final = re.compile(
    r"\bmodel\b.{0,200}(not (be )?found|not exist|not available|not loaded)"
    r"|not an? (valid|available|supported|chat) model|(no such|unknown|invalid) model",
    re.IGNORECASE | re.DOTALL,
)
"""How an endpoint says that it has no such model, or not for this."""

ERRORS: Final = (
    *(openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError),
    *(TooLongError, CompressedError),
    *(ValueError, TypeError, AttributeError, LookupError, RecursionError),
)
"""What is raised for what an endpoint does; those of the last line by the client library for an answer that has not the
form that it expects."""


def failure_of(error: Exception, model: Model) -> Failure:
    """What an error means that was raised while a model was asked."""
    if isinstance(error, openai.APIStatusError):
        return replace(_of_status(error, model), answered=True)
    for each in _chain(error):  # the client library may have wrapped ours
        if isinstance(each, TooLongError):
            return Failure("too long", str(each))
        if isinstance(each, CompressedError):
            return Failure("malformed", str(each))
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError | OSError):
        return _of_connection(error, model)
    if isinstance(error, openai.APIError) and error.body is not None:
        return _of_event(error.body, model)
    kind = "no JSON" if isinstance(error, json.JSONDecodeError) else "not what the protocol says"
    return Failure("malformed", f"{address(model)} sent a reply that is {kind} ({type(error).__name__})")


def of_error_object(value: object, model: Model) -> Failure | None:
    """What an answer means that says it is fine and holds an error; None if it holds none."""
    error = value.get("error") if isinstance(value, Mapping) else None
    return _of_event(error, model) if error else None


def _of_event(body: object, model: Model) -> Failure:
    """An error that came in place of a reply."""
    code = body.get("code") if isinstance(body, Mapping) else None
    said = _quoted(_words({"error": body}, ""), model)
    if code == 429:
        return Failure("rate limited", f"{address(model)} is asked too often{said}", again=True)
    return Failure("server error", f"{address(model)} gave an error in place of a reply{said}", again=True)


def _of_status(error: openai.APIStatusError, model: Model) -> Failure:
    """An answer with a status that says that something is wrong."""
    status, response = error.status_code, error.response
    text = response.text
    said = _quoted(_words(error.body, response.headers.get("content-type", "")), model)
    where = address(model)
    if 300 <= status < 400:
        to = without_key(response.headers.get("location", "nowhere"), key_in(model.key_variable))[:LENGTH]
        return Failure("wrong path", f"{where} redirects to {to}; give the address where it really is")
    if status == 401:
        if key_in(model.key_variable) is None:
            return Failure("unauthorized", f"{where} wants a key; put it in {model.key_variable}{said}")
        return Failure("unauthorized", f"{where} does not accept the key in {model.key_variable} (401){said}")
    if status == 403:
        return Failure("unauthorized", f"{where} does not let the key in {model.key_variable} do that (403){said}")
    if status == 407:
        return Failure("unreachable", f"the proxy in {_proxy(model)} wants a user and a password (407)")
    if status in (400, 404, 405, 422) and _is_about_model(text, error.code):
        return Failure("unknown model", f"{where} has no model {model.name}{said}")
    if status in (404, 405):
        return _wrong_path(error, model, said)
    if status == 429:
        if error.code == "insufficient_quota":
            return Failure("rate limited", f"the account of the key in {model.key_variable} has no credit left{said}")
        asked = retry_after(response.headers, time.time())
        return Failure("rate limited", f"{where} is asked too often (429){said}", again=True, asked=asked)
    if status >= 500:
        asked = retry_after(response.headers, time.time())
        return Failure("server error", f"{where} failed with {status}{said}", status in PASSING, asked)
    if "model output limit was reached" in text:
        return Failure("truncated", "the model used up the tokens that it may write; let it write more")
    return Failure("refused", f"{where} refused the request ({status}){said}", refusal=text)


def _wrong_path(error: openai.APIStatusError, model: Model, said: str) -> Failure:
    url, status = error.response.request.url, error.status_code
    return Failure("wrong path", f"nothing answers at {url} ({status}{said}); {_doubt(model)}")


def web_page(model: Model) -> Failure:
    """A web page came where a reply should be."""
    return Failure("wrong path", f"{address(model)}/chat/completions is a web page; {_doubt(model)}")


def _doubt(model: Model) -> str:
    return "is it the right server?" if address(model).endswith("/v1") else "does the address end in /v1?"


def _is_about_model(text: str, code: object) -> bool:
    """Whether an answer says that there is no such model, or that it can't chat."""
    return code == "model_not_found" or (text.lstrip()[:1] == "{" and NO_MODEL.search(text) is not None)


def _of_connection(error: Exception, model: Model) -> Failure:
    """An endpoint that can't be reached, or whose connection broke."""
    where, chain = address(model), list(_chain(error))
    proxy = _proxy(model)
    through = f", through the proxy in {proxy}" if proxy else ""
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            advice = "SSL_CERT_FILE may name a file with the certificate of who signed it"
            return Failure("unreachable", f"the certificate of {where} is not trusted: {each.verify_message}; {advice}")
        if isinstance(each, ssl.SSLError):
            advice = "does it begin with http:// in truth?" if where.startswith("https") else "is it the right port?"
            return Failure("unreachable", f"{where} speaks no TLS that we understand; {advice}")
        if isinstance(each, httpx2.ProxyError):
            return Failure("unreachable", f"the proxy in {proxy} does not lead to {where}; NO_PROXY goes round it")
        if isinstance(each, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
            return Failure("unreachable", f"a request to {where} can't be made; write it like http://localhost:8000/v1")
        if isinstance(each, socket.gaierror):
            return Failure("unreachable", f"the name in {where} is not known{through}; is there a network?", again=True)
        if isinstance(each, ConnectionRefusedError):
            return Failure("unreachable", f"nothing listens at {where}{through}; is the server running?", again=True)
    if any(isinstance(each, httpx2.ConnectTimeout | httpx2.ConnectError) for each in chain):
        return Failure("unreachable", f"there is no connection to {where}{through}", again=True)
    return Failure("unreachable", f"{where} broke the connection off{through}", again=True)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what caused it, and what these were grouped from."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _chain(each)
        error = error.__cause__ or error.__context__


def _proxy(model: Model) -> str | None:
    return proxy_variable(address(model))


def _words(body: object, kind: str) -> str:
    """What an endpoint says itself of an error: the message in the body of its answer."""
    if isinstance(body, Mapping):
        found: object = body
        for name in ("error", "message"):
            if isinstance(found, Mapping) and found.get(name):
                found = found[name]
        if found is body:
            found = body.get("detail") or body.get("message") or ""
        return found if isinstance(found, str) else json.dumps(found, default=str)
    text = body if isinstance(body, str) else ""
    return "" if "html" in kind or text.lstrip()[:1] == "<" else text


def _quoted(words: str, model: Model) -> str:
    """Words of an endpoint, short and without keys, as the end of a sentence."""
    words = " ".join(without_key(words, key_in(model.key_variable)).split()).rstrip(".")
    if not words:
        return ""
    return f": {words if len(words) <= LENGTH else words[: LENGTH - 1] + '…'}"
