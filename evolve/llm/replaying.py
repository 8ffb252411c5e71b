"""Replaying a cassette: its replies are taken at the end of turns, in order, as if models had given them.

All islands rest then, and what is asked follows from the run alone: a deterministic search stays so. Each reply is
given once, to a request of its own kind about the programs that were shown when it was given, if they live here too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Final

import numpy as np

from evolve.llm.answering import Answered, answered
from evolve.llm.asking import AskingError, asked
from evolve.llm.cassette import Entry
from evolve.llm.costs import measuring
from evolve.llm.proposer import REPAIRED
from runs import Run, open_run
from runs.ledger import REPLAYED, Call, enter
from runs.proposals import Proposal
from tasks import Task

SHOWN: Final = 6
"""Replies that were not used that are named."""


class Replay:
    """A cassette that is played beside a search (`evolve.engine.Beside`).

    Args:
        directory: of the run.
        tasks: of its rungs, by name.
        entries: of the cassette.
        seed: of the search.
        each_turn: replies that are taken at the end of a turn.
    """

    def __init__(self, directory: Path, tasks: Mapping[str, Task], entries: Sequence[Entry], seed: int, each_turn: int):
        self._directory = directory
        self._tasks = tasks
        self._entries = tuple(entries)
        self._seed = seed
        self._each_turn = each_turn
        self._messages: deque[str] = deque()
        self._same = 0
        self._line = ""
        self._over = False
        with open_run(directory) as run:
            self._tell(run)

    @property
    def line(self) -> str:
        """How it goes."""
        return self._line

    def notices(self) -> list[str]:
        """What was said since this was asked last."""
        return [self._messages.popleft() for _ in range(len(self._messages))]

    def turn_over(self) -> None:
        """Take the next replies; after a search was killed meanwhile, those that are missing."""
        with open_run(self._directory) as run:
            turn = run.turns()
            played = [each for each in run.calls() if each.entry is not None]
            left = self._each_turn - sum(each.turn == turn for each in played)
            names = {each.entry for each in played}
            for number, entry in enumerate(self._entries):
                if left > 0 and entry.name not in names and self._play(run, number, entry, turn):
                    left -= 1
            self._tell(run)

    def over(self) -> None:
        """Say what was not used."""
        if self._over:
            return
        self._over = True
        with open_run(self._directory) as run:
            played = {each.entry for each in run.calls()}
        rest = [each.name for each in self._entries if each.name not in played]
        more = f" and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
        unused = f"; not used: {', '.join(rest[:SHOWN])}{more}" if rest else ""
        done = len(self._entries) - len(rest)
        self._messages.append(
            f"{done} of {len(self._entries)} replies were taken, {self._same} of them now to the prompt that they were "
            f"given to, to the letter{unused}"
        )

    def _play(self, run: Run, number: int, entry: Entry, turn: int) -> bool:
        """Give a reply, if there is something to ask that it answers."""
        rung = run.front().rung if entry.rung is None else entry.rung
        if rung not in run.rungs():
            return False
        seed, judging = np.random.SeedSequence(self._seed, spawn_key=(_REPLIES, number)).generate_state(2, np.uint64)
        proposal = self._asked(run, rung, entry, int(seed) >> 2)
        if proposal is None:
            return False
        self._same += proposal.prompt == entry.prompt
        outcome: Answered = answered(run, self._tasks[rung], proposal, entry.reply, int(judging) >> 2)
        call = Call(
            *(0, 0, rung, turn, entry.request, entry.model, 0.0, 0, time(), REPLAYED),
            estimated=False,
            gain=outcome.gain,
            entry=entry.name,
        )
        enter(self._directory, outcome.proposal, replace(call, trial=proposal.repairs or 0))
        return True

    def _asked(self, run: Run, rung: str, entry: Entry, seed: int) -> Proposal | None:
        """What the reply is given to; None if there is nothing."""
        repairs = None
        if entry.repairs is not None:
            number = next((each.proposal for each in run.calls() if each.entry == entry.repairs), None)
            if number is None or run.proposal(number).outcome not in REPAIRED:
                return None
            repairs = number
        found = [run.with_key(key, rung) for key in entry.parents]
        known = tuple(dict.fromkeys(each for each in found if each is not None))
        parents = known if len(known) == len(entry.parents) and repairs is None else ()
        costs = measuring(self._tasks[rung], seed, run.energy[0])
        try:
            task = self._tasks[rung]
            return asked(run, task, costs, seed=seed, request=entry.request, parents=parents, repairs=repairs)
        except AskingError:
            return None

    def _tell(self, run: Run) -> None:
        calls = [each for each in run.calls() if each.entry is not None]
        accepted = sum(bool(each.gain) for each in calls)
        self._line = f"models  {len(calls)} of {len(self._entries)} replies taken, {accepted} accepted"


_REPLIES: Final = 0x5245504C
"""A key of its own for the random numbers of replies."""
