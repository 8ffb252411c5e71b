"""Accepted proposals of a run come onto islands: between batches, or if a search is deterministic between turns.

Whoever proposes judges it too, and leaves it in the run (`runs.proposals`); the search alone gives it a number. Before
its island makes the next child it is judged there on the instances of the epoch, and survives or not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from evolve.engine.climbing import Ladder, Rung
from evolve.engine.island import Island
from evolve.variation import Context
from fitness.programs import compile_for
from population import Individual
from primitives.errors import ProgramError
from primitives.parser import parse
from runs import Birth, Store
from runs.proposals import ACCEPTED, Proposal


def take_in(ladder: Ladder, busy: Collection[int], noticed: Callable[[str], object]) -> None:
    """Let proposals that wait for an open rung arrive there, each on one island in turn.

    Args:
        ladder: of the search.
        busy: the numbers of islands that are with workers: those who should arrive there wait on.
        noticed: is told of each.

    Raises:
        RunError: the run can't be written.
    """
    for rung in ladder.rungs:
        waiting = [
            (each, rung.islands[each.number % len(rung.islands)]) for each in ladder.store.waiting(rung.task.name)
        ]
        able = [(proposal, island) for proposal, island in waiting if island.place.number not in busy]
        if able:
            with ladder.store.transaction():
                for proposal, island in able:
                    _arrive(proposal, rung, island, ladder, noticed)
                ladder.keep([island for _, island in able])


def _arrive(proposal: Proposal, rung: Rung, island: Island, ladder: Ladder, noticed: Callable[[str], object]) -> None:
    """Let one proposal arrive, or say in its row why it does not."""
    reason = _refusal(proposal, rung, island)
    if reason is not None:
        ladder.store.settle(proposal.number, None, "not taken in", reason)
        noticed(f"proposal {proposal.number} is not taken in: {reason}")
        return
    born = _born(proposal, island)
    island.arrivals += (born,)
    island.keys.add(born.key)
    _keep(
        ladder.store,
        proposal,
        born,
        Birth(rung.task.name, island.place.number, island.epoch, proposal.seed, ladder.progress.seconds),
    )
    noticed(f"proposal {proposal.number} is #{born.id} now, on island {island.place.number} of {rung.task.name}")


def _refusal(proposal: Proposal, rung: Rung, island: Island) -> str | None:
    """Why a proposal can't live on an island, None if it can. A run may have been written by another version."""
    assert proposal.source is not None and proposal.key is not None
    if any(proposal.key == each.key for each in (*island.population, *island.arrivals)):
        return f"the same program lives on island {island.place.number} already"
    try:
        compile_for(rung.task, proposal.source)
        Context(parse(proposal.source), rung.task.contract)
    except ProgramError as error:
        return f"it can't be compiled: {error.diagnostics[0]}"
    return None


def _born(proposal: Proposal, island: Island) -> Individual:
    """The individual of a proposal, with the island's next id."""
    assert proposal.source is not None and proposal.key is not None and proposal.score is not None
    place = island.place
    number = place.first + island.births * place.islands + place.number
    island.births += 1
    operator = f"proposed {proposal.request}"
    return Individual(number, proposal.key, proposal.source, proposal.parents, operator, proposal.score)


def _keep(store: Store, proposal: Proposal, born: Individual, birth: Birth) -> None:
    settled = replace(proposal, child=born.id)
    store.add([born], birth)
    store.settle(proposal.number, born.id, ACCEPTED, settled.detail)
    store.note("proposal", {"proposal": proposal.number, "id": born.id, "rung": birth.rung, "seconds": birth.seconds})
