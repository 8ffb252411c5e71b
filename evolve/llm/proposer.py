"""The proposer: it asks models for programs while a search runs, judges them, and leaves accepted ones in the run.

It works in a process of its own (`evolve.llm.process`): the machine holds Python's lock while a program runs, so a
thread of the driver that judged would stop a search in one process for as long.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from evolve.chat import Completed, Message, Model, Question
from evolve.llm.answering import answered
from evolve.llm.asking import AskingError, asked, possible
from evolve.llm.bandit import Arm, Trial, drawn, trials_in
from evolve.llm.budget import upper_estimate
from evolve.llm.costs import measuring
from evolve.llm.health import Health
from evolve.llm.paying import affordable, billed
from evolve.llm.plan import DEADLINE, MOST, Plan
from evolve.llm.standing import Standing, standing_of
from runs import Run
from runs.ledger import Call, enter, settle
from runs.proposals import UNANSWERED, Proposal
from tasks import Task

Ask = Callable[[Question], Completed]

PAUSE: Final = 0.5
"""Seconds after which it looks around when nothing comes."""

REPAIRED: Final = ("rejected", "unreadable")
"""Outcomes of proposals that go back to their model once, with what was wrong."""

TYPICAL: Final = (4000, 800)
"""Tokens read and written that a call is expected to have before there was one."""


class _Asked(NamedTuple):
    """A call under way."""

    proposal: Proposal
    call: Call
    model: Model


class Proposer:
    """Asks models, and judges what they reply.

    Args:
        run: of the search, which has begun.
        tasks: of its rungs, by name.
        plan: what it does.
        ask: asks a model, whatever happens; from several threads at a time.
        noticed: is told what a person should know.
        clock: of seconds.
    """

    def __init__(
        self,
        run: Run,
        tasks: Mapping[str, Task],
        plan: Plan,
        ask: Ask,
        noticed: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ):
        self._run = run
        self._tasks = tasks
        self._plan = plan
        self._models = {each.name: each for each in plan.models}
        self._ask = ask
        self._noticed = noticed
        self._health = Health(clock)
        self._pool = ThreadPoolExecutor(plan.parallel, thread_name_prefix="call")
        self._under_way: dict[Future[Completed], _Asked] = {}
        self._repairs: list[tuple[Proposal, Call]] = []
        self._dear: set[str] = set()
        self._excess: dict[str, float] = {}
        self._draws = len(run.calls())

    @property
    def standing(self) -> Standing:
        """How it goes."""
        return standing_of(self._run.calls(), self._plan, self._accepted(), self._health.troubles)

    def finish_judging(self) -> None:
        """Judge replies that were stored, but not judged before a search was killed."""
        calls = {each.proposal: each for each in self._run.calls()}
        for proposal in self._run.unjudged():
            if proposal.number in calls and proposal.rung in self._tasks:
                self._judge(proposal, calls[proposal.number])

    def step(self) -> bool:
        """Send as many calls as may be under way, and take what has come; whether there is more to do.

        Raises:
            RunError: the run can't be read or written.
            TaskError: a task breaks its own contract.
        """
        while len(self._under_way) < self._plan.parallel and self._send():
            pass
        if not self._under_way:
            if len(self._dear) == len(self._models):
                return False
            time.sleep(PAUSE)
            return True
        done, _ = wait(self._under_way, timeout=PAUSE, return_when=FIRST_COMPLETED)
        for each in done:
            self._take(self._under_way.pop(each), each.result())
        return True

    def _send(self) -> bool:
        """Send a call, if there is something to ask, and a model for it."""
        drawing = self._drawing()
        try:
            if self._repairs:
                broken, before = self._repairs.pop(0)
                model, task = self._models[before.model], self._tasks[broken.rung]
                proposal = self._proposal(task, drawing, "repair", broken.number)
                return self._sent(proposal, model, drawing, before.trial)
            task = self._tasks[self._run.front().rung]
            busy = Counter(each.model.name for each in self._under_way.values())
            arms = [
                Arm(model.name, request)
                for model in self._plan.models
                if model.name not in self._dear and self._health.free(model.name, busy[model.name])
                for request in possible(self._run, task)
            ]
            if not arms:
                return False
            arm = drawn(arms, self._trials(), self._expected, drawing)
            proposal = self._proposal(task, drawing, arm.request)
            return self._sent(proposal, self._models[arm.model], drawing)
        except AskingError:
            return False

    def _trials(self) -> list[Trial]:
        return trials_in(self._run.calls(), self._plan.priced)

    def _expected(self, arm: Arm) -> float:
        """What a call is expected to cost, in dollars or thousands of tokens."""
        if self._plan.priced:
            return self._models[arm.model].cost(*TYPICAL) or 0.0
        return sum(TYPICAL) / 1000

    def _drawing(self) -> np.random.Generator:
        """Random numbers for the next call; they are others after a search was resumed, too."""
        self._draws += 1
        return np.random.default_rng(np.random.SeedSequence(self._plan.seed, spawn_key=(_CALLS, self._draws)))

    def _proposal(self, task: Task, drawing: np.random.Generator, request: str, repairs: int | None = None) -> Proposal:
        seed = int(drawing.integers(2**62))
        costs = measuring(task, seed, self._run.energy[0])
        return asked(self._run, task, costs, seed=seed, request=request, repairs=repairs)

    def _sent(self, proposal: Proposal, model: Model, drawing: np.random.Generator, trial: int = 0) -> bool:
        """Send a call if the budget pays it whatever comes back."""
        estimate = upper_estimate(model, proposal.prompt, MOST, self._excess.get(model.name, 1.0))
        if not affordable(estimate, self._run.calls(self._plan.since), self._plan.budget):
            self._dear.add(model.name)
            return len(self._dear) < len(self._models)
        temperature = float(drawing.choice(self._plan.temperatures))
        turn = self._run.turns()
        call = Call(
            *(0, trial, proposal.rung, turn, proposal.request, model.name, temperature, MOST, time.time()),
            read=estimate.read,
            written=estimate.written,
            cost=estimate.dollars,
        )
        proposal, call = enter(self._run.directory, proposal, call)
        question = Question(model, (Message("user", proposal.prompt),), temperature, MOST, DEADLINE)
        self._under_way[self._pool.submit(self._ask, question)] = _Asked(proposal, call, model)
        return True

    def _take(self, what: _Asked, completed: Completed) -> None:
        """Store what came of a call, and judge its reply."""
        self._dear.clear()
        call, model = billed(what.call, what.model, completed), what.model
        more = max(call.read / what.call.read, call.written / what.call.written)
        self._excess[model.name] = self._excess.get(model.name, 1.0) * max(1.0, more)
        for message in self._health.after(model.name, completed):
            self._noticed(message)
        if not completed.ok:
            detail = f"{completed.outcome}: {completed.detail}"
            proposal = replace(what.proposal, outcome=UNANSWERED, detail=detail, reply=completed.text or None)
            settle(self._run.directory, proposal, call)
            return
        proposal = replace(what.proposal, reply=completed.text)
        settle(self._run.directory, proposal, call)
        self._judge(proposal, call)

    def _judge(self, proposal: Proposal, call: Call) -> None:
        """Judge a reply; what could not be understood, or was rejected, goes back to its model once."""
        assert proposal.reply is not None
        seed = int(self._drawing().integers(2**62))
        outcome = answered(self._run, self._tasks[proposal.rung], proposal, proposal.reply, seed)
        settle(self._run.directory, outcome.proposal, replace(call, gain=outcome.gain))
        if outcome.proposal.outcome in REPAIRED and proposal.repairs is None and call.model in self._models:
            self._repairs.append((outcome.proposal, call))

    def _accepted(self) -> int:
        return sum(bool(each.gain) for each in self._run.calls())


_CALLS: Final = 0x43414C4C
"""A key of its own for the random numbers of calls."""
