"""What the tests of calls share: an environment without keys and proxies, a server, and ways to ask it."""

import random

import pytest

from evolve.chat import Message, Model, Question
from evolve.chat.client import Client
from evolve.chat.retries import Backoff
from tests.evolve.chat.serving import serving

QUICK = Backoff(attempts=3, first=0.02, longest=0.1)


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    for scheme in ("http", "https", "all", "no"):
        for name in (f"{scheme}_proxy", f"{scheme.upper()}_PROXY"):
            monkeypatch.delenv(name, raising=False)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "EVOLVE_MODELS", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server that knows the models of `behaviours.SCRIPTS`; what it was asked before stays in its record."""
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def client():
    """A client that tries again soon, and does not give models up."""
    with Client(random.Random(1), QUICK, patience=1000) as client:
        yield client


def question(model, deadline=5.0, most=500, **more):
    """A question to a model, or to the model of a name at an endpoint: `(name, url)`."""
    if isinstance(model, tuple):
        model = Model(*model, **more)
    return Question(model, (Message("system", "Be brief."), Message("user", "How many rows?")), 0.7, most, deadline)


@pytest.fixture
def ask(server, client):
    """Asks a model of the server."""
    return lambda name, **more: client.ask(question((name, server.url), **more))
