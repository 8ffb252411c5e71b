"""`evolve search --llm`: what is refused, what is shown, what is left behind, and where keys are not."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.cli.models_report import costs_line
from runs import open_run
from runs.ledger import Call
from tests.evolve.chat.serving import serving
from tests.evolve.faults import descendants, evolve, searching, wait_until
from tests.evolve.llm import models

CANARY = "sk-canary-0123456789abcdef"
ANSWER = f"{models.__file__}:answer"
SMALL = ("--rung", "parity-6-2", "--from", "textbook", "--seed", "1")


@pytest.fixture
def refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def refused(*words):
        done = CliRunner().invoke(main, ["search", *words], catch_exceptions=False)
        assert done.exit_code == 2
        assert not (tmp_path / "evolve-runs").exists()
        return done.stderr

    return refused


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--llm-budget", "5 tokens"), "--llm-budget need --llm, which models to ask"),
        (("--llm", "m", "--llm-budget", "$2.50"), '--llm-budget has to be dollars or tokens, like "2.50 dollars"'),
        (("--llm", "m", "--llm-budget", "2.50"), '--llm-budget has to be dollars or tokens, like "2.50 dollars"'),
        (("--llm", "m", "--llm-budget", "2.50 dollars"), "what m costs is not known; give input_price"),
        (("--llm", "m,m"), "--llm has to name models, each once"),
        (
            ("--llm", "m", "--llm-temperatures", "0.5,hot"),
            "--llm-temperatures has to be temperatures from 0 to 2, not hot",
        ),
        (("--llm", "m", "--deterministic", "--evaluations", "9"), "finds the same again, which models don't"),
        (("--llm", "m", "--replay-llm", "."), "asks models and --replay-llm asks none; give one of them"),
        (("--replay-llm", "nowhere"), "no run and no directory"),
        (("--llm", "m", "--llm-endpoint", "localhost:8000"), "no address; write one like http://localhost:8000/v1"),
    ],
)
def test_what_can_t_be_done_is_refused(words, message, refused):
    assert message in " ".join(refused(*words).split())


def shown(run, *words):
    return evolve(*words, run).stdout


def test_a_search_with_a_model_shows_what_it_gained_and_cost(tmp_path):
    run, file = tmp_path / "run", tmp_path / "models.toml"
    with serving(tmp_path, answer=ANSWER) as server:
        about = f'endpoint = "{server.url}"\nkey_variable = "CANARY"\ninput_price = 1.0\noutput_price = 10.0\n'
        file.write_text(f'["ok"]\n{about}')
        words = ("--llm", "ok", "--llm-models", file)
        limits = ("--minutes", "5", "--workers", "1", "--epoch", "100", "--run", run, "--llm-budget", "0.50 dollars")
        os.environ["CANARY"] = CANARY
        try:
            with searching(*SMALL, *words, *limits) as search:
                assert wait_until(search, run, 1)
                below = descendants(search.pid)
                environments = [environment(each) for each, name in below.items() if "evolve.llm" not in name]
                until = time.monotonic() + 100
                while time.monotonic() < until and not taken(run):
                    time.sleep(0.2)
                search.send_signal(signal.SIGINT)
                out, errors = search.communicate(timeout=100)
        finally:
            del os.environ["CANARY"]
    assert search.returncode == 0, errors
    assert any("ray::_Worker" in each for each in environments)
    assert not any(CANARY in each for each in environments)
    assert re.search(r"proposal \d+ is #\d+ now, on island \d of parity-6-2", errors)
    assert re.search(r"models  \d+ calls?.* of 0.50 dollars, \d+ accepted", errors)
    assert re.search(
        r"Language models: \d+ calls?, \d+ accepted; \$0\.\d{4} for [\d,]+ tokens \(\$0\.\d{4} for each", out
    )
    assert "Language models: " in shown(run, "front")
    child = taken(run)
    assert re.search(
        r"model     ok, \w+ at temperature [\d.]+, proposal \d+, [\d,]+ tokens, \$0\.",
        evolve("show", run, child).stdout,
    )
    assert CANARY not in out + errors
    assert not [path for path in run.rglob("*") if CANARY.encode() in path.read_bytes()]


def environment(process: int) -> str:
    """The environment and the command of a process; nothing if it has ended."""
    try:
        return Path(f"/proc/{process}/environ").read_text() + Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def taken(run):
    """The first individual that a model has proposed, None if there is none yet."""
    with open_run(run) as opened:
        return next((each.child for each in opened.proposals() if each.child is not None), None)


def test_nothing_is_lost_when_the_driver_is_killed_while_a_model_is_asked(tmp_path):
    run = tmp_path / "run"
    with serving(tmp_path) as server:
        words = ("--llm", "hang-before-headers", "--llm-endpoint", server.url, "--workers", "0", "--run", run)
        with searching(*SMALL, *words, "--minutes", "5") as search:
            assert wait_until(search, run, 1)
            until = time.monotonic() + 100
            while time.monotonic() < until and not server.requests("hang-before-headers"):
                time.sleep(0.1)
            below = descendants(search.pid)
            search.kill()
            search.wait()
            until = time.monotonic() + 10
            while time.monotonic() < until and any(Path(f"/proc/{each}").exists() for each in below):
                time.sleep(0.1)
            assert not [name for each, name in below.items() if Path(f"/proc/{each}").exists()]
    with open_run(run) as opened:
        (call,) = opened.calls()
        assert (call.outcome, call.estimated) == ("sent", True)
        prompt = opened.proposal(call.proposal).prompt
    assert server.requests("hang-before-headers")[0]["body"]["messages"][0]["content"] == prompt
    done = evolve(
        "search", "--resume", run, "--evaluations", "5", "--workers", "0", "--llm-endpoint", "http://127.0.0.1:9/v1"
    )
    assert done.returncode == 0, done.stderr
    with open_run(run) as opened:
        assert opened.calls()[0].outcome == "abandoned"
        assert opened.calls()[0].tokens == call.tokens
    assert "Language models: " in done.stdout


def test_costs_in_dollars_and_in_tokens_are_never_added():
    def call(**values):
        return Call(1, 1, "r", 0, "edit", "m", 0.7, 10, 0.0, **{"outcome": "ok", "estimated": False} | values)

    priced, unpriced = call(read=900, written=100, cost=0.5, gain=1.0), call(read=2000, written=0)
    assert costs_line([]) == ""
    assert costs_line([priced, priced]) == (
        "Language models: 2 calls, 2 accepted; $1.0000 for 2,000 tokens ($0.5000 for each that was accepted)."
    )
    assert costs_line([priced, unpriced]) == (
        "Language models: 2 calls, 1 accepted; $0.5000 for 1,000 tokens and 2,000 tokens at unknown prices."
    )
    assert costs_line([call(read=50, estimated=True)]) == (
        "Language models: 1 call, 0 accepted; 50 tokens at unknown prices; 1 of them is an estimate."
    )
    assert costs_line([call(outcome="replayed")]) == "Language models: 1 reply of a cassette, 0 accepted."
