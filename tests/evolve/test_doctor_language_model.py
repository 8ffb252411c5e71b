"""`evolve doctor`: a language model is called for a few tokens, and what is wrong is said precisely."""

import json

import pytest
from click.testing import CliRunner

from evolve.cli import checks, main, model_check
from evolve.cli.model_check import language_model
from tests.evolve.chat.serving import serving

KEY = "sk-canary-0123456789"


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    """Runs the check of a language model alone, and gives its finding and the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(checks, "CHECKS", (language_model,))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "EVOLVE_MODELS"):
        monkeypatch.delenv(name, raising=False)

    def doctor(*words):
        done = CliRunner().invoke(main, ["doctor", "--format", "json", *words], catch_exceptions=False)
        assert KEY not in done.output
        if done.exit_code == 2:
            return done.stderr, 2
        (found,) = json.loads(done.stdout)["checks"]
        return found, done.exit_code

    return doctor


@pytest.fixture
def served(tmp_path):
    with serving(tmp_path, key=KEY) as served:
        yield served


def test_without_a_model_there_is_nothing_to_check(doctor):
    found, code = doctor()
    assert (found["level"], code) == ("ok", 0)
    assert found["found"] == "none configured; only edits by a language model need one"


def test_a_model_that_answers_is_ok_and_costs_a_few_tokens(doctor, served, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found, code = doctor("--llm", "ok", "--llm-endpoint", served.url)
    assert (found["level"], code) == ("ok", 0)
    assert found["found"].startswith(f"ok at {served.url} answered in ")
    assert "(2 tokens read, 8 written); its prices are unknown" in found["found"]
    (sent,) = served.requests()
    assert sent["body"]["max_tokens"] <= 8


@pytest.mark.parametrize(
    ("name", "path", "key", "outcome", "advice"),
    [
        ("ok", "/v1", "", "unauthorized", "wants a key; put it in OPENAI_API_KEY"),
        ("ok", "/v1", "sk-another-key-1234", "unauthorized", "does not accept the key in OPENAI_API_KEY (401)"),
        ("nonesuch", "/v1", KEY, "unknown model", "has no model nonesuch"),
        ("ok", "", KEY, "wrong path", "does the address end in /v1?"),
        ("500-forever", "/v1", KEY, "server error", "failed with 500"),
        ("malformed", "/v1", KEY, "malformed", "no JSON"),
    ],
)
def test_what_is_wrong_is_a_problem_with_what_to_do(doctor, served, monkeypatch, name, path, key, outcome, advice):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    url = served.url.removesuffix("/v1") + path
    found, code = doctor("--llm", name, "--llm-endpoint", url)
    assert (found["level"], code) == ("problem", 1)
    assert found["found"] == f"{name} at {url}: {outcome}"
    assert advice in found["advice"]


def test_an_endpoint_that_is_not_there_is_a_problem(doctor):
    found, code = doctor("--llm", "ok", "--llm-endpoint", "http://127.0.0.1:9/v1")
    assert (found["level"], code) == ("problem", 1)
    assert found["advice"] == "nothing listens at http://127.0.0.1:9/v1; is the server running?"


def test_openai_without_a_key_is_a_problem(doctor):
    found, code = doctor("--llm", "gpt")
    assert (found["level"], code) == ("problem", 1)
    assert "OPENAI_API_KEY is not set" in found["advice"]


def test_a_model_that_only_begins_to_reply_is_a_note(doctor, served, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(model_check, "DEADLINE", 0.5)
    found, code = doctor("--llm", "hang-in-reply", "--llm-endpoint", served.url)
    assert (found["level"], code) == ("note", 0)
    assert "the reply had not ended after 0.5 s" in found["advice"]
    assert doctor("--llm", "hang-after-headers", "--llm-endpoint", served.url)[1] == 1


def test_a_reply_that_breaks_off_is_a_note(doctor, served, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found, code = doctor("--llm", "cut-broken", "--llm-endpoint", served.url)
    assert (found["level"], code) == ("note", 0)
    assert "the reply broke off" in found["advice"]
    assert doctor("--llm", "out-of-tokens", "--llm-endpoint", served.url)[0]["level"] == "ok"


def test_several_models_are_called_one_after_the_other(doctor, served, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    words = ["doctor", "--format", "json", "--llm", "ok, nonesuch", "--llm-endpoint", served.url]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert [each["level"] for each in json.loads(done.stdout)["checks"]] == ["ok", "problem"]
    assert done.exit_code == 1


def test_the_file_of_models_says_where_and_what_it_costs(doctor, served, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    file = tmp_path / "models.toml"
    table = f'["ok"]\nendpoint = "{served.url}"\nkey_variable = "MY_KEY"\ninput_price = 0\noutput_price = 0\n'
    file.write_text(table, encoding="utf-8")
    found, _ = doctor("--llm", "ok", "--llm-models", str(file))
    assert found["level"] == "ok"
    assert "it is free" in found["found"]
    monkeypatch.setenv("EVOLVE_MODELS", str(file))
    assert doctor("--llm", "ok")[0]["level"] == "ok"
    assert doctor()[0]["found"] == f"{file} has ok; evolve doctor --llm NAME asks one"


def test_an_endpoint_alone_is_asked_which_models_it_has_and_no_tokens_are_spent(doctor, served, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found, code = doctor("--llm-endpoint", served.url)
    assert (found["level"], code) == ("ok", 0)
    assert found["found"].startswith(f"{served.url} has ok, ")
    assert "evolve doctor --llm NAME asks one" in found["found"]
    monkeypatch.setenv("OPENAI_BASE_URL", served.url)
    assert doctor() == (found, 0)
    assert {each["path"] for each in served.requests()} == {"/v1/models"}


def test_what_nobody_asked_for_is_no_problem_when_it_is_wrong(doctor, served, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", served.url)
    found, code = doctor()
    assert (found["level"], code) == ("note", 0)
    assert "only edits by a language model need it" in found["advice"]
    assert doctor("--llm-endpoint", served.url)[1] == 1
    monkeypatch.setenv("OPENAI_BASE_URL", "nonsense")
    assert doctor()[0]["level"] == "note"
    monkeypatch.setenv("EVOLVE_MODELS", str(tmp_path / "gone.toml"))
    assert "gone.toml" in doctor()[0]["found"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--llm", "m", "--llm-endpoint", "localhost:8000"), 'the endpoint "localhost:8000" is no address'),
        (("--llm-endpoint", "localhost:8000"), 'the endpoint "localhost:8000" is no address'),
        (("--llm", "m", "--llm-models", "gone.toml"), "can't read gone.toml"),
        (("--llm-models", "gone.toml"), "--llm-models needs --llm NAME"),
        (("--llm", "a,"), "the name of a model is empty"),
    ],
)
def test_options_that_make_no_sense_are_refused(doctor, words, message):
    said, code = doctor(*words)
    assert code == 2
    assert said.startswith("Error: ") and message in said and "Traceback" not in said
