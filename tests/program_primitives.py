"""Calls of the catalogue's primitives with random arguments that fit them."""

from __future__ import annotations

from tests.program_array_calls import BLOCKS
from tests.program_expressions import Expressions
from tests.program_line_calls import LINES
from tests.program_scalar_calls import OF_ARRAYS, OF_SCALARS
from tests.program_values import Block, Scalar


def scalar(e: Expressions, kind: str, depth: int, control: bool) -> Scalar | None:
    """A call of a primitive with a scalar result of a type."""
    names = OF_SCALARS[kind] if control or e.chance(0.4) else OF_ARRAYS[kind]
    name = e.rng.choice(list(names))
    found = names[name](e, name, depth - 1, control)
    if found is None or found.kind != kind or (control and not found.control):
        return None
    e.program.primitive(name)
    return found


def block(e: Expressions, rank: int, depth: int) -> Block | None:
    """A call of a primitive that gives a new array, whose shape has to be control."""
    name = e.rng.choice(list(BLOCKS[rank]))
    found = BLOCKS[rank][name](e, name, depth)
    if found is None or not found.control:
        return None
    e.program.primitive(name)
    return found


def line(e: Expressions) -> str | None:
    """A call of a primitive that stands on its own line."""
    name = e.rng.choice(list(LINES))
    found = LINES[name](e, name)
    if found is not None:
        e.program.primitive(name)
    return found


def covered() -> set[str]:
    """The primitives that random programs call."""
    special = {"zeros", "full", "array", "window", "tanh", "abs"}
    tables: list[dict[str, object]] = [*OF_ARRAYS.values(), *OF_SCALARS.values(), *BLOCKS.values(), LINES]
    return special.union(*tables)
