"""Tidying a program: what arithmetic with constants says shorter, without another result.

`n + 1 - 1` is `n`, `2 * 3 * x` is `6 * x`, `x * 1`, `x // 1` and `x - 0` are `x`, `--x` is `x`, `x + -1` is `x - 1`,
`not a < b` is `a >= b`, `range(0, n)` is `range(n)`, `a[0:n]` is `a[:n]`, `x = x + 1` is `x += 1`. Only where types say
that it is exact: ints do not wrap, floats keep their last bit and the sign of their zeros, arrays stay as they are.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Final, TypeGuard

from primitives import syntax
from primitives.types import BOOL, FLOAT, INT, Type
from runs.export.typed import Typed, typed
from tasks.contract import Contract

_ROUNDS: Final = 8
_LARGEST: Final = 1 << 62

_FOLDED: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_NOTHING_AT_RIGHT: Final[dict[type[ast.operator], int]] = {
    ast.Mult: 1,
    ast.FloorDiv: 1,
    ast.Pow: 1,
    ast.LShift: 0,
    ast.RShift: 0,
    ast.BitOr: 0,
    ast.BitXor: 0,
}
_NOTHING_AT_LEFT: Final[dict[type[ast.operator], int]] = {ast.Mult: 1, ast.BitOr: 0, ast.BitXor: 0}
_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def tidied(source: str, contract: Contract) -> tuple[str, tuple[str, ...]]:
    """A program with its constants tidied.

    Args:
        source: the program.
        contract: what it defines.

    Returns:
        The program, and the changes in words, `n + 1 - 1, now n`.

    Raises:
        ProgramError: it does not keep the contract.
    """
    changes: list[str] = []
    for _ in range(_ROUNDS):
        tree = ast.parse(source)
        tidier = _Tidier(_kinds(typed(tree, contract)))
        after = ast.unparse(ast.fix_missing_locations(tidier.visit(tree))) + "\n"
        if not tidier.changes:
            break
        changes += tidier.changes
        source = after
    return source, tuple(changes)


def _kinds(program: Typed) -> dict[ast.AST, Type | None]:
    """The type of each expression; None for those that have several."""
    found: dict[ast.AST, Type | None] = {}
    for checker in program.checkers.values():
        for node, (kind, _) in checker.checked.values.items():
            found[node] = kind if found.get(node, kind) is kind else None
    return found


class _Tidier(ast.NodeTransformer):
    """Tidies expressions from the inside out; a new one takes over the type of the one in whose place it stands."""

    def __init__(self, kinds: dict[ast.AST, Type | None]):
        self.kinds = kinds
        self.changes: list[str] = []

    def visit(self, node: ast.AST) -> Any:
        """A node, tidied."""
        before = ast.unparse(node) if isinstance(node, ast.expr) else ""
        found = super().visit(node)
        if isinstance(node, ast.expr) and found is not node:
            self.kinds[found] = self.kinds.get(node)
            self.changes.append(f"{before}, now {ast.unparse(found)}")
        return found

    def kind(self, node: ast.expr) -> Type | None:
        """The type of an expression."""
        value = syntax.literal(node)
        if value is not None:
            return BOOL if isinstance(value, bool) else INT if isinstance(value, int) else FLOAT
        return self.kinds.get(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Arithmetic."""
        self.generic_visit(node)
        left, right = syntax.literal(node.left), syntax.literal(node.right)
        if _is_number(left) and _is_number(right):
            return _folded(node, left, right)
        if self.kinds.get(node) is INT and isinstance(node.op, ast.Add | ast.Sub):
            return self.sum_of(node)
        for value, other, table in ((right, node.left, _NOTHING_AT_RIGHT), (left, node.right, _NOTHING_AT_LEFT)):
            exact = self.kind(other) is INT and isinstance(value, int)
            exact |= self.kind(other) is FLOAT and isinstance(node.op, ast.Mult)
            if exact and _is_number(value) and value == table.get(type(node.op)):
                return other
        if self.kind(node.left) is FLOAT and _is_number(right):
            nothing = "1" if isinstance(node.op, ast.Div) else "0" if isinstance(node.op, ast.Sub) else None
            if repr(right) in (nothing, f"{nothing}.0"):
                return node.left
        return node

    def sum_of(self, node: ast.BinOp) -> ast.expr:
        """A sum of ints with its constants added up, at its end; the node itself if they are."""
        terms: list[tuple[int, ast.expr]] = []
        self._terms(node, 1, terms)
        numbers, rest = list[tuple[int, int]](), list[tuple[int, ast.expr]]()
        for sign, each in terms:
            value = syntax.literal(each)
            if _is_int(value):
                numbers.append((sign, value))
            else:
                rest.append((sign, each))
        total = sum(sign * value for sign, value in numbers)
        known = all(self.kind(each) is INT for _, each in rest)
        untidy = len(numbers) > 1 or (numbers and (total == 0 or numbers[0][1] < 0))
        if not untidy or not known or abs(total) > _LARGEST:
            return node
        if rest and rest[0][0] < 0 and total <= 0:  # something to begin with, if there is one
            first = next((place for place, (sign, _) in enumerate(rest) if sign > 0), 0)
            if first and any(isinstance(each, ast.Call) for each in ast.walk(node)):
                return node  # calls stay in their order: they may draw random numbers
            rest.insert(0, rest.pop(first))
        found: ast.expr | None = None
        if not rest or rest[0][0] < 0:
            if not rest or total:
                found = _literal(total)
            total = 0
        for sign, each in rest:
            if found is None:
                found = each if sign > 0 else ast.UnaryOp(ast.USub(), each)
            else:
                found = ast.BinOp(found, ast.Add() if sign > 0 else ast.Sub(), each)
            self.kinds[found] = INT
        assert found is not None
        if total:
            found = ast.BinOp(found, ast.Add() if total > 0 else ast.Sub(), ast.Constant(abs(total)))
        return found

    def _terms(self, node: ast.expr, sign: int, terms: list[tuple[int, ast.expr]]) -> None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            self._terms(node.left, sign, terms)
            self._terms(node.right, sign if isinstance(node.op, ast.Add) else -sign, terms)
        else:
            terms.append((sign, node))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """`--x`, `~~x`, `+x`, `not a < b`."""
        self.generic_visit(node)
        inner = node.operand
        scalar = self.kind(inner) in (INT, FLOAT)
        if scalar and isinstance(node.op, ast.UAdd):
            return inner
        if (
            isinstance(node.op, ast.USub | ast.Invert)
            and isinstance(inner, ast.UnaryOp)
            and type(inner.op) is type(node.op)
        ):
            value = syntax.literal(inner.operand)
            return inner.operand if self.kind(inner.operand) in (INT, FLOAT) or value is not None else node
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare):
            opposite, sides = _OPPOSITE.get(type(inner.ops[0])), (inner.left, inner.comparators[0])
            if opposite is not None and all(self.kind(each) in (INT, FLOAT, BOOL) for each in sides):
                return ast.Compare(inner.left, [opposite()], inner.comparators)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`range(0, n)`, `range(0, n, 1)`."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id != "range":
            return node
        arguments = list(node.args)
        if len(arguments) == 3 and _is_exactly(arguments[2], 1):
            arguments.pop()
        if len(arguments) == 2 and _is_exactly(arguments[0], 0):
            arguments.pop(0)
        return node if len(arguments) == len(node.args) else ast.Call(node.func, arguments, [])

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`a[0:n]`."""
        self.generic_visit(node)
        parts = syntax.subscripts(node)
        if not any(isinstance(each, ast.Slice) and _is_exactly(each.lower, 0) for each in parts):
            return node
        found = [
            ast.Slice(None, each.upper, each.step)
            if isinstance(each, ast.Slice) and _is_exactly(each.lower, 0)
            else each
            for each in parts
        ]
        return ast.Subscript(node.value, found[0] if len(found) == 1 else ast.Tuple(found, ast.Load()), node.ctx)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """`x = x + 1` of scalars."""
        self.generic_visit(node)
        [target], value = node.targets, node.value
        same = isinstance(target, ast.Name) and isinstance(value, ast.BinOp) and ast.unparse(value.left) == target.id
        if not same or not isinstance(value, ast.BinOp) or not isinstance(target, ast.Name):
            return node
        if self.kinds.get(value) not in (INT, FLOAT) or self.kinds.get(value.left) is not self.kinds.get(value):
            return node
        self.changes.append(f"{ast.unparse(node)}, now in place")
        return ast.AugAssign(target, value.op, value.right)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_exactly(node: ast.expr | None, value: int) -> bool:
    found = None if node is None else syntax.literal(node)
    return _is_int(found) and found == value


def _folded(node: ast.BinOp, left: Any, right: Any) -> ast.expr:
    """An operation on two literals, done, if it can be and is not written shorter as it is."""
    fold = _FOLDED.get(type(node.op))
    if fold is None or (
        isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor) and not (_is_int(left) and _is_int(right))
    ):
        return node
    try:
        value = fold(left, right)
    except (ArithmeticError, ValueError):
        return node
    if _is_int(value):
        return _literal(value) if abs(value) < _LARGEST else node
    return (
        _literal(value)
        if len(repr(value)) <= len(ast.unparse(node)) and value not in (float("inf"), -float("inf"))
        else node
    )


def _literal(value: int | float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if repr(value).startswith("-") else ast.Constant(value)
