"""Addresses of endpoints: what is wrong with one, whether it is on this computer, and how it is reached."""

from __future__ import annotations

import ipaddress
import urllib.request
from typing import Final
from urllib.parse import SplitResult, urlsplit

from evolve.chat.keys import without_key
from evolve.chat.model import Model

OPENAI: Final = "https://api.openai.com/v1"
"""Where a model is asked that names no endpoint."""


def address(model: Model) -> str:
    """The address of a model's endpoint, up to `/v1`."""
    return (model.endpoint or OPENAI).rstrip("/")


def fault(endpoint: str) -> str | None:
    """What is wrong with the text of an address, with what to do; None if it can be an endpoint.

    What may be a password is not repeated.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "the endpoint is no address; write one like http://localhost:8000/v1"
    if parts.username is not None or parts.password is not None:
        return "the endpoint holds a user or a password; give a key in an environment variable instead (key_variable)"
    if parts.scheme not in ("http", "https") or not host or port == 0 or any(each.isspace() for each in endpoint):
        shown = without_key(endpoint, None)
        return f'the endpoint "{shown}" is no address; write one like http://localhost:8000/v1'
    if parts.query or parts.fragment:
        return "the endpoint has a part after ? or #; give the address up to /v1"
    for ending in ("/chat/completions", "/completions", "/chat", "/models"):
        if parts.path.rstrip("/").endswith(ending):
            return f"the endpoint {endpoint} goes too far; leave {ending} out"
    return None


def is_openai(endpoint: str) -> bool:
    """Whether an address is one of OpenAI's own, which never answer without a key."""
    host = _host(endpoint)
    return host == "openai.com" or host.endswith(".openai.com")


def is_loopback(endpoint: str) -> bool:
    """Whether an address is on this computer."""
    host = _host(endpoint)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def proxy_variable(endpoint: str) -> str | None:
    """The environment variable whose proxy an address is reached through; None if it is reached directly."""
    if is_loopback(endpoint):
        return None
    parts = _parts(endpoint)
    proxies = urllib.request.getproxies()
    scheme = next((each for each in (parts.scheme, "all") if proxies.get(each)), None)
    if scheme is None or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return f"{scheme.upper()}_PROXY"


def _host(endpoint: str) -> str:
    return (_parts(endpoint).hostname or "").rstrip(".")


def _parts(endpoint: str) -> SplitResult:
    try:
        return urlsplit(endpoint)
    except ValueError:
        return SplitResult("", "", "", "", "")
