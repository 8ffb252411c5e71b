"""The LRU kernels agree with a plain list, whatever is done to the stack."""

import math
from decimal import Decimal, localcontext
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitness import lru

WIDTHS = (1, 2, 4, 8)
CELLS = 24
cells = st.integers(0, CELLS - 1)
widths = st.sampled_from(WIDTHS)
OPERATIONS = ("touch", "touch", "touch", "measure", "take", "remove", "rewrite", "rewrite", "rename")
operations = st.tuples(st.sampled_from(OPERATIONS), cells, cells, widths)


class ListStack:
    """Cells and widths in a list, the top last."""

    def __init__(self):
        self.entries = []

    def width(self, cell):
        return dict(self.entries).get(cell)

    def distance(self, cell):
        above = self.entries[self.place(cell) + 1 :]
        return sum(width for _, width in above)

    def place(self, cell):
        return [entry for entry, _ in self.entries].index(cell)

    def push(self, cell, width):
        self.entries.append((cell, width))

    def remove(self, cell):
        del self.entries[self.place(cell)]

    def rename(self, old, new):
        place = self.place(old)
        self.entries[place] = (new, self.entries[place][1])


def short_stack(cells, slots):
    """A stack with a timeline so short that it is compacted every few pushes."""
    stack = lru.allocate(cells, 8 * cells)
    stack.state[lru.CAPACITY] = slots
    return stack


def apply(stack, model, operation, cell, other, width):
    """Do one thing to the stack and to the list, and compare what they say."""
    present = model.width(cell)
    if present is None:
        lru.push(*stack, cell, width)
        model.push(cell, width)
    elif operation == "touch":
        assert lru.read(*stack, cell, present) == model.distance(cell)
        model.remove(cell)
        model.push(cell, present)
    elif operation == "measure":
        assert lru.distance(*stack, cell, present) == model.distance(cell)
    elif operation == "take":
        assert lru.take(*stack, cell, present) == model.distance(cell)
        model.remove(cell)
    elif operation == "remove":
        lru.remove(*stack, cell, present)
        model.remove(cell)
    elif operation == "rewrite":
        lru.rewrite(*stack, cell, present, width)
        model.remove(cell)
        model.push(cell, width)
    elif model.width(other) is None:
        lru.replace(*stack, cell, other)
        model.rename(cell, other)


def assert_same(stack, model):
    for cell, width in model.entries:
        assert lru.distance(*stack, cell, width) == model.distance(cell)
    assert np.bitwise_count(stack.bits).sum() == sum(width for _, width in model.entries)


@given(st.lists(operations, max_size=200), st.sampled_from((64, 128, 512, 4096)))
def test_every_distance_is_that_of_a_list(script, slots):
    stack, model = short_stack(CELLS, slots), ListStack()
    for step in script:
        apply(stack, model, *step)
    assert_same(stack, model)


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from((40, 400, 1500)))
def test_long_histories_with_growing_timelines(seed, count):
    random, stack, model = Random(seed), short_stack(count, 256), ListStack()
    for _ in range(2500):
        operation = random.choice(OPERATIONS)
        apply(stack, model, operation, random.randrange(count), random.randrange(count), random.choice(WIDTHS))
    assert_same(stack, model)


