"""The offline models reproduce the published figures, and agree with plain lists on any trace."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitness import models
from fitness.trace import DROP, END, INPUT, KEEP, NEW, READ, RENAME, RENAMED, TAKE, USE, WRITE, Trace


def trace_of(rows):
    """A trace from (kind, id, width) rows."""
    kind, number, width = np.array(rows, np.int64).reshape(-1, 3).T
    return Trace(kind.astype(np.uint8), np.zeros(len(kind), np.int32), number, width.astype(np.uint8))


# ByteDMD: a tracker of CPython scalars, which writes down what the machine would.


class Tracker:
    """Collects the events of the values that were made with it."""

    def __init__(self):
        self.rows = []
        self.values = 0

    def new(self, kind, content, width):
        self.rows.append((kind, self.values, width))
        self.values += 1
        return Value(self, self.values - 1, content, width)

    def argument(self, content, width):
        if isinstance(content, list):
            return [self.argument(item, width) for item in content]
        return self.new(INPUT, content, width)


class Value:
    """A scalar that derives from the arguments."""

    def __init__(self, tracker, number, content, width):
        self.tracker, self.number, self.content, self.width = tracker, number, content, width

    def use(self):
        self.tracker.rows.append((USE, self.number, self.width))

    def untracked(self):
        self.use()
        self.tracker.rows.append((END, 0, 1))
        return self.content

    __bool__ = __int__ = __index__ = lambda self: self.untracked()

    def combined(self, other, function, reflected=False):
        operands = [other, self] if reflected else [self, other]
        tracked = [operand for operand in operands if isinstance(operand, Value)]
        for operand in tracked:
            operand.use()
        contents = [operand.content if isinstance(operand, Value) else operand for operand in operands]
        return self.tracker.new(NEW, function(*contents), max(operand.width for operand in tracked))

    def __add__(self, other):
        return self.combined(other, lambda a, b: a + b)

    def __radd__(self, other):
        return self.combined(other, lambda a, b: a + b, reflected=True)

    def __mul__(self, other):
        return self.combined(other, lambda a, b: a * b)

    def __gt__(self, other):
        return self.combined(other, lambda a, b: a > b)


def flat(result):
    if isinstance(result, list | tuple):
        return [value for item in result for value in flat(item)]
    return [result] if isinstance(result, Value) else []


def traced(function, *arguments, widths=None):
    """The value events of a call: the first argument is on top, so the last enters first."""
    tracker = Tracker()
    widths = widths or [1] * len(arguments)
    given = [tracker.argument(content, width) for content, width in reversed(list(zip(arguments, widths, strict=True)))]
    result = function(*reversed(given))
    tracker.rows.extend((KEEP, value.number, value.width) for value in flat(result))
    return trace_of(tracker.rows)


def bytedmd(function, *arguments, element_bytes=1):
    return models.ByteDMD("any", element_bytes).price(traced(function, *arguments)).sum()


def dot(a, b):
    return sum(p * q for p, q in zip(a, b, strict=True))


def inner(a, b):
    s = a[0] * b[0]
    for p, q in zip(a[1:], b[1:], strict=True):
        s = s + p * q
    return s


def columns(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def matrix_by_vector(a, x):
    return [inner(row, x) for row in a]


def vector_by_matrix(a, x):
    return [inner(x, column) for column in columns(a)]


def matrix_product(a, b):
    return [[inner(row, column) for column in columns(b)] for row in a]


def larger(a, b):
    return a if a > b else b


def largest(v):
    m = v[0]
    for x in v[1:]:
        if x > m:
            m = x
    return m


def horner(c, x):
    s = c[0]
    for coefficient in c[1:]:
        s = s * x + coefficient
    return s


def square(n):
    return [[1] * n for _ in range(n)]


@pytest.mark.parametrize(
    ("program", "arguments", "cost"),
    [
        (lambda a, b, c: (a + b) + c, (1, 2, 3), 6),
        (dot, ([1, 2], [3, 4]), 12),
        (inner, ([1, 2], [3, 4]), 11),
        (lambda a, b, c, d, e: a * b + c * d + e, (1, 2, 3, 4, 5), 13),
        (lambda a, x: [row[0] * x[0] + row[1] * x[1] for row in a], ([[1, 2], [3, 4]], [5, 6]), 26),
        (lambda x, y: x * x + y, (1, 2), 5),
        (lambda a, b: b + b, (1, 2), 2),
        (larger, (1, 2), 4),
        (lambda v, i: v[i], ([1, 2, 3], 1), 2),
        (largest, ([37 * i % 61 for i in range(40)],), 272),
    ],
)
def test_published_programs_have_their_published_cost(program, arguments, cost):
    assert bytedmd(program, *arguments) == cost


@pytest.mark.parametrize(
    ("n", "by_vector", "from_vector", "product"),
    [(2, 26, 25, 57), (4, 157, 150, 720), (8, 896, 832, 8_867), (12, None, None, 38_690), (16, 5_354, 4_688, 109_783)],
)
def test_the_published_table_of_products(n, by_vector, from_vector, product):
    assert bytedmd(matrix_product, square(n), square(n)) == product
    if by_vector is not None:
        assert bytedmd(matrix_by_vector, square(n), [1] * n) == by_vector
        assert bytedmd(vector_by_matrix, square(n), [1] * n) == from_vector


@pytest.mark.parametrize(("element_bytes", "cost"), [(1, 253), (4, 1_786), (8, 4_876)])
def test_wider_elements_cost_what_was_published(element_bytes, cost):
    assert bytedmd(horner, list(range(1, 31)), 2, element_bytes=element_bytes) == cost


def test_real_widths_that_are_all_alike_are_one_width():
    coefficients = list(range(1, 31))
    sized = models.get("bytedmd-sized").price(traced(horner, coefficients, 2, widths=[8, 8]))
    assert sized.sum() == bytedmd(horner, coefficients, 2, element_bytes=8)


def test_operands_of_different_widths_are_priced_by_their_own():
    trace = traced(lambda a, b: a + b, 1, 2, widths=[1, 4])
    costs = models.get("bytedmd-sized").price(trace)
    assert list(costs[trace.kind == USE]) == [1, 2 + 2 + 2 + 3]


def test_an_operation_with_a_literal_reads_one_operand():
    assert bytedmd(lambda a: a * 0, 7) == 1


def test_inputs_that_are_never_read_are_not_on_the_stack():
    assert bytedmd(lambda a, b, c: c + c, 1, 2, 3) == 2


def test_returned_inputs_stay_on_the_stack():
    assert bytedmd(lambda a, b, c: [a, b, c + c], 1, 2, 3) == 4


# Any trace, against lists.


def naive_bytedmd(rows, element_bytes):
    """Costs of value events by the rules of docs/energy.md, on a list with the top last."""
    last_use = {number: row for row, (kind, number, _) in enumerate(rows) if kind == USE}
    last_use |= {number: math.inf for kind, number, _ in rows if kind == KEEP}
    width, stack, operands, costs = {}, [], [], [0.0] * len(rows)
    for row, (kind, number, wide) in enumerate(rows):
        if kind in (INPUT, NEW):
            width[number] = element_bytes or wide
        if kind == USE:
            operands.append(number)
            above = sum(width[other] for other in stack[stack.index(number) + 1 :])
            costs[row] = sum(math.ceil(math.sqrt(above + byte)) for byte in range(1, width[number] + 1))
        if kind in (NEW, END):
            for operand in dict.fromkeys(operands):
                stack.remove(operand)
                if last_use[operand] > row:
                    stack.append(operand)
            operands = []
        if kind in (INPUT, NEW) and number in last_use:
            stack.append(number)
    return costs


@st.composite
def value_events(draw):
    width = st.sampled_from((1, 2, 4, 8))
    rows = [(INPUT, number, draw(width)) for number in range(draw(st.integers(1, 12)))]
    values = len(rows)
    for _ in range(draw(st.integers(0, 40))):
        for operand in draw(st.lists(st.integers(0, values - 1), max_size=4)):
            rows.append((USE, operand, 1))
        if draw(st.booleans()):
            rows.append((NEW, values, draw(width)))
            values += 1
        else:
            rows.append((END, 0, 1))
    return rows + [(KEEP, number, 1) for number in draw(st.lists(st.integers(0, values - 1), max_size=6))]


@given(value_events(), st.sampled_from((1, 3, 8, None)))
def test_bytedmd_agrees_with_a_list(rows, element_bytes):
    costs = models.ByteDMD("any", element_bytes).price(trace_of(rows))
    assert list(costs) == naive_bytedmd(rows, element_bytes)


def naive_dmc(rows):
    """Costs of memory events by the rules of docs/energy.md, on a list of (cell, width) with the top last."""
    stack, costs = [], []

    def place(cell):
        return next(index for index, (other, _) in enumerate(stack) if other == cell)

    def leave(cell):
        stack[:] = [entry for entry in stack if entry[0] != cell]

    for row, (kind, cell, width) in enumerate(rows):
        cost = 0.0
        if kind in (READ, TAKE):
            here = place(cell)
            above, width = sum(wide for _, wide in stack[here + 1 :]), stack[here][1]
            cost = math.fsum(math.sqrt(above + byte) for byte in range(1, width + 1))
        if kind == RENAMED:
            leave(cell)
            here = place(rows[row - 1][1])
            stack[here] = (cell, stack[here][1])
        elif kind != RENAME:
            leave(cell)
        if kind in (READ, WRITE):
            stack.append((cell, width))
        costs.append(cost)
    return costs


@st.composite
def memory_events(draw):
    rows, live = [], set()
    cell, width = st.integers(0, 15), st.sampled_from((1, 2, 4, 8))
    for _ in range(draw(st.integers(0, 120))):
        kind = draw(st.sampled_from((READ, READ, READ, WRITE, WRITE, DROP, RENAME, TAKE)))
        if kind == WRITE or not live:
            target = draw(cell)
            rows.append((WRITE, target, draw(width)))
            live.add(target)
            continue
        target = draw(st.sampled_from(sorted(live)))
        rows.append((kind, target, 1))
        if kind != READ:
            live.remove(target)
        if kind == RENAME:
            renamed = draw(cell.filter(lambda number, old=target: number != old))
            rows.append((RENAMED, renamed, 1))
            live.add(renamed)
    return rows


@given(memory_events())
def test_dmc_agrees_with_a_list(rows):
    assert models.get("dmc").price(trace_of(rows)) == pytest.approx(naive_dmc(rows), rel=1e-14)


def test_a_model_passes_over_the_events_of_the_other_family():
    memory = [(WRITE, 0, 1), (WRITE, 1, 1), (READ, 0, 1), (READ, 1, 1)]
    values = [(INPUT, 0, 1), (INPUT, 1, 1), (USE, 0, 1), (NEW, 2, 1), (USE, 1, 1), (END, 0, 1)]
    both = trace_of([values[0], memory[0], values[1], memory[1], values[2], memory[2], *values[3:], memory[3]])
    assert models.get("dmc").price(both).sum() == models.get("dmc").price(trace_of(memory)).sum()
    assert models.get("bytedmd").price(both).sum() == models.get("bytedmd").price(trace_of(values)).sum()


@pytest.mark.parametrize("name", models.names())
def test_an_empty_trace_costs_nothing(name):
    assert models.get(name).price(trace_of([])).shape == (0,)


@pytest.mark.parametrize(
    ("name", "rows", "event"),
    [
        ("dmc", [(WRITE, 0, 1), (READ, 1, 1)], 1),
        ("dmc", [(WRITE, 0, 1), (TAKE, 0, 1), (DROP, 0, 1)], 2),
        ("dmc", [(WRITE, 0, 3)], 0),
        ("dmc", [(WRITE, 0, 1), (RENAME, 0, 1), (READ, 0, 1)], 1),
        ("dmc", [(WRITE, 0, 1), (RENAMED, 0, 1)], 1),
        ("bytedmd", [(INPUT, 0, 1), (USE, 1, 1), (END, 0, 1)], 1),
        ("bytedmd", [(INPUT, 0, 1), (NEW, 0, 1)], 1),
        ("bytedmd", [(INPUT, 0, 1), (USE, 0, 1), (KEEP, 0, 1)], 2),
        ("bytedmd", [(INPUT, 0, 1), (USE, 0, 1)], 1),
        ("bytedmd", [(KEEP, 0, 1)], 0),
    ],
)
def test_events_that_cannot_happen_are_named(name, rows, event):
    with pytest.raises(ValueError, match=f"event {event} "):
        models.get(name).price(trace_of(rows))


@pytest.mark.parametrize("name", models.names())
def test_negative_numbers_are_refused(name):
    with pytest.raises(ValueError, match="from 0"):
        models.get(name).price(trace_of([(WRITE, -1, 1), (INPUT, -1, 1)]))


# The registry.


@dataclass(frozen=True)
class AverageReuseDistance:
    """ARD, over the cells that a program reads: each read costs its share of the mean."""

    name: str = "ard"
    version: int = 1

    def price(self, trace):
        stack, costs = [], np.zeros(len(trace))
        reads = np.isin(trace.kind, (READ, TAKE))
        for row in np.flatnonzero(np.isin(trace.kind, (READ, WRITE, TAKE, DROP))):
            cell = trace.id[row]
            if reads[row]:
                costs[row] = stack[::-1].index(cell) / reads.sum()
            stack = [other for other in stack if other != cell]
            if trace.kind[row] in (READ, WRITE):
                stack.append(cell)
        return costs


def test_a_third_party_model_is_a_class_and_a_registration(monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models._MODELS))
    models.register(AverageReuseDistance())
    assert "ard" in models.names()
    trace = trace_of([(WRITE, 0, 1), (WRITE, 1, 1), (WRITE, 2, 1), (READ, 0, 1), (READ, 0, 1), (READ, 2, 1)])
    assert models.get("ard").price(trace).sum() == pytest.approx((2 + 0 + 1) / 3)
    with pytest.raises(ValueError, match="ard"):
        models.register(AverageReuseDistance())


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(ValueError, match="dmc, bytedmd, bytedmd-sized"):
        models.get("joules")


def test_columns_of_different_lengths_are_no_trace():
    with pytest.raises(ValueError, match="one length"):
        Trace(np.zeros(2, np.uint8), np.zeros(1, np.int32), np.zeros(2, np.int64), np.zeros(2, np.uint8))
