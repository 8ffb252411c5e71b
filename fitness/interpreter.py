"""The machine's loop: one function over register code, compiled by numba in three builds.

Without pricing and tracing it is the plain build; with a `Pricing` it prices every access by `dmc` as it runs; with a
`Tracing` it writes down events for offline models. What a build does not have is not compiled into it. Everything the
loop touches lies in arrays that it is given; all state is in them when it returns, so that it can go on.

An instruction's scalar operands are read before it, in the order of docs/energy.md, an array element and the
destination after it. It takes a step; an allocation takes one for every 8 elements besides, and a return one for every
8 cells and array registers of the function.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitness import array_instructions as arrays
from fitness import metering, online
from fitness import tracing as events
from fitness.array_instructions import FIRST_CELL
from fitness.heap import (
    BUFFER,
    BUFFER_FIELDS,
    COLUMN_STRIDE,
    COLUMNS,
    OFFSET,
    OWNER,
    REGISTER_FIELDS,
    ROW_STRIDE,
    ROWS,
    WIDTH,
    Heap,
)
from fitness.instructions import (
    AFREE,
    ALLOC,
    ASK,
    ATAKE,
    CALL,
    DIM,
    FMAX,
    FMIN,
    FMOV,
    FOR,
    IMAX,
    IMIN,
    IMOV,
    JNZ,
    JNZF,
    JUMP,
    JZ,
    JZF,
    LD1U1,
    NEXT,
    NEXT1,
    RAND,
    RET,
    SAME,
    ST1U1,
    TELL,
    TOUCH1,
    TOUCH2,
)
from fitness.kernels import Integer, kernel
from fitness.scalar_instructions import float_instruction, int_instruction, random_instruction
from fitness.statuses import DOMAIN_ERROR, INDEX_ERROR, OK, OUT_OF_ENERGY, OUT_OF_STEPS, PAUSED, SHAPE_ERROR
from primitives.types import DTYPE_CODES

Ints = NDArray[np.int64]
U = np.uint64


class Program(NamedTuple):
    """Code as flat arrays."""

    code: NDArray[np.uint32]
    """8 fields an instruction, of which 6 are used (`opcodes`)."""
    prices: NDArray[np.uint32]
    """3 cells read and one written by each instruction."""
    lines: NDArray[np.int32]
    """The source line of each instruction, 0 inside the definitions of primitives."""
    named: NDArray[np.bool_]
    """Which array registers are variables."""


class Registers(NamedTuple):
    """The three register files; an array register has 8 entries (see `heap`)."""

    ints: Ints
    floats: NDArray[np.float64]
    arrays: Ints


POSITION, STEPS, STEP_LIMIT, RANDOM, STATUS, ANSWERS = U(0), U(1), U(2), U(3), U(4), U(5)
"""Entries of the control block: where the machine is, the steps it took and may take, the state of its random
generator, how it ended, the answers it wrote; `array_instructions` has more."""

ONE, TWO, THREE, FOUR, FIVE = U(1), U(2), U(3), U(4), U(5)
U1, I8, F8 = U(DTYPE_CODES["u1"]), U(DTYPE_CODES["i8"]), U(DTYPE_CODES["f8"])


@kernel
def run(
    program: Program,
    registers: Registers,
    heap: Heap,
    control: Ints,
    answers: Ints,
    energy_limit: float,
    pricing: metering.Pricing | None,
    tracing: metering.Tracing | None,
) -> int:
    """Run from the control block's position until the code halts or fails; a status, which the block holds too.

    The status is PAUSED where the buffer of events is too full for another instruction.
    """
    code, prices, lines, named = program.code, program.prices, program.lines, program.named
    ri, rf, ra = registers.ints, registers.floats, registers.arrays
    p = U(control[POSITION])
    steps, step_limit = control[STEPS], control[STEP_LIMIT]
    status = OK
    element: Integer = np.int64(-1)
    log, stored, looked = 0, False, U(0)
    energy, site = 0.0, U(0)
    if pricing is not None:
        energy, site = pricing.energy[U(0)], U(pricing.counts[metering.SITE])
    last_row = np.int64(0)
    if tracing is not None:
        last_row += len(tracing.kinds) - events.most_rows(len(ra) // REGISTER_FIELDS, len(tracing.cell_widths))
    while True:
        steps += 1
        if steps > step_limit:
            status = OUT_OF_STEPS
            break
        at = p << THREE
        op = code[at]
        d = U(code[at + ONE])
        a = U(code[at + TWO])
        b = U(code[at + THREE])
        following = p + ONE
        if pricing is not None:
            element = np.int64(-1)
            pricing.executed[p] += 1
            if lines[p] != 0:
                site = p
            energy = online.read_operands(pricing, prices, p, site, energy)
        if tracing is not None:
            element = np.int64(-1)
            rows = tracing.counts[metering.ROWS]
            if max(rows, tracing.counts[metering.SPREAD]) > last_row:
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
                    following = U(code[at + FOUR])
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
                if ri[b] == 0:
                    status = DOMAIN_ERROR
                    break
                if (ri[b] > 0 and ri[d] >= ri[a]) or (ri[b] < 0 and ri[d] <= ri[a]):
                    following = U(code[at + FOUR])
            elif op == NEXT:
                step = ri[b]  # compared without a sum, which might overflow
                if (step > 0 and U(step) < U(ri[a]) - U(ri[d])) or (step < 0 and U(-step) < U(ri[d]) - U(ri[a])):
                    ri[d] += step
                    following = U(code[at + FOUR])
            elif op == CALL:
                ri[a] = following
                following = d
            elif op == RET:
                following = U(ri[a])
                end = U(code[at + FOUR])
                cells = U(prices[(p << TWO) + ONE] >> THREE) - U(prices[p << TWO] >> THREE)
                more = np.int64((end - b + cells) >> THREE)
                steps += more
                if pricing is not None:
                    pricing.executed[U(len(lines)) + ONE] += more
                for register in range(b, end):
                    arrays.release(ra, register << THREE, heap, control, pricing, tracing)
            elif op == SAME:
                left, right = a << THREE, b << THREE
                if ra[left + ROWS] != ra[right + ROWS] or ra[left + COLUMNS] != ra[right + COLUMNS]:
                    status = SHAPE_ERROR
                    break
            else:
                break  # HALT
        elif op < FMOV:
            status = int_instruction(op, ri, d, a, b)
        elif op < RAND:
            status = float_instruction(op, ri, rf, d, a, b)
        elif op < LD1U1:
            status = random_instruction(op, ri, rf, control, RANDOM, d, a, b)
        elif op < ALLOC:
            looked = a << THREE
            if op == TOUCH1 or op == TOUCH2:
                element = ra[looked + OFFSET] + ri[b] * ra[looked + ROW_STRIDE]
                if op == TOUCH2:
                    element += ri[U(code[at + FOUR])] * ra[looked + COLUMN_STRIDE]
                log = heap.buffers[U(ra[looked + BUFFER] * BUFFER_FIELDS) + WIDTH]
                stored = False
            else:
                element = arrays.element_place(op, ri, ra, looked, b, U(code[at + FOUR]))
                if element < 0:
                    status = INDEX_ERROR
                    break
                stored = op >= ST1U1
                if stored:
                    log = arrays.store(op, ri, rf, d, heap, U(element))
                    if log < 0:
                        status = -log
                        break
                else:
                    log = arrays.load(op, ri, rf, d, heap, U(element))
                    if code[at + FIVE] != 0:
                        element = -1 - element  # priced later
        else:
            target, source = d << THREE, a << THREE
            if op == DIM:
                ri[d] = ra[source + ROWS + b]
            elif op == TELL:
                answers[U(control[ANSWERS])] = ri[a]
                control[ANSWERS] += 1
            elif op == AFREE:
                arrays.release(ra, target, heap, control, pricing, tracing)
            elif op == ASK:
                arrays.ask(ra, heap, control, pricing, tracing, target, source, ri[b])
            else:
                c = U(code[at + FOUR])
                if op == ALLOC:
                    log = 0 if c == U1 else 3 if c == I8 or c == F8 else 2
                    status = arrays.new_array(ra, target, heap, control, pricing, tracing, ri[a], ri[b], log)
                    if status == OK:
                        more = ri[a] * ri[b] >> 3
                        steps += more
                        if pricing is not None:
                            pricing.executed[U(len(lines))] += more
                elif op == ATAKE:
                    arrays.take_over(ra, target, source, heap, control, pricing, tracing)
                else:
                    flag = np.int64(code[at + FIVE])
                    status = arrays.view_instruction(
                        op, ri, ra, target, source, b, c, flag, heap, control, pricing, tracing
                    )
                if status == OK and named[d]:
                    arrays.name_buffer(ra, heap, target, d)
        if status != OK:
            break

        if pricing is not None:
            if element >= 0:
                first = control[FIRST_CELL + U(log)]
                owner = heap.buffers[U(ra[looked + BUFFER] * BUFFER_FIELDS) + OWNER]
                energy = online.touch_element(pricing, first + element, 1 << log, stored, owner, site, energy)
            online.write_result(pricing, prices, p, ri, d)
            if energy > energy_limit:
                status = OUT_OF_ENERGY
                break
        if tracing is not None:
            events.after(tracing, code, prices, ri, p, element, control[FIRST_CELL + U(log)], 1 << log, stored)
        p = following
    control[POSITION] = np.int64(p)
    control[STEPS] = steps
    control[STATUS] = status
    if pricing is not None:
        pricing.energy[U(0)] = energy
        pricing.counts[metering.SITE] = np.int64(site)
    return status
