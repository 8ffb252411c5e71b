"""From the language to the standard library alone: arrays are lists, and matrices lists of rows.

A row of a matrix is the very list, so that what is written through it is written to the matrix, as in the language. Other
slices of lists are copies. They stand where a copy does as well: where the array is read-only, where the slice is read at
once, or where nobody writes to the array while the slice is known. Elsewhere `NeedsViews` is raised, and the
program is written with a class for arrays (`pure_arrays`).

Ints of Python do not wrap, and need not: the machine stops where they would. Floats of four bytes are rounded when they
are stored, by `struct`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence

import numpy as np

from primitives import syntax
from primitives.checked import Checked
from primitives.types import FLOAT, Type, element_dtype, is_float
from runs.export import nodes
from runs.export.aliases import Aliases, written_and_returned
from runs.export.names import free
from runs.export.rewriting import Naming, Rewriter
from runs.export.typed import Typed

_REPEATABLE = frozenset({"len", "int", "float", "min", "max", "abs"})


class NeedsViews(Exception):
    """A program looks at an array in two ways, and writes to it; lists can't."""


class PureRewriter(Rewriter):
    """What lists and the class for arrays have in common: scalars, and what is stored."""

    def __init__(
        self,
        program: Typed,
        function: Checked,
        naming: Naming,
        needs: Callable[[str], None],
        known: Collection[str],
    ):
        super().__init__(program, function, naming, needs)
        self.items = [free(each, known) for each in ("v", "w")]
        self.rows = [free(each, known) for each in ("row", "other")]

    def single(self, value: ast.expr) -> ast.expr:
        """A number rounded to four bytes."""
        self.needs("single")
        return nodes.call("single", value)

    def converted(self, array: Type, value: ast.expr, kind: Type, exact: bool = False) -> ast.expr:
        """A number as an array of a type holds it.

        Args:
            array: the type of the array.
            value: the number, written.
            kind: its type: of the scalar, or of the array that it is an element of.
            exact: whether four bytes are known to hold it.
        """
        if not is_float(array):
            return value
        if not is_float(kind):
            constant = syntax.literal(value)
            value = nodes.call("float", value) if constant is None else _constant(float(constant))
            exact = exact or (constant is not None and _is_single(float(constant)))
        single = element_dtype(array).name == "f4"
        return self.single(value) if single and not exact else value

    def put(self, array: Type, value: ast.expr) -> ast.expr:
        """A scalar expression, as an array of a type holds it."""
        return self.converted(array, self.number(value), self.kind(value), self.is_narrow(value))

    def assignment(self, node: ast.Assign) -> ast.stmt:
        """`x = e`, `a[i] = e`, several targets, and stores into slices."""
        target, value = node.targets[0], node.value
        callee = self.called(target)
        if callee is not None:
            assert isinstance(target, ast.Subscript)
            return self.slice_store(target, value, callee)
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            pairs = zip(target.elts, value.elts, strict=True)
            return nodes.assign(self.target(target), ast.Tuple([self.stored(*pair) for pair in pairs]))
        return nodes.assign(self.target(target), self.stored(target, value))

    def stored(self, target: ast.expr, value: ast.expr) -> ast.expr:
        """What is assigned to a target."""
        if isinstance(target, ast.Subscript):
            return self.put(self.kind(target.value), value)
        return self.expression(value)

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """What a statement becomes; elements that a function gives are stored one by one, if they are converted."""
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target = node.targets[0]
            if isinstance(target, ast.Tuple | ast.List):
                parts = [ast.Name(f"place_{number}") for number in range(1, len(target.elts) + 1)]
                if any(isinstance(each, ast.Subscript) for each in target.elts):
                    return [
                        nodes.assign(ast.Tuple(list(parts)), self.expression(node.value)),
                        *self._parts(node, parts),
                    ]
        return super().statement(node)

    def _parts(self, node: ast.Assign, parts: Sequence[ast.Name]) -> list[ast.stmt]:
        target = node.targets[0]
        assert isinstance(target, ast.Tuple | ast.List) and isinstance(node.value, ast.Call)
        callee = self.called(node.value)
        assert callee is not None
        found: list[ast.stmt] = []
        for each, part, kind in zip(target.elts, parts, callee.results, strict=True):
            value: ast.expr = part
            if isinstance(each, ast.Subscript):
                value = self.converted(self.kind(each.value), part, kind)
            found.append(nodes.assign(self.target(each), value))
        return found

    def augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        """`x += e` of a scalar, an element or a whole array."""
        callee = self.called(node)
        if callee is not None:
            return [self.whole(node, callee)]
        if isinstance(node.target, ast.Subscript) and self.is_f4(node.target.value):
            return self.rounded(node)
        return [self.in_place(node, self.counted(node))]

    def whole(self, node: ast.AugAssign, callee: Checked) -> ast.stmt:
        """`a += b` of a whole array."""
        return self.run(callee, callee.name, [node.target, node.value])

    def widened(self, element: ast.expr) -> ast.expr:
        """An element of four bytes is a float of Python already."""
        return element

    def narrowed(self, value: ast.expr) -> ast.expr:
        """What is stored in four bytes."""
        return self.single(value)

    def subscript(self, node: ast.Subscript) -> ast.expr:
        """An element, a view or a dimension."""
        return self.element(node)

    def comparison(self, node: ast.Compare) -> ast.expr:
        """`a < b`."""
        callee = self.called(node)
        if callee is not None:
            return self.arrays_compared(node, callee)
        return ast.Compare(self.expression(node.left), node.ops, [self.expression(node.comparators[0])])

    def arrays_compared(self, node: ast.Compare, callee: Checked) -> ast.expr:
        """`a < b` of arrays."""
        return self.give(callee, callee.name, [node.left, node.comparators[0]])

    def binary(self, node: ast.BinOp) -> ast.expr:
        """`a + b` of scalars or arrays."""
        callee = self.called(node)
        return super().binary(node) if callee is None else self.give(callee, callee.name, [node.left, node.right])

    def unary(self, node: ast.UnaryOp) -> ast.expr:
        """`-a`, `+a`, `~a`, `not a`."""
        callee = self.called(node)
        return super().unary(node) if callee is None else self.give(callee, callee.name, [node.operand])

    def procedure(self, node: ast.Call) -> list[ast.stmt]:
        """A call on its own line."""
        callee = self.called(node)
        assert isinstance(node.func, ast.Name)
        return super().procedure(node) if callee is None else [self.run(callee, node.func.id, node.args)]

    def call(self, node: ast.Call) -> ast.expr:
        """A call of a function, a primitive or a builtin."""
        assert isinstance(node.func, ast.Name)
        callee = self.called(node)
        return self.operation(node, node.func.id) if callee is None else self.give(callee, node.func.id, node.args)

    def argument(self, node: ast.expr) -> ast.expr:
        """An argument; an element type by the name of its numbers."""
        kind = self.kind(node)
        if kind.rank == -1:
            return ast.Name("float" if element_dtype(kind).is_float else "int")
        return self.expression(node)

    def sizes(self, node: ast.expr) -> list[ast.expr]:
        """The sizes of a new array."""
        if syntax.is_shape(node):
            of = self.expression(node.value)
            return [nodes.call("len", of), *([self.columns(of)] if self.kind(node.value).rank == 2 else [])]
        return [self.number(each) for each in syntax.items(node)]

    def columns(self, of: ast.expr) -> ast.expr:
        """The number of columns of a matrix."""
        raise NotImplementedError

    def zero(self, node: ast.Call) -> ast.expr:
        """What a new array is filled with, by `zeros` or `full`."""
        kind = self.kind(node)
        if len(node.args) > 1 and isinstance(node.func, ast.Name) and node.func.id == "full":
            return self.put(kind, node.args[1])
        return ast.Constant(0.0 if is_float(kind) else 0)

    def literals(self, node: ast.Call) -> ast.expr:
        """The items of `array`, as a list."""
        items = node.args[0].elts if isinstance(node.args[0], ast.Tuple | ast.List) else []
        return ast.List([self.put(self.kind(node), each) for each in items], ast.Load())


