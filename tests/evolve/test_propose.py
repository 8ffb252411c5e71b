"""A person or an agent takes part in a search: `evolve propose` asks, judges answers, and leaves them to it."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from evolve.cli import main
from evolve.cli.propose import OPERATORS
from evolve.engine import search
from evolve.llm.card import language_card
from evolve.llm.requests import REQUESTS
from primitives.catalogue import CATALOGUE
from runs import open_run, reopen_run
from runs.lineage import lineage
from runs.schema import DATABASE
from tests.evolve.llm.models import BETTER
from tests.evolve.searches import CONSTANT, FAILING, SEEDS, TASK, Watcher, configured, searched


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The directory of a short search."""
    directory = tmp_path_factory.mktemp("proposals") / "run"
    searched(directory, evaluations=60)
    return directory


@pytest.fixture
def run(original, tmp_path):
    """A copy of it."""
    directory = tmp_path / "run"
    directory.mkdir()
    with sqlite3.connect(original / DATABASE) as source, sqlite3.connect(directory / DATABASE) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    return directory


def propose(run, *words, text=None):
    return CliRunner().invoke(main, ["propose", str(run), *map(str, words)], input=text, catch_exceptions=False)


def asked(run, *words):
    done = propose(run, *words)
    assert done.exit_code == 0, done.output
    return done.stdout


def proposals(run):
    with open_run(run) as opened:
        return opened.proposals()


def front(run):
    with open_run(run) as opened:
        return opened.front().members


def gone_on(run, evaluations, watcher=None):
    with reopen_run(run) as store:
        return search([TASK], configured(evaluations=evaluations), SEEDS, store, observer=watcher)


def test_the_operators_of_the_command_are_those_that_there_are():
    assert tuple(REQUESTS) == OPERATORS


def test_the_language_card_has_every_primitive():
    card = language_card()
    assert all(f"    {each.signature} -> " in card for each in CATALOGUE.values())


def test_a_prompt_has_what_a_proposer_must_know(run):
    parent = front(run)[0]
    text = asked(run, "--operator", "edit", "--parents", parent.id, "--seed", 1)
    for part in (
        *("# Task\nparity-6-2: ", "The gate is ", "dmc v1", "def predict", "<<<<<<< SEARCH", language_card()),
        *(f"- #{each.id}" for each in front(run)),
        f"# Program 1: #{parent.id}, made by {parent.operator}",
        *("on the front: of ", "% of the energy: `", REQUESTS["edit"].text),
    ):
        assert part in text


def test_the_same_seed_gives_the_same_prompt(run):
    prompts = [asked(run, "--seed", seed) for seed in (1, 1, 2, 3, 4)]
    assert prompts[0] == prompts[1]
    assert len(set(prompts)) > 2


def test_every_operator_can_be_asked_for(run):
    for name in set(OPERATORS) - {"repair"}:
        text = asked(run, "--operator", name, "--parents", "0,1", "--seed", 1)
        assert REQUESTS[name].text in text
        assert "# Program 2" in text
    assert [each.outcome for each in proposals(run)] == ["asked"] * 5


def test_a_better_answer_is_accepted_and_lives_in_the_search_that_goes_on(run):
    asked(run, "--operator", "idea", "--parents", 0, "--seed", 1)
    done = propose(run, "--reply", "-", "--seed", 2, text=f"Stop early:\n```python\n{BETTER}```\n")
    assert done.exit_code == 0, done.output
    for part in ("proposal 1: accepted", "parent #0: accuracy", "energy is −", "evolve search --resume"):
        assert part in done.stdout
    (waiting,) = proposals(run)
    assert waiting.child is None
    assert "# Stop at the first row" in waiting.source
    later = asked(run, "--operator", "idea", "--parents", 0, "--seed", 1)
    assert f"{waiting.detail}\n  its idea: Stop early:" in later
    assert " times the energy of #0 on the same instances" in later
    watcher = Watcher()
    gone_on(run, 120, watcher)
    taken = proposals(run)[0]
    assert f"proposal 1 is #{taken.child} now, on island 1 of parity-6-2" in watcher.messages
    with open_run(run) as opened:
        born = opened.individual(taken.child)
        assert (born.source, born.parents, born.operator) == (waiting.source, (0,), "proposed idea")
        assert opened.birth(taken.child).island == 1
        assert opened.events("proposal")[0]["id"] == taken.child
        assert any(taken.child in [each.id for each in lineage(opened, one.id)] for one in opened.front().members)
        assert len({each.id for each in opened.individuals()}) == len(opened.individuals())


def test_an_answer_may_be_fed_to_a_search_that_is_going_on(run):
    asked(run, "--operator", "idea", "--parents", 0)

    class Feeding(Watcher):
        fed = None

        def progressed(self, progress):
            if self.fed is None:
                self.fed = propose(run, "--reply", "-", text=BETTER).exit_code

    watcher = Feeding()
    gone_on(run, 240, watcher)
    assert watcher.fed == 0
    assert any(each.startswith("proposal 1 is #") for each in watcher.messages)
    assert proposals(run)[0].child is not None


def test_a_run_with_proposals_goes_on_as_one_without_until_one_is_accepted(run, original):
    asked(run, "--seed", 1)
    assert propose(run, "--reply", "-", text=CONSTANT).exit_code == 1
    assert gone_on(run, 120).fronts == searched(run.parent / "again", evaluations=120).fronts


