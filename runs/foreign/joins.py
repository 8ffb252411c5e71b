"""Statements of numpy on several rows or columns at once: joining matrices, swapping rows, rows chosen by a mask."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from runs.foreign import names
from runs.foreign.expressions import Expressions, filled


class Join(NamedTuple):
    """`np.hstack` or `np.column_stack` of parts, and the element type that it is converted to."""

    parts: Sequence[ast.expr]
    dtype: str | None


def join_of(node: ast.expr, expressions: Expressions) -> Join | None:
    """The parts of a matrix that is put together column by column; None for everything else."""
    dtype: str | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype" and node.args:
        kind = names.dtype_of(node.args[0], expressions.aliases)
        dtype, node = (None if kind is None else kind[0]), node.func.value
        if dtype is None:
            return None
    if isinstance(node, ast.Subscript) and names.dotted(node.value, expressions.aliases) == "np.c_":
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    elif isinstance(node, ast.Call) and names.called(node, expressions.aliases) in ("np.hstack", "np.column_stack"):
        first = node.args[0] if node.args else None
        parts = first.elts if isinstance(first, ast.Tuple | ast.List) else []
        if names.called(node, expressions.aliases) == "np.hstack" and any(
            expressions.rank(each) != 2 for each in parts
        ):
            return None
    else:
        return None
    arrays = [each for each in parts if isinstance(each, ast.Name) and expressions.rank(each) in (1, 2)]
    known = all(each in arrays or _ones(each, expressions) for each in parts)
    return Join(parts, dtype) if arrays and known else None


def _ones(node: ast.expr, expressions: Expressions) -> str | None:
    """What a column that is the same everywhere holds, `np.ones((m, 1))` or `np.ones(m)`; None for everything else."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    value = {"np.ones": "1", "np.zeros": "0"}.get(names.called(node, expressions.aliases))
    shape = node.args[0]
    column = isinstance(shape, ast.Tuple) and len(shape.elts) == 2 and ast.unparse(shape.elts[1]) == "1"
    return value if column or not isinstance(shape, ast.Tuple | ast.List) else None


def joined(target: str, join: Join, expressions: Expressions) -> list[ast.stmt]:
    """A matrix put together, as one that is allocated and assigned column by column."""
    rows = next(each.id for each in join.parts if isinstance(each, ast.Name))
    whole = all(isinstance(each, ast.Name) for each in join.parts)
    dtype = join.dtype or ("i8" if whole else "f8")
    place, ones, lines = "", 0, list[str]()
    for each in join.parts:
        start = f"{place} + {ones}" if place and ones else place or str(ones)
        if isinstance(each, ast.Name) and expressions.rank(each) == 2:
            width = f"{each.id}.shape[1]"
            place = f"{place} + {width}" if place else width
            stop = f"{place} + {ones}" if ones else place
            lines.append(f"{target}[:, {start if start != '0' else ''}:{stop}] = {each.id}")
        else:
            value = each.id if isinstance(each, ast.Name) else _ones(each, expressions)
            lines.append(f"{target}[:, {start}] = {value}")
            ones += 1
    columns = f"{place} + {ones}" if place and ones else place or str(ones)
    lines.insert(0, f"{target} = zeros((len({rows}), {columns}), {dtype})")
    return ast.parse("\n".join(lines)).body


def swapped(node: ast.Assign) -> ast.stmt | None:
    """`a[[i, j]] = a[[j, i]]` as a call of `swap_rows`; None for everything else."""
    target, value = node.targets[0], node.value
    match target, value:
        case (
            ast.Subscript(value=ast.Name(id=one), slice=ast.List(elts=[i, j])),
            ast.Subscript(value=ast.Name(id=other), slice=ast.List(elts=[k, l])),
        ) if one == other and ast.unparse(i) == ast.unparse(l) and ast.unparse(j) == ast.unparse(k):
            return ast.Expr(filled("swap_rows(A, B, C)", A=ast.Name(one), B=i, C=j))
    return None


def chosen_rows(node: ast.AugAssign, expressions: Expressions, counter: str) -> ast.stmt | None:
    """`a[mask] ^= row` of a matrix or a vector, as a loop; None for everything else."""
    target = node.target
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return None
    mask, rank = expressions.ranks.of(target.slice), expressions.rank(target.value)
    if not mask.mask or mask.rank != 1 or rank not in (1, 2) or not isinstance(target.slice, ast.Name):
        return None
    value = expressions.rank(node.value)
    if value is None or value >= rank:
        return None
    row = ast.parse(f"{target.value.id}[{counter}{', :' if rank == 2 else ''}]", mode="eval").body
    assert isinstance(row, ast.Subscript)
    row.ctx = ast.Store()
    inside = ast.AugAssign(row, node.op, expressions.expression(node.value))
    test = filled(f"A[{counter}] != 0", A=ast.Name(target.slice.id))
    length = filled("range(len(A))", A=ast.Name(target.value.id))
    return ast.For(ast.Name(counter, ast.Store()), length, [ast.If(test, [inside], [])], [], None)
