"""From the language to the standard library alone: what lists and the class for arrays have in common.

Ints of Python do not wrap, and need not: the machine stops where they would. Floats of four bytes are rounded when they
are stored, by `struct`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence

import numpy as np

from primitives import syntax
from primitives.checked import Checked
from primitives.types import Type, element_dtype, is_float
from runs.export import nodes
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


def _constant(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _is_single(value: float) -> bool:
    return abs(value) < 2.0**127 and float(np.float32(value)) == value
