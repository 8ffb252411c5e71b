"""Expressions of numpy as expressions of the language."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from primitives.catalogue import CATALOGUE
from runs.foreign import advice, calls, names
from runs.foreign.findings import Findings
from runs.foreign.ranks import Ranks


class Expressions(ast.NodeTransformer):
    """Writes expressions in the language, and says what it can't."""

    def __init__(self, ranks: Ranks, aliases: Mapping[str, str], findings: Findings):
        self.ranks, self.aliases, self.findings = ranks, aliases, findings
        self.generators: set[str] = set()
        self.seen: dict[ast.expr, ast.expr] = {}
        self.before: list[ast.stmt] | None = None
        self.new_name: Callable[[str], str] = lambda wanted: wanted

    def rank(self, node: ast.expr) -> int | None:
        """The number of axes of an expression as it was read; None if the text does not tell."""
        return self.ranks.of(node).rank

    def visit(self, node: ast.AST) -> ast.AST:
        """Convert a node; what takes its place stands where it stood."""
        found: ast.AST = super().visit(node)
        if found is not node and isinstance(found, ast.expr) and isinstance(node, ast.expr):
            for each in ast.walk(found):
                if isinstance(each, ast.expr) and not hasattr(each, "lineno"):
                    ast.copy_location(each, node)
            self.ranks.same(node, found)
        return found

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Calls of numpy, of `math`, of methods, of builtins."""
        return calls.converted(self, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Constants of numpy, `a.size`, `a.ndim`."""
        full = names.dotted(node, self.aliases)
        if full in names.CONSTANTS:
            return ast.Constant(names.CONSTANTS[full])
        if full.startswith("np."):
            kind = names.dtype_of(node, self.aliases)
            if kind is not None:
                self.narrow(node, kind)
                return ast.Name(kind[0])
            self.unknown(node, full)
            return node
        rank = self.rank(node.value)
        value = self.expression(node.value)
        if node.attr == "size" and rank == 1:
            return filled("len(A)", A=value)
        if node.attr == "size" and rank == 2:
            return filled("len(A) * A.shape[1]", A=value)
        if node.attr == "ndim" and rank is not None:
            return ast.Constant(rank)
        node.value = value
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name that was imported: `pi`, `uint8`."""
        full = self.aliases.get(node.id)
        if full in names.CONSTANTS:
            return ast.Constant(names.CONSTANTS[full])
        if full is not None and full.startswith("np.") and names.dtype_of(node, self.aliases):
            return ast.Name(names.DTYPES[full[3:]])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """`@`, and operations on arrays of different rank."""
        left, right = self.rank(node.left), self.rank(node.right)
        if left and right and left != right and not isinstance(node.op, ast.MatMult):
            matrix, vector = (node.left, node.right) if left == 2 else (node.right, node.left)
            if isinstance(matrix, ast.Name) and {left, right} == {1, 2}:
                rows = filled("outer(full(len(A), 1, i8), B)", A=matrix, B=self.expression(vector))
                sides = (node.left, rows) if left == 2 else (rows, node.right)
                return ast.BinOp(sides[0], node.op, sides[1])
            self.findings.left(node, *advice.BROADCAST)
        if isinstance(node.op, ast.MatMult):
            text = PRODUCTS.get((left, right))
            if text is None:
                self.findings.left(
                    node, "a product of arrays whose rank the text does not tell", "dot, matvec, vecmat or matmul"
                )
            else:
                return filled(text, A=self.expression(node.left), B=self.expression(node.right))
        self.generic_visit(node)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """`~mask`, `not a.any()`."""
        mask = isinstance(node.op, ast.Invert) and self.ranks.of(node.operand).mask
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(ast.Not(), ast.Compare(ast.Call(ast.Name("count_nonzero")) as count, [ast.Gt()], _)):
                return filled("A == 0", A=count)
        return filled("A == 0", A=node.operand) if mask else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """`a < b < c` of names."""
        self.generic_visit(node)
        if len(node.ops) < 2 or not all(isinstance(each, ast.Name | ast.Constant) for each in node.comparators[:-1]):
            return node
        values = [node.left, *node.comparators]
        pairs: list[ast.expr] = [
            ast.Compare(values[place], [op], [values[place + 1]]) for place, op in enumerate(node.ops)
        ]
        return ast.BoolOp(ast.And(), pairs)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Indices from the end, arrays as indices."""
        rank = self.rank(node.value)
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        arrays = [each for each in indices if not isinstance(each, ast.Slice) and self.rank(each)]
        if any(self.ranks.of(each).mask for each in arrays):
            self.findings.left(node, *advice.MASK)
        elif arrays and len(indices) == 1 and rank in (1, 2) and isinstance(node.ctx, ast.Load):
            return filled("take(A, B)", A=self.expression(node.value), B=self.expression(indices[0]))
        elif arrays:
            self.findings.left(node, *advice.FANCY)
        base = node.value
        new = [self._index(each, base, axis) for axis, each in enumerate(indices)]
        node.value = self.expression(base)
        node.slice = new[0] if len(new) == 1 else ast.Tuple(new, ast.Load())
        return node

    def _index(self, index: ast.expr, base: ast.expr, axis: int) -> ast.expr:
        """An index or a slice; one that counts from the end counts from the start."""
        if isinstance(index, ast.Slice):
            if index.step is not None and _negative(index.step):
                self.findings.left(index, *advice.REVERSED)
            lower = None if index.lower is None else self._index(index.lower, base, axis)
            upper = None if index.upper is None else self._index(index.upper, base, axis)
            step = None if index.step is None else self.expression(index.step)
            return ast.copy_location(ast.Slice(lower, upper, step), index)
        if not _negative(index) or not _plain(base):
            return self.expression(index)
        length = filled("len(A)" if axis == 0 else f"A.shape[{axis}]", A=self.expression(base))
        back = index.operand if isinstance(index, ast.UnaryOp) else index
        return ast.copy_location(filled("A - B", A=length, B=self.expression(back)), index)

    def expression(self, node: ast.expr) -> ast.expr:
        """An expression, converted; once, even if it is asked for twice."""
        if node not in self.seen:
            found = self.visit(node)
            assert isinstance(found, ast.expr)
            self.seen[node] = self.seen[found] = found
        return self.seen[node]

    def named(self, node: ast.expr) -> ast.expr | None:
        """An expression, converted, that may be written twice: a name, which a statement before gives it.

        None where no statement can stand before, because the expression is computed again and again.
        """
        found = self.expression(node)
        if _plain(found) or isinstance(found, ast.Constant):
            return found
        if self.before is None:
            return None
        name = self.new_name("whole")
        self.before.append(ast.Assign([ast.Name(name, ast.Store())], found))
        return ast.Name(name, ast.Load())

    def narrow(self, node: ast.AST, kind: tuple[str, str]) -> None:
        """Say that an element type has become a wider one."""
        if kind[1] in names.NARROW:
            self.findings.differs(node, f"elements of {kind[1]}", f"{kind[0]}, which does not wrap as early")

    def unknown(self, node: ast.AST, full: str) -> None:
        """Say what to write instead of a function or constant of a library."""
        parts = full.split(".")
        told = next((advice.LIBRARY[each] for each in parts[:-1] if each in advice.LIBRARY), None)
        told = told or advice.NUMPY.get(parts[-1]) or advice.LIBRARY.get(parts[0])
        if told is None and parts[-1] in CATALOGUE:
            told = f"the primitive {parts[-1]}: `evolve primitives {parts[-1]}`"
        self.findings.left(node, full, told or "write it out in loops; `evolve primitives` lists what there is")


PRODUCTS: Final[dict[tuple[int | None, int | None], str]] = {
    (1, 1): "dot(A, B)",
    (2, 1): "matvec(A, B)",
    (1, 2): "vecmat(A, B)",
    (2, 2): "matmul(A, B)",
}
"""`A @ B`, by the ranks of the two."""


def filled(text: str, **given: ast.expr) -> ast.expr:
    """A text with expressions in the places of names."""
    used: set[str] = set()

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id not in given:
                return _unplaced(node)
            if node.id in used:
                return copy.deepcopy(given[node.id])
            used.add(node.id)
            return given[node.id]

        def generic_visit(self, node: ast.AST) -> ast.AST:
            return _unplaced(super().generic_visit(node))

    found = Fill().visit(ast.parse(text, mode="eval").body)
    assert isinstance(found, ast.expr)
    return found


_Node = TypeVar("_Node", bound=ast.AST)


def _unplaced(node: _Node) -> _Node:
    """A node of a text of its own, which stands nowhere yet."""
    for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
        node.__dict__.pop(name, None)
    return node


def _negative(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _plain(node: ast.expr) -> bool:
    """Whether an expression may be written twice."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Subscript) and _plain(node.value) and isinstance(node.slice, ast.Name | ast.Constant)
    )
