"""The heap: disjoint zeroed blocks, all memory back when it is freed, and limits that depend on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitness import heap as memory
from fitness.heap import Heap
from fitness.statuses import OK, OUT_OF_MEMORY, SHAPE_ERROR

LIMIT = 10_000


def allocate(heap: Heap, rows: int, columns: int = 1, width_log: int = 0) -> tuple[int, int]:
    return memory.allocate(heap.state, heap.buffers, heap.i8, heap.tags, rows, columns, width_log)


def free(heap: Heap, number: int) -> None:
    memory.free(heap.state, heap.buffers, heap.i8, heap.tags, number)


def span(heap: Heap, number: int) -> tuple[int, int]:
    """First address of a buffer, and the one behind it."""
    address, elements, log = (int(heap.buffers[number * 8 + int(field)]) for field in (0, 1, 2))
    return address, address + (elements << log)


def live(heap: Heap) -> int:
    return int(heap.state[memory.LIVE])


def test_sizes_are_those_asked_for() -> None:
    heap = memory.heap(LIMIT)
    for rows, columns, log in ((3, 1, 0), (3, 5, 3), (0, 7, 2), (7, 0, 2), (1, 1, 3)):
        status, number = allocate(heap, rows, columns, log)
        start, end = span(heap, number)
        assert status == OK and end - start == rows * columns << log
        assert start % 16 == 0


def test_at_least_16_bytes_are_counted() -> None:
    heap = memory.heap(LIMIT)
    for count in range(1, 5):
        assert allocate(heap, count - 1)[0] == OK
        assert live(heap) == 16 * count


@pytest.mark.parametrize("shape", [(-1, 1), (1, -1), (-1, -1), (-(2**63), 1), (-(2**62), 4), (-(2**63), -(2**63))])
def test_negative_sizes_are_no_shapes(shape: tuple[int, int]) -> None:
    assert allocate(memory.heap(LIMIT), *shape)[0] == SHAPE_ERROR


@pytest.mark.parametrize(
    "shape",
    [
        (LIMIT + 1, 1),
        (LIMIT + 1, 0),
        (0, LIMIT + 1),
        (2**63 - 1, 1),
        (1, 2**63 - 1),
        (2**32, 2**32),
        (2**62, 4),
        (2**63 - 1, 2**63 - 1),
        (101, 100),
    ],
)
def test_sizes_beyond_the_limit_are_refused_even_if_their_product_overflows(shape: tuple[int, int]) -> None:
    heap = memory.heap(LIMIT)
    for log in (0, 2, 3):
        assert allocate(heap, *shape, log)[0] == OUT_OF_MEMORY
    assert live(heap) == 0


@pytest.mark.parametrize("limit", [16, 17, 100, 1024, LIMIT, 1 << 20])
def test_one_array_can_take_the_whole_limit(limit: int) -> None:
    heap = memory.heap(limit)
    status, number = allocate(heap, limit)
    assert status == OK
    assert allocate(heap, 1)[0] == OUT_OF_MEMORY
    free(heap, number)
    assert allocate(heap, limit)[0] == OK


@pytest.mark.parametrize("size", [16, 17, 100, 129, 1000, 1025, 2049])
def test_equal_arrays_fill_the_limit(size: int) -> None:
    heap = memory.heap(LIMIT)
    fitting = LIMIT // size
    assert [allocate(heap, size)[0] for _ in range(fitting + 1)] == [OK] * fitting + [OUT_OF_MEMORY]


def test_memory_comes_zeroed_however_it_was_left() -> None:
    heap = memory.heap(LIMIT)
    for size in (10, 1000, 16, 333, 5000):
        _, number = allocate(heap, size)
        start, end = span(heap, number)
        assert not heap.u1[start:end].any()
        heap.u1[start:end] = 255
        free(heap, number)


def test_a_block_is_reused_at_once() -> None:
    heap = memory.heap(LIMIT)
    _, first = allocate(heap, 100)
    place = span(heap, first)
    free(heap, first)
    status, second = allocate(heap, 100)
    assert (status, second, span(heap, second)) == (OK, first, place)


def test_the_peak_is_the_most_that_was_live_at_a_time() -> None:
    heap = memory.heap(LIMIT)
    _, first = allocate(heap, 3000)
    _, second = allocate(heap, 2000)
    free(heap, first)
    free(heap, second)
    allocate(heap, 4000)
    assert int(heap.state[memory.PEAK]) == 5000


def test_small_blocks_merge_into_large_ones() -> None:
    heap = memory.heap(LIMIT)
    numbers = [allocate(heap, 16)[1] for _ in range(LIMIT // 16)]
    for number in numbers[::2] + numbers[1::2]:
        free(heap, number)
    assert allocate(heap, LIMIT)[0] == OK


def test_the_table_of_buffers_can_run_out() -> None:
    heap = memory.heap(LIMIT, buffers=3)
    numbers = [allocate(heap, 1)[1] for _ in range(3)]
    assert allocate(heap, 1)[0] == OUT_OF_MEMORY
    assert live(heap) == 48
    free(heap, numbers[1])
    assert allocate(heap, 1) == (OK, numbers[1])


def test_a_cleared_heap_is_like_a_new_one_of_its_limit() -> None:
    used, new = memory.heap(1 << 20), memory.heap(LIMIT)
    numbers = [allocate(used, size)[1] for size in (100, 70_000, 16, 16, 300_000)]
    free(used, numbers[1])
    free(used, numbers[3])
    memory.clear(used, LIMIT)
    assert live(used) == 0
    for size in (100, 16, 4000, 5000, 900, 16):
        assert allocate(used, size) == allocate(new, size)
    assert not used.tags[len(new.tags) :].any()


requests = st.one_of(
    st.tuples(st.just("allocate"), st.integers(0, 70), st.integers(0, 12), st.sampled_from((0, 2, 3))),
    st.tuples(st.just("free"), st.integers(0, 100)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(requests, max_size=120), st.integers(16, 40_000))
def test_live_blocks_are_disjoint_and_nothing_is_lost(script: list[tuple[str, ...]], limit: int) -> None:
    heap = memory.heap(limit)
    contents: dict[int, int] = {}
    for step, (what, *arguments) in enumerate(script):
        if what == "free":
            if contents:
                number = list(contents)[arguments[0] % len(contents)]
                del contents[number]
                free(heap, number)
        else:
            rows, columns, log = arguments
            before = live(heap)
            status, number = allocate(heap, rows, columns, log)
            size = max(rows * columns << log, 16)
            if status != OK:
                assert status == OUT_OF_MEMORY and live(heap) == before
                continue
            start, end = span(heap, number)
            assert live(heap) == before + size <= limit
            assert 0 <= start <= end <= len(heap.u1) and not heap.u1[start:end].any()
            assert number not in contents
            contents[number] = step % 255 + 1
            heap.u1[start:end] = contents[number]
        for number, value in contents.items():  # nobody else wrote there
            start, end = span(heap, number)
            assert (heap.u1[start:end] == value).all()
    for number in contents:
        free(heap, number)
    assert live(heap) == 0
    assert allocate(heap, limit)[0] == OK


def test_the_arena_is_seen_as_every_element_type() -> None:
    heap = memory.heap(LIMIT)
    heap.i8[5] = -1
    assert heap.u1[40:48].tolist() == [255] * 8 and heap.i4[10:12].tolist() == [-1, -1]
    heap.f8[7] = 1.5
    assert heap.i8[7] == np.float64(1.5).view(np.int64)
