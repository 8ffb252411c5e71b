"""What `evolve propose --reply` says of an answer."""

from __future__ import annotations

from evolve.cli.figures import change
from evolve.cli.run_tasks import quoted
from evolve.llm.answering import Answered
from evolve.llm.prompt import figures
from runs import Run

SHOWN = 8
"""Others that are listed beside a proposal."""


def report(answered: Answered, run: Run, number: int) -> str:
    """The outcome of an answer in lines, with what to do next.

    Args:
        answered: the outcome.
        run: of the proposal.
        number: under which it is stored.
    """
    proposal = answered.proposal
    lines = [f"proposal {number}: {proposal.outcome}"]
    lines += [f"  {each}" for each in answered.notes]
    lines += [f"  {line}" for line in proposal.detail.split("\n")]
    if proposal.score is not None and answered.others:
        lines.append(f"on the same {proposal.score.instances} fresh instances (seed {proposal.seed}):")
        for each in answered.others[:SHOWN]:
            whose = "parent" if each.id in proposal.parents else "front"
            by = change(each.score.energy, proposal.score.energy)
            lines.append(
                f"  {whose} #{each.id}: {figures(each.score)}; against it the proposal's energy is {by or '='}"
            )
        if len(answered.others) > SHOWN:
            lines.append(f"  and {len(answered.others) - SHOWN} more of the front")
    lines.append(_next(answered, quoted(run), number))
    return "\n".join(lines) + "\n"


def _next(answered: Answered, run: str, number: int) -> str:
    if answered.accepted:
        return (
            "It waits in the run. A search that is going on takes it in soon; otherwise:\n"
            f"  evolve search --resume {run}"
        )
    if answered.proposal.outcome in ("dominated", "known"):
        return f"Ask for another one:\n  evolve propose {run}"
    return f"Ask for a repair:\n  evolve propose {run} --operator repair --proposal {number}"
