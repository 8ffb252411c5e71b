"""Judging programs on a task: which instances, which limits, and the cheap gate before them."""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from evolve.engine.draws import Draws
from evolve.engine.island import Conduct, Place
from evolve.engine.racing import NOBODY, Floats, Race, Rivals, figures, rivals
from fitness import models
from fitness.limits import Limits, limits_of
from fitness.line_energy import energy_by_line
from fitness.measure import ONLINE
from fitness.problem import Judged, Problem, judge, problem, unpriced
from fitness.programs import Compiled, compile_for, learner
from fitness.score import Failed, Score, judged_on, streams, summary, unreachable
from fitness.traced import judge_traced
from population import Individual, Reference
from primitives.errors import ProgramError
from tasks import Examples, Instance, Purpose, Task, instances

GATE_QUERIES: Final = 24
GATE_DEVIATIONS: Final = 2.0
"""How many standard deviations above chance a program must be on the gate's queries."""

STEP_SECONDS: Final = 1e-8
"""Calibrated seconds of a step in the reference point: more than nearly any program takes on average."""

MOST_KNOWN: Final = 1000
"""Individuals whose figures on the epoch's instances are kept."""

MOST_AIMED: Final = 512
"""Parents whose energy by line is kept."""

FEW: Final = 4
"""Instances on which rivals are judged first that were judged elsewhere."""

PRICED: Final = 16
"""Instances of the search on which costs are counted: they differ less between instances than success does."""

TRACED: Final = 8
"""Instances of the search and of selection on which a model that needs traces is asked."""

ROOM: Final = 32
"""How many times the cost of a program that passes the gate a search lets others use."""


class Hurdle(NamedTuple):
    """What came of the cheap gate before a program is judged.

    Attributes:
        refusal: why it is not worth more; None if it is.
        conduct: what it did there; None if it was refused.
    """

    refusal: str | None
    conduct: Conduct | None = None


