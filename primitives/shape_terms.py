"""Which array variables keep one shape although data decide whether they are assigned (docs/energy.md, data, rule 6).

While a function is checked every assignment of an array is recorded with its shape as terms; when its end is reached,
those variables are settled whose assignments all agree and mention only names that can't vary within a call.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from primitives import shapes, syntax
from primitives.calls import Calls
from primitives.shapes import Dimensions, Term
from primitives.syntax import is_shape, literal
from primitives.types import INT, Type


class _Assignment(NamedTuple):
    name: str
    context: int
    dimensions: Dimensions | None


class ShapeTerms(Calls):
    """Adds to the checking of expressions what is known of shapes."""

    def start_shapes(self) -> None:
        """Begin a function: nothing is assigned yet."""
        self.counts: dict[str, int] = dict.fromkeys(self.checked.parameters, 1)
        self.nested: set[str] = set()
        self.scalar_terms: dict[str, Term] = {}
        self.array_shapes: dict[str, Dimensions | None] = {}
        self.assignments: list[_Assignment] = []

    def note_assignment(
        self, name: str, kind: Type, value: ast.expr | None, position: int, depth: int, context: int
    ) -> None:
        """Record an assignment inside `depth` loops and branches; `context` is what decides whether it happens.

        Of a call with several results, `position` says which one is assigned.
        """
        self.counts[name] = self.counts.get(name, 0) + 1
        if depth:
            self.nested.add(name)
        if kind.rank > 0:
            known = self.dimensions(value, position) if value is not None else None
            if known is None and name not in self.array_shapes and not depth:
                self.array_shapes[name] = shapes.dimensions(name, kind.rank)
            elif self.array_shapes.setdefault(name, known) != known:
                self.array_shapes[name] = None
            self.assignments.append(_Assignment(name, context, known))
        elif kind is INT and not depth and value is not None:
            term = self.term(value)
            if term is not None:
                self.scalar_terms[name] = term

    def settle_shapes(self) -> None:
        """End a function: what is assigned under data control and not settled depends on that control."""
        settled = {name for name, known in self.array_shapes.items() if known and self._all_fixed(known)}
        for name, context, known in self.assignments:
            if name not in settled or known is None:
                self.checked.dependences[self.bits[name]] |= context

    def result_shape(self, node: ast.expr) -> Dimensions | None:
        """The shape of a returned array in terms of the parameters, None if unknown."""
        known = self.dimensions(node)
        if known is None:
            return None
        parameters = set(self.checked.parameters)
        return known if all(name in parameters and self._fixed(name) for d in known for name in _names(d)) else None

    def dimensions(self, node: ast.expr, position: int = 0) -> Dimensions | None:
        """The shape of an array expression that was checked, None if unknown."""
        if isinstance(node, ast.Name):
            if node.id in self.array_shapes:
                return self.array_shapes[node.id]
            kind = self.types.get(node.id)
            return shapes.dimensions(node.id, kind.rank) if kind is not None and kind.rank > 0 else None
        if isinstance(node, ast.Attribute):
            known = self.dimensions(node.value)
            return known[::-1] if known else None
        if isinstance(node, ast.Subscript):
            return self._view(node)
        if isinstance(node, ast.UnaryOp):
            return self._result(node, [node.operand])
        if isinstance(node, ast.BinOp):
            return self._result(node, [node.left, node.right])
        if isinstance(node, ast.Compare):
            return self._result(node, [node.left, node.comparators[0]])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id, position)
        return None

    def _view(self, node: ast.Subscript) -> Dimensions | None:
        known = self.dimensions(node.value)
        if known is None:
            return None
        parts = syntax.subscripts(node)
        result: list[Term] = []
        for axis, size in enumerate(known):
            part = parts[axis] if axis < len(parts) else None
            if part is None:
                result.append(size)
            elif isinstance(part, ast.Slice):
                length = self._length(part, size)
                if length is None:
                    return None
                result.append(length)
        return tuple(result)

    def _length(self, part: ast.Slice, size: Term) -> Term | None:
        lower = shapes.literal(0) if part.lower is None else self.term(part.lower)
        upper = size if part.upper is None else self.term(part.upper)
        if part.lower is None and part.step is None:
            return upper
        step = literal(part.step) if part.step is not None else 1
        length = shapes.combine("-", upper, lower)
        return shapes.combine("step", length, shapes.literal(int(step or 1))) if part.step is not None else length

    def _call(self, node: ast.Call, name: str, position: int) -> Dimensions | None:
        if name in ("zeros", "full"):
            terms = [self.term(size) for size in syntax.items(node.args[0])]
            return tuple(term for term in terms if term is not None) if None not in terms else None
        if name == "array" and isinstance(node.args[0], (ast.List, ast.Tuple)):
            return (shapes.literal(len(node.args[0].elts)),)
        if name == "window":
            length = self.term(node.args[2])
            known = self.dimensions(node.args[0])
            return (length, *known[1:]) if length is not None and known else None
        return self._result(node, node.args, position)

    def _result(self, node: ast.expr, arguments: list[ast.expr], which: int = 0) -> Dimensions | None:
        """The shape of a result of a call, of a definition of the catalogue too, in terms of its arguments."""
        callee = self.callees.get(node)
        result = callee.result_shapes[which] if callee is not None and which < len(callee.result_shapes) else None
        if callee is None or result is None:
            return None
        position = {name: index for index, name in enumerate(callee.parameters)}

        def leaf(term: Term) -> Term | None:
            argument = arguments[position[str(term[1])]]
            if term[0] == "scalar":
                return self.term(argument)
            known = self.dimensions(argument)
            return known[term[2]] if known and isinstance(term[2], int) else None

        terms = [shapes.substitute(term, leaf) for term in result]
        return tuple(term for term in terms if term is not None) if None not in terms else None

    def term(self, node: ast.expr) -> Term | None:
        """An int expression that was checked, as a term; None if unknown."""
        value = literal(node)
        if isinstance(value, int):
            return shapes.literal(value)
        if isinstance(node, ast.Name):
            if node.id in self.bits:
                return self.scalar_terms.get(node.id) or shapes.scalar(node.id)
            constant = self.program.module.constants.get(node.id)
            return shapes.literal(constant) if isinstance(constant, int) and node.id not in self.counters else None
        if isinstance(node, ast.BinOp):
            operator = syntax.BINARY.get(type(node.op))
            return shapes.combine(operator, self.term(node.left), self.term(node.right)) if operator else None
        return self._dimension(node)

    def _dimension(self, node: ast.expr) -> Term | None:
        """The term of len(a) or a.shape[axis]."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and node.args:
            axis, array = 0, node.args[0]
        elif isinstance(node, ast.Subscript) and is_shape(node.value) and (value := literal(node.slice)) is not None:
            axis, array = int(value), node.value.value
        else:
            return None
        known = self.dimensions(array)
        return known[axis] if known and axis < len(known) else None

    def _fixed(self, name: str) -> bool:
        return self.counts.get(name, 0) == 1 and name not in self.nested

    def _all_fixed(self, known: Dimensions) -> bool:
        return all(self._fixed(name) for term in known for name in _names(term))


def _names(term: Term) -> set[str]:
    if term[0] in ("scalar", "dimension"):
        return {str(term[1])}
    return {name for part in term[1:] if isinstance(part, tuple) for name in _names(part)}
