"""The proposer asks within its budget, judges replies, lets what was rejected be repaired once, and keeps it all."""

import sqlite3

import pytest

from evolve.chat import Model
from evolve.engine import search
from evolve.llm.budget import Budget
from evolve.llm.plan import MOST, Plan
from evolve.llm.proposer import Proposer
from evolve.llm.requests import REQUESTS
from runs import open_run, reopen_run
from runs.ledger import abandon
from runs.schema import DATABASE
from tests.evolve.llm.models import BETTER, COMPETENT, Asked, completed
from tests.evolve.searches import CONSTANT, FAILING, SEEDS, TASK, Watcher, configured, searched

MODEL = Model("a-model", input_price=1.0, output_price=10.0)
UNPRICED = Model("unpriced")
WRONG = f"```python\n{BETTER.replace('return 0, 1', 'return nobody, 1')}```"
PLENTY = Budget(10_000_000, "tokens")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    directory = tmp_path_factory.mktemp("proposer") / "run"
    searched(directory, evaluations=60)
    return directory


@pytest.fixture
def directory(original, tmp_path):
    copy = tmp_path / "run"
    copy.mkdir()
    with sqlite3.connect(original / DATABASE) as source, sqlite3.connect(copy / DATABASE) as target:
        source.backup(target)
    source.close()
    target.close()
    return copy


@pytest.fixture
def propose(directory):
    """Lets a proposer take some steps; what it said."""

    def propose(ask, steps=1, models=(MODEL,), budget=PLENTY, parallel=1, **plan):
        said = []
        with open_run(directory) as run:
            proposer = Proposer(
                run, {TASK.name: TASK}, Plan(models, budget, parallel=parallel, **plan), ask, said.append
            )
            proposer.finish_judging()
            for _ in range(steps):
                if not proposer.step():
                    said.append("over")
                    break
        return said

    return propose


def ledger(directory):
    with open_run(directory) as run:
        return run.calls(), {each.number: each for each in run.proposals()}


def test_a_good_reply_is_accepted_and_lives_in_the_search_that_goes_on(directory, propose):
    ask = Asked(completed(COMPETENT))
    propose(ask)
    (call, *_), proposals = ledger(directory)
    proposal = proposals[call.proposal]
    assert (call.outcome, call.model, call.read, call.written, call.estimated) == ("ok", "a-model", 1000, 200, False)
    assert call.cost == pytest.approx((1000 + 2000) / 1e6)
    assert (proposal.outcome, proposal.reply, proposal.prompt) == ("accepted", COMPETENT, ask.prompts[0])
    assert call.gain > 1.0
    assert call.temperature in Plan((MODEL,), PLENTY).temperatures
    watcher = Watcher()
    with reopen_run(directory) as store:
        search([TASK], configured(evaluations=90), SEEDS, store, observer=watcher)
    _, proposals = ledger(directory)
    child = proposals[call.proposal].child
    assert f"proposal 1 is #{child} now, on island 1 of parity-6-2" in watcher.messages
    with open_run(directory) as run:
        assert run.individual(child).operator == f"proposed {proposal.request}"
        assert run.proposal_of(child) == proposals[call.proposal]


def test_the_same_program_again_gains_nothing(directory, propose):
    propose(Asked(completed(COMPETENT)), steps=2)
    calls, proposals = ledger(directory)
    assert [proposals[each.proposal].outcome for each in calls[:2]] == ["accepted", "known"]
    assert [each.gain > 0 for each in calls[:2]] == [True, False]


def test_what_the_checker_rejects_goes_back_once_with_its_messages(directory, propose):
    ask = Asked(completed(WRONG), completed(WRONG), completed(COMPETENT))
    propose(ask, steps=3)
    calls, proposals = ledger(directory)
    assert [each.request == "repair" for each in calls[:3]] == [False, True, False]
    assert (calls[0].trial, calls[1].trial, calls[2].trial) == (1, 1, 3)
    assert proposals[2].repairs == 1
    assert "nobody" in proposals[1].detail
    for part in (REQUESTS["repair"].text, proposals[1].detail, "return nobody, 1"):
        assert part in ask.prompts[1]
    assert calls[1].model == calls[0].model


def test_what_can_t_be_read_goes_back_too(directory, propose):
    ask = Asked(completed("I would not know."), completed(COMPETENT))
    propose(ask, steps=2)
    calls, proposals = ledger(directory)
    assert [proposals[each.proposal].outcome for each in calls[:2]] == ["unreadable", "accepted"]
    assert calls[1].trial == 1


