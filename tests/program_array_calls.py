"""Makers of calls of primitives with an array as their result.

A maker returns None where nothing that is live suits it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.program_expressions import Expressions
from tests.program_scalar_calls import ELEMENTARY, bit_block, operand
from tests.program_values import DTYPES, ELEMENTS, FLOATS, INTS, Block, sized

BlockMaker = Callable[[Expressions, str, int], Block | None]

# Arrays


def _copy(e: Expressions, name: str, depth: int, rank: int) -> Block | None:
    a = operand(e, depth, rank, empty=True)
    return a and replace(a, text=f"{name}({a.text})", named=False)


def _astype(e: Expressions, name: str, depth: int, rank: int) -> Block | None:
    a = operand(e, depth, rank, empty=True)
    if a is None:
        return None
    dtype = e.rng.choice(FLOATS if a.kind == "float" else DTYPES)
    text = a.text
    if dtype == "u1" and a.dtype != "u1" and not e.risky():
        text = f"({text} & 255)"
    return Block(f"{name}({text}, {e.program.primitive(dtype)})", dtype, a.dims, a.control, named=False)


def _take(e: Expressions, name: str, depth: int, rank: int) -> Block | None:
    a = operand(e, depth, rank)
    if a is None:
        return None
    indices = operand(e, 0, 1, INTS, empty=True)
    if indices is None or not e.affordable(indices.most * (a.dims[-1][1] + 1)):
        return None
    text = indices.text if e.risky() else f"{indices.text} % {max(a.dims[0][0], 1)}"
    dims = (indices.dims[0], *a.dims[1:])
    return Block(f"{name}({a.text}, {text})", a.dtype, dims, a.control and indices.control, named=False)


def _cumsum(e: Expressions, name: str, depth: int) -> Block | None:
    a = operand(e, depth, empty=True)
    return a and replace(a, text=f"{name}({a.text})", dtype=a.dtype if a.kind == "float" else "i8", named=False)


def _bincount(e: Expressions, name: str, depth: int) -> Block | None:
    a = operand(e, depth, 1, INTS, empty=True)
    if a is None:
        return None
    size = e.rng.randint(1, 5)
    text = a.text if e.risky() or not a.control else f"{a.text} % {size}"
    return Block(f"{name}({text}, {e.size(size)})", "i8", sized(size), True, named=False)


def _softmax(e: Expressions, name: str, depth: int) -> Block | None:
    a = operand(e, depth)
    return a and replace(a, text=f"{name}({a.text})", dtype="f4" if a.dtype == "f4" else "f8", named=False)


def _number_dtype(*arrays: Block) -> str:
    if all(a.kind == "int" for a in arrays):
        return "i8"
    return "f4" if all(a.dtype == "f4" for a in arrays) else "f8"


def _product(e: Expressions, name: str, depth: int) -> Block | None:
    a = e.block(2, depth, lambda a: a.fixed)
    rows, columns = a.dims
    if not e.affordable(4 * a.most + 4):
        return None
    x = e.like((columns if name == "matvec" else rows,), depth=depth)
    text = f"{name}({a.text}, {x.text})" if name == "matvec" else f"{name}({x.text}, {a.text})"
    return Block(text, _number_dtype(a, x), (rows if name == "matvec" else columns,), a.control, named=False)


def _matmul(e: Expressions, name: str, depth: int) -> Block | None:
    a = e.block(2, depth, lambda a: a.fixed)
    size = e.rng.randint(1, 4)
    if not e.affordable(4 * a.most * size + 4):
        return None
    b = e.like((a.dims[1], (size, size)), depth=depth)
    return Block(
        f"{name}({a.text}, {b.text})", _number_dtype(a, b), (a.dims[0], b.dims[1]), a.control and b.control, named=False
    )


def _outer(e: Expressions, name: str, depth: int) -> Block | None:
    a, b = e.block(1, depth), e.block(1, depth)
    if not e.affordable(2 * a.most * b.most + 2):
        return None
    return Block(
        f"{name}({a.text}, {b.text})", _number_dtype(a, b), (*a.dims, *b.dims), a.control and b.control, named=False
    )


def _sort(e: Expressions, name: str, depth: int) -> Block | None:
    a = operand(e, depth, empty=True)
    if a is None or not e.affordable(5 * a.most):
        return None
    return replace(a, text=f"{name}({a.text})", dtype="i8" if name == "argsort" else a.dtype, named=False)


def _permutation(e: Expressions, name: str, depth: int) -> Block | None:
    size = e.rng.randint(0, 6)
    if not e.affordable(3 * size + 1):
        return None
    return Block(f"{name}({e.size(size)})", "i8", sized(size), True, named=False)


def _clip(e: Expressions, name: str, depth: int, rank: int) -> Block | None:
    a = operand(e, depth, rank, empty=True)
    if a is None:
        return None
    low, high = (e.reduced(e.scalar(a.kind, 1), *ELEMENTS[a.dtype]) for _ in range(2))
    return replace(a, text=f"{name}({a.text}, {low.text}, {high.text})", named=False)


def _pack_rows(e: Expressions, name: str, depth: int) -> Block | None:
    a = bit_block(e, depth, 2)
    return a and Block(f"{name}({a.text})", "i8", a.dims[:1], a.control, named=False)


def _unpack(e: Expressions, name: str, depth: int) -> Block | None:
    size = e.rng.randint(0, 9)
    if not e.affordable(3 * size + 1):
        return None
    return Block(f"{name}({e.scalar('int', 1).text}, {e.size(size)})", "u1", sized(size), True, named=False)


def _mapped(e: Expressions, name: str, depth: int, rank: int) -> Block | None:
    """An operation on scalars, applied to every element."""
    bits = name in ("popcount", "parity", "bit_length")
    a = operand(e, depth, rank, INTS if bits else DTYPES, empty=True)
    if a is None:
        return None
    text = a.text
    if name in ("log", "sqrt") and not e.risky():
        text = f"abs({e.program.primitive('clip')}({text}, {'-50, 50' if a.kind == 'int' else '-50.0, 50.0'})) + 1"
        if a.dtype == "u1":
            text = f"{a.text} + 1"
    if name == "exp" and not e.risky():
        text = f"{text} % 7"
    if bits:
        dtype = "u1"
    elif name in ("sign", "abs"):
        dtype = a.dtype if a.kind == "float" else "i8"
    elif name in ("floor", "ceil"):
        dtype = "i8"
    else:
        dtype = "f4" if a.dtype == "f4" else "f8"
    return Block(f"{name}({text})", dtype, a.dims, a.control, named=False)


def _of_rank(maker: Callable[[Expressions, str, int, int], Block | None], rank: int) -> BlockMaker:
    return lambda e, name, depth: maker(e, name, depth, rank)


_MAPPED = (*ELEMENTARY, "floor", "ceil", "sign", "popcount", "parity", "bit_length", "abs")
BLOCKS: dict[int, dict[str, BlockMaker]] = {
    1: {
        "copy": _of_rank(_copy, 1),
        "astype": _of_rank(_astype, 1),
        "take": _of_rank(_take, 1),
        "cumsum": _cumsum,
        "bincount": _bincount,
        "softmax": _softmax,
        "matvec": _product,
        "vecmat": _product,
        "sort": _sort,
        "argsort": _sort,
        "permutation": _permutation,
        "clip": _of_rank(_clip, 1),
        "pack_rows": _pack_rows,
        "unpack": _unpack,
        **dict.fromkeys(_MAPPED, _of_rank(_mapped, 1)),
    },
    2: {
        "copy": _of_rank(_copy, 2),
        "astype": _of_rank(_astype, 2),
        "take": _of_rank(_take, 2),
        "matmul": _matmul,
        "outer": _outer,
        "clip": _of_rank(_clip, 2),
        **dict.fromkeys(_MAPPED, _of_rank(_mapped, 2)),
    },
}
