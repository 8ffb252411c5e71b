"""The machine's loop: one function over register code, compiled by numba in three builds.

Without pricing and tracing it is the plain build; with a `Pricing` it prices every access by `dmc` as it runs; with a
`Tracing` it writes down events for offline models. What a build does not have is not compiled into it. Everything the loop
touches lies in arrays that it is given; all state is in them when it returns, so that it can go on.

Each instruction is followed by what it does to cells: scalar operands are read before it, in the order of docs/energy.md, an
array element and the destination after it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import lru, metering
from fitness import tracing as events
from fitness.arithmetic import (
    EXACT,
    MIN_INT,
    U,
    add,
    bit_length,
    finite,
    float_function,
    floor_divide,
    int_function,
    mixed,
    multiply,
    power,
    remainder,
    subtract,
    width_of,
)
from fitness.heap import (
    ADDRESS,
    BUFFER,
    COLUMN_STRIDE,
    COLUMNS,
    ELEMENTS,
    OFFSET,
    OWNER,
    REFERENCES,
    ROW_STRIDE,
    ROWS,
    WIDTH,
    Heap,
    allocate,
    free,
)  # fmt: skip
from fitness.kernels import kernel
from fitness.statuses import (
    DOMAIN_ERROR,
    INDEX_ERROR,
    NOT_FINITE,
    OK,
    OUT_OF_ENERGY,
    OUT_OF_STEPS,
    OVERFLOW,
    PAUSED,
    SHAPE_ERROR,
    ZERO_DIVISION,
)
from fitness.trace import WRITE
from primitives.opcodes import OPCODE

Ints = NDArray[np.int64]


class Program(NamedTuple):
    """Code as flat arrays: 8 fields, 4 cell entries and one line an instruction; which array registers are variables."""

    code: NDArray[np.uint32]
    prices: NDArray[np.uint32]
    lines: NDArray[np.int32]
    named: NDArray[np.bool_]


class Registers(NamedTuple):
    """The three register files; an array register has 8 entries (see `heap`)."""

    ints: Ints
    floats: NDArray[np.float64]
    arrays: Ints


# Entries of the control block: position, steps, their limit, state of the random generator, status, answers written,
# the next query's element that is not on the stack yet, 1 if the queries' cells enter one by one, first cell of u1, of 4-byte and of 8-byte elements.
POSITION, STEPS, STEP_LIMIT, RANDOM, STATUS, ANSWERS, ENTERED = U(0), U(1), U(2), U(3), U(4), U(5), U(6)
FIRST_CELL = U(8)

ONE, TWO, THREE = U(1), U(2), U(3)
EIGHT = U(8)
SHIFT = U(3)
LOW = U(7)
TRUNCATE, FLOOR = 0, 1
GAMMA = U(0x9E3779B97F4A7C15)
TO_UNIT = 2.0**-53
TRACE_MARGIN = 64

(
    HALT, JUMP, JZ, JNZ, JZF, JNZF, FOR, NEXT, NEXT1, CALL, RET, SAME,
    IMOV, IADD, ISUB, IMUL, IFDIV, IREM, IPOW, IAND, IOR, IXOR, ISHL, ISHR, IMIN, IMAX,
    IEQ, INE, ILT, ILE, MULW, ADDW, INEG, INOT, IABS, IFUN,
    FMOV, FADD, FSUB, FMUL, FDIV, FFDIV, FREM, FPOW, FMIN, FMAX, FEQ, FNE, FLT, FLE, FNEG, FABS, FFUN,
    F2I, I2F, I2FX, RAND, RANDINT, SEED,
    LD1U1, LD1I4, LD1I8, LD1F4, LD1F8, LD2U1, LD2I4, LD2I8, LD2F4, LD2F8,
    ST1U1, ST1I4, ST1I8, ST1F4, ST1F8, ST2U1, ST2I4, ST2I8, ST2F4, ST2F8,
    TOUCH1, TOUCH2, ALLOC, AMOV, ATAKE, AFREE, ROW, COL, SLICE, WINDOW, TURN, DIM, ASK, TELL, TELLF,
) = range(len(OPCODE))  # fmt: skip


@kernel
def release(arrays: Ints, register: np.uint64, heap: Heap, control: Ints, pricing: metering.Pricing | None, tracing: metering.Tracing | None) -> None:
    """Let an array register go; its buffer leaves if no other register looks at it."""
    number = arrays[register + BUFFER]
    if number < 0:
        return
    arrays[register + BUFFER] = -1
    row = U(number << 3)
    heap.buffers[row + REFERENCES] -= 1
    if heap.buffers[row + REFERENCES] == 0:
        width = heap.buffers[row + WIDTH]
        first = first_cell(control, width) + (heap.buffers[row + ADDRESS] >> width)
        if pricing is not None:
            metering.leave(pricing, first, heap.buffers[row + ELEMENTS], 1 << width)
        if tracing is not None:
            events.span(tracing, events.LEAVE_RANGE, first, heap.buffers[row + ELEMENTS], 1 << width)
        free(heap.state, heap.buffers, heap.i8, number)


@kernel
def first_cell(control: Ints, width: int) -> int:
    """The cell of the first element of that width (log2) in the arena."""
    return control[FIRST_CELL + U(width)]


@kernel
def look(arrays: Ints, target: np.uint64, heap: Heap, control: Ints, pricing: metering.Pricing | None, tracing: metering.Tracing | None, number: int, offset: int, rows: int, columns: int, row_stride: int, column_stride: int) -> None:
    """Let an array register look at a buffer, and release what it looked at before."""
    heap.buffers[U(number << 3) + REFERENCES] += 1
    release(arrays, target, heap, control, pricing, tracing)
    arrays[target + BUFFER] = number
    arrays[target + OFFSET] = offset
    arrays[target + ROWS] = rows
    arrays[target + COLUMNS] = columns
    arrays[target + ROW_STRIDE] = row_stride
    arrays[target + COLUMN_STRIDE] = column_stride


@kernel
def new_array(arrays: Ints, target: np.uint64, heap: Heap, control: Ints, pricing: metering.Pricing | None, tracing: metering.Tracing | None, rows: int, columns: int, width: int) -> int:
    """Allocate an array into a register; a status."""
    status, number = allocate(heap.state, heap.buffers, heap.i8, rows, columns, width)
    if status != OK:
        return status
    offset = heap.buffers[U(number << 3) + ADDRESS] >> width
    first = first_cell(control, width) + offset
    if pricing is not None:
        metering.enter(pricing, first, rows * columns, 1 << width, False)
    if tracing is not None:
        events.span(tracing, events.ENTER_RANGE, first, rows * columns, 1 << width)
        for element in range(rows * columns):
            tracing.element_values[U(first + element)] = 0
    heap.buffers[U(number << 3) + REFERENCES] = 0
    look(arrays, target, heap, control, pricing, tracing, number, offset, rows, columns, columns, 1)
    return OK


@kernel
def ask(arrays: Ints, heap: Heap, control: Ints, pricing: metering.Pricing | None, tracing: metering.Tracing | None, target: np.uint64, source: np.uint64, query: int) -> None:
    """Hand over a query: what of it is not on the stack yet is put on top, free, its first element last."""
    stride = arrays[source + ROW_STRIDE]
    columns = arrays[source + COLUMNS]
    offset = arrays[source + OFFSET] + query * stride
    number = arrays[source + BUFFER]
    look(arrays, target, heap, control, pricing, tracing, number, offset, columns, 1, arrays[source + COLUMN_STRIDE], 1)
    start = max(control[ENTERED], offset)
    first = first_cell(control, heap.buffers[U(number << 3) + WIDTH])
    if pricing is not None:
        metering.enter(pricing, first + start, max(0, offset + columns - start), 1, True)
    if tracing is not None:
        for element in range(offset + columns - start):
            events.one(tracing, WRITE, first + offset + columns - 1 - element, 1)
    control[ENTERED] = max(control[ENTERED], offset + columns)


@kernel
def run(program: Program, registers: Registers, heap: Heap, control: Ints, answers: Ints, energy_limit: float, pricing: metering.Pricing | None, tracing: metering.Tracing | None) -> int:
    """Run from the control block's position until the code halts or fails; a status, which is also left in the control block."""
    code, prices, lines, named = program.code, program.prices, program.lines, program.named
    ri, rf, ra = registers.ints, registers.floats, registers.arrays
    u1, i4, i8, f4, f8 = heap.u1, heap.i4, heap.i8, heap.f4, heap.f8
    p = U(control[POSITION])
    steps, step_limit = control[STEPS], control[STEP_LIMIT]
    status = OK
    element, width, stored, looked = -1, 0, False, U(0)
    if pricing is not None:
        s, bits, tree, position, owner = pricing.stack.state, pricing.stack.bits, pricing.stack.tree, pricing.stack.position, pricing.stack.owner
        costs, widths, by_site, by_cell, by_array, distances = pricing.costs, pricing.widths, pricing.by_site, pricing.by_cell, pricing.by_array, pricing.distances
        energy = pricing.energy[U(0)]
        reads = pricing.counts[metering.READS]
        site = U(pricing.counts[metering.SITE])
    while True:
        steps += 1
        if steps > step_limit:
            status = OUT_OF_STEPS
            break
        at = p << SHIFT
        op = code[at]
        d = U(code[at + ONE])
        a = U(code[at + TWO])
        b = U(code[at + THREE])
        following = p + ONE
        if pricing is not None:
            element = -1
            if lines[p] != 0:
                site = p
            entry = p << TWO
            last = entry + THREE
            while entry < last:
                price = U(prices[entry])
                if price == U(0):
                    break
                cell, how = price >> SHIFT, price & LOW
                if how <= TWO:
                    wide = np.int64(widths[cell])
                    distance = lru.take(s, bits, tree, position, owner, np.int64(cell), wide)
                    amount = lru.cost(distance, wide, costs)
                    energy += amount
                    reads += 1
                    by_site[site] += amount
                    by_cell[cell] += amount
                    distances[U(bit_length(U(distance)))] += 1
                    if how == ONE:
                        lru.push(s, bits, tree, position, owner, np.int64(cell), wide)
                    else:
                        widths[cell] = 0
                elif how == THREE:
                    other = U(prices[(p << TWO) + THREE]) >> SHIFT
                    if widths[other] != 0 and other != cell:
                        lru.remove(s, bits, tree, position, owner, np.int64(other), np.int64(widths[other]))
                    lru.replace(s, bits, tree, position, owner, np.int64(cell), np.int64(other))
                    widths[other] = widths[cell]
                    if other != cell:
                        widths[cell] = 0
                elif how == U(4):
                    for going in range(cell, U(prices[entry + ONE]) >> SHIFT):
                        if widths[going] != 0:
                            lru.remove(s, bits, tree, position, owner, np.int64(going), np.int64(widths[going]))
                            widths[going] = 0
                entry += ONE
        if tracing is not None:
            element = -1
            if tracing.counts[metering.ROWS] + TRACE_MARGIN + (len(ra) >> 1) > len(tracing.kinds):
                steps -= 1
                status = PAUSED
                break
            if lines[p] != 0:
                tracing.counts[metering.TRACE_SITE] = p
            events.before(tracing, prices, p)
            if op == IMIN or op == IMAX or op == FMIN or op == FMAX:
                events.choose(tracing, op, ri, rf, a, b)

        if op < IMOV:
            if op == NEXT1:
                i = ri[d] + 1
                if i < ri[a]:
                    ri[d] = i
                    following = U(code[at + U(4)])
            elif op == JUMP:
                following = d
            elif op == JZ:
                if ri[a] == 0:
                    following = d
            elif op == JNZ:
                if ri[a] != 0:
                    following = d
            elif op == JZF:
                if rf[a] == 0.0:
                    following = d
            elif op == JNZF:
                if rf[a] != 0.0:
                    following = d
            elif op == FOR:
                step = ri[b]
                if step == 0:
                    status = DOMAIN_ERROR
                    break
                if (step > 0 and ri[d] >= ri[a]) or (step < 0 and ri[d] <= ri[a]):
                    following = U(code[at + U(4)])
            elif op == NEXT:
                step = ri[b]
                if step > 0:
                    if U(step) < U(ri[a]) - U(ri[d]):
                        ri[d] += step
                        following = U(code[at + U(4)])
                elif U(-step) < U(ri[d]) - U(ri[a]):
                    ri[d] += step
                    following = U(code[at + U(4)])
            elif op == CALL:
                ri[a] = following
                following = d
            elif op == RET:
                following = U(ri[a])
                for register in range(b, U(code[at + U(4)])):
                    release(ra, register << SHIFT, heap, control, pricing, tracing)
            elif op == SAME:
                left, right = a << SHIFT, b << SHIFT
                if ra[left + ROWS] != ra[right + ROWS] or ra[left + COLUMNS] != ra[right + COLUMNS]:
                    status = SHAPE_ERROR
                    break
            else:
                break  # HALT
        elif op < FMOV:
            x = ri[a]
            if op == IMOV:
                ri[d] = x
            elif op == IADD:
                x, over = add(x, ri[b])
                if over:
                    status = OVERFLOW
                    break
                ri[d] = x
            elif op == ISUB:
                x, over = subtract(x, ri[b])
                if over:
                    status = OVERFLOW
                    break
                ri[d] = x
            elif op == IMUL:
                x, over = multiply(x, ri[b])
                if over:
                    status = OVERFLOW
                    break
                ri[d] = x
            elif op == ILT:
                ri[d] = x < ri[b]
            elif op == ILE:
                ri[d] = x <= ri[b]
            elif op == IEQ:
                ri[d] = x == ri[b]
            elif op == INE:
                ri[d] = x != ri[b]
            elif op == IAND:
                ri[d] = x & ri[b]
            elif op == IOR:
                ri[d] = x | ri[b]
            elif op == IXOR:
                ri[d] = x ^ ri[b]
            elif op == ISHL:
                y = ri[b]
                if y < 0:
                    status = DOMAIN_ERROR
                    break
                if x != 0 and (y > 63 or ((x << min(y, 63)) >> min(y, 63)) != x):
                    status = OVERFLOW
                    break
                ri[d] = x << min(y, 63)
            elif op == ISHR:
                y = ri[b]
                if y < 0:
                    status = DOMAIN_ERROR
                    break
                ri[d] = x >> min(y, 63)
            elif op == IFDIV or op == IREM:
                y = ri[b]
                if y == 0:
                    status = ZERO_DIVISION
                    break
                if y == -1:
                    if op == IREM:
                        ri[d] = 0
                    elif x == MIN_INT:
                        status = OVERFLOW
                        break
                    else:
                        ri[d] = -x
                elif op == IREM:
                    ri[d] = x % y
                else:
                    ri[d] = x // y
            elif op == IPOW:
                y = ri[b]
                if y < 0:
                    status = DOMAIN_ERROR
                    break
                x, over = power(x, y)
                if over:
                    status = OVERFLOW
                    break
                ri[d] = x
            elif op == IMIN:
                y = ri[b]
                ri[d] = y if y < x else x
            elif op == IMAX:
                y = ri[b]
                ri[d] = y if y > x else x
            elif op == MULW:
                ri[d] = np.int64(U(x) * U(ri[b]))
            elif op == ADDW:
                ri[d] = np.int64(U(x) + U(ri[b]))
            elif op == INOT:
                ri[d] = ~x
            elif op == IFUN:
                if b == U(3) and x == MIN_INT:
                    ri[d] = 64
                else:
                    ri[d] = int_function(np.int64(b), x)
            else:  # INEG, IABS
                if op == INEG or x < 0:
                    if x == MIN_INT:
                        status = OVERFLOW
                        break
                    x = -x
                ri[d] = x
        elif op < RAND:
            if op < FEQ:
                f = rf[a]
                if op == FMOV:
                    rf[d] = f
                else:
                    if op == FADD:
                        f += rf[b]
                    elif op == FSUB:
                        f -= rf[b]
                    elif op == FMUL:
                        f *= rf[b]
                    elif op == FMIN:
                        if rf[b] < f:
                            f = rf[b]
                    elif op == FMAX:
                        if rf[b] > f:
                            f = rf[b]
                    else:
                        g = rf[b]
                        if g == 0.0 and op != FPOW:
                            status = ZERO_DIVISION
                            break
                        if op == FDIV:
                            f /= g
                        elif op == FFDIV:
                            f = floor_divide(f, g)
                        elif op == FREM:
                            f = remainder(f, g)
                        else:
                            if f == 0.0 and g < 0.0:
                                status = ZERO_DIVISION
                                break
                            f = math.pow(f, g)
                    if not finite(f):
                        status = NOT_FINITE
                        break
                    rf[d] = f
            elif op == FLT:
                ri[d] = rf[a] < rf[b]
            elif op == FLE:
                ri[d] = rf[a] <= rf[b]
            elif op == FEQ:
                ri[d] = rf[a] == rf[b]
            elif op == FNE:
                ri[d] = rf[a] != rf[b]
            elif op == FNEG:
                rf[d] = -rf[a]
            elif op == FABS:
                rf[d] = abs(rf[a])
            elif op == FFUN:
                f = float_function(np.int64(b), rf[a])
                if not finite(f):
                    status = NOT_FINITE
                    break
                rf[d] = f
            elif op == F2I:
                f = rf[a]
                f = np.trunc(f) if b == U(TRUNCATE) else np.floor(f) if b == U(FLOOR) else np.ceil(f)
                if not (-9223372036854775808.0 <= f < 9223372036854775808.0):
                    status = OVERFLOW
                    break
                ri[d] = np.int64(f)
            else:  # I2F, I2FX
                x = ri[a]
                if op == I2FX and (x > EXACT or x < -EXACT):
                    status = OVERFLOW
                    break
                rf[d] = float(x)
        elif op < LD1U1:
            if op == SEED:
                control[RANDOM] = ri[a]
            else:
                low, span = np.int64(0), np.int64(1)
                if op == RANDINT:
                    low = ri[a]
                    span, over = subtract(ri[b], low)
                    if low >= ri[b]:
                        status = DOMAIN_ERROR
                        break
                    if over:
                        status = OVERFLOW
                        break
                word = U(control[RANDOM]) + GAMMA
                control[RANDOM] = np.int64(word)
                f = float(np.int64(mixed(word) >> U(11))) * TO_UNIT
                if op == RAND:
                    rf[d] = f
                else:
                    f *= float(span)
                    drawn = span - 1
                    if f < 9223372036854775808.0:
                        drawn = min(np.int64(f), drawn)
                    ri[d] = low + drawn
        elif op < ALLOC:
            array = a << SHIFT
            i = ri[b]
            if op == TOUCH1 or op == TOUCH2:
                element = ra[array + OFFSET] + i * ra[array + ROW_STRIDE]
                if op == TOUCH2:
                    element += ri[U(code[at + U(4)])] * ra[array + COLUMN_STRIDE]
                width = np.int64(1) << heap.buffers[U(ra[array + BUFFER] << 3) + WIDTH]
                stored = False
            else:
                if U(i) >= U(ra[array + ROWS]):
                    status = INDEX_ERROR
                    break
                place = U(ra[array + OFFSET] + i * ra[array + ROW_STRIDE])
                if (LD2U1 <= op < ST1U1) or op >= ST2U1:
                    j = ri[U(code[at + U(4)])]
                    if U(j) >= U(ra[array + COLUMNS]):
                        status = INDEX_ERROR
                        break
                    place += U(j * ra[array + COLUMN_STRIDE])
                if op < ST1U1:
                    if op == LD1U1 or op == LD2U1:
                        ri[d] = u1[place]
                        width = 1
                    elif op == LD1F8 or op == LD2F8:
                        rf[d] = f8[place]
                        width = 8
                    elif op == LD1I8 or op == LD2I8:
                        ri[d] = i8[place]
                        width = 8
                    elif op == LD1I4 or op == LD2I4:
                        ri[d] = i4[place]
                        width = 4
                    else:
                        rf[d] = f4[place]
                        width = 4
                    stored = False
                    element = np.int64(place)
                else:
                    if op == ST1U1 or op == ST2U1:
                        x = ri[d]
                        if U(x) > U(255):
                            status = OVERFLOW
                            break
                        u1[place] = x
                        width = 1
                    elif op == ST1F8 or op == ST2F8:
                        f8[place] = rf[d]
                        width = 8
                    elif op == ST1I8 or op == ST2I8:
                        i8[place] = ri[d]
                        width = 8
                    elif op == ST1I4 or op == ST2I4:
                        x = ri[d]
                        if not (-2147483648 <= x <= 2147483647):
                            status = OVERFLOW
                            break
                        i4[place] = x
                        width = 4
                    else:
                        f = float(np.float32(rf[d]))
                        if not finite(f):
                            status = NOT_FINITE
                            break
                        f4[place] = f
                        width = 4
                    stored = True
                    element = np.int64(place)
            looked = array
            if op < ST1U1 and code[at + U(5)] != 0:
                element = -1 - element
        else:
            target, source = d << SHIFT, a << SHIFT
            if op == DIM:
                ri[d] = ra[source + ROWS + b]
            elif op == TELL:
                answers[U(control[ANSWERS])] = ri[a]
                control[ANSWERS] += 1
            elif op == TELLF:
                answers[U(control[ANSWERS])] = np.int64(rf[a])
                control[ANSWERS] += 1
            elif op == AFREE:
                release(ra, target, heap, control, pricing, tracing)
            elif op == ALLOC:
                kind = U(code[at + U(4)])
                log = 0 if kind == U(0) else 2 if kind & ONE else 3
                steps += max((min(ri[a], 1 << 40) * min(ri[b], 1 << 20)) >> 3, 0)
                status = new_array(ra, target, heap, control, pricing, tracing, ri[a], ri[b], log)
                if status != OK:
                    break
            elif op == ASK:
                ask(ra, heap, control, pricing, tracing, target, source, ri[b])
            elif op == ATAKE:
                if target != source:
                    release(ra, target, heap, control, pricing, tracing)
                    for field in range(6):
                        ra[target + U(field)] = ra[source + U(field)]
                    ra[source + BUFFER] = -1
            else:
                number, offset = ra[source + BUFFER], ra[source + OFFSET]
                rows, columns = ra[source + ROWS], ra[source + COLUMNS]
                row_stride, column_stride = ra[source + ROW_STRIDE], ra[source + COLUMN_STRIDE]
                if op == ROW:
                    i = ri[b]
                    if U(i) >= U(rows):
                        status = INDEX_ERROR
                        break
                    offset += i * row_stride
                    rows, columns, row_stride, column_stride = columns, np.int64(1), column_stride, np.int64(1)
                elif op == COL:
                    i = ri[b]
                    if U(i) >= U(columns):
                        status = INDEX_ERROR
                        break
                    offset += i * column_stride
                    columns, column_stride = np.int64(1), np.int64(1)
                elif op == TURN:
                    rows, columns, row_stride, column_stride = columns, rows, column_stride, row_stride
                elif op != AMOV:
                    start, end = ri[b], ri[U(code[at + U(4)])]
                    flag = np.int64(code[at + U(5)])
                    length = columns if flag & 1 and op == SLICE else rows
                    if op == WINDOW:
                        end, over = add(start, end)
                        if over:
                            status = INDEX_ERROR
                            break
                        flag = 2
                    if start < 0 or end < start or end > length:
                        status = INDEX_ERROR
                        break
                    stride = flag >> 1
                    if flag & 1:
                        columns = (end - start + stride - 1) // stride
                        offset += start * column_stride
                        column_stride *= stride
                    else:
                        rows = (end - start + stride - 1) // stride
                        offset += start * row_stride
                        row_stride *= stride
                look(ra, target, heap, control, pricing, tracing, number, offset, rows, columns, row_stride, column_stride)
            if op <= TURN and op != AFREE and named[d]:
                row = U(ra[target + BUFFER] << 3)
                if heap.buffers[row + OWNER] < 0:
                    heap.buffers[row + OWNER] = np.int64(d)

        if pricing is not None:
            if element >= 0:
                cell = U(control[FIRST_CELL + U(bit_length(U(width - 1)))] + element)
                distance = lru.take(s, bits, tree, position, owner, np.int64(cell), width)
                lru.push(s, bits, tree, position, owner, np.int64(cell), width)
                if not stored:
                    amount = lru.cost(distance, width, costs)
                    energy += amount
                    reads += 1
                    by_site[site] += amount
                    by_array[U(heap.buffers[U(ra[looked + BUFFER] << 3) + OWNER] + 1)] += amount
                    distances[U(bit_length(U(distance)))] += 1
            price = U(prices[(p << TWO) + THREE])
            if price != U(0) and prices[p << TWO] & LOW != THREE:
                cell, how = price >> SHIFT, price & LOW
                if widths[cell] != 0:
                    lru.remove(s, bits, tree, position, owner, np.int64(cell), np.int64(widths[cell]))
                wide = width_of(ri[d]) if how == ONE else 1 if how == TWO else 8
                widths[cell] = wide
                lru.push(s, bits, tree, position, owner, np.int64(cell), wide)
            if energy > energy_limit:
                status = OUT_OF_ENERGY
                break
        if tracing is not None:
            first = control[FIRST_CELL + U(bit_length(U(width - 1)))] if width > 0 else 0
            events.after(tracing, code, prices, ri, p, element, first, width, stored)
        p = following
    control[POSITION] = np.int64(p)
    control[STEPS] = steps
    control[STATUS] = status
    if pricing is not None:
        pricing.energy[U(0)] = energy
        pricing.counts[metering.READS] = reads
        pricing.counts[metering.SITE] = np.int64(site)
    return status
