"""Asking: which programs of a run are shown, and the prompt about them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from math import isclose
from textwrap import shorten
from typing import Final

import numpy as np

from evolve.llm.prompt import Shown, Situation, prompt
from evolve.llm.requests import REQUESTS, Request
from fitness.score import Score
from population import Individual
from runs import Run
from runs.lineage import lineage
from runs.proposals import ACCEPTED, ASKED, UNANSWERED, Proposal
from runs.rendering import rendered
from tasks import Task

TRIED: Final = 6
"""Proposals that are told of: of the same parents, or else the last ones."""

RECENT: Final = 60
"""Proposals among which these are looked for."""

CHANGED: Final = 8
"""Lines of a change that are told."""

SAID: Final = 200
"""Characters that are told of what a reply says about its idea."""

ALIKE: Final = 0.02
"""Part by which energies or times differ between programs that are told apart."""

AS_ACCURATE: Final = 0.004
"""By how much their accuracies differ otherwise."""

STEPS: Final = 4
"""Of the lineage that are told."""

MOST: Final = 3
"""Programs that are shown."""

Costs = Callable[[Individual, str], dict[int, float]]
"""Measures the energy of the lines of an individual's program as it is shown."""


class AskingError(ValueError):
    """What was asked for can't be asked of this run; the message says why."""


def asked(
    run: Run,
    task: Task,
    costs: Costs,
    *,
    seed: int,
    request: str | None = None,
    parents: Sequence[int] = (),
    repairs: int | None = None,
) -> Proposal:
    """A proposal that is to be answered; it is not stored.

    Args:
        run: of the search.
        task: of the rung that it is for.
        costs: measures programs.
        seed: of what is drawn.
        request: the name of what is asked for, None to draw it.
        parents: the ids of the individuals to show, from one to three; none to draw them from the front.
        repairs: the number of the proposal to repair; None for the last one that did not work.

    Raises:
        AskingError: there is nobody to show, or too many are named; or there is nothing to repair.
        RunError: the run has no such individual, or the rung is not open.
    """
    generator = np.random.default_rng(seed)
    front = run.front(task.name).members
    if request == "repair" or repairs is not None:
        return _repair(run, task, costs, front, seed, repairs)
    if len(set(parents)) != len(parents) or len(parents) > MOST:
        raise AskingError(f"at most {MOST} different programs can be shown")
    known = {each.id: each for each in front}
    chosen = [known.get(number) or run.individual(number) for number in parents]
    pool = chosen or _pool(run, task, front)
    wanted = _request(request, len(pool), generator)
    if len(pool) < wanted.parents:
        raise AskingError(f"{wanted.name} needs {wanted.parents} programs, and there is {len(pool)}")
    if not chosen:
        picked = generator.choice(len(pool), size=wanted.parents, replace=False)
        chosen = [pool[int(each)] for each in picked]
    shown = [_shown(run, each, costs) for each in chosen]
    ids = tuple(each.id for each in chosen)
    text = prompt(_situation(run, task, front, ids), shown, wanted)
    return Proposal(task.name, wanted.name, ids, seed, text, shown[0].text)


def _pool(run: Run, task: Task, front: Sequence[Individual]) -> list[Individual]:
    """Who may be shown: of the front those that pass the gate, or all of it, but no twins; before it the seeds."""
    able = [each for each in front if each.score.accuracy_low >= task.gate]
    found = told_apart(able or front) or list(run.seeds())
    if not found:
        raise AskingError("the search has no program yet; ask again when it has begun")
    return found


def told_apart(members: Sequence[Individual]) -> list[Individual]:
    """Of programs that do about as well in everything the first only; they are mostly one in several spellings."""
    kept: list[Individual] = []
    for each in members:
        if not any(_alike(each.score, other.score) for other in kept):
            kept.append(each)
    return kept


def _alike(one: Score, other: Score) -> bool:
    near = abs(one.accuracy - other.accuracy) <= AS_ACCURATE
    return (
        near and isclose(one.energy, other.energy, rel_tol=ALIKE) and isclose(one.seconds, other.seconds, rel_tol=ALIKE)
    )


