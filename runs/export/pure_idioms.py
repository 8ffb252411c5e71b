"""Where Python's own words for lists give what the catalogue's definitions give, to the last bit.

The sum of floats does not: `sum` compensates what is rounded off, since Python 3.12.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from primitives.types import element_dtype, is_float
from runs.export import nodes

if TYPE_CHECKING:
    from runs.export.pure_views import ViewRewriter


def expression(rewriter: ViewRewriter, called: str, arguments: Sequence[ast.expr]) -> ast.expr | None:
    """A primitive that gives something, in Python's own words; None if it stays a loop."""
    kinds = [rewriter.kind(each) for each in arguments]
    if called == "clip" and kinds[0].rank == 0:
        x, lo, hi = map(rewriter.number, arguments)
        return nodes.call("min", nodes.call("max", x, lo), hi)
    if called == "copy" and kinds[0].rank == 2:
        return nodes.listed(
            nodes.everything(ast.Name(rewriter.rows[0])), [ast.Name(rewriter.rows[0])], [rewriter.read(arguments[0])]
        )
    if called == "take":
        rewriter.repeatable(arguments[0])
        item = ast.Name(rewriter.items[0])
        element: ast.expr = ast.Subscript(rewriter.read(arguments[0]), item, ast.Load())
        element = nodes.everything(element) if kinds[0].rank == 2 else element
        return nodes.listed(element, [item], [rewriter.read(arguments[1])])
    if not kinds or kinds[0].rank != 1:
        return None
    first = arguments[0]
    floats = any(is_float(each) for each in kinds if each.rank > 0)
    item, other = (ast.Name(each) for each in rewriter.items)
    if called == "copy":
        return nodes.call("list", rewriter.read(first))
    if called == "astype":
        if element_dtype(kinds[1]).is_float:
            each = rewriter.converted(kinds[1], item, kinds[0], rewriter.is_f4(first))
            return (
                nodes.listed(each, [item], [rewriter.read(first)])
                if each is not item
                else nodes.call("list", rewriter.read(first))
            )
        return nodes.call("list", rewriter.read(first))
    if called in ("argmax", "argmin") and isinstance(first, ast.Name):
        least = nodes.call("max" if called == "argmax" else "min", first)
        return nodes.method(first, "index", least)
    if called in ("amax", "amin"):
        return nodes.call("max" if called == "amax" else "min", rewriter.read(first))
    if called == "sum" and not floats:
        return nodes.call("sum", rewriter.read(first))
    if called == "count_nonzero":
        return nodes.summed(ast.Compare(item, [ast.NotEq()], [ast.Constant(0)]), [item], [rewriter.read(first)])
    if called == "hamming":
        unequal = ast.Compare(item, [ast.NotEq()], [other])
        return nodes.summed(unequal, [item, other], [rewriter.read(each) for each in arguments])
    if called == "dot" and not floats and kinds[1].rank == 1:
        return nodes.summed(
            ast.BinOp(item, ast.Mult(), other), [item, other], [rewriter.read(each) for each in arguments]
        )
    if called == "sort":
        return nodes.call("sorted", rewriter.read(first))
    if called == "argsort" and isinstance(first, ast.Name):
        length = nodes.call("range", nodes.call("len", first))
        return nodes.call("sorted", length, key=ast.Attribute(first, "__getitem__", ast.Load()))
    return None
