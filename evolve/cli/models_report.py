"""What `evolve front` and `evolve show` say of language models: what calls have cost, and who made an individual."""

from __future__ import annotations

from collections.abc import Sequence

from runs import Run
from runs.ledger import REPLAYED, Call


def costs_line(calls: Sequence[Call]) -> str:
    """What the calls of a run have cost, in all and for each program that was accepted; empty if there are none."""
    replayed = [each for each in calls if each.outcome == REPLAYED]
    paid = [each for each in calls if each.outcome != REPLAYED]
    parts = []
    if paid:
        accepted = sum(bool(each.gain) for each in paid)
        parts.append(f"{_count(len(paid), 'call')}, {accepted} accepted; {_costs(paid, accepted)}")
    if replayed:
        accepted = sum(bool(each.gain) for each in replayed)
        parts.append(f"{_count(len(replayed), 'reply', 'replies')} of a cassette, {accepted} accepted")
    return f"Language models: {'; '.join(parts)}." if parts else ""


def _costs(calls: Sequence[Call], accepted: int) -> str:
    """Dollars where prices are known, and tokens where they are not, never in one figure."""
    known = [each for each in calls if each.cost is not None]
    unknown = [each for each in calls if each.cost is None]
    dollars, tokens = sum(each.cost or 0.0 for each in known), sum(each.tokens for each in unknown)
    figures = []
    if known:
        each = f" (${dollars / accepted:,.4f} for each that was accepted)" if accepted and not unknown else ""
        figures.append(f"${dollars:,.4f} for {sum(one.tokens for one in known):,} tokens{each}")
    if unknown:
        each = f" ({tokens / accepted:,.0f} for each that was accepted)" if accepted and not known else ""
        figures.append(f"{tokens:,} tokens at unknown prices{each}")
    estimated = sum(one.estimated for one in calls)
    rest = f"; {_count(estimated, 'of them is an estimate', 'of them are estimates')}" if estimated else ""
    return " and ".join(figures) + rest


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def maker(run: Run, number: int) -> str:
    """Which model proposed an individual, and what it was asked for; empty if none did."""
    proposal = run.proposal_of(number)
    if proposal is None:
        return ""
    calls = run.calls_of(proposal.number)
    if not calls:
        return f"{proposal.request}, proposal {proposal.number}, answered with `evolve propose`"
    call = calls[-1]
    if call.outcome == REPLAYED:
        return f"{call.model}, {proposal.request}, proposal {proposal.number}, replayed"
    cost = f"{call.tokens:,} tokens" + ("" if call.cost is None else f", ${call.cost:,.4f}")
    return f"{call.model}, {proposal.request} at temperature {call.temperature:g}, proposal {proposal.number}, {cost}"
