"""The shape of the public sparse-parity challenge: `solve(x, y, n_bits, k_sparse)` on -1 and +1.

Any learner of parity will do: what it has learned is read off its predictions. A bit is secret if changing it changes
the answer, which needs a learner that answers the same query always the same.
"""

from __future__ import annotations

from typing import Final

from runs.export import pure_main
from runs.export.module import Code
from runs.export.state import depends_on_state
from runs.export.trial import ShapeError
from runs.export.words import Words
from tasks import Task
from tasks.parity import SparseParity

_SOLVE: Final = '''\
def solve(x, y, n_bits, k_sparse):
    """Find the secret columns of a sparse parity of values -1 and +1.

    Args:
        x: values -1 and +1, shape (rows, n_bits).
        y: of each row the product of its secret columns, shape (rows,).
        n_bits: columns.
        k_sparse: how many of them are secret.

    Returns:
        The numbers of the secret columns, a sorted list of k_sparse ints.
    """
    bits, classes = (np.asarray(x) < 0).astype(np.uint8), (np.asarray(y) < 0).astype(np.uint8)
    model = fit(bits, classes, 2, 2)
    changes = np.zeros(n_bits, dtype=np.int64)
    for query in bits[:16].copy():  # a secret column is one whose change changes the answer
        answer = predict({model}, query)
        for column in range(n_bits):
            query[column] ^= 1
            changes[column] += predict({model}, query) != answer
            query[column] ^= 1
    return sorted(np.argsort(-changes, kind="stable")[:k_sparse].tolist())'''

_MAIN: Final = """\
if __name__ == "__main__":
    generator = np.random.default_rng(int(sys.argv[1]) if sys.argv[1:] else None)
    secret = sorted(generator.choice({n}, {k}, replace=False).tolist())
    x = generator.choice([-1.0, 1.0], ({rows}, {n}))
    y = x[:, secret].prod(axis=1)
    start = time.perf_counter()
    found = solve(x, y, {n}, {k})
    seconds = time.perf_counter() - start
    print(f"secret {{secret}}, found {{found}}, {{1000 * seconds:.1f}} ms")"""


def parity_challenge(code: Code, task: Task, source: str, seed: int) -> tuple[str, str]:
    """The texts of `solve` and of `__main__`.

    Raises ShapeError if the program does not learn parity, or its predictions depend on those before.
    """
    if not isinstance(task, SparseParity):
        raise ShapeError(f"--as parity-challenge is for learners of sparse parity, and {task.name} is another task")
    if depends_on_state(task, source, seed):
        raise ShapeError(
            "its predictions depend on the queries before (it adapts, or draws random numbers), so that no secret can "
            "be read off them; --as module keeps them in order"
        )
    model = "model" if code.parts == 1 else "*model"
    pure = code.words is Words.PURE
    solve, main = (pure_main.SOLVE, pure_main.SOLVE_MAIN) if pure else (_SOLVE, _MAIN)
    return solve.format(model=model), main.format(n=task.n, k=task.k, rows=task.rows)
