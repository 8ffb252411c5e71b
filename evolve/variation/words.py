"""How many bits the ints of expressions have, as far as the source says, and bits of a column as one word."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation.scope import Scope
from evolve.variation.signatures import is_call_of
from primitives import syntax

UNKNOWN: Final = 63
_WIDTHS: Final = {"u1": 8, "i4": 31}


def bits_of(scope: Scope, node: ast.expr) -> int:
    """At most how many bits a non-negative int has, bits of an array being taken as bits; 63 if nothing is known."""
    value = syntax.literal(node)
    if value is not None:
        return int(value).bit_length() if value >= 0 else UNKNOWN
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        kind = scope.types.get(node.value.id)
        return _WIDTHS.get(kind.dtype.name, UNKNOWN) if kind is not None and kind.dtype is not None else UNKNOWN
    if isinstance(node, ast.Call) and is_call_of(node, "pack"):
        return _packed(node.args[0])
    if isinstance(node, ast.BinOp):
        left, right = bits_of(scope, node.left), bits_of(scope, node.right)
        if isinstance(node.op, ast.BitXor | ast.BitOr):
            return max(left, right)
        if isinstance(node.op, ast.BitAnd):
            return min(left, right)
        if isinstance(node.op, ast.Mod):
            return right
        if isinstance(node.op, ast.Add):
            return min(max(left, right) + 1, UNKNOWN)
        if isinstance(node.op, ast.RShift | ast.FloorDiv):
            return left
    return UNKNOWN


def _packed(node: ast.expr) -> int:
    """How many elements a slice has, or at most."""
    if isinstance(node, ast.Subscript):
        for part in syntax.subscripts(node):
            if isinstance(part, ast.Slice) and part.upper is not None:
                start = at_most(part.lower or ast.Constant(0))
                end = at_most(part.upper)
                if start is not None and end is not None:
                    return max(end - start, 0)
    return UNKNOWN


def at_most(node: ast.expr) -> int | None:
    """A literal, or the least literal of `min(...)`."""
    if isinstance(node, ast.Call) and is_call_of(node, "min"):
        ends = (at_most(each) for each in node.args)
        return min((each for each in ends if each is not None), default=None)
    value = syntax.literal(node)
    return value if isinstance(value, int) else None