@given(st.lists(st.tuples(st.integers(0, 40), widths, st.booleans()), max_size=8), st.data())
def test_ranges_enter_and_leave_like_their_cells_one_by_one(ranges, data):
    total = sum(count for count, _, _ in ranges)
    stack, model, starts, first = short_stack(total, 128), ListStack(), [], 0
    for count, width, descending in ranges:
        lru.push_range(*stack, first, count, width, descending)
        for cell in reversed(range(count)) if descending else range(count):
            model.push(first + cell, width)
        starts.append((first, count, width))
        first += count
    for cell, width in data.draw(st.permutations(model.entries)):
        apply(stack, model, "touch", cell, cell, width)
    for first, count, width in data.draw(st.permutations(starts))[: len(starts) // 2]:
        lru.remove_range(*stack, first, count, width)
        for cell in range(first, first + count):
            model.remove(cell)
    assert_same(stack, model)


def test_a_stack_that_was_reset_is_empty():
    stack, model = lru.allocate(20_000, 160_000), ListStack()
    lru.push_range(*stack, 0, 20_000, 8, False)
    lru.reset(*stack)
    assert not stack.bits.any()
    for cell in range(300):
        apply(stack, model, "touch", cell, cell, 4)
    assert_same(stack, model)


def test_large_stacks_have_the_distances_of_a_formula():
    count = 300_000
    for width in (1, 8):
        stack = lru.allocate(count, count * width)
        lru.push_range(*stack, 0, count, width, True)
        for cell in range(0, count, 997):
            assert lru.distance(*stack, cell, width) == cell * width
        for cell in reversed(range(0, count, 997)):
            assert lru.read(*stack, cell, width) == (cell + (count - 1 - cell) // 997) * width


def test_a_stack_may_be_full():
    stack, model, random = lru.allocate(456, 2048), ListStack(), Random(1)
    for cell in range(456):
        apply(stack, model, "touch", cell, cell, 8 if cell % 2 and cell < 455 else 1)
    free = 2048 - sum(width for _, width in model.entries)
    assert 0 <= free < 8
    assert stack.state[lru.ALLOCATED] == 4096
    for _ in range(4000):
        apply(stack, model, "touch", random.randrange(456), 0, 1)
    assert_same(stack, model)


def test_cells_that_nobody_touches_stay_where_they_are():
    count = 100_000
    stack = lru.allocate(count, count)
    lru.push_range(*stack, 0, count, 1, True)
    places = stack.position.copy()
    hot = Random(2).sample(range(count), 300)
    for _ in range(2000):
        for cell in hot:
            lru.read(*stack, cell, 1)
    assert stack.state[lru.CAPACITY] < 2000 * len(hot)  # so that it was compacted
    cold = np.setdiff1d(np.arange(count), hot)
    assert (stack.position[cold] == places[cold]).mean() > 0.9
    assert [lru.distance(*stack, cell, 1) for cell in hot] == list(range(len(hot)))[::-1]
    assert lru.distance(*stack, int(cold[-1]), 1) == count - 1


def test_temporaries_do_not_use_up_the_timeline():
    stack = lru.allocate(3, 24)
    lru.push(*stack, 0, 8)
    for _ in range(3):
        lru.push(*stack, 1, 8)
        lru.push(*stack, 2, 1)
        assert lru.take(*stack, 2, 1) == 0
        assert lru.take(*stack, 1, 8) == 0
    assert stack.state[lru.TOP] == 8


@given(st.one_of(st.integers(0, 2 * lru.TABLE_SIZE), st.integers(0, 1 << 31)), widths)
def test_the_cost_is_the_sum_of_roots_to_14_digits(distance, width):
    with localcontext() as context:
        context.prec = 40
        exact = sum(Decimal(distance + byte).sqrt() for byte in range(1, width + 1))
        assert abs(Decimal(lru.cost(distance, width, lru.cost_table())) / exact - 1) < Decimal("1e-14")


def test_one_byte_costs_its_root_exactly():
    table = lru.cost_table()
    for distance in (0, 1, 2, 3, 4095, 4096, 10**6, 10**9):
        assert lru.cost(distance, 1, table) == math.sqrt(distance + 1)


@pytest.mark.parametrize(("max_cells", "max_live_bytes"), [(1 << 30, 1), (1, 1 << 31), (-1, 0), (0, -1)])
def test_sizes_that_the_arrays_cannot_number_are_refused(max_cells, max_live_bytes):
    with pytest.raises(ValueError, match="cells"):
        lru.allocate(max_cells, max_live_bytes)
