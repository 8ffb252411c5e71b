"""From the language to the standard library alone, with a class for arrays (`array_class`).

It is for programs that look at an array in two ways and write to it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives.checked import Checked
from runs.export import nodes
from runs.export.pure import PureRewriter


class ArrayRewriter(PureRewriter):
    """Rewrites one function for the class: whole arrays are loops, which are the catalogue's definitions."""

    def slice_store(self, target: ast.expr, value: ast.expr, callee: Checked) -> ast.stmt:
        """`a[lo:hi] = v`."""
        return self.run(callee, "assign" if self.kind(value).rank else "fill", [target, value])

    def columns(self, of: ast.expr) -> ast.expr:
        """The number of columns of a matrix."""
        return ast.Subscript(ast.Attribute(of, "shape", ast.Load()), ast.Constant(1), ast.Load())

    def allocation(self, node: ast.Call, called: str) -> ast.expr:
        """zeros, full, array."""
        self.needs("Array")
        if called == "array":
            return nodes.call("array_of", self.literals(node))
        return nodes.call("filled", self.zero(node), *self.sizes(node.args[0]))


def conversions(names: Sequence[str]) -> list[ast.stmt]:
    """What makes arrays of the lists that a function is given."""
    return [nodes.assign(ast.Name(each), nodes.call("array_of", ast.Name(each))) for each in names]
