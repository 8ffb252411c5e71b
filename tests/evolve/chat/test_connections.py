"""How endpoints are reached: proxies, certificates, and what an environment can get wrong."""

import random
import shutil
import subprocess

import pytest

from evolve.chat.client import Client
from tests.evolve.chat.conftest import QUICK, question
from tests.evolve.chat.serving import serving

FAR = "http://192.0.2.1/v1"
"""An address that is nobody's (RFC 5737)."""


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody has signed, with its private key."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl, which is not installed")
    key, path = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    options += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", path]
    subprocess.run(["openssl", "req", *options], check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


def test_loopback_is_reached_without_the_proxy_of_the_environment(server, client, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for host in ("127.0.0.1", "localhost"):
        assert client.ask(question(("ok", server.url.replace("127.0.0.1", host)))).ok


def test_other_addresses_are_reached_through_the_proxy_of_the_environment(tmp_path, client, monkeypatch):
    with serving(tmp_path) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        done = client.ask(question(("ok", FAR)))
        assert done.outcome == "wrong path"  # this one is no proxy, and has no such page
        assert proxy.requests()[0]["path"] == f"{FAR}/chat/completions"


def test_a_proxy_that_is_not_there_is_named_by_its_variable_only(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://me:password@127.0.0.1:9")
    done = client.ask(question(("ok", FAR)))
    assert done.outcome == "unreachable"
    assert "through the proxy in HTTP_PROXY" in done.detail
    assert "password" not in done.detail


@pytest.mark.parametrize(("name", "value"), [("HTTP_PROXY", "nonsense://me:password@h"), ("SSL_CERT_FILE", "gone.pem")])
def test_an_environment_that_allows_no_connection_is_told_of(client, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    done = client.ask(question(("ok", FAR)))
    assert (done.outcome, done.attempts) == ("unreachable", 0)
    assert name in done.detail
    assert "password" not in done.detail


def test_a_name_that_is_not_known_is_told_of(client):
    done = client.ask(question(("ok", "http://nowhere.invalid/v1"), deadline=20.0))
    assert done.outcome in ("unreachable", "timeout")  # a name server may take its time
    assert "nowhere.invalid" in done.detail


def test_a_certificate_that_is_not_trusted_is_told_of_with_the_way_out(tmp_path, certificate, client, monkeypatch):
    with serving(tmp_path, certificate=certificate) as served:
        asked = question(("ok", served.url))
        done = client.ask(asked)
        assert (done.outcome, done.attempts) == ("unreachable", 1)
        assert "is not trusted: self-signed certificate; SSL_CERT_FILE" in done.detail
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with Client(random.Random(1), QUICK) as another:
            assert another.ask(asked).ok


def test_tls_where_there_is_none_is_told_of(server, client):
    done = client.ask(question(("ok", server.url.replace("http://", "https://"))))
    assert (done.outcome, done.attempts) == ("unreachable", 1)
    assert "does it begin with http:// in truth?" in done.detail


def test_openai_is_not_asked_without_a_key(client):
    done = client.ask(question(("gpt", None)))
    assert (done.outcome, done.attempts, done.usage) == ("unauthorized", 0, None)
    assert "OPENAI_API_KEY is not set" in done.detail


def test_the_names_that_an_endpoint_has_are_listed(server, client):
    listed = client.names(question(("any", server.url)).model, 5.0)
    assert listed.outcome == "ok"
    assert {"ok", "slow"} <= set(listed.names)


@pytest.mark.parametrize(("path", "outcome"), [("/v2", "wrong path"), ("", "wrong path"), ("/v1/models", "wrong path")])
def test_listing_names_says_what_went_wrong(server, client, path, outcome):
    listed = client.names(question(("any", server.url.removesuffix("/v1") + path)).model, 5.0)
    assert (listed.outcome, listed.names) == (outcome, ())
    assert listed.detail
