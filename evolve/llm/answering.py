"""Answering: a reply is read, checked, judged on fresh instances, and compared with its parents and the front."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from evolve.engine.evaluation import Evaluator
from evolve.engine.saving import restored
from evolve.llm.drafts import DraftError, draft_of
from evolve.llm.prompt import figures
from evolve.llm.replies import ReplyError
from evolve.variation import Context, with_imports
from fitness.limits import Limits
from fitness.programs import Compiled, compile_for
from fitness.score import Failed, Score
from fitness.statuses import MESSAGES
from population import Individual, normal_form_key, without_dead_code
from population.ranking import hypervolume, nondominated
from primitives.errors import ProgramError
from primitives.parser import parse
from primitives.text import text_of
from runs import Run
from runs.proposals import ACCEPTED, Proposal
from tasks import Purpose, Task

NEAR: Final = 1.1
"""Members of the front that need at most so many times the energy of a proposal are judged beside it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A proposal with its answer, and what is told beside.

    Attributes:
        proposal: not yet stored.
        notes: what was set right in the program.
        others: the parents, and those of the front that were judged, with their scores on the same instances.
        gain: the hypervolume that an accepted program adds to the front, on the same instances; 0 for others.
    """

    proposal: Proposal
    notes: tuple[str, ...] = ()
    others: tuple[Individual, ...] = ()
    gain: float = 0.0

    @property
    def accepted(self) -> bool:
        """Whether it goes into the search."""
        return self.proposal.outcome == ACCEPTED


def answered(run: Run, task: Task, asked: Proposal, reply: str, seed: int) -> Answered:
    """What comes of a reply.

    A program is accepted if it surely beats chance, and neither its parents nor a member of the front dominate it.

    Args:
        run: of the search.
        task: of the proposal's rung.
        asked: the proposal.
        reply: the answer.
        seed: of the fresh instances, which those who answered have not seen.

    Raises:
        RunError: the run lacks a parent.
        TaskError: the task breaks its own contract.
    """
    proposal = replace(asked, reply=reply, seed=seed, child=None, score=None, source=None, key=None)
    try:
        draft = draft_of(reply, asked.base, task.contract)
    except DraftError as error:
        return Answered(replace(proposal, outcome="rejected", detail=str(error), source=error.source))
    except ReplyError as error:
        return Answered(replace(proposal, outcome="unreadable", detail=str(error)))
    proposal = replace(proposal, source=draft.source)
    try:
        program, key, notes = _checked(draft.source, task)
    except ProgramError as error:
        return Answered(replace(proposal, outcome="rejected", detail=messages(error, draft.source)), draft.notes)
    proposal = replace(proposal, key=key)
    if notes:
        proposal = replace(proposal, source=_without_dead_code(draft.source, task))
    return replace(_judged(run, task, proposal, program, seed), notes=(*draft.notes, *notes))


def _checked(source: str, task: Task) -> tuple[Compiled, str, tuple[str, ...]]:
    """A program compiled without its dead code, its key, and what is to be said. Raises ProgramError."""
    compile_for(task, source)
    tree = parse(source)
    key = normal_form_key(tree, task.contract.names)
    bare = _without_dead_code(source, task)
    dead = ast.dump(ast.parse(bare)) != ast.dump(with_imports(tree))
    kept = bare if dead else source
    Context(parse(kept), task.contract)
    return compile_for(task, kept), key, ("left out code that has no effect",) if dead else ()


def _without_dead_code(source: str, task: Task) -> str:
    return text_of(with_imports(without_dead_code(parse(source), task.contract.names)))


def messages(error: ProgramError, source: str) -> str:
    """What the checker says of a program, each message with its line."""
    lines = source.split("\n")
    told = []
    for each in error.diagnostics:
        code = f"\n    {lines[each.line - 1].strip()}" if 0 < each.line <= len(lines) else ""
        told.append(f"{each}{code}")
    return "\n".join(told)


def failure(failed: Failed, source: str) -> str:
    """How a program failed, with the line where it did."""
    lines = source.split("\n")
    where = ""
    if failed.line is not None and 0 < failed.line <= len(lines):
        where = f" in line {failed.line}: {lines[failed.line - 1].strip()}"
    message = MESSAGES.get(failed.status)
    return f"{failed.status}{where}" + (f" ({message})" if message else "")


def _judged(run: Run, task: Task, proposal: Proposal, program: Compiled, seed: int) -> Answered:
    """Judge a program that the checker accepted, and compare it with the others."""
    assert proposal.key is not None and proposal.source is not None
    known = run.with_key(proposal.key, task.name)
    waiting = run.waiting(task.name)
    same = [each for each in waiting if each.key == proposal.key]
    if known is not None or same:
        which = f"#{known}" if known is not None else f"proposal {same[0].number}"
        return Answered(replace(proposal, outcome="known", detail=f"it does the same as {which}, in the same way"))
    evaluator = Evaluator(task, seed, run.energy[0])
    evaluator.limits = _limits(run, task, evaluator.limits)
    score = evaluator.score(program, Purpose.SELECTION)
    if isinstance(score, Failed):
        return Answered(replace(proposal, outcome=score.status, detail=failure(score, proposal.source)))
    proposal = replace(proposal, score=score)
    others = _others(run, task, proposal, score, evaluator)
    if score.accuracy_low <= task.chance:
        detail = f"{figures(score)}; that is not surely better than guessing"
        return Answered(replace(proposal, outcome="dominated", detail=detail), others=others)
    better = [each for each in others if not nondominated([each.score, score])[1]]
    if better:
        first = better[0]
        detail = f"{figures(score)}; #{first.id} is at least as good in everything: {figures(first.score)}"
        return Answered(replace(proposal, outcome="dominated", detail=detail), others=others)
    standing = [each.source for each in run.front(task.name).members]
    standing += [each.source for each in waiting if each.source is not None]
    gain = _gain(score, task, standing, evaluator)
    against = next((each for each in others if each.id in proposal.parents and each.score.energy > 0), None)
    detail = figures(score) + ("" if against is None else f"; {_against(score, against)}")
    return Answered(replace(proposal, outcome=ACCEPTED, detail=detail), others=others, gain=gain)


def _against(score: Score, parent: Individual) -> str:
    """How the energy compares with a parent's on the same instances; figures of different instances don't."""
    return f"{score.energy / parent.score.energy:.3f} times the energy of #{parent.id} on the same instances"


def _limits(run: Run, task: Task, otherwise: Limits) -> Limits:
    """What a program may use on the islands of a rung, which all allow the same."""
    rung = run.rungs().index(task.name)
    places = (restored(state).place for state in reversed(run.islands()))
    return next((each.limits for each in places if each.rung == rung), otherwise)


def _gain(score: Score, task: Task, standing: Sequence[str], evaluator: Evaluator) -> float:
    """The hypervolume that a score adds to that of the programs of a front, judged on the same instances."""
    judged = [evaluator.score(compile_for(task, each), Purpose.SELECTION) for each in standing]
    scores = [each for each in judged if isinstance(each, Score) and each.accuracy_low > task.chance]
    return hypervolume([*scores, score], evaluator.reference) - hypervolume(scores, evaluator.reference)


def _others(run: Run, task: Task, proposal: Proposal, score: Score, evaluator: Evaluator) -> tuple[Individual, ...]:
    """The parents, and those of the front that need about as little energy, judged on the same instances."""
    parents = [run.individual(each) for each in proposal.parents]
    near = [each for each in run.front(task.name).members if each.score.energy <= NEAR * score.energy]
    found = []
    for each in {each.id: each for each in (*parents, *near)}.values():
        try:
            compiled = compile_for(task, each.source)
        except ProgramError:  # a parent from another rung
            continue
        judged = evaluator.score(compiled, Purpose.SELECTION)
        if isinstance(judged, Score):
            found.append(replace(each, score=judged))
    return tuple(found)