def test_what_the_machine_reports_stands_in_the_next_prompt_about_the_same_programs(directory, propose):
    ask = Asked(completed(f"```python\n{FAILING}```"), completed(f"```python\n{CONSTANT}```"))
    propose(ask, steps=3)
    _, proposals = ledger(directory)
    assert "in line 2: return x[99, 0]" in proposals[1].detail
    assert proposals[1].detail.split("\n")[0] in ask.prompts[1]
    assert "dominated" in ask.prompts[2]


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("unit", ["tokens", "dollars"])
def test_a_budget_is_never_exceeded_also_with_several_calls_in_flight_and_after_a_resume(
    parallel, unit, directory, propose
):
    budget = Budget(60_000 if unit == "tokens" else 0.25, unit)
    ask = Asked(completed("I would not know.", read=4000, written=MOST))
    for steps in (200, 5):  # a shorter prompt may still be paid from what is left
        assert propose(ask, steps=steps, budget=budget, parallel=parallel)[-1] == "over"
        calls, _ = ledger(directory)
        costs = [each.tokens if unit == "tokens" else each.cost for each in calls]
        assert 0.5 * budget.amount < sum(costs) <= budget.amount
        assert not any(each.outcome == "sent" for each in calls)
    propose(ask, steps=2, budget=budget, since=len(calls))
    assert len(ledger(directory)[0]) > len(calls)


def test_an_endpoint_that_counts_more_than_was_estimated_is_expected_to_do_so_again(directory, propose):
    budget = Budget(100_000, "tokens")
    propose(Asked(completed("I would not know.", read=20_000, written=MOST)), steps=200, budget=budget)
    calls, _ = ledger(directory)
    assert len(calls) == 3
    assert sum(each.tokens for each in calls) <= budget.amount


def test_the_budget_counts_calls_that_a_killed_search_had_sent(directory, propose):
    class Killed(Exception):
        pass

    def ask(question):
        raise Killed

    with pytest.raises(Killed):
        propose(ask, steps=2, models=(MODEL, UNPRICED), parallel=2)
    sent, _ = ledger(directory)
    assert [(each.outcome, each.estimated) for each in sent] == [("sent", True)] * 2
    assert abandon(directory) == 2
    given_up, _ = ledger(directory)
    assert [each.outcome for each in given_up] == ["abandoned"] * 2
    total = sum(each.tokens for each in given_up)
    assert total > 2 * MOST
    assert propose(Asked(completed(COMPETENT)), budget=Budget(total + 100, "tokens")) == ["over"]


def test_a_reply_that_was_stored_but_not_judged_is_judged_by_the_next_proposer(directory, propose):
    propose(Asked(completed(COMPETENT)))
    with sqlite3.connect(directory / DATABASE) as connection:
        connection.execute("UPDATE proposals SET outcome = 'asked', detail = '', source = NULL, key = NULL")
    connection.close()
    propose(Asked(completed(COMPETENT)), steps=0)
    _, proposals = ledger(directory)
    assert proposals[1].outcome == "accepted"


def test_a_call_that_fails_is_kept_with_its_reason_and_told_once(directory, propose):
    ask = Asked(completed(outcome="unreachable", usage=False, detail="connection refused"))
    said = propose(ask, steps=4)
    calls, proposals = ledger(directory)
    assert said == ["a-model: unreachable: connection refused; the search goes on, and asks again later"]
    assert calls[0].tokens == 0
    assert (proposals[1].outcome, proposals[1].detail) == ("unanswered", "unreachable: connection refused")
    assert len(calls) <= 3  # it is left alone for longer each time
    assert [each.outcome for each in calls][:1] == ["unreachable"]


def test_a_model_that_answers_again_is_told_of(directory, propose):
    failing, well = completed(outcome="server error", usage=False), completed(f"```python\n{CONSTANT}```")
    said = propose(Asked(failing, well), steps=5)
    assert said[-1] == "a-model answers again"


def test_while_one_model_is_in_trouble_the_others_are_asked(directory, propose):
    def ask(question):
        if question.model.name == "a-model":
            return completed(outcome="timeout", usage=False)
        return completed(f"```python\n{CONSTANT}```")

    propose(ask, steps=12, models=(MODEL, UNPRICED), parallel=2)
    calls, _ = ledger(directory)
    models = [each.model for each in calls]
    assert models.count("unpriced") >= 6
    assert models.count("a-model") <= 3


def test_a_reply_of_lone_surrogates_and_zeros_is_kept(directory, propose):
    propose(Asked(completed("```python\n\0" + CONSTANT + "```\n")))
    _, proposals = ledger(directory)
    assert proposals[1].reply.startswith("```python\n\0")
