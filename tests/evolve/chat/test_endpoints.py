"""Addresses: which are on this computer, which are OpenAI's, and which lead through a proxy."""

import pytest

from evolve.chat.endpoints import is_loopback, is_openai, proxy_variable


@pytest.mark.parametrize(
    ("endpoint", "loopback"),
    [
        ("http://localhost:8000/v1", True),
        ("http://LOCALHOST./v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://0.0.0.0:8000/v1", True),
        ("http://app.localhost/v1", True),
        ("http://192.168.0.2/v1", False),
        ("http://localhost.example.org/v1", False),
        ("http://[::1/v1", False),
        ("", False),
    ],
)
def test_what_is_on_this_computer(endpoint, loopback):
    assert is_loopback(endpoint) is loopback


def test_what_is_of_openai():
    assert is_openai("https://api.openai.com/v1")
    assert is_openai("https://eu.api.openai.com/v1")
    assert not is_openai("https://openai.com.example.org/v1")
    assert not is_openai("http://localhost/openai.com/v1")


def test_proxies_are_those_of_the_environment(monkeypatch):
    far = "https://api.openai.com/v1"
    assert proxy_variable(far) is None
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert proxy_variable(far) == "ALL_PROXY"
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert proxy_variable(far) == "HTTPS_PROXY"
    assert proxy_variable("http://localhost/v1") is None
    monkeypatch.setenv("NO_PROXY", ".openai.com")
    assert proxy_variable(far) is None
