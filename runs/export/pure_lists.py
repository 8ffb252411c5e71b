"""From the language to the standard library alone: arrays are lists, and matrices lists of rows."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives import syntax
from primitives.checked import Checked
from primitives.types import FLOAT, Type, is_float
from runs.export import nodes, pure_idioms
from runs.export.aliases import Aliases, written_and_returned
from runs.export.pure import NeedsViews
from runs.export.pure_views import ViewRewriter, is_all


class ListRewriter(ViewRewriter):
    """Rewrites one function for lists. Raises NeedsViews for what lists can't be."""

    # -- stores

    def element_at(self, target: ast.Subscript, parts: Sequence[ast.expr]) -> ast.expr:
        """An element, at indices that are written already."""
        found = self.expression(target.value)
        for each in parts:
            found = ast.Subscript(found, each, ast.Load())
        return found

    def target(self, node: ast.expr) -> ast.expr:
        """A target of an assignment."""
        if isinstance(node, ast.Subscript) and self.kind(node).rank == 0 and not syntax.is_sliced(node):
            parts = syntax.subscripts(node)
            found = self.expression(node.value)
            for each in parts[:-1]:
                found = ast.Subscript(found, self.part(each), ast.Load())
            return ast.Subscript(found, self.part(parts[-1]), ast.Store())
        return super().target(node)

    def slice_store(self, target: ast.expr, value: ast.expr, callee: Checked) -> ast.stmt:
        """`a[lo:hi] = v`."""
        assert isinstance(target, ast.Subscript)
        into, kind = self.kind(target.value), self.kind(value)
        parts = syntax.subscripts(target)
        column = len(parts) == 2 and isinstance(parts[0], ast.Slice) and not isinstance(parts[1], ast.Slice)
        if kind.rank == 2 or (self.kind(target).rank == 2 and kind.rank == 0):
            return self.run(callee, "assign" if kind.rank else "fill", [target, value])
        if kind.rank == 1 and self.overlap(target, value):
            return self.run(callee, "assign", [target, value])
        if column:
            return self.column_store(target, value)
        place = self.place(target)
        if kind.rank == 1:
            return nodes.assign(place, self.list_of(into, value))
        self.repeatable(*parts)
        return nodes.assign(place, ast.BinOp(ast.List([self.put(into, value)]), ast.Mult(), self._length(target)))

    def overlap(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether what is written may share elements with what is read, other than all of them."""
        return self.aliases.overlap(target, value)

    def _length(self, target: ast.Subscript) -> ast.expr:
        parts = syntax.subscripts(target)
        last = parts[-1]
        assert isinstance(last, ast.Slice)
        if last.lower is None and last.upper is not None and last.step is None:
            return self.number(last.upper)
        return nodes.call("len", self.place(target, full=False))

    def place(self, target: ast.Subscript, full: bool = True) -> ast.expr:
        """A slice of a list, or of a row, that is written: `a[lo:hi]`, `a[i][lo:hi]`, `a[i][:]`."""
        parts = syntax.subscripts(target)
        found = self.expression(target.value)
        for each in parts[:-1]:
            found = ast.Subscript(found, self.part(each), ast.Load())
        if not full and is_all(parts[-1]):
            return found
        if isinstance(parts[-1], ast.Slice):
            return ast.Subscript(found, self.part(parts[-1]), ast.Store())
        return nodes.everything(ast.Subscript(found, self.part(parts[-1]), ast.Load()))

    def column_store(self, target: ast.Subscript, value: ast.expr) -> ast.stmt:
        """`a[lo:hi, j] = v`."""
        rows, index = syntax.subscripts(target)
        self.repeatable(index, *([value] if self.kind(value).rank == 0 else []))
        assert isinstance(rows, ast.Slice)
        into = self.kind(target.value)
        of = self.expression(target.value)
        of = of if is_all(rows) else ast.Subscript(of, self.part(rows), ast.Load())
        row, item = ast.Name(self.rows[0]), ast.Name(self.items[0])
        place = ast.Subscript(row, self.part(index), ast.Store())
        if self.kind(value).rank == 0:
            return ast.For(row, of, [nodes.assign(place, self.put(into, value))], [])
        each = self.converted(into, item, self.kind(value), self.is_f4(value))
        pairs = nodes.call("zip", of, self.read(value))
        return ast.For(ast.Tuple([row, item]), pairs, [nodes.assign(place, each)], [])

    def list_of(self, into: Type, value: ast.expr) -> ast.expr:
        """The elements of an array of rank 1, as those of another type."""
        item = ast.Name(self.items[0])
        each = self.converted(into, item, self.kind(value), self.is_f4(value))
        return self.read(value) if each is item else nodes.listed(each, [item], [self.read(value)])

    def whole(self, node: ast.AugAssign, callee: Checked) -> ast.stmt:
        """`a += b` of a whole array or a slice."""
        kind, value = self.kind(node.target), node.value
        scalar = self.kind(value).rank == 0
        if kind.rank == 2 or (not scalar and self.overlap(node.target, value)):
            return super().whole(node, callee)
        parts = syntax.subscripts(node.target) if isinstance(node.target, ast.Subscript) else []
        if len(parts) == 2 and isinstance(parts[0], ast.Slice) and not isinstance(parts[1], ast.Slice):
            return super().whole(node, callee)
        try:
            self.repeatable(*parts, *([value] if scalar else []))
        except NeedsViews:
            return super().whole(node, callee)
        target = node.target
        place = self.place(target) if isinstance(target, ast.Subscript) else nodes.everything(self.expression(target))
        return nodes.assign(place, self.mapped(node.op, kind, [target, value]))

    # -- whole arrays

    def mapped(self, op: ast.operator | ast.cmpop, result: Type, operands: Sequence[ast.expr]) -> ast.expr:
        """An operator on whole arrays, element by element, as a list of a list."""
        items = [ast.Name(each) for each in self.items]
        arrays = [self.kind(each).rank > 0 for each in operands]
        parts = [
            item if is_array else self.number(each)
            for item, each, is_array in zip(items, operands, arrays, strict=True)
        ]
        if isinstance(op, ast.cmpop):
            value: ast.expr = nodes.call("int", ast.Compare(parts[0], [op], [parts[1]]))
        else:
            value = ast.BinOp(parts[0], op, parts[1])
        value = self.converted(result, value, FLOAT if is_float(result) else result)
        chosen = [item for item, is_array in zip(items, arrays, strict=True) if is_array]
        lists = [self.read(each) for each, is_array in zip(operands, arrays, strict=True) if is_array]
        if result.rank == 2:
            rows = [ast.Name(each) for each in self.rows[: len(lists)]]
            return nodes.listed(nodes.listed(value, chosen, rows), rows, lists)
        return nodes.listed(value, chosen, lists)

    def _map_or_give(
        self, node: ast.expr, op: ast.operator | ast.cmpop, operands: Sequence[ast.expr], callee: Checked
    ) -> ast.expr:
        scalars = [each for each in operands if self.kind(each).rank == 0]
        try:
            self.repeatable(*scalars)
        except NeedsViews:
            return self.give(callee, callee.name, operands)
        return self.mapped(op, self.kind(node), operands)

    def binary(self, node: ast.BinOp) -> ast.expr:
        """`a + b` of scalars or arrays."""
        callee = self.called(node)
        if callee is None:
            return super().binary(node)
        return self._map_or_give(node, node.op, [node.left, node.right], callee)

    def arrays_compared(self, node: ast.Compare, callee: Checked) -> ast.expr:
        """`a < b` of arrays."""
        return self._map_or_give(node, node.ops[0], [node.left, node.comparators[0]], callee)

    # -- calls

    def give(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.expr:
        """A call of a function of the program or of a definition."""
        if callee.library:
            found = pure_idioms.expression(self, called, arguments)
            if found is not None:
                return found
        return nodes.call(self.naming(callee, called), *self.arguments(callee, arguments))

    def run(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.stmt:
        """A call of a function that gives nothing."""
        if callee.library and called in ("fill", "assign") and isinstance(arguments[0], ast.Subscript):
            target, value = arguments[0], arguments[1]
            slices = self.kind(target).rank == 1 and not self.overlap(target, value)
            if slices:
                return self.slice_store(target, value, callee)
        if callee.library and isinstance(arguments[0], ast.Name) and self.kind(arguments[0]).rank == 1:
            array, kind = arguments[0], self.kind(arguments[0])
            if called == "fill":
                value = ast.BinOp(ast.List([self.put(kind, arguments[1])]), ast.Mult(), nodes.call("len", array))
                return nodes.assign(nodes.everything(array), value)
            if called == "assign" and not self.overlap(array, arguments[1]):
                return nodes.assign(nodes.everything(array), self.list_of(kind, arguments[1]))
        return ast.Expr(nodes.call(self.naming(callee, called), *self.arguments(callee, arguments)))

    def arguments(self, callee: Checked, arguments: Sequence[ast.expr]) -> list[ast.expr]:
        """The arguments of a call: copies of slices only where the function neither keeps nor writes them."""
        aliases = Aliases(callee, strangers=False)
        written, returned = written_and_returned(self.program, callee)
        kept = [aliases.find(name) in written | returned for name in callee.parameters]
        targets = [each for each, keeps in zip(arguments, kept, strict=True) if keeps and self.kind(each).rank > 0]
        found = []
        for each, keeps in zip(arguments, kept, strict=True):
            strict = keeps or any(each is not other and self.aliases.overlap(other, each) for other in targets)
            array = self.kind(each).rank > 0
            found.append(self.read(each) if array and not strict else self.argument(each))
        return found

    def operation(self, node: ast.Call, called: str) -> ast.expr:
        """A builtin of Python, or a primitive that is no definition."""
        if called == "len":
            return nodes.call("len", self.read(node.args[0]))
        return super().operation(node, called)

    def allocation(self, node: ast.Call, called: str) -> ast.expr:
        """zeros, full, array."""
        if called == "array":
            return self.literals(node)
        if called == "full" and self.kind(node).rank == 2:
            self.repeatable(node.args[1])
        value, sizes = self.zero(node), self.sizes(node.args[0])
        row = ast.BinOp(ast.List([value], ast.Load()), ast.Mult(), sizes[-1])
        if len(sizes) == 1:
            return row
        self.repeatable(node.args[0])
        return nodes.listed(row, [ast.Name("_")], [nodes.call("range", sizes[0])])