@pytest.mark.parametrize(
    ("reply", "outcome", "message"),
    [
        ("Sorry, no.", "unreadable", "the reply holds no program"),
        (CONSTANT.replace("return 0", "return x.sum()"), "rejected", "line 2, column 12"),
        (CONSTANT.replace("x, y, ", "x, "), "rejected", "changes the signature of fit"),
        (CONSTANT.replace("return 0", f"return {'-' * 900}1"), "rejected", "nested"),
        (CONSTANT.replace("return 0", f"return {'1 + ' * 1500}1"), "rejected", "nested"),
        (FAILING, "index_error", "index_error in line 2: return x[99, 0]"),
        (
            CONSTANT.replace("return 0", "a = y[0]\n    while a < 9:\n        a = a * 1\n    return a"),
            "out_of_",
            "line 3",
        ),
        (CONSTANT, "dominated", "not surely better than guessing"),
        (SEEDS[0].source, "known", "the same as #"),
    ],
)
def test_an_answer_that_fails_says_why_with_exit_code_1(run, reply, outcome, message):
    asked(run, "--seed", 1)
    done = propose(run, "--reply", "-", text=reply)
    assert done.exit_code == 1
    assert f"proposal 1: {outcome}" in done.stdout
    assert message in done.stdout
    (stored,) = proposals(run)
    assert stored.outcome.startswith(outcome)
    assert stored.reply == reply
    assert stored.child is None


def test_a_dominated_answer_names_who_dominates_it(run):
    asked(run, "--parents", 0, "--operator", "edit", "--seed", 1)
    test, more = "if (x[row, i] ^ x[row, j]) == y[row]", " + ".join(f"0 * x[row, {column}]" for column in range(6))
    slower = f"<<<<<<< SEARCH\n{test}:\n=======\n{test} + {more}:\n>>>>>>> REPLACE"
    done = propose(run, "--reply", "-", "--seed", 4, text=slower)
    assert done.exit_code == 1
    assert "proposal 1: dominated" in done.stdout
    assert "is at least as good in everything" in done.stdout


def test_what_failed_can_be_repaired(run):
    asked(run, "--parents", 0, "--operator", "rewrite")
    propose(run, "--reply", "-", text=BETTER.replace("return 0, 1", "return first, 1"))
    text = asked(run, "--operator", "repair")
    assert "# The proposal that did not work\nWhat was wrong:\nline " in text
    assert "    return first, 1" in text
    assert "- rewrite of #0: rejected; line " in text
    done = propose(run, "--reply", "-", text="<<<<<<< SEARCH\nreturn first, 1\n=======\nreturn 0, 1\n>>>>>>> REPLACE")
    assert done.exit_code == 0, done.output
    assert [(each.request, each.outcome, each.repairs) for each in proposals(run)] == [
        ("rewrite", "rejected", None),
        ("repair", "accepted", 1),
    ]


def test_a_prompt_may_be_answered_again_and_each_answer_is_kept(run):
    asked(run, "--parents", 0, "--operator", "idea")
    for text in ("no", CONSTANT):
        propose(run, "--proposal", 1, "--reply", "-", text=text)
    assert [(each.number, each.outcome) for each in proposals(run)] == [(1, "unreadable"), (2, "dominated")]


def test_a_proposal_of_what_lives_there_already_is_not_taken_in(run):
    asked(run, "--parents", 0, "--operator", "idea")
    propose(run, "--reply", "-", text=BETTER)
    with sqlite3.connect(run / DATABASE) as connection:
        connection.execute("UPDATE proposals SET source = 'def fit(): oops'")
    connection.close()
    watcher = Watcher()
    gone_on(run, 120, watcher)
    assert any("proposal 1 is not taken in: it can't be compiled" in each for each in watcher.messages)
    assert [(each.outcome, each.child) for each in proposals(run)] == [("not taken in", None)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--parents", "x"], "x are no ids"),
        (["--parents", "99999"], "has no individual 99999"),
        (["--parents", "0,1,2,3"], "at most 3 different"),
        (["--parents", "0", "--operator", "crossover"], "crossover needs 2 programs, and there is 1"),
        (["--operator", "repair"], "there is nothing to repair"),
        (["--operator", "repair", "--parents", "0"], "leave out --parents"),
        (["--operator", "guess"], "'guess' is not one of"),
        (["--rung", "parity-4-1"], "parity-4-1 is no rung of it"),
        (["--reply", "-"], "nothing was asked yet"),
        (["--reply", "-", "--operator", "edit"], "belong to a prompt"),
        (["--proposal", "1"], "--proposal goes with"),
    ],
)
def test_a_wrong_request_is_one_message_with_exit_code_2(run, words, message):
    done = propose(run, *words, text=BETTER)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not proposals(run)


def test_a_reply_that_can_not_be_read_is_a_wrong_request(run, tmp_path):
    asked(run)
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    for words in (["--reply", tmp_path / "none"], ["--reply", tmp_path / "latin"], ["--proposal", 7, "--reply", "-"]):
        done = propose(run, *words, text="x")
        assert done.exit_code == 2
    done = CliRunner().invoke(main, ["propose", str(run), "--reply", "-"], input=b"caf\xe9")
    assert done.exit_code == 2
    assert "not UTF-8" in done.stderr
    assert [each.outcome for each in proposals(run)] == ["asked"]


def test_proposals_are_plain_data(run):
    asked(run, "--seed", 3)
    with sqlite3.connect(run / DATABASE) as connection:
        ((parents, seed),) = connection.execute("SELECT parents, seed FROM proposals")
    connection.close()
    assert json.loads(parents)
    assert seed == 3
