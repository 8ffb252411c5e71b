"""Calls of a random program's own functions: those it generates, and some written by hand that suit many types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.program_expressions import Expressions
from tests.program_values import ELEMENTS, INT_MAX, INT_MIN, Block, Scalar, Value, elementwise_dtype


def scalar(e: Expressions, kind: str, depth: int, control: bool) -> Scalar | None:
    """A call of a function with one scalar result of a type."""
    found = _call(
        e,
        depth,
        control,
        lambda results: len(results) == 1 and isinstance(results[0], Scalar) and results[0].kind == kind,
    )
    if found is None:
        return None
    text, (result,) = found
    assert isinstance(result, Scalar)
    return replace(result, text=text) if result.control or not control else None


def block(e: Expressions, rank: int, depth: int) -> Block | None:
    """A call of a function with one array as its result."""
    found = _call(
        e, depth, False, lambda results: len(results) == 1 and isinstance(results[0], Block) and results[0].rank == rank
    )
    if found is None:
        return None
    text, (result,) = found
    assert isinstance(result, Block)
    return replace(result, text=text, named=True)


def several(e: Expressions) -> tuple[str, list[Value]] | None:
    """A call of a function with more than one result, and what the results are."""
    return _call(e, 1, False, lambda results: len(results) > 1)


def line(e: Expressions) -> str | None:
    """A call that stands on its own line."""
    found = _call(e, 1, False, lambda results: not results)
    return None if found is None else found[0]


def _call(
    e: Expressions, depth: int, control: bool, accept: Callable[[list[Value]], bool]
) -> tuple[str, list[Value]] | None:
    if e.chance(0.4) or not e.program.functions:
        general = e.rng.choice(GENERAL)
        made = general.call(e, depth, control)
        if made is None or not accept(made[1]):
            return None
        if general.text not in e.program.general:
            e.program.general.append(general.text)
        return made
    suitable = [f for f in e.program.functions if accept(f.results)]
    if not suitable:
        return None
    function = e.rng.choice(suitable)
    if not e.affordable(function.cost):
        return None
    arguments = [_argument(e, parameter) for parameter in function.parameters]
    return f"{function.name}({', '.join(arguments)})", function.results


def _argument(e: Expressions, parameter: Value) -> str:
    if isinstance(parameter, Scalar):
        if parameter.constant:
            return e.size(int(parameter.low))
        value = e.scalar(parameter.kind, 1, parameter.control)
        return value.text if e.risky() else e.reduced(value, parameter.low, parameter.high).text
    if e.risky() and e.chance(0.3):
        found = e.block(parameter.rank, 0, lambda a: a.dtype == parameter.dtype)
    else:
        found = e.like(parameter.dims, (parameter.dtype,))
    if parameter.control and not found.control:
        found = e.created(parameter.dtype, tuple(size for size, _ in parameter.dims))
    return found.text


@dataclass(frozen=True)
class General:
    """A function that is called with arguments of many types."""

    text: str
    call: Callable[[Expressions, int, bool], tuple[str, list[Value]] | None]


def _vector(e: Expressions, depth: int) -> Block | None:
    a = e.block(1, depth, lambda a: a.nonempty)
    return a if e.affordable(2 * a.most + 2) else None


def _total(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    a = _vector(e, depth)
    if a is None:
        return None
    e.program.primitive("zero_of")
    low, high = ELEMENTS[a.dtype]
    return f"total({a.text})", [Scalar("", a.kind, min(low, 0) * a.most, high * a.most)]


def _ends(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    a = _vector(e, depth)
    return a and (f"ends({a.text})", [Scalar("", a.kind, *ELEMENTS[a.dtype])] * 2)


def _scaled(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    a = _vector(e, depth)
    if a is None or not a.control:
        return None
    k = e.reduced(e.number(1), -9, 9)
    dtype = elementwise_dtype("*", [a.dtype], k.kind == "float")
    return f"scaled({a.text}, {k.text})", [Block("", dtype, a.dims, True, named=False)]


def _same(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    a = e.block(0, depth)
    return f"same({a.text})", [replace(a, control=False)]


def _half(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    n = e.scalar("int", depth, control)
    return f"half({n.text})", [Scalar("", "int", n.low // 2, n.high // 2, n.control)]


def _set_all(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    known = e.arrays(lambda a: a.rank == 1)
    if not known:
        return None
    a = e.rng.choice(known)
    if not e.affordable(a.most):
        return None
    return f"set_all({a.text}, {e.stored(a.dtype)})", []


def _bump(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    """A function with an effect and a result: when operands are read matters around its calls."""
    known = e.arrays(lambda a: a.rank == 1 and a.nonempty and a.dtype != "u1")
    if not known:
        return None
    a = e.rng.choice(known)
    return f"bump({a.text}, {e.index(a.dims[0], f'len({a.text})')})", [Scalar("", a.kind, *ELEMENTS[a.dtype])]


def _greatest(e: Expressions, depth: int, control: bool) -> tuple[str, list[Value]] | None:
    kind = e.rng.choice(("bool", "int", "float"))
    a, b = e.scalar(kind, depth), e.scalar(kind, depth)
    low, high = (
        (0, 1) if kind == "bool" else (INT_MIN, INT_MAX) if kind == "int" else (min(a.low, b.low), max(a.high, b.high))
    )
    return f"greatest({a.text}, {b.text})", [Scalar("", kind, low, high)]


GENERAL = (
    General("def total(a):\n s = zero_of(a)\n for i in range(len(a)):\n  s = s + a[i]\n return s", _total),
    General("def ends(a):\n return a[0], a[len(a) - 1]", _ends),
    General("def scaled(a, k):\n return a * k", _scaled),
    General("def same(a):\n return a", _same),
    General("def half(n):\n return n // 2", _half),
    General("def set_all(a, v):\n for i in range(len(a)):\n  a[i] = v", _set_all),
    General("def bump(a, i):\n a[i] += 1\n return a[i]", _bump),
    General("def greatest(x, y):\n if x > y:\n  return x\n return y", _greatest),
)
