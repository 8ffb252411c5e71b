"""Budgets: how they are written, and what calls are charged with, known or not."""

import pytest

from evolve.chat import Completed, Model, Usage
from evolve.llm.budget import Budget, budget_of, upper_estimate
from evolve.llm.paying import affordable, billed, spent
from runs.ledger import Call

PRICED = Model("priced", input_price=1.0, output_price=10.0)
UNPRICED = Model("unpriced")


def sent(model, prompt="x" * 2000, most=1000):
    estimate = upper_estimate(model, prompt, most)
    costs = {"read": estimate.read, "written": estimate.written, "cost": estimate.dollars}
    return Call(1, 1, "parity-6-2", 0, "edit", model.name, 0.7, most, 0.0, **costs)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("2.50 dollars", Budget(2.5, "dollars")),
        ("2 dollars", Budget(2.0, "dollars")),
        ("200000 tokens", Budget(200_000, "tokens")),
        ("0 tokens", Budget(0, "tokens")),
        ("5tokens", Budget(5, "tokens")),
        *((text, None) for text in ("$2.50", ".50", "2.50", "tokens", "-1 dollars", "1.5 tokens", "1e9 dollars", "")),
    ],
)
def test_a_budget_is_a_number_and_its_unit(text, budget):
    assert budget_of(text) == budget


def test_a_budget_says_what_it_is():
    assert str(Budget(2.5, "dollars")) == "2.50 dollars"
    assert str(Budget(200_000, "tokens")) == "200,000 tokens"


def test_an_estimate_is_above_what_tokenizers_make_of_a_prompt():
    text = "for row in range(len(y)):\n    wrong[row] = 0.0\n" * 20  # about 18 tokens for two lines
    assert upper_estimate(PRICED, text, 100).read > 1.1 * 18 * 20
    assert upper_estimate(PRICED, text, 100).written == 100


def test_dollars_are_not_guessed():
    estimate = upper_estimate(UNPRICED, "text", 10)
    assert estimate.dollars is None
    with pytest.raises(ValueError, match="unknown price"):
        estimate.amount("dollars")


def test_calls_under_way_count_at_their_upper_estimates():
    call = sent(PRICED)
    assert spent([call, call], "tokens") == 2 * (1064 + 1000)
    assert spent([call], "dollars") == pytest.approx((1064 + 10 * 1000) / 1e6)
    estimate = upper_estimate(PRICED, "x" * 2000, 1000)
    assert affordable(estimate, [call], Budget(2 * 2064, "tokens"))
    assert not affordable(estimate, [call], Budget(2 * 2064 - 1, "tokens"))


@pytest.mark.parametrize(
    ("outcome", "usage", "attempts", "tokens"),
    [
        ("ok", Usage(500, 100), 1, 600),
        ("truncated", Usage(500, 1000, estimated=True), 1, 1500),
        ("timeout", None, 1, 2064),  # it may have written all of it, and ask money for that
        ("closed", None, 1, 2064),
        ("closed", None, 0, 0),
        ("rate limited", None, 3, 0),
        ("unreachable", None, 1, 0),
        ("circuit open", None, 0, 0),
    ],
)
def test_a_call_is_charged_with_what_is_known_else_with_what_it_may_have_cost(outcome, usage, attempts, tokens):
    call = billed(sent(PRICED), PRICED, Completed(outcome, "", "", usage, 1.0, attempts))
    assert call.tokens == tokens
    assert call.outcome == outcome
    assert (call.cost > 0) == (tokens > 0)