class ListRewriter(PureRewriter):
    """Rewrites one function for lists. Raises NeedsViews for what lists can't be."""

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
            if _is_all(second):
                return row
            self.allow_copy(node, reading)
            return ast.Subscript(row, self.part(second), ast.Load())
        rows = of if _is_all(first) and not _is_all(second) else ast.Subscript(of, self.part(first), ast.Load())
        if _is_all(second):
            return rows
        self.allow_copy(node, reading)
        self.repeatable(second)
        each = ast.Subscript(ast.Name(self.rows[0]), self.part(second), ast.Load())
        return _listed(each, [ast.Name(self.rows[0])], [rows])

    def attribute(self, node: ast.Attribute, reading: bool) -> ast.expr:
        """`a.shape` and `a.T`."""
        if syntax.is_shape(node):
            return ast.Tuple(self.sizes(node), ast.Load())
        self.allow_copy(node, reading)
        column = nodes.call("list", ast.Name(self.items[0]))
        return _listed(column, [ast.Name(self.items[0])], [nodes.call("zip", ast.Starred(self.read(node.value)))])

    def element(self, node: ast.Subscript) -> ast.expr:
        """An element or a dimension."""
        if syntax.is_shape(node.value):
            of = self.read(node.value.value)
            return self.columns(of) if syntax.literal(node.slice) == 1 else nodes.call("len", of)
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

    def repeatable(self, *parts: ast.expr | None) -> None:
        """Raise NeedsViews if an expression may not be evaluated more than once."""
        for part in parts:
            for each in ast.walk(part) if part is not None else ():
                if isinstance(each, ast.Call) and not (
                    isinstance(each.func, ast.Name) and each.func.id in _REPEATABLE and self.called(each) is None
                ):
                    raise NeedsViews

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
        if not full and _is_all(parts[-1]):
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
        of = of if _is_all(rows) else ast.Subscript(of, self.part(rows), ast.Load())
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
        return self.read(value) if each is item else _listed(each, [item], [self.read(value)])

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
            return _listed(_listed(value, chosen, rows), rows, lists)
        return _listed(value, chosen, lists)

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
            found = self.idiom(called, arguments)
            if found is not None:
                return found
        return nodes.call(self.naming(callee, called), *self.arguments(callee, arguments))

    def run(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.stmt:
        """A call of a function that gives nothing."""
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
        return _listed(row, [ast.Name("_")], [nodes.call("range", sizes[0])])

    def idiom(self, called: str, arguments: Sequence[ast.expr]) -> ast.expr | None:
        """A primitive that gives something, in Python's own words; None if it stays a loop."""
        kinds = [self.kind(each) for each in arguments]
        if called == "clip" and kinds[0].rank == 0:
            x, lo, hi = map(self.number, arguments)
            return nodes.call("min", nodes.call("max", x, lo), hi)
        if called == "copy" and kinds[0].rank == 2:
            return _listed(
                nodes.everything(ast.Name(self.rows[0])), [ast.Name(self.rows[0])], [self.read(arguments[0])]
            )
        if called == "take":
            self.repeatable(arguments[0])
            item = ast.Name(self.items[0])
            element: ast.expr = ast.Subscript(self.read(arguments[0]), item, ast.Load())
            element = nodes.everything(element) if kinds[0].rank == 2 else element
            return _listed(element, [item], [self.read(arguments[1])])
        if not kinds or kinds[0].rank != 1:
            return None
        first = arguments[0]
        floats = any(is_float(each) for each in kinds if each.rank > 0)
        item, other = (ast.Name(each) for each in self.items)
        if called == "copy":
            return nodes.call("list", self.read(first))
        if called == "astype":
            if element_dtype(kinds[1]).is_float:
                each = self.converted(kinds[1], item, kinds[0], self.is_f4(first))
                return (
                    _listed(each, [item], [self.read(first)])
                    if each is not item
                    else nodes.call("list", self.read(first))
                )
            return nodes.call("list", self.read(first))
        if called in ("argmax", "argmin") and isinstance(first, ast.Name):
            least = nodes.call("max" if called == "argmax" else "min", first)
            return nodes.method(first, "index", least)
        if called in ("amax", "amin"):
            return nodes.call("max" if called == "amax" else "min", self.read(first))
        if called == "sum" and not floats:
            return nodes.call("sum", self.read(first))
        if called == "count_nonzero":
            return _summed(ast.Compare(item, [ast.NotEq()], [ast.Constant(0)]), [item], [self.read(first)])
        if called == "hamming":
            unequal = ast.Compare(item, [ast.NotEq()], [other])
            return _summed(unequal, [item, other], [self.read(each) for each in arguments])
        if called == "dot" and not floats and kinds[1].rank == 1:
            return _summed(ast.BinOp(item, ast.Mult(), other), [item, other], [self.read(each) for each in arguments])
        if called == "sort":
            return nodes.call("sorted", self.read(first))
        if called == "argsort" and isinstance(first, ast.Name):
            length = nodes.call("range", nodes.call("len", first))
            return nodes.call("sorted", length, key=ast.Attribute(first, "__getitem__", ast.Load()))
        return None


def _is_all(part: ast.expr) -> bool:
    return isinstance(part, ast.Slice) and part.lower is None and part.upper is None and part.step is None


def _constant(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _is_single(value: float) -> bool:
    return abs(value) < 2.0**127 and float(np.float32(value)) == value


def _comprehension(items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> list[ast.comprehension]:
    if len(items) == 1:
        return [ast.comprehension(items[0], lists[0], [], 0)]
    return [ast.comprehension(ast.Tuple(list(items)), nodes.call("zip", *lists), [], 0)]


def _listed(value: ast.expr, items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> ast.expr:
    """`[value for items in lists]`, of one list or of several side by side."""
    return ast.ListComp(value, _comprehension(items, lists))


def _summed(value: ast.expr, items: Sequence[ast.expr], lists: Sequence[ast.expr]) -> ast.expr:
    """`sum(value for items in lists)`."""
    return nodes.call("sum", ast.GeneratorExp(value, _comprehension(items, lists)))
