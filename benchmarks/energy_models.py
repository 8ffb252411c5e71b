"""Speed of the LRU stack and of the offline energy models, in exact accesses a second."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import best_seconds, rate
from fitness import lru, models
from fitness.kernels import kernel
from fitness.trace import INPUT, KEEP, NEW, READ, USE, WRITE, Trace

CELLS = 100_000
READS = 10_000_000


@kernel
def read_all(state, bits, tree, position, owner, cells, width, table):
    energy = 0.0
    for index in range(cells.size):
        energy += lru.cost(lru.read(state, bits, tree, position, owner, cells[index], width), width, table)
    return energy


@kernel
def combine_all(state, bits, tree, position, owner, cells, width, table, temporary):
    """For each cell `read x; write a temporary; take it`, as in `x * 2 + 1`."""
    energy = 0.0
    for index in range(cells.size):
        energy += lru.cost(lru.read(state, bits, tree, position, owner, cells[index], width), width, table)
        lru.push(state, bits, tree, position, owner, temporary, width)
        energy += lru.cost(lru.take(state, bits, tree, position, owner, temporary, width), width, table)
    return energy


def access_patterns(generator: np.random.Generator) -> dict[str, NDArray[np.int32]]:
    """Numbers of the cells read, by the name of the pattern."""
    return {
        "in order": (np.arange(READS) % CELLS).astype(np.int32),
        "uniform": generator.integers(0, CELLS, READS, np.int32),
        "Zipf 1.2": np.minimum(generator.zipf(1.2, READS) - 1, CELLS - 1).astype(np.int32),
        "uniform over 64 cells": generator.integers(0, 64, READS, np.int32),
    }


def stack_of(cells: int, width: int) -> lru.Stack:
    stack = lru.allocate(cells + 1, (cells + 1) * width)
    lru.push_range(*stack, 0, cells, width, True)
    return stack


def bench_stack(generator: np.random.Generator) -> None:
    """Reads of an array, priced by `dmc`."""
    table = lru.cost_table()
    for width in (1, 8):
        for name, cells in access_patterns(generator).items():
            stack = stack_of(int(cells.max()) + 1, width)
            seconds = best_seconds(lambda s=stack, c=cells, w=width: read_all(*s, c, w, table))
            rate(f"LRU stack, {width}-byte cells, {name}", READS, seconds)
        stack, cells = stack_of(4, width), np.arange(READS, dtype=np.int32) % 4
        seconds = best_seconds(lambda s=stack, c=cells, w=width: combine_all(*s, c, w, table, 4))
        rate(f"LRU stack, {width}-byte cells, 4 scalars and temporaries", 2 * READS, seconds)


def random_reads(generator: np.random.Generator) -> Trace:
    """Memory events: 100,000 cells are written, then read 10^6 times in any order."""
    kind = np.repeat(np.array([WRITE, READ], np.uint8), [CELLS, 1_000_000])
    cell = np.concatenate([np.arange(CELLS), generator.integers(0, CELLS, 1_000_000)])
    return Trace(kind, np.zeros(len(kind), np.int32), cell, np.ones(len(kind), np.uint8))


def matrix_product(n: int) -> Trace:
    """Value events of C = A B: `s = A[i][0] * B[0][j]`, then `s = s + A[i][k] * B[k][j]`."""
    a, b = np.arange(2 * n * n).reshape(2, n, n)
    rows = [(INPUT, value) for value in (*b.flat, *a.flat)]
    fresh = 2 * n * n
    for i in range(n):
        for j in range(n):
            rows += [(USE, a[i, 0]), (USE, b[0, j]), (NEW, fresh)]
            for k in range(1, n):
                rows += [(USE, a[i, k]), (USE, b[k, j]), (NEW, fresh + 1)]
                rows += [(USE, fresh), (USE, fresh + 1), (NEW, fresh + 2)]
                fresh += 2
            fresh += 1
    rows += [(KEEP, 2 * n * n + (2 * n - 1) * (cell + 1) - 1) for cell in range(n * n)]
    kind, value = np.array(rows, np.int64).T
    width = np.full(len(rows), 8, np.uint8)
    return Trace(kind.astype(np.uint8), np.zeros(len(rows), np.int32), value.copy(), width)


def bench_models(generator: np.random.Generator) -> None:
    """Whole traces, offline."""
    reads = random_reads(generator)
    rate(
        "dmc offline, 10^6 random reads of 10^5 cells", 1_000_000, best_seconds(lambda: models.get("dmc").price(reads))
    )
    model = models.get("bytedmd")
    for size in (16, 32, 48):
        product = matrix_product(size)
        uses, energy = int((product.kind == USE).sum()), model.price(product).sum()
        seconds = best_seconds(lambda p=product: model.price(p))
        rate(f"bytedmd v{model.version}, product of {size} x {size} matrices ({energy:,.0f})", uses, seconds)


def run() -> None:
    """All of it."""
    random = np.random.default_rng(0)
    bench_stack(random)
    bench_models(random)
