"""Makers of calls of primitives with a scalar as their result.

A maker returns None where nothing that is live suits it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.program_expressions import Expressions
from tests.program_values import DTYPES, ELEMENTS, EXACT, FLOATS, INT_MAX, INT_MIN, INTS, Block, Scalar, literal

ScalarMaker = Callable[[Expressions, str, int, bool], Scalar | None]

# Scalars of scalars

_SAFE: dict[str, tuple[float, float]] = {"exp": (-50, 50), "log": (0.5, 10**6), "sqrt": (0.0, 10**6)}


def _elementary(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    a = e.number(depth, control)
    low, high = _SAFE.get(name, (a.low, a.high))
    if name == "exp" and not e.risky():
        a = e.reduced(a, low, high)
    elif not a.within(low, high) and not e.risky():
        a = replace(a, text=f"(abs({a.text}) + 0.5)")
    return Scalar(f"{name}({a.text})", "float", *((0.0, 1e22) if name == "exp" else (-1e3, 1e3)), a.control)


def _rounding(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    a = e.number(depth, control)
    a = a if e.risky() else e.reduced(a, -EXACT, EXACT)
    return Scalar(f"{name}({a.text})", "int", int(max(a.low - 1, INT_MIN)), int(min(a.high + 1, INT_MAX)), a.control)


def _sign(kind: str) -> ScalarMaker:
    def make(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
        a = e.scalar(kind, depth, control)
        return Scalar(f"{name}({a.text})", kind, -1, 1, a.control)

    return make


def _bits(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    a = e.scalar(e.rng.choice(("int", "int", "bool")), depth, control)
    return Scalar(f"{name}({a.text})", "int", 0, 1 if name == "parity" else 64, a.control)


def _wrapping(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    a, b = e.scalar("int", depth, control), e.scalar("int", depth, control)
    return Scalar(f"{name}({a.text}, {b.text})", "int", INT_MIN, INT_MAX, a.control and b.control)


def _mix(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    a = e.scalar("int", depth, control)
    return Scalar(f"{name}({a.text})", "int", INT_MIN, INT_MAX, a.control)


def _clip_scalar(kind: str) -> ScalarMaker:
    def make(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
        x, low, high = (e.scalar(kind, depth, control) for _ in range(3))
        text = f"{name}({x.text}, {low.text}, {high.text})"
        least, most = min(x.low, low.low, high.low), max(x.high, low.high, high.high)
        return Scalar(text, kind, least, most, x.control and low.control and high.control)

    return make


def _randint(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    low = e.scalar("int", depth)
    if e.risky():
        return Scalar(f"{name}({low.text}, {e.scalar('int', depth).text})", "int", INT_MIN, INT_MAX)
    if not low.constant or not low.within(-1000, 1000):
        low = literal(e.rng.randint(-3, 3))
    width = e.rng.randint(1, 9)
    return Scalar(f"{name}({low.text}, {low.text} + {width})", "int", low.low, low.low + width - 1)


def _draw(e: Expressions, name: str, depth: int, control: bool) -> Scalar:
    return Scalar(f"{name}()", "float", *((0.0, 1.0) if name == "random" else (-9.0, 9.0)))


# Scalars of arrays


def operand(
    e: Expressions, depth: int, rank: int = 1, dtypes: tuple[str, ...] = DTYPES, empty: bool = False
) -> Block | None:
    found = e.block(rank, depth, lambda a: a.dtype in dtypes and (empty or a.nonempty or e.risky()))
    return found if e.affordable(2 * found.most + 2) else None


def _reduction(kind: str) -> ScalarMaker:
    dtypes = INTS if kind == "int" else FLOATS

    def make(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
        a = operand(e, depth, e.rng.choice((1, 2)), dtypes, empty=name == "sum")
        if a is None:
            return None
        low, high = ELEMENTS[a.dtype]
        times = max(a.most, 1) if name == "sum" else 1
        return Scalar(f"{name}({a.text})", kind, min(low * times, 0), high * times)

    return make


def _mean(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
    a = operand(e, depth, e.rng.choice((1, 2)))
    return a and Scalar(f"{name}({a.text})", "float", -3000.0, 3000.0)


def _position(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
    a = operand(e, depth)
    return a and Scalar(f"{name}({a.text})", "int", 0, max(a.dims[0][1] - 1, 0))


def _count(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
    a = operand(e, depth, e.rng.choice((1, 2)), empty=True)
    return a and Scalar(f"{name}({a.text})", "int", 0, a.most)


def _pair(e: Expressions, depth: int, dtypes: tuple[str, ...] = DTYPES) -> tuple[Block, Block] | None:
    a = e.block(1, depth, lambda a: a.fixed and a.dtype in dtypes)
    if not e.affordable(2 * a.most + 2):
        return None
    b = e.block(1, 0) if e.risky() and e.chance(0.3) else e.like(a.dims, dtypes, depth)
    return (a, b) if b.dtype in dtypes else None


def _dot(kind: str) -> ScalarMaker:
    def make(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
        pair = _pair(e, depth, INTS if kind == "int" else DTYPES)
        if pair is None or (kind == "float" and pair[0].kind == pair[1].kind == "int"):
            return None
        return Scalar(f"{name}({pair[0].text}, {pair[1].text})", kind, -(10**6), 10**6)

    return make


def _hamming(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
    pair = _pair(e, depth)
    return pair and Scalar(f"{name}({pair[0].text}, {pair[1].text})", "int", 0, pair[0].most)


def _pack(e: Expressions, name: str, depth: int, control: bool) -> Scalar | None:
    a = bit_block(e, depth, 1)
    return a and Scalar(f"{name}({a.text})", "int", 0, (1 << min(a.most, 62)) - 1)


def bit_block(e: Expressions, depth: int, rank: int) -> Block | None:
    a = operand(e, depth, rank, INTS, empty=True)
    if a is None or not a.control or e.risky():
        return a
    return replace(a, text=e.rng.choice((f"({a.text} & 1)", f"({a.text} > {e.rng.randint(0, 3)})")), named=False)


ELEMENTARY = ("exp", "log", "sqrt", "tanh", "sigmoid", "sin", "cos")

OF_SCALARS: dict[str, dict[str, ScalarMaker]] = {
    "bool": {"clip": _clip_scalar("bool")},
    "int": {
        "floor": _rounding,
        "ceil": _rounding,
        "sign": _sign("int"),
        "popcount": _bits,
        "parity": _bits,
        "bit_length": _bits,
        "mulw": _wrapping,
        "addw": _wrapping,
        "mix": _mix,
        "clip": _clip_scalar("int"),
    },
    "float": {**dict.fromkeys(ELEMENTARY, _elementary), "sign": _sign("float"), "clip": _clip_scalar("float")},
}
OF_ARRAYS: dict[str, dict[str, ScalarMaker]] = {
    "bool": {"clip": _clip_scalar("bool")},
    "int": {
        "randint": _randint,
        **dict.fromkeys(("sum", "amax", "amin"), _reduction("int")),
        **dict.fromkeys(("argmax", "argmin"), _position),
        "count_nonzero": _count,
        "dot": _dot("int"),
        "hamming": _hamming,
        "pack": _pack,
    },
    "float": {
        **dict.fromkeys(("random", "normal"), _draw),
        **dict.fromkeys(("sum", "amax", "amin"), _reduction("float")),
        "mean": _mean,
        "dot": _dot("float"),
    },
}
