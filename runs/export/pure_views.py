"""Views of lists: rows, slices, columns.

A row of a matrix is the very list, so that what is written through it is written to the matrix, as in the language.
Other slices of lists are copies. They stand where a copy does as well: where the array is read-only, where the slice is
read at once, or where nobody writes to the array while the slice is known. Elsewhere `NeedsViews` is raised, and the
program is written with a class for arrays (`pure_arrays`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

from primitives import syntax
from primitives.checked import Checked
from runs.export import nodes
from runs.export.aliases import Aliases, written_and_returned
from runs.export.pure import NeedsViews, PureRewriter
from runs.export.rewriting import Naming
from runs.export.typed import Typed

_REPEATABLE = frozenset({"len", "int", "float", "min", "max", "abs"})


class ViewRewriter(PureRewriter):
    """Rewrites what is read of lists. Raises NeedsViews for what lists can't be."""

    def __init__(
        self,
        program: Typed,
        function: Checked,
        naming: Naming,
        needs: Callable[[str], None],
        known: Collection[str],
    ):
        super().__init__(program, function, naming, needs, known)
        self._reading = False
        self._own = Aliases(function, strangers=False)
        written, returned = written_and_returned(program, function)
        self._kept = written | returned
        self._cut = _cut(function)

    # -- views

    def read(self, node: ast.expr) -> ast.expr:
        """An expression that is read at once, so that a copy does."""
        before, self._reading = self._reading, True
        found = self.expression(node)
        self._reading = before
        return found

    def expression(self, node: ast.expr) -> ast.expr:
        """What an expression becomes."""
        reading, self._reading = self._reading, False  # it holds for this node only
        try:
            if isinstance(node, ast.Subscript) and not syntax.is_shape(node.value) and self.kind(node).rank > 0:
                return self.view(node, reading)
            if isinstance(node, ast.Attribute):
                return self.attribute(node, reading)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "window":
                self.allow_copy(node, reading or self.kind(node).rank == 2)  # rows of a list are no copies
            return super().expression(node)
        finally:
            self._reading = reading

    def allow_copy(self, node: ast.expr, reading: bool) -> None:
        """Raise NeedsViews if a copy is not as good as a view."""
        if reading or self.kind(node).readonly:
            return
        if {self._own.find(each) for each in self._own.roots(node)} & self._kept:
            raise NeedsViews

    def view(self, node: ast.Subscript, reading: bool = False) -> ast.expr:
        """A row, a slice or a column."""
        parts, base = syntax.subscripts(node), self.kind(node.value)
        of = self.read(node.value) if reading else self.expression(node.value)
        if base.rank == 1:
            self.allow_copy(node, reading)
            return ast.Subscript(of, self.part(parts[0]), ast.Load())
        first, second = parts[0], parts[1] if len(parts) > 1 else ast.Slice()
        if not isinstance(first, ast.Slice):
            row = ast.Subscript(of, self.part(first), ast.Load())
            if is_all(second):
                return row
            self.allow_copy(node, reading)
            return ast.Subscript(row, self.part(second), ast.Load())
        rows = of if is_all(first) and not is_all(second) else ast.Subscript(of, self.part(first), ast.Load())
        if is_all(second):
            return rows
        self.allow_copy(node, reading)
        self.repeatable(second)
        each = ast.Subscript(ast.Name(self.rows[0]), self.part(second), ast.Load())
        return nodes.listed(each, [ast.Name(self.rows[0])], [rows])

    def attribute(self, node: ast.Attribute, reading: bool) -> ast.expr:
        """`a.shape` and `a.T`."""
        if syntax.is_shape(node):
            return ast.Tuple(self.sizes(node), ast.Load())
        if not self.kind(node).readonly:  # of a matrix without rows the columns would be lost
            raise NeedsViews
        column = nodes.call("list", ast.Name(self.items[0]))
        return nodes.listed(column, [ast.Name(self.items[0])], [nodes.call("zip", ast.Starred(self.read(node.value)))])

    def element(self, node: ast.Subscript) -> ast.expr:
        """An element or a dimension."""
        if syntax.is_shape(node.value):
            of = self.read(node.value.value)
            if syntax.literal(node.slice) != 1:
                return nodes.call("len", of)
            if self._own.roots(node.value.value) & self._cut:
                raise NeedsViews
            return self.columns(of)
        return self._element(node, ast.Load())

    def _element(self, node: ast.Subscript, context: ast.expr_context) -> ast.expr:
        parts = syntax.subscripts(node)
        found = self.read(node.value)
        for each in parts[:-1]:
            found = ast.Subscript(found, self.part(each), ast.Load())
        return ast.Subscript(found, self.part(parts[-1]), context)

    def columns(self, of: ast.expr) -> ast.expr:
        """The number of columns of a matrix: the length of its first row."""
        return nodes.call("len", ast.Subscript(of, ast.Constant(0), ast.Load()))

    def sizes(self, node: ast.expr) -> list[ast.expr]:
        """The sizes of a new array."""
        if syntax.is_shape(node) and self._own.roots(node.value) & self._cut:
            raise NeedsViews
        return super().sizes(node)

    def repeatable(self, *parts: ast.expr | None) -> None:
        """Raise NeedsViews if an expression may not be evaluated more than once."""
        for part in parts:
            for each in ast.walk(part) if part is not None else ():
                if isinstance(each, ast.Call) and not (
                    isinstance(each.func, ast.Name) and each.func.id in _REPEATABLE and self.called(each) is None
                ):
                    raise NeedsViews


def _cut(function: Checked) -> set[str]:
    """The names of what may be rows of a matrix, and may be none: then a list does not know how many columns it has."""
    assigned = [node for node in ast.walk(function.node) if isinstance(node, ast.Assign)]
    return {
        each.id
        for node in assigned
        for each in syntax.items(node.targets[0])
        if isinstance(each, ast.Name)
        and any(isinstance(part, ast.Slice) or _is_window(part) for part in ast.walk(node))
    }


def _is_window(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "window"


def is_all(part: ast.expr) -> bool:
    """Whether a part of a subscript is `:`."""
    return isinstance(part, ast.Slice) and part.lower is None and part.upper is None and part.step is None