class Evaluator:
    """Judges programs on the instances of an epoch, the first one until `start` names another.

    Programs can't see the seed, nor is an instance of one purpose or epoch ever one of another.

    Accuracies for the search come from all instances, larger ones too (`evolve.engine.draws`), costs from the first
    `PRICED`: the plain build of the machine takes a third of the time of the one that prices. Where each instance is a
    trial, accuracies of the front come from at least `CERTAIN`, costs from as many as the task says.

    The energy of scores is that of a model. `dmc` is priced while programs run. Others price traces, which takes tens
    of times as long: they are asked once a program is known to be accurate enough, and for the search and for selection
    on the first `TRACED` instances alone, for verification on all. The limit on energy, and what counts as the same
    behaviour at the gate, remain those of `dmc`.

    Args:
        task: to judge on.
        seed: of the search.
        energy: the name of the model.
    """

    def __init__(self, task: Task, seed: int, energy: str = ONLINE):
        self.task = task
        self.limits = limits_of(task.budget)
        self.reference = Reference(task.chance, task.budget.steps * STEP_SECONDS, task.budget.energy)
        self.epoch = 0
        self._seed = seed
        self._traced = None if energy == ONLINE else judge_traced(models.get(energy))
        self._draws = Draws(task, seed)
        self._gate: tuple[Problem, float] | None = None
        self._figures: dict[str, Floats] = {}
        self._aims: dict[ast.Module, Mapping[int, float]] = {}
        self._standing: tuple[Sequence[Individual], Rivals] = (), NOBODY

    def cap(self, steps: float, energy: float) -> None:
        """Let programs use no more than `ROOM` times as much, if the budget is larger.

        Budgets leave room for programs that are far from the best; in a search they would only take time.

        Args:
            steps: of one instance, of a program that passes the gate, or that was promoted from the rung below.
            energy: likewise, in `dmc`; a search by another model knows none.
        """
        budget = limits_of(self.task.budget)
        steps, energy = math.ceil(steps * ROOM), energy * ROOM
        if self._traced is not None:
            energy = budget.energy
        self.limits = replace(budget, steps=min(budget.steps, steps), energy=min(budget.energy, energy))

    def start(self, epoch: int) -> None:
        """Judge on the instances of an epoch from now on; they are drawn when they are needed."""
        self._draws.start(epoch, self.limits.steps)
        if epoch != self.epoch:
            self.epoch = epoch
            self._gate = None
            self._figures.clear()
            self._aims.clear()

    def _first_gate(self) -> tuple[Problem, float]:
        """A few queries of the first instance, or all of an episode, and the accuracy that they demand."""
        if self._gate is None:
            first: Instance = next(iter(instances(self.task, Purpose.SEARCH, self._seed, 1, self.epoch)))
            chance, count = self.task.chance, 1
            if isinstance(first, Examples):
                first = replace(first, queries=first.queries[:GATE_QUERIES], answers=first.answers[:GATE_QUERIES])
                count = len(first.answers)
            threshold = min(1.0, chance + GATE_DEVIATIONS * (chance * (1 - chance) / count) ** 0.5)
            self._gate = problem(first), threshold
        return self._gate

    def trial(self, program: Compiled) -> Judged:
        """Run a program on a few queries of one instance."""
        return self._judged_at_gate(program, self.limits)

    def _judged_at_gate(self, program: Compiled, limits: Limits) -> Judged:
        return judge(program, self._first_gate()[0], limits, streams(self._seed, 1)[0])

    def gate(self, program: Compiled, demanding: bool, standing: Rivals = NOBODY) -> Hurdle:
        """Try a program on a few queries of one instance: whether it is worth more.

        A demanding gate also turns away a program that answers these no better than a guess. One that goes on for long
        is turned away if it has already cost far more than one of its rivals on a whole instance; otherwise it may go
        on to its limits.

        Args:
            program: compiled for the task.
            demanding: whether a guess is turned away.
            standing: whom it has to displace.
        """
        judged = self._tried(program, standing)
        if isinstance(judged, str):
            return Hurdle(judged)
        if judged.status != "ok":
            return Hurdle(judged.status)
        assert judged.accuracy is not None
        if demanding and judged.correct is not None and judged.accuracy < self._first_gate()[1]:
            return Hurdle("at chance")
        return Hurdle(None, _conduct(judged))

    def _tried(self, program: Compiled, standing: Rivals) -> Judged | str:
        """What a program does on the gate, if it is not dominated long before it comes to an end."""
        steps = standing.patience
        if steps is not None and steps < self.limits.steps and self._traced is None:
            judged = self._judged_at_gate(program, replace(self.limits, steps=steps))
            if judged.status != "out_of_steps":
                return judged
            if standing.cheaper(judged.seconds, judged.energy):
                return "dominated"
        return self.trial(program)

    def score(self, program: Compiled, purpose: Purpose, demand: float = 0.0, key: str | None = None) -> Score | Failed:
        """The score of a program on this epoch's instances for a purpose.

        Those for verification are the same in all epochs: neither the search nor the front has seen them.

        Args:
            program: compiled for the task.
            purpose: of the instances.
            demand: what its `accuracy_low` must be; one that can't reach it has failed, `inaccurate`.
            key: of an individual that others will race against.
        """
        return self._score(program, purpose, demand, NOBODY, key)

    def rivals(self, place: Place, population: tuple[Individual, ...]) -> Rivals:
        """Whom a child has to displace on an island."""
        if self._standing[0] is not population:
            self._standing = population, rivals(population, place.size, place.chance, place.gate)
        return self._standing[1]

    def race(self, program: Compiled, key: str, demand: float, standing: Rivals) -> Score | Failed:
        """The score of a child on this epoch's instances for the search, unless it surely won't survive.

        Args:
            program: compiled for the task.
            key: of the child.
            demand: what its `accuracy_low` must be; a child that can't reach it has failed, `inaccurate`.
            standing: whom it has to displace; it has failed if it surely can't (`evolve.engine.racing.Race.verdict`).
        """
        return self._score(program, Purpose.SEARCH, demand, standing, key)

    def _score(
        self, program: Compiled, purpose: Purpose, demand: float, standing: Rivals, key: str | None
    ) -> Score | Failed:
        """Judge on all instances, on the first ones with costs; what is cheaper to find out comes first."""
        drawn, larger = self._draws.own(purpose), self._draws.larger(purpose)
        count, instances = min(self._priced(purpose), len(drawn)), len(drawn) + len(larger)
        accurate = unreachable(self.task, instances, demand)
        race = Race(standing, self._known, count, instances)
        judged = partial(judged_on, program, limits=self.limits, seed=self._seed)

        def accuracies(before: list[Judged] | Failed) -> list[Judged] | Failed:
            if not isinstance(before, Failed):
                before = judged(drawn, verdict=accurate, judging=unpriced, before=before)
            if isinstance(before, Failed) or not larger:
                return before
            limits = self._draws.limits(self.limits)
            return judged([*drawn, *larger], verdict=accurate, judging=unpriced, before=before, limits=limits)

        priced: list[Judged] | Failed
        if self._traced is None:
            priced = judged(drawn[:count], verdict=lambda so_far: accurate(so_far) or race.verdict(so_far))
            whole = accuracies(priced)
        else:
            whole = priced = accuracies([])
            if not isinstance(whole, Failed):
                priced = judged(drawn[:count], verdict=race.verdict, judging=self._traced)
        if isinstance(priced, Failed):
            return priced
        if isinstance(whole, Failed):
            return whole
        if key is not None and purpose is Purpose.SEARCH:
            self._keep(key, figures(priced))
        return summary(whole, self.task, priced)

    def _priced(self, purpose: Purpose) -> int:
        """How many of the instances for a purpose, the first ones, costs are counted on."""
        if self._traced is not None and purpose is not Purpose.VERIFICATION:
            return TRACED
        return PRICED if purpose is Purpose.SEARCH else self.task.instances

    def aim(self, parent: Individual, tree: ast.Module) -> Mapping[int, float]:
        """What each line of a parent costs on the first instance of the search, in `dmc`; nothing if it is not known.

        It is known of those alone that surely pass the gate: of others accuracy decides whether their children survive.
        It follows from the epoch and the program, whatever was asked before.

        Args:
            parent: an individual with its score.
            tree: what it carries; the lines are those of this tree.
        """
        if parent.score.accuracy_low < self.task.gate:
            return {}
        if tree not in self._aims:
            if len(self._aims) >= MOST_AIMED:
                del self._aims[next(iter(self._aims))]
            self._aims[tree] = self._energy_by_line(tree)
        return self._aims[tree]

    def _energy_by_line(self, tree: ast.Module) -> Mapping[int, float]:
        contract = self.task.contract
        try:
            compiled = Compiled(contract, learner(tree)) if contract.functions is None else compile_for(self.task, tree)
        except ProgramError:
            return {}
        first = self._draws.own(Purpose.SEARCH)[0]
        return energy_by_line(compiled, first, self.limits, streams(self._seed, 1)[0])[1]

    def _keep(self, key: str, known: Floats) -> None:
        if len(self._figures) >= MOST_KNOWN:
            del self._figures[next(iter(self._figures))]
        self._figures[key] = known

    def _known(self, individual: Individual, count: int) -> Floats:
        """What an individual did on the first so many instances of the search; it may have been judged elsewhere."""
        known = self._figures.get(individual.key)
        if known is None or len(known) < count:
            drawn = self._draws.own(Purpose.SEARCH)[: FEW if count <= FEW else self._priced(Purpose.SEARCH)]
            compiled, randoms = compile_for(self.task, individual.source), streams(self._seed, len(drawn))
            judging = self._traced or judge
            pairs = zip(drawn, randoms, strict=True)
            known = figures([judging(compiled, each, self.limits, random) for each, random in pairs])
            self._keep(individual.key, known)
        return known[:count]


def _conduct(judged: Judged) -> Conduct:
    answered = repr(judged.accuracy) if judged.correct is None else judged.correct.tobytes().hex()
    text = f"{judged.energy!r} {answered}"
    return Conduct(hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), judged.steps)
