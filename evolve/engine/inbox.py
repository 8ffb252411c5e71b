"""Accepted proposals of a run come onto islands: between turns, when no island is under way.

Whoever proposes judges it too, and leaves it in the run (`runs.proposals`); the search alone gives it a number. It is
judged with all who live on its island, as a migrant is, and survives or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evolve.engine.climbing import Ladder, Rung, welcome
from evolve.engine.island import Island
from evolve.variation import Context
from fitness.programs import compile_for
from population import Individual
from primitives.errors import ProgramError
from primitives.parser import parse
from runs import Birth, Store
from runs.proposals import ACCEPTED, Proposal


def take_in(ladder: Ladder, noticed: Callable[[str], object]) -> None:
    """Let all proposals that wait for an open rung arrive there, each on one island in turn.

    Args:
        ladder: of the search; none of its islands is with a worker.
        noticed: is told of each.

    Raises:
        RunError: the run can't be written.
    """
    for rung in ladder.rungs:
        waiting = ladder.store.waiting(rung.task.name)
        if waiting:
            with ladder.store.transaction():
                for proposal in waiting:
                    _arrive(proposal, rung, ladder, noticed)
                ladder.keep(rung.islands)


def _arrive(proposal: Proposal, rung: Rung, ladder: Ladder, noticed: Callable[[str], object]) -> None:
    """Let one proposal arrive, or say in its row why it does not."""
    island = rung.islands[proposal.number % len(rung.islands)]
    reason = _refusal(proposal, rung, island)
    if reason is not None:
        ladder.store.settle(proposal.number, None, "not taken in", reason)
        noticed(f"proposal {proposal.number} is not taken in: {reason}")
        return
    born = _born(proposal, island)
    welcome(island, [born])
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
