"""`python -m benchmarks.search [RUNG] [--evaluations N]`: where the time of a search goes, candidate by candidate.

One island evolves in this process from the seeds, always the same for a seed. Times are of the processor. A stage does
not count what another stage within it takes; `variation` and `bookkeeping` are what is left of breeding, and of all.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest import mock

from evolve.engine import Configuration, Seed, batch, breeding
from evolve.engine.batch import run_batch
from evolve.engine.evaluation import Evaluator
from evolve.engine.founding import found
from evolve.engine.garbage import RareCollections
from evolve.engine.island import Island
from evolve.engine.racing import Race
from fitness.problem import Judged
from fitness.score import Failed, Score
from population import Individual
from primitives.seeds import seeds_for, source
from tasks import Purpose, Task, rung

RUNGS: Final = {"parity-20-3": 3000, "parity-6-1": 3000}
"""What is measured without a word to the contrary: children on each rung."""

EPOCH: Final = 1000
"""Children of an epoch, as in a search."""

STAGES: Final = {
    "variation": "children that were asked for",
    "parents' contexts": "",
    "energy by line": "first parents",
    "keys": "",
    "dead code": "",
    "compiling": "new programs",
    "hurdle: gate": "compiled",
    "racing on the full rung": "past the gate",
    "survival": "past the race",
    "selection": "leading",
    "epochs": "",
    "bookkeeping": "",
}
"""The stages in the order in which a candidate passes them, and who reaches them."""


@dataclass
class StageClock:
    """Processor seconds and entries by stage."""

    seconds: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    _stages: list[str] = field(default_factory=lambda: ["bookkeeping"])
    _since: float = field(default_factory=time.process_time)

    def _tick(self) -> None:
        now = time.process_time()
        self.seconds[self._stages[-1]] += now - self._since
        self._since = now

    def start(self) -> None:
        """Forget what was measured."""
        self.seconds.clear()
        self.entries.clear()
        self._since = time.process_time()

    def stop(self) -> None:
        """Count the time since the last change of stage."""
        self._tick()

    def timed(self, stage: str | Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose time counts for a stage; which one, its arguments may decide."""

        @functools.wraps(function)
        def measured(*args: Any, **kwargs: Any) -> Any:
            name = stage if isinstance(stage, str) else stage(*args, **kwargs)
            self._tick()
            self._stages.append(name)
            self.entries[name] += 1
            try:
                return function(*args, **kwargs)
            finally:
                self._tick()
                self._stages.pop()

        return measured


@contextmanager
def measuring(clock: StageClock) -> Iterator[None]:
    """Let the clock see the stages of every search in this process."""

    def purpose(_: Evaluator, __: object, purpose: Purpose, **more: object) -> str:
        return "selection" if purpose is Purpose.SELECTION else "epochs"

    stages: list[tuple[Any, str, str | Callable[..., str]]] = [
        (breeding.Breeding, "breed", "variation"),
        (breeding, "_context", "parents' contexts"),
        (Evaluator, "aim", "energy by line"),
        (breeding, "normal_form_key", "keys"),
        (breeding, "without_dead_code", "dead code"),
        (batch, "compile_for", "compiling"),
        (Evaluator, "gate", "hurdle: gate"),
        (Evaluator, "race", "racing on the full rung"),
        (Evaluator, "score", purpose),
        (Island, "tell", "survival"),
        (Island, "leads", "survival"),
        (Island, "drift", "survival"),
        (batch, "_renew", "epochs"),
        (batch, "_settle", "epochs"),
    ]
    with ExitStack() as patches:
        for where, name, stage in stages:
            patches.enter_context(mock.patch.object(where, name, clock.timed(stage, getattr(where, name))))
        yield


@dataclass(frozen=True)
class Search:
    """What a measured search did.

    Attributes:
        children: that were asked for.
        outcomes: how many came to what end.
        seconds, entries: by stage.
        cheapest: the energy of the cheapest program at the end that makes no errors, None if there is none.
    """

    children: int
    outcomes: Counter[str]
    seconds: Counter[str]
    entries: Counter[str]
    cheapest: float | None

    @property
    def distinct(self) -> int:
        """Children that were new programs."""
        return self.children - self.outcomes["nothing new"]

    @property
    def total(self) -> float:
        """Processor seconds of all."""
        return float(self.seconds.total())


