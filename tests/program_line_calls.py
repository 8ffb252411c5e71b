"""Makers of calls of primitives that stand on a line of their own.

A maker returns None where nothing that is live suits it.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.program_expressions import Expressions
from tests.program_values import DTYPES, FLOATS, INTS, SIZES, Block

LineMaker = Callable[[Expressions, str], str | None]

# Lines


def _target(e: Expressions, rank: int = 0, dtypes: tuple[str, ...] = DTYPES) -> Block | None:
    known = e.arrays(lambda a: a.dtype in dtypes)
    if not known:
        return None
    a = e.rng.choice(known)
    if (rank and a.rank != rank) or e.chance(0.3):
        a = e.view(a) or a
    if (rank and a.rank != rank) or not e.affordable(2 * a.most + 2):
        return None
    return a


def _storable(dtype: str) -> tuple[str, ...]:
    """The element types whose values can be stored in a `dtype` array, for sure."""
    if dtype in FLOATS:
        return DTYPES
    return tuple(d for d in INTS if SIZES[d] <= SIZES[dtype])


def _fill(e: Expressions, name: str) -> str | None:
    a = _target(e)
    return a and f"{name}({a.text}, {e.stored(a.dtype)})"


def _assign(e: Expressions, name: str) -> str | None:
    a = _target(e)
    if a is None or not a.fixed:
        return None
    b = e.like(a.dims, _storable(a.dtype))
    return f"{name}({a.text}, {b.text})"


def _axpy(e: Expressions, name: str) -> str | None:
    y = _target(e, 1, ("i4", "i8", "f4", "f8"))
    if y is None or not y.fixed:
        return None
    x = e.like(y.dims, DTYPES if y.kind == "float" else INTS)
    return f"{name}({_factor(e, y.kind)}, {x.text}, {y.text})"


def _factor(e: Expressions, kind: str) -> str:
    alpha = e.scalar(e.rng.choice(("float", "int", "bool")) if kind == "float" else "int", 1)
    return e.reduced(alpha, -9, 9).text


def _add_outer(e: Expressions, name: str) -> str | None:
    a = _target(e, 2, ("i4", "i8", "f4", "f8"))
    if a is None or not a.fixed or not a.nonempty:
        return None
    dtypes = DTYPES if a.kind == "float" else INTS
    x, y = e.like((a.dims[0],), dtypes), e.like((a.dims[1],), dtypes)
    return f"{name}({a.text}, {_factor(e, a.kind)}, {x.text}, {y.text})"


def _rows(e: Expressions, name: str) -> str | None:
    a = _target(e, 2, INTS if name == "xor_rows" else ("i4", "i8", "f4", "f8") if name == "add_rows" else DTYPES)
    if a is None or not a.nonempty:
        return None
    indices = [e.index(a.dims[0], f"len({a.text})") for _ in range(2)]
    extra = [_factor(e, a.kind)] if name == "add_rows" else []
    return f"{name}({', '.join([a.text, *indices, *extra])})"


def _shuffle(e: Expressions, name: str) -> str | None:
    a = _target(e)
    return a and f"{name}({a.text})"


def _seed(e: Expressions, name: str) -> str | None:
    return f"{name}({e.scalar('int', 1).text})"


def _same_shape(e: Expressions, name: str) -> str | None:
    a = e.block(accept=lambda a: a.fixed)
    b = e.block(a.rank) if e.risky() else e.like(a.dims)
    return f"{name}({a.text}, {b.text})"


LINES: dict[str, LineMaker] = {
    "fill": _fill,
    "assign": _assign,
    "axpy": _axpy,
    "add_outer": _add_outer,
    **dict.fromkeys(("swap_rows", "xor_rows", "add_rows"), _rows),
    "shuffle": _shuffle,
    "seed": _seed,
    "same_shape": _same_shape,
}
