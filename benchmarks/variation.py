"""`python -m benchmarks.variation`: how many children of every operator are in the language, and how long one takes.

Children of the seed programs and the blank one, and of their descendants in chains of accepted children. A chain makes
one child after the other with operators drawn at random and goes on with each that the checker accepts. Times are of
the processor, and include what a first child has to find out about its parent.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evolve.variation import OPERATORS, Context, Operator
from fitness import learner
from population import normal_form_key
from primitives.errors import ProgramError
from primitives.seeds import SEEDS, source
from tasks import LEARNER

LONGEST = 200
"""Statements up to which a chain goes on with a child: a search does not keep longer programs either."""


@dataclass(slots=True)
class Tally:
    """Children that were made, were in the language, and the times it found nothing to vary; seconds in all."""

    made: int = 0
    sound: int = 0
    nothing: int = 0
    seconds: float = 0.0
    compiling: float = 0.0
    naming: float = 0.0

    @property
    def rate(self) -> str:
        """The share of sound children, in percent."""
        return f"{100 * self.sound / self.made:.1f}" if self.made else "-"

    @property
    def milliseconds(self) -> float:
        """The time of a child."""
        return 1e3 * self.seconds / max(self.made + self.nothing, 1)


def programs() -> dict[str, Context]:
    """The seeds and the blank program, each with the next one beside it."""
    texts = {name: source(name) for name in sorted(SEEDS)} | {"blank": LEARNER.blank}
    contexts = {name: Context(ast.parse(text)) for name, text in texts.items()}
    others = [*list(contexts.values())[1:], next(iter(contexts.values()))]
    return {name: context.beside(other) for (name, context), other in zip(contexts.items(), others, strict=True)}


def child_of(operator: Operator, context: Context, generator: np.random.Generator, tally: Tally) -> ast.Module | None:
    """A child, counted and timed; None if there is none that is in the language."""
    start = time.process_time()
    child = operator.vary(context, generator)
    tally.seconds += time.process_time() - start
    if child is None:
        tally.nothing += 1
        return None
    tally.made += 1
    start = time.process_time()
    normal_form_key(child)
    tally.naming += time.process_time() - start
    start = time.process_time()
    try:
        learner(child)
    except ProgramError:
        return None
    finally:
        tally.compiling += time.process_time() - start
    tally.sound += 1
    return child


def of_seeds(count: int) -> dict[str, Tally]:
    """Children of the programs themselves, `count` of each by every operator."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for number, (name, context) in enumerate(programs().items()):
        for operator in OPERATORS:
            generator = np.random.default_rng([number, len(name)])
            for _ in range(count):
                child_of(operator, context, generator, tallies[operator.name])
    return tallies


def of_chains(generations: int, count: int, tries: int = 3) -> tuple[dict[str, Tally], list[int]]:
    """Children in chains, of which each generation makes a few; the tallies and the final lengths in statements."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    lengths = []
    for seed in range(count):
        for number, start in enumerate(programs().values()):
            generator = np.random.default_rng([seed, number])
            context = start
            for _ in range(generations):
                for child in _generation(context, generator, tries, tallies):
                    accepted = context.accepts(child)
                    if accepted is not None and _length(accepted) <= LONGEST:
                        context = accepted
                        break
            lengths.append(_length(context))
    return tallies, lengths


def _generation(
    context: Context, generator: np.random.Generator, tries: int, tallies: dict[str, Tally]
) -> Iterator[ast.Module]:
    children = []
    for _ in range(tries):
        operator = OPERATORS[generator.integers(len(OPERATORS))]
        children.append(child_of(operator, context, generator, tallies[operator.name]))
    yield from (child for child in children if child is not None)


def _length(context: Context) -> int:
    return sum(len(scope.inspected.before) for scope in context.scopes)


def total(tallies: Sequence[Tally]) -> Tally:
    """All of some tallies together."""
    fields = ("made", "sound", "nothing", "seconds", "compiling", "naming")
    return Tally(*(sum(getattr(tally, field) for tally in tallies) for field in fields))


def main() -> None:
    """Print the rates and times of all operators."""
    parser = argparse.ArgumentParser(description="Measure the operators of variation.")
    parser.add_argument("--children", type=int, default=30, help="of every program by every operator")
    parser.add_argument("--chains", type=int, default=12, help="from every program")
    parser.add_argument("--generations", type=int, default=50, help="of a chain")
    options = parser.parse_args()
    seeds = of_seeds(options.children)
    chains, lengths = of_chains(options.generations, options.chains)
    print("| operator | of seeds | in the language | in chains | in the language | nothing to vary | ms a child |")
    print("|---|---|---|---|---|---|---|")
    for operator in OPERATORS:
        first, second = seeds[operator.name], chains[operator.name]
        idle = 100 * second.nothing / max(second.made + second.nothing, 1)
        print(
            f"| {operator.name} | {first.made} | {first.rate} % | {second.made} | {second.rate} % | {idle:.0f} % "
            f"| {second.milliseconds:.2f} |"
        )
    first, second = total(list(seeds.values())), total(list(chains.values()))
    idle = 100 * second.nothing / (second.made + second.nothing)
    print(f"| all | {first.made} | {first.rate} % | {second.made} | {second.rate} % | {idle:.0f} % ", end="")
    print(f"| {second.milliseconds:.2f} |")
    print(f"\nAt their ends chains have {np.mean(lengths):.0f} statements on average, {max(lengths)} at most.")
    print(f"Compiling a child takes {1e3 * second.compiling / second.made:.2f} ms, ", end="")
    print(f"its key {1e3 * second.naming / second.made:.2f} ms.")


if __name__ == "__main__":
    main()
