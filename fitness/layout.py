"""What `fitness.placing` takes: the layout of a learner's instance, and where a learner takes it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fitness.arguments import Arrangement, Placement
from fitness.placing import Ints, Layout
from primitives.block import Slot
from primitives.code import Entry
from primitives.learner import Learner


def layout(fit: Arrangement, queries: Arrangement) -> Layout:
    """The layout of what `fit` is given, and of the queries."""
    x, y, symbols, classes = fit.arguments
    shapes: list[int] = []
    scattered = []
    for index, where in ((0, x), (1, y)):
        assert isinstance(where, Placement)
        seen = fit.visible[index]
        plain = isinstance(seen, range) and seen.step == 1
        shapes += [where.buffer, where.offset, *where.shape, *where.strides]
        shapes += [seen.start if isinstance(seen, range) else 0, len(seen), int(plain)]
        scattered.append(np.zeros(0, np.int64) if plain else np.asarray(seen, dtype=np.int64)[::-1].copy())
    where = queries.arguments[0]
    assert isinstance(where, Placement)
    shapes += [where.buffer, where.offset, *where.shape, *where.strides, 0, 0, 1]
    second = fit.buffers[1] if len(fit.buffers) > 1 else np.zeros(0, np.uint8)
    assert isinstance(symbols, int)
    assert isinstance(classes, int)
    seen_x, seen_y = scattered
    return Layout(fit.buffers[0], second, queries.buffers[0], np.array(shapes), seen_x, seen_y, symbols, classes)


def registers_of(learner: Learner) -> Ints:
    """The registers of a learner, and two cells.

    Those of the arguments of `fit`, of all queries, of the one that is asked, and the counter and the count of the loop
    over them; then the cells of the two scalars among the arguments of `fit`, -1 for one that stays control.
    """
    fit = learner.code.entries["fit"].parameters
    loop = learner.queries, learner.query, learner.counter, learner.count
    return np.array([*(slot.register for slot in fit), *loop, *(slot.cell for slot in fit[2:])], dtype=np.int64)


def data_scalars(instance: Layout, fit: Entry) -> Iterator[tuple[Slot, int]]:
    """The arguments that go on the stack before the arrays, the last one first: what the program makes data."""
    symbols, classes = fit.parameters[2:]
    for slot, value in ((classes, instance.classes), (symbols, instance.symbols)):
        if slot.cell >= 0:
            yield slot, value
