"""The time that a program takes on a reference machine, from counts of the instructions that it executed.

The same counts give the same seconds on every computer, so that times of different runs can be compared and selected
by. The counts come from the priced build, the costs are those of the plain build: what it takes to run the program, not
to price it. Loading a program and entering the machine count for nothing.

`python -m benchmarks.calibrate` made the costs, the table in `instruction_costs`. On programs that it was not made from
the predicted time is a few percent off in the median (docs/benchmarks.md); it knows nothing of caches and of how well a
processor guesses a branch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitness.instruction_costs import PICOSECONDS
from primitives.opcodes import FLOAT_FUNCTIONS, INT_FUNCTIONS, MNEMONIC, OPCODE

Ints = NDArray[np.int64]

PICOSECOND = 1e-12

CLASSES: tuple[str, ...] = (
    *MNEMONIC,
    *(f"IFUN {name}" for name in INT_FUNCTIONS),
    *(f"FFUN {name}" for name in FLOAT_FUNCTIONS),
    "ALLOC, 8 elements more",
    "RET, 8 cells or arrays more",
)
"""The classes of instructions: one an opcode, one a function of `IFUN` and `FFUN`, and the further steps of allocations
and returns."""

_SPLIT = np.array([name in ("IFUN", "FFUN") for name in MNEMONIC], dtype=np.int64)
"""Whether field b of an opcode, a function's number, is part of the class."""

_FIRST = np.arange(len(MNEMONIC))
_FIRST[OPCODE["IFUN"]] = len(MNEMONIC)
_FIRST[OPCODE["FFUN"]] = len(MNEMONIC) + len(INT_FUNCTIONS)
"""The first class of each opcode."""

_COSTS = np.array([PICOSECONDS[kind] for kind in CLASSES], dtype=np.int64)


def by_class(instructions: NDArray[np.uint32], executed: Ints) -> Ints:
    """Counts of executed instructions by class, from those by position.

    Args:
        instructions: of the code, shape (instructions, 8).
        executed: of the run (`metering.Pricing.executed`), shape (instructions + 2,).
    """
    counts = np.bincount(_kinds(instructions), weights=executed[:-2], minlength=len(CLASSES)).astype(np.int64)
    counts[-2:] = executed[-2:]
    return counts


def _kinds(instructions: NDArray[np.uint32]) -> Ints:
    """The number of the class of each instruction."""
    opcodes = instructions[:, 0]
    kinds: Ints = _FIRST[opcodes] + _SPLIT[opcodes] * instructions[:, 3]
    return kinds


def by_position(instructions: NDArray[np.uint32]) -> Ints:
    """Picoseconds of each instruction, then those of the further steps of allocations and returns.

    The product with `metering.Pricing.executed` is the calibrated time.

    Args:
        instructions: of the code, shape (instructions, 8).
    """
    return np.concatenate([_COSTS[_kinds(instructions)], _COSTS[-2:]])


def calibrated_seconds(executed: Ints) -> float:
    """Seconds on the reference machine for counts of executed instructions by class, shape (len(CLASSES),)."""
    return int(executed @ _COSTS) * PICOSECOND  # a sum of ints, so that its order can't matter
