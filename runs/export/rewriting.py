"""From the language to plain numpy: the same functions, with the same results wherever the machine says ok.

Arrays of ints become arrays of int64 whatever their width, because no value that is stored wraps; floats of four bytes
stay so, because storing in them rounds. What numpy would do otherwise than the language is written out: an element of
four bytes is widened when it is read, a bool is made an int before it is counted with, a comparison of arrays gives
ints. Whole-array operations become numpy's where these give the same bits (`idioms`), else loops, which are the
catalogue's definitions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from primitives import syntax
from primitives.checked import Checked
from primitives.types import BOOL, INT, Type, element_dtype
from runs.export import idioms, nodes
from runs.export.aliases import Aliases
from runs.export.scalars import SCALARS
from runs.export.typed import Typed

NUMPY: Final = {"u1": "np.int64", "i4": "np.int64", "i8": "np.int64", "f4": "np.float32", "f8": "np.float64"}
"""The element types of exported arrays."""

_ROUNDED_ONCE = (ast.Add, ast.Sub, ast.Mult, ast.Div)
"""Of two floats of four bytes these give the same in four bytes as in eight, rounded to four: eight have enough digits
(S. Figueroa, "When is double rounding innocuous?", ACM SIGNUM Newsletter 30, 1995)."""

Naming = Callable[[Checked, str], str]
"""Gives the name of a function or definition that runs; the text is what the program calls it."""


class Rewriter:
    """Rewrites one function, for one combination of argument types.

    Args:
        program: the whole program.
        function: which to rewrite.
        naming: gives the names of the functions that it calls.
        needs: is told each primitive on scalars that the text calls by name.
    """

    def __init__(self, program: Typed, function: Checked, naming: Naming, needs: Callable[[str], None]):
        self.program, self.function, self.naming, self.needs = program, function, naming, needs
        self.aliases = Aliases(function)
        self._fresh = 0

    def body(self) -> list[ast.stmt]:
        """The statements, rewritten, without a docstring."""
        return self.block(syntax.body(self.function.node))

    # -- what is known

    def kind(self, node: ast.expr) -> Type:
        """The type of an expression."""
        found = self.function.values.get(node)
        if found is not None:
            return found[0]
        if isinstance(node, ast.Name):
            return self.function.types.get(node.id, INT)
        return INT

    def called(self, node: ast.AST) -> Checked | None:
        """The function or definition that a node runs."""
        return self.program.called(self.function, node)

    def is_f4(self, node: ast.expr) -> bool:
        """Whether an expression is an array of floats of four bytes."""
        kind = self.kind(node)
        return kind.rank > 0 and element_dtype(kind).name == "f4"

    # -- statements

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Statements, rewritten; there is at least one."""
        found: list[ast.stmt] = []
        for each in statements:
            found += self.statement(each)
        return found or [ast.Pass()]

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """What a statement becomes."""
        match node:
            case ast.Assign():
                return [self.assignment(node)]
            case ast.AugAssign():
                return self.augmented(node)
            case ast.For():
                return [ast.For(node.target, self.expression(node.iter), self.block(node.body), [])]
            case ast.While():
                return [ast.While(self.expression(node.test), self.block(node.body), [])]
            case ast.If():
                orelse = self.block(node.orelse) if node.orelse else []
                return [ast.If(self.expression(node.test), self.block(node.body), orelse)]
            case ast.Return():
                return [ast.Return(None if syntax.gives_nothing(node) else self.expression(node.value))]  # type: ignore[arg-type]
            case ast.Expr(value=ast.Call() as call):
                return self.procedure(call)
            case _:
                return [node]

    def assignment(self, node: ast.Assign) -> ast.stmt:
        """`x = e`, `a[i] = e`, several targets, and stores into slices."""
        target = node.targets[0]
        callee = self.called(target)
        if callee is not None:
            return self.slice_store(target, node.value, callee)
        return nodes.assign(self.target(target), self.stored(target, node.value))

    def slice_store(self, target: ast.expr, value: ast.expr, callee: Checked) -> ast.stmt:
        """`a[lo:hi] = v`."""
        if self.kind(value).rank > 0 and self.aliases.overlap(target, value):
            return self.run(callee, "assign", [target, value])
        return nodes.assign(self.target(target), self.number(value))

    def target(self, node: ast.expr) -> ast.expr:
        """A target of an assignment."""
        if isinstance(node, ast.Subscript):
            return ast.Subscript(self.expression(node.value), self.index(node), ast.Store())
        if isinstance(node, ast.Tuple | ast.List):
            return ast.Tuple([self.target(each) for each in node.elts], ast.Store())
        return node

    def stored(self, target: ast.expr, value: ast.expr) -> ast.expr:
        """What is assigned; an element that goes into an array of its own type need not be widened."""
        if isinstance(target, ast.Subscript) and isinstance(value, ast.Subscript) and self.kind(value).rank == 0:
            return self.element(value)
        return self.expression(value)

    def augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        """`x += e` of a scalar, an element or a whole array."""
        callee = self.called(node)
        if callee is not None:
            operator = syntax.BINARY[type(node.op)]
            scalar = self.kind(node.value).rank == 0
            same = scalar or not self.aliases.overlap(node.target, node.value)
            if same and idioms.elementwise(operator, [self.kind(node.target), self.kind(node.value)]):
                return [self.in_place(node, self.number(node.value))]
            return [self.run(callee, callee.name, [node.target, node.value])]
        if isinstance(node.target, ast.Subscript) and self.is_f4(node.target.value):
            if isinstance(node.op, _ROUNDED_ONCE) and self.is_narrow(node.value):
                return [self.in_place(node, self.narrow(node.value))]
            return self.rounded(node)
        return [self.in_place(node, self.counted(node))]

    def in_place(self, node: ast.AugAssign, value: ast.expr) -> ast.AugAssign:
        """`x += e` with another right side."""
        target = self.target(node.target)
        assert isinstance(target, ast.Name | ast.Subscript)
        return ast.AugAssign(target, node.op, value)

    def is_narrow(self, node: ast.expr) -> bool:
        """Whether a scalar is an element of four bytes, or a literal that four bytes hold."""
        if isinstance(node, ast.Subscript):
            return not syntax.is_shape(node.value) and self.kind(node).rank == 0 and self.is_f4(node.value)
        value = syntax.literal(node)
        return isinstance(value, float) and abs(value) < 2.0**127 and float(np.float32(value)) == value

    def narrow(self, node: ast.expr) -> ast.expr:
        """A scalar of four bytes as it is."""
        return self.element(node) if isinstance(node, ast.Subscript) else node

    def counted(self, node: ast.AugAssign) -> ast.expr:
        """The right side of `x += e`; two bools stay bools."""
        both = self.kind(node.target) is BOOL and self.kind(node.value) is BOOL
        return self.expression(node.value) if both else self.number(node.value)

    def rounded(self, node: ast.AugAssign) -> list[ast.stmt]:
        """`a[i] += e` for floats of four bytes: in eight bytes, rounded once, when it is stored."""
        target = node.target
        assert isinstance(target, ast.Subscript)
        before: list[ast.stmt] = []
        parts: list[ast.expr] = []
        for part in syntax.subscripts(target):
            index = self.number(part)
            if any(isinstance(each, ast.Call) for each in ast.walk(part)):
                self._fresh += 1
                place = ast.Name(f"place_{self._fresh}")
                before.append(nodes.assign(place, index))
                index = place
            parts.append(index)
        element = self.element_at(target, parts)
        value = ast.BinOp(self.widened(element), node.op, self.number(node.value))
        return [*before, nodes.assign(element, self.narrowed(value))]

    def widened(self, element: ast.expr) -> ast.expr:
        """An element of four bytes, as one of eight."""
        return nodes.call("np.float64", element)

    def narrowed(self, value: ast.expr) -> ast.expr:
        """What is stored in four bytes: numpy rounds it."""
        return value

    def element_at(self, target: ast.Subscript, parts: Sequence[ast.expr]) -> ast.expr:
        """An element, at indices that are written already."""
        return ast.Subscript(self.expression(target.value), parts[0] if len(parts) == 1 else ast.Tuple(list(parts)))

    def procedure(self, node: ast.Call) -> list[ast.stmt]:
        """A call on its own line."""
        assert isinstance(node.func, ast.Name)
        callee = self.called(node)
        if callee is None:
            return [] if node.func.id == "same_shape" else [ast.Expr(self.call(node))]
        if callee.library:
            found = idioms.statement(self, node.func.id, node.args)
            if found is not None:
                return [found]
        return [self.run(callee, node.func.id, node.args)]

    def run(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.stmt:
        """A call of a function that gives nothing."""
        return ast.Expr(nodes.call(self.naming(callee, called), *map(self.expression, arguments)))

    # -- expressions

    def expression(self, node: ast.expr) -> ast.expr:
        """What an expression becomes."""
        match node:
            case ast.BinOp():
                return self.binary(node)
            case ast.Compare():
                return self.comparison(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.BoolOp():
                return ast.BoolOp(node.op, [self.expression(each) for each in node.values])
            case ast.IfExp():
                parts = (node.test, node.body, node.orelse)
                return ast.IfExp(*map(self.expression, parts))
            case ast.Attribute():
                return ast.Attribute(self.expression(node.value), node.attr, ast.Load())
            case ast.Subscript():
                return self.subscript(node)
            case ast.Call():
                return self.call(node)
            case ast.Tuple():
                return ast.Tuple([self.expression(each) for each in node.elts], ast.Load())
            case _:
                return node

    def number(self, node: ast.expr) -> ast.expr:
        """An expression that is counted with: a bool is made an int."""
        found = self.expression(node)
        if self.kind(node) is not BOOL:
            return found
        if isinstance(node, ast.Constant):
            return ast.Constant(int(bool(node.value)))
        return nodes.call("int", found)

    def binary(self, node: ast.BinOp) -> ast.expr:
        """`a + b` of scalars or arrays."""
        callee = self.called(node)
        if callee is None:
            parts = [node.left, node.right]
            left, right = map(self.expression if self.kind(node) is BOOL else self.number, parts)
            return ast.BinOp(left, node.op, right)
        operator = syntax.BINARY[type(node.op)]
        if idioms.elementwise(operator, [self.kind(node.left), self.kind(node.right)]):
            return ast.BinOp(self.number(node.left), node.op, self.number(node.right))
        return self.give(callee, callee.name, [node.left, node.right])

    def comparison(self, node: ast.Compare) -> ast.expr:
        """`a < b`; of arrays it gives ones and zeros."""
        left, right = node.left, node.comparators[0]
        write = self.narrow if self.is_narrow(left) and self.is_narrow(right) else self.expression
        found = ast.Compare(write(left), node.ops, [write(right)])
        callee = self.called(node)
        if callee is None:
            return found
        if idioms.elementwise("<", [self.kind(left), self.kind(right)]):
            return nodes.method(found, "astype", nodes.name("np.int64"))
        return self.give(callee, callee.name, [left, right])

    def unary(self, node: ast.UnaryOp) -> ast.expr:
        """`-a`, `+a`, `~a`, `not a`."""
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self.expression(node.operand))
        return ast.UnaryOp(node.op, self.number(node.operand))

    def subscript(self, node: ast.Subscript) -> ast.expr:
        """An element, a view or a dimension."""
        found = self.element(node)
        if not syntax.is_shape(node.value) and self.kind(node).rank == 0 and self.is_f4(node.value):
            return self.widened(found)
        return found

    def element(self, node: ast.Subscript) -> ast.expr:
        """An element as it is stored, a view or a dimension."""
        return ast.Subscript(self.expression(node.value), self.index(node), ast.Load())

    def index(self, node: ast.Subscript) -> ast.expr:
        """The indices and slices of a subscript."""
        parts = [self.part(each) for each in syntax.subscripts(node)]
        return parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())

    def part(self, node: ast.expr) -> ast.expr:
        """An index or a slice."""
        if not isinstance(node, ast.Slice):
            return self.number(node)
        bounds = [None if each is None else self.number(each) for each in (node.lower, node.upper, node.step)]
        return ast.Slice(*bounds)

    # -- calls

    def call(self, node: ast.Call) -> ast.expr:
        """A call of a function, a primitive or a builtin."""
        assert isinstance(node.func, ast.Name)
        called, callee = node.func.id, self.called(node)
        if callee is None:
            return self.operation(node, called)
        if callee.library:
            found = idioms.expression(self, called, node.args)
            if found is not None:
                return found
        return self.give(callee, called, node.args)

    def give(self, callee: Checked, called: str, arguments: Sequence[ast.expr]) -> ast.expr:
        """A call of a function of the program or of a definition."""
        name = self.naming(callee, called)
        return nodes.call(name, *(self.argument(each) for each in arguments))

    def argument(self, node: ast.expr) -> ast.expr:
        """An argument; an element type by its numpy name."""
        kind = self.kind(node)
        return nodes.name(NUMPY[element_dtype(kind).name]) if kind.rank == -1 else self.expression(node)

    def operation(self, node: ast.Call, called: str) -> ast.expr:
        """A builtin of Python, or a primitive that is no definition."""
        if called == "len":
            return nodes.call("len", self.expression(node.args[0]))
        if called in ("zeros", "full", "array"):
            return self.allocation(node, called)
        if called == "window":
            return self.window(node)
        if called == "zero_of":
            return ast.Constant(0 if self.kind(node) is INT else 0.0)
        if called in ("int", "float", "bool"):
            return nodes.call(called, self.expression(node.args[0]))
        arguments = [self.number(each) for each in node.args]
        if called in ("min", "max"):
            return nodes.call(called, *map(self.expression, node.args))
        if called == "range" or called == "abs":
            return nodes.call(called, *arguments)
        written = SCALARS[called]
        if written.text is not None:
            self.needs(called)
        return nodes.call(written.name, *arguments)

    def allocation(self, node: ast.Call, called: str) -> ast.expr:
        """zeros, full, array."""
        dtype = element_dtype(self.kind(node)).name
        words = {} if dtype == "f8" and called == "zeros" else {"dtype": nodes.name(NUMPY[dtype])}
        first = node.args[0]
        if called == "array":
            items = [self.number(each) for each in syntax.items(first)] if isinstance(first, ast.Tuple) else []
            if isinstance(first, ast.List):
                items = [self.number(each) for each in first.elts]
            return nodes.call("np.array", ast.List(items, ast.Load()), **words)
        sizes = [self.number(each) for each in syntax.items(first)]
        shape = sizes[0] if len(sizes) == 1 else ast.Tuple(sizes, ast.Load())
        if called == "zeros":
            return nodes.call("np.zeros", shape, **words)
        return nodes.call("np.full", shape, self.number(node.args[1]), **words)

    def window(self, node: ast.Call) -> ast.expr:
        """`window(a, start, length)`: a slice; a start that is no name is computed once, by a function."""
        of, start, length = self.expression(node.args[0]), self.number(node.args[1]), self.number(node.args[2])
        if isinstance(node.args[1], ast.Name | ast.Constant):
            return ast.Subscript(of, ast.Slice(start, ast.BinOp(start, ast.Add(), length), None), ast.Load())
        self.needs("window")
        return nodes.call("window", of, start, length)
