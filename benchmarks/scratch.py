"""`python -m benchmarks.scratch RUNG`: after how many children a search from the blank program passes a rung's gate.

For each seed islands evolve in this process, as in a deterministic search, until an individual passes the gate on
instances that neither selection nor the front has seen, and the gates of the larger sizes. `--from FILE...` starts from
other programs than the blank one.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evolve.engine.batch import run_batch
from evolve.engine.configuration import ISLANDS, Configuration
from evolve.engine.evaluation import Evaluator
from evolve.engine.garbage import RareCollections
from evolve.engine.island import Island, Place, settled
from fitness.gate import larger_gates
from fitness.programs import compile_for
from fitness.score import Score
from population import Individual, normal_form_key, ring
from tasks import Purpose, Task
from tasks.ladder import rung


@dataclass(frozen=True, slots=True)
class Trial:
    """One search: what it made, how long that took, and the first individual that passed, None if none did."""

    children: int
    seconds: float
    found: Individual | None
    best: float
    outcomes: Counter[str]


def passes(task: Task, evaluator: Evaluator, source: str, seed: int) -> bool:
    """Whether a program passes the gate of a task on fresh instances, and those of its larger sizes."""
    judged = evaluator.score(compile_for(task, source), Purpose.VERIFICATION)
    if not isinstance(judged, Score) or judged.accuracy_low < task.gate:
        return False
    return all(each.passed for each in larger_gates(task, source, seed))


def search(task: Task, sources: Sequence[str], seed: int, children: int, options: argparse.Namespace) -> Trial:
    """Search until the first individual passes, or so many children have been made."""
    began = time.process_time()
    evaluator = Evaluator(task, seed)
    starts = []
    for number, source in enumerate(sources):
        score = evaluator.score(compile_for(task, source), Purpose.SEARCH)
        if isinstance(score, Score):
            key = normal_form_key(ast.parse(source), task.contract.names)
            starts.append(Individual(number, key, source, (), "start", score))
    islands = [
        settled(_place(number, len(starts), task, evaluator, options), seed, starts)
        for number in range(options.islands)
    ]
    outcomes: Counter[str] = Counter()
    made, epoch, best = 0, 0, 0.0
    while made < children:
        for island in islands:
            left = options.epoch
            while left > 0:
                batch = run_batch(island, evaluator, min(left, 250), float("inf"))
                left -= batch.children
                made += batch.children
                for (_, status), count in batch.outcomes.items():
                    outcomes[status] += count
                for each in batch.born:
                    best = max(best, each.score.accuracy)
                    if each.score.accuracy_low >= task.gate and passes(task, evaluator, each.source, seed):
                        return Trial(made, time.process_time() - began, each, best, outcomes)
        epoch += 1
        if options.verbose:
            _report(epoch, made, islands, time.process_time() - began)
        arrivals = ring([each.archive.members for each in islands], options.migrants, task.chance, task.gate)
        for island, those in zip(islands, arrivals, strict=True):
            island.next_epoch(those)
    return Trial(made, time.process_time() - began, None, best, outcomes)


def _place(number: int, first: int, task: Task, evaluator: Evaluator, options: argparse.Namespace) -> Place:
    return Place(number, options.islands, first, options.population, task.chance, task.gate, evaluator.limits)


def _report(epoch: int, made: int, islands: Sequence[Island], seconds: float) -> None:
    for island in islands:
        scores = sorted((each.score.accuracy for each in island.population), reverse=True)
        lengths = [each.source.count("\n") for each in island.population]
        print(
            f"  {epoch:4d} {made:8d} {seconds:7.1f}s island {island.place.number}: {len(scores)} from {scores[0]:.3f} "
            f"over {scores[len(scores) // 2]:.3f} to {scores[-1]:.3f}; lines {min(lengths)}-{max(lengths)}",
            flush=True,
        )


def main() -> None:
    """Search with several seeds and print what each took."""
    usual = Configuration(("parity-4-1",), evaluations=0)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rung")
    parser.add_argument("--seeds", type=int, default=10, help="searches, with the seeds from --first on")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--children", type=int, default=100_000, help="to make at most for each seed")
    parser.add_argument("--islands", type=int, default=ISLANDS)
    parser.add_argument("--population", type=int, default=usual.population)
    parser.add_argument("--epoch", type=int, default=usual.epoch, help="children of an island between migrations")
    parser.add_argument("--migrants", type=int, default=usual.migrants)
    parser.add_argument("--from", dest="sources", nargs="*", default=[], metavar="FILE", help="programs to start from")
    parser.add_argument("--keep", type=Path, help="a directory to write the programs found to")
    parser.add_argument("--verbose", action="store_true", help="a line for each island at the end of every epoch")
    options = parser.parse_args()
    task = rung(options.rung)
    sources = [Path(each).read_text() for each in options.sources] or [task.contract.blank]
    passed = 0
    for seed in range(options.first, options.first + options.seeds):
        with RareCollections():
            trial = search(task, sources, seed, options.children, options)
        passed += trial.found is not None
        verdict = "passes" if trial.found else f"best in selection {trial.best:.3f}"
        print(
            f"seed {seed}: {trial.children:,} children, {trial.seconds:.0f} s of the processor: {verdict}", flush=True
        )
        if options.verbose:
            print("  " + ", ".join(f"{name} {count:,}" for name, count in trial.outcomes.most_common()))
            print(trial.found.source if trial.found else "")
        if options.keep and trial.found:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{task.name}-{seed}.py").write_text(trial.found.source)
    print(f"{passed} of {options.seeds} seeds pass {task.name} and its larger sizes")


if __name__ == "__main__":
    main()