def search(task: Task, children: int, seed: int = 0) -> Search:
    """A search on one island from the seeds of a task's family."""
    configuration = Configuration((task.name,), evaluations=children, seed=seed, islands=1, deterministic=True)
    evaluator = Evaluator(task, seed)
    programs = [Seed(name, source(name), required=False) for name in seeds_for(task.family)]
    (island,) = found(evaluator, 0, configuration, programs).islands
    run_batch(island, evaluator, 0, 1e9)
    clock, outcomes, made = StageClock(), Counter[str](), 0
    with measuring(clock), RareCollections():
        clock.start()
        while made < children:
            done = run_batch(island, evaluator, min(EPOCH, children - made), 1e9)
            made += done.children
            for (_, outcome), count in done.outcomes.items():
                outcomes[outcome] += count
            if made < children:
                island.next_epoch(())
        clock.stop()
    exact = [each.score.energy for each in island.population if each.score.accuracy == 1]
    return Search(made, outcomes, clock.seconds, clock.entries, min(exact, default=None))


def false_stops(task: Task, children: int, seed: int) -> str:
    """Judge all children in full, and say how many of those that survived or died their race would have stopped."""
    stopped: list[str] = []
    ends: Counter[tuple[str, bool]] = Counter()
    verdict, race, tell = Race.verdict, Evaluator.race, Island.tell

    def lenient(self: Race, judged: Sequence[Judged]) -> None:
        reason = verdict(self, judged)
        if reason is not None:
            stopped.append(reason)

    def started(*args: Any) -> Score | Failed:
        stopped.clear()
        return race(*args)

    def told(*args: Any) -> Individual | None:
        born = tell(*args)
        ends["died" if born is None else "survived", bool(stopped)] += 1
        return born

    with ExitStack() as patches:
        for where, name, new in ((Race, "verdict", lenient), (Evaluator, "race", started), (Island, "tell", told)):
            patches.enter_context(mock.patch.object(where, name, new))
        search(task, children, seed)
    counts = [
        f"{ends[end, True]:,} of {ends[end, True] + ends[end, False]:,} that {end}" for end in ("died", "survived")
    ]
    return f"{task.name}, seed {seed}: races would have stopped {' and '.join(counts)}"


def report(task: Task, measured: Search) -> None:
    """Print where the time went."""
    total, distinct = measured.total, measured.distinct
    rate = f"{distinct / total:,.0f} distinct candidates a second, {measured.children / total:,.0f} children"
    cheapest = "" if measured.cheapest is None else f"; the cheapest exact program, dmc: {measured.cheapest:,.0f}"
    print(f"{task.name}: {measured.children:,} children, {distinct:,} distinct, {total:.1f} s of the processor")
    print(f"    {rate}{cheapest}")
    for stage, who in STAGES.items():
        seconds, entries = measured.seconds[stage], measured.entries[stage]
        each = f"{1e3 * seconds / entries:8.3f} ms each of {entries:,} {who}" if entries else ""
        share = f"{100 * seconds / total:5.1f} %  {1e6 * seconds / max(distinct, 1):7.0f} us a candidate"
        print(f"    {stage:<24} {share} {each}".rstrip())
    ends = ", ".join(f"{outcome} {count:,}" for outcome, count in measured.outcomes.most_common())
    print(f"    ends: {ends}", flush=True)


def run() -> None:
    """All rungs."""
    for name, children in RUNGS.items():
        report(rung(name), search(rung(name), children))


def main() -> None:
    """Measure one rung, or those that are measured usually."""
    parser = argparse.ArgumentParser(description="Measure where the time of a search goes.")
    parser.add_argument("rung", nargs="?", help="a rung of the ladder; else " + " and ".join(RUNGS))
    parser.add_argument("--evaluations", type=int, default=3000, help="children to make")
    parser.add_argument("--seed", type=int, default=0, help="of the search")
    parser.add_argument("--races", action="store_true", help="say how often races stop one that would have survived")
    options = parser.parse_args()
    if options.rung is None:
        run()
    elif options.races:
        print(false_stops(rung(options.rung), options.evaluations, options.seed))
    else:
        report(rung(options.rung), search(rung(options.rung), options.evaluations, options.seed))


if __name__ == "__main__":
    main()