def _request(name: str | None, available: int, generator: np.random.Generator) -> Request:
    if name is not None:
        return REQUESTS[name]
    possible = [each for each in REQUESTS.values() if each.drawn and each.parents <= available]
    return possible[int(generator.integers(len(possible)))]


def _repair(run: Run, task: Task, costs: Costs, front: Sequence[Individual], seed: int, number: int | None) -> Proposal:
    """A request to repair a proposal that did not work."""
    working = (ASKED, UNANSWERED, ACCEPTED, "dominated", "known", "not taken in")
    broken = [each for each in run.proposals() if each.outcome not in working and each.rung == task.name]
    if number is not None:
        broken = [each for each in broken if each.number == number]
    if not broken:
        which = "none that failed" if number is None else f"no proposal {number} that failed"
        raise AskingError(f"there is nothing to repair: the run has {which} on {task.name}")
    last = broken[-1]
    known = {each.id: each for each in front}
    shown = [_shown(run, known.get(each) or run.individual(each), costs) for each in last.parents]
    base = last.source or last.base
    text = prompt(_situation(run, task, front, last.parents), shown, REQUESTS["repair"], (base, last.detail))
    return Proposal(task.name, "repair", last.parents, seed, text, base, repairs=last.number)


def possible(run: Run, task: Task) -> tuple[str, ...]:
    """The names of the requests that can be drawn, with as many programs as there are.

    Raises:
        AskingError: there is nobody to show.
        RunError: the rung is not open.
    """
    available = len(_pool(run, task, run.front(task.name).members))
    return tuple(each.name for each in REQUESTS.values() if each.drawn and each.parents <= available)


def _situation(run: Run, task: Task, front: Sequence[Individual], parents: Sequence[int]) -> Situation:
    """What is told of the run beside the programs: what came of proposals from the same parents first of all."""
    name, version = run.energy
    recent = run.answered(task.name, RECENT)
    akin = [each for each in recent if {*parents} & {*each.parents, each.child}]
    chosen = {each.number for each in [*recent[-TRIED:], *akin][-TRIED:]}
    return Situation(task, f"{name} v{version}", front, [_tried(each) for each in recent if each.number in chosen])


def _tried(proposal: Proposal) -> str:
    """A proposal and what came of it, in words."""
    whom = ", ".join(f"#{each}" for each in proposal.parents)
    text = f"{proposal.request} of {whom}: {proposal.outcome}; {proposal.detail}".replace("\n", "\n  ")
    changed = _changed(proposal.base, proposal.source) if proposal.source is not None else []
    idea = [] if changed or proposal.reply is None else idea_of(proposal.reply)
    return "\n".join([text, *(f"    {each}" for each in changed), *idea])


def idea_of(reply: str) -> list[str]:
    """What a reply says before its program or edits, cut short, as a line; none if it says nothing."""
    said = " ".join(re.split(r"^\s*(?:`{3,}|~{3,}|<{5,})", reply, maxsplit=1, flags=re.MULTILINE)[0].split())
    return [f"  its idea: {shorten(said, SAID, placeholder=' ...')}"] if said else []


def _changed(before: str, after: str) -> list[str]:
    """The lines of a small change; nothing for one that is not small."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    found = [each for each in lines if not each.startswith(("---", "+++", "@@"))]
    return found if len(found) <= CHANGED else []


def _shown(run: Run, individual: Individual, costs: Costs) -> Shown:
    """An individual laid out, with its energy by line and the last steps of its lineage."""
    line = lineage(run, individual.id)
    written = len(line) == 1 or individual.operator.startswith("proposed ")
    text = individual.source if written else rendered(individual.source)
    steps = [f"{each.operator} gave #{each.id} (energy {each.score.energy:,.0f})" for each in line[-STEPS:]]
    return Shown(individual, text, costs(individual, text), steps if len(line) > 1 else ())
