"""Where numpy's own functions give what the catalogue's definitions give, to the last bit.

They do on ints, which have no rounding, and for what rounds once for each element. Numpy's sums of floats take another
order, and its elementary functions and powers of whole arrays are other approximations: these stay loops.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from primitives.types import FLOAT, Type, element_dtype
from runs.export import nodes

if TYPE_CHECKING:
    from runs.export.rewriting import Rewriter


def elementwise(operator: str, kinds: Sequence[Type]) -> bool:
    """Whether an operator on whole arrays of these types, or on one and a scalar, is numpy's."""
    if any(kind.rank > 0 and element_dtype(kind).name == "f4" for kind in kinds):
        return False  # numpy computes in four bytes, the language in eight
    return operator != "**" or not _floats(kinds)


def _floats(kinds: Sequence[Type]) -> bool:
    return any(kind is FLOAT or (kind.rank > 0 and element_dtype(kind).is_float) for kind in kinds)


def expression(rewriter: Rewriter, called: str, arguments: Sequence[ast.expr]) -> ast.expr | None:
    """A primitive that gives something, in numpy's words; None if it stays a loop."""
    kinds = [rewriter.kind(each) for each in arguments]
    if called == "clip" and kinds[0].rank == 0:
        x, lo, hi = map(rewriter.number, arguments)
        return nodes.call("min", nodes.call("max", x, lo), hi)
    ints = not _floats([kind for kind in kinds if kind.rank >= 0])
    text = _ANY.get(called) or (_INTS.get(called) if ints else None)
    if text is None or (called == "abs" and rewriter.is_f4(arguments[0])):
        return None
    return _filled(text, [rewriter.argument(each) for each in arguments])


_ANY = {
    "copy": "A.copy()",
    "astype": "A.astype(B)",
    "take": "A[B]",
    "abs": "np.abs(A)",
    "argmax": "np.argmax(A)",
    "argmin": "np.argmin(A)",
    "count_nonzero": "np.count_nonzero(A)",
    "hamming": "np.count_nonzero(A != B)",
    "bincount": "np.bincount(A, minlength=B)",
}
_INTS = {
    "sum": "A.sum()",
    "amax": "A.max()",
    "amin": "A.min()",
    "cumsum": "np.cumsum(A)",
    "dot": "(A * B).sum()",
    "outer": "np.outer(A, B)",
    "sort": "np.sort(A)",
    "argsort": "np.argsort(A, kind='mergesort')",
}


def _filled(text: str, arguments: Sequence[ast.expr]) -> ast.expr:
    """A text with arguments in the places of A, B, C."""
    given = dict(zip("ABCD", arguments, strict=False))

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return given.get(node.id, node)

    found: ast.expr = Fill().visit(ast.parse(text, mode="eval").body)
    return found


def statement(rewriter: Rewriter, called: str, arguments: Sequence[ast.expr]) -> ast.stmt | None:
    """A primitive that changes an array, in numpy's words; None if it stays a loop."""
    write = rewriter.expression
    if called == "fill":
        return nodes.assign(_all_of(write(arguments[0])), rewriter.number(arguments[1]))
    if called == "assign" and not rewriter.aliases.overlap(arguments[0], arguments[1]):
        return nodes.assign(_all_of(write(arguments[0])), write(arguments[1]))
    if any(rewriter.is_f4(each) for each in arguments):
        return None
    if called == "axpy" and isinstance(arguments[2], ast.Name):
        alpha, x, y = arguments
        if not rewriter.aliases.overlap(y, x):
            return ast.AugAssign(ast.Name(arguments[2].id), ast.Add(), _times(rewriter.number(alpha), write(x)))
    if called in ("xor_rows", "add_rows"):
        row, source = (ast.Subscript(write(arguments[0]), rewriter.number(each)) for each in arguments[1:3])
        if called == "xor_rows":
            return ast.AugAssign(row, ast.BitXor(), source)
        return ast.AugAssign(row, ast.Add(), _times(rewriter.number(arguments[3]), source))
    return None


def _all_of(array: ast.expr) -> ast.expr:
    """All elements of an array, as a target."""
    return array if isinstance(array, ast.Subscript) else nodes.everything(array)


def _times(alpha: ast.expr, x: ast.expr) -> ast.expr:
    return ast.BinOp(alpha, ast.Mult(), x)
