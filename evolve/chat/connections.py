"""Connections to endpoints, through the `openai` client: where keys are sent, and how much may be received.

To import it imports `openai`, which takes most of a second.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Generator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx2
import openai

from evolve.chat.endpoints import address, is_loopback
from evolve.chat.failure import Failure
from evolve.chat.keys import key_in
from evolve.chat.model import Model

PLACEHOLDER: Final = "none"
"""The key for endpoints that need none: the client library wants one."""

CONNECTING: Final = 10.0
"""Seconds after which a connection that does not come about is given up."""

MOST: Final = 16 << 20
"""Bytes of any answer that are received. Replies have a lower limit that depends on what may be written."""

# At level debug these write the head of answers, in which an endpoint may send a key back.
for _name in ("openai", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.INFO)


class TooLongError(Exception):
    """An answer goes on and on."""


class CompressedError(Exception):
    """An answer is compressed, although we ask for it as it is: a small one could unpack to a huge one."""


def connected(model: Model) -> openai.AsyncOpenAI | Failure:
    """A connection to a model's endpoint, or why it can't be set up. Nothing is sent yet.

    It knows no limit of time and tries nothing again: both are the caller's.
    """
    try:
        connection = _connection(model)
    except (httpx2.InvalidURL, ValueError, OSError) as error:  # their words may hold the password of a proxy
        where = address(model)
        if isinstance(error, httpx2.InvalidURL):
            return Failure("wrong path", f"{where} is no address; write one like http://localhost:8000/v1")
        advice = "are the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR right?"
        return Failure("unreachable", f"a connection to {where} can't be set up ({type(error).__name__}); {advice}")
    assert connection.chat.completions and connection.models  # imported now, while no deadline is running
    return connection


def _connection(model: Model) -> openai.AsyncOpenAI:
    endpoint = address(model)
    client = httpx2.AsyncClient(
        auth=_Bearer(model.key_variable),
        headers={"Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(None, connect=CONNECTING),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # one that can't be sent would end all later calls
        follow_redirects=False,
        transport=httpx2.AsyncHTTPTransport() if is_loopback(endpoint) else None,  # one of our own knows no proxies
        event_hooks={"response": [_bound]},
    )
    return openai.AsyncOpenAI(
        api_key=PLACEHOLDER, base_url=endpoint, max_retries=0, timeout=client.timeout, http_client=client
    )


class _Bearer(httpx2.Auth):
    """Reads the key when a request is sent, so that it is held nowhere else."""

    def __init__(self, variable: str):
        self._variable = variable

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Put the key into the head of a request."""
        request.headers["Authorization"] = f"Bearer {key_in(self._variable) or PLACEHOLDER}"
        yield request


async def _bound(response: httpx2.Response) -> None:
    """Limit what is received of an answer, before anything of it is read."""
    most = MOST
    if response.headers.pop("content-encoding", "identity") != "identity":
        if response.is_success:
            raise CompressedError("the reply is compressed, although it was asked for as it is; is a proxy in the way?")
        most = 0
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    response.stream = _Bounded(response.stream, most, raises=response.is_success)


class _Bounded(httpx2.AsyncByteStream):
    """The bytes of an answer, as far as they are received; the rest of an error's is left out silently."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int, raises: bool):
        self._stream = stream
        self._most = most
        self._raises = raises

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes as they come."""
        size = 0
        async for part in self._stream:
            size += len(part)
            if size > self._most:
                if self._raises:
                    raise TooLongError(f"the reply did not end within {self._most >> 20} MiB")
                return
            yield part

    async def aclose(self) -> None:
        """Close the connection, or give it back."""
        await self._stream.aclose()
