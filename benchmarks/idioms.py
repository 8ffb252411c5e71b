"""`python -m benchmarks.idioms [--count N]`: how many of so many idioms, inserted once each, make a learner of one bit.

They are inserted into a program that answers with the first bit of a query, and judged on `parity-6-1`.
"""

from __future__ import annotations

import argparse
import ast
from typing import Final

import numpy as np

from evolve.engine.evaluation import Evaluator
from evolve.variation import BY_NAME, Context
from fitness.programs import compile_for
from fitness.score import Score
from primitives.errors import ProgramError
from tasks import Purpose, Task, rung

BEFORE: Final = "def fit(x, y, n_symbols, n_classes):\n    return 0\n\n\ndef predict(a, q):\n    return q[a]\n"


def learns(task: Task, evaluator: Evaluator, tree: ast.Module) -> bool:
    """Whether a program surely passes the gate of a task."""
    try:
        program = compile_for(task, tree)
    except ProgramError:
        return False
    if evaluator.trial(program).accuracy != 1.0:  # of a few queries, in a hundredth of the time
        return False
    judged = evaluator.score(program, Purpose.SEARCH)
    return isinstance(judged, Score) and judged.accuracy_low >= task.gate


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.idioms", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="idioms (default: %(default)s)")
    count, task = parser.parse_args().count, rung("parity-6-1")
    evaluator, generator = Evaluator(task, 0), np.random.default_rng(0)
    context, operator = Context(ast.parse(BEFORE)), BY_NAME["insert idiom"]
    children = (operator.vary(context, generator) for _ in range(count))
    found = sum(child is not None and learns(task, evaluator, child) for child in children)
    print(f"{found:,} of {count:,} idioms make a learner of one bit, judged on {task.name}")


if __name__ == "__main__":
    main()
