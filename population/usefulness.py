"""Which statements of a function have an effect on what it gives, and the function without the others.

Usefulness is a property of a variable in its whole function, not of one assignment. Writes to arrays stay if something
useful may share their memory. `dead_code` applies it to programs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from primitives import syntax
from primitives.catalogue import CATALOGUE

DRAWING: Final = frozenset({"random", "randint", "seed", "normal", "shuffle", "permutation"})
WRITING: Final = frozenset(name for name, each in CATALOGUE.items() if not each.pure) - DRAWING | {"shuffle"}
_LEAVING: Final = (ast.Return, ast.Break, ast.Continue)
COMPOUND: Final = (ast.If, ast.For, ast.While)
_SCALAR: Final = frozenset({"len", "int", "float", "bool", "min", "max"})
_NEW: Final = frozenset({"zeros", "full", "array", "copy", "astype", "take"})

Node = TypeVar("Node", bound=ast.AST)


class Facts(NamedTuple):
    """What a function of the program may do apart from giving its results."""

    draws: bool
    writes: bool


class Effects(NamedTuple):
    """What one statement does, without those inside it.

    Attributes:
        assigned: the variables that get a value.
        written: the arrays that are stored into by name.
        read: the names that are read.
        calls: the names that are called.
        shares: the arrays that an assigned variable may share memory with.
        scalar: whether what is assigned is surely a scalar.
    """

    assigned: frozenset[str]
    written: frozenset[str]
    read: frozenset[str]
    calls: frozenset[str]
    shares: frozenset[str]
    scalar: bool


def statements_inside(node: ast.stmt) -> list[ast.stmt]:
    """The statements right inside a loop or branch."""
    return [*node.body, *node.orelse] if isinstance(node, COMPOUND) else []


def statements_in(statements: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The statements and all inside them, the outer ones first."""
    found = list(statements)
    for each in found:
        if isinstance(each, COMPOUND):
            found += each.body
            found += each.orelse
    return found


def _expressions(node: ast.AST) -> list[ast.AST]:
    """The expressions right below a node."""
    found: list[ast.AST] = []
    for value in node.__dict__.values():
        if isinstance(value, ast.expr):
            found.append(value)
        elif value.__class__ is list:
            found += [each for each in value if isinstance(each, ast.expr)]
    return found


@lru_cache(maxsize=1 << 15)
def effects_of(node: ast.stmt) -> Effects:
    """What a statement does; programs share statements, so that most are known."""
    assigned: set[str] = set()
    written: set[str] = set()
    read: set[str] = set()
    calls: set[str] = set()
    pending = _expressions(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        read.add(node.target.id)
        written.add(node.target.id)  # an array is changed in place
    for each in pending:
        if isinstance(each, ast.Name):
            (read if isinstance(each.ctx, ast.Load) else assigned).add(each.id)
            continue
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            calls.add(each.func.id)
            pending.extend(each.args)
            continue
        if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store):
            written |= _base(each)
        pending += _expressions(each)
    scalar = isinstance(node, ast.Assign) and _is_scalar(node.value)
    shares = _shared(node.value) if isinstance(node, ast.Assign) and not scalar else frozenset[str]()
    return Effects(frozenset(assigned), frozenset(written), frozenset(read), frozenset(calls), shares, scalar)


def _is_scalar(value: ast.expr) -> bool:
    """Whether a value is surely a scalar."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _SCALAR
    return isinstance(value, ast.Constant | ast.BoolOp | ast.IfExp) or syntax.literal(value) is not None


def _base(node: ast.expr) -> set[str]:
    """The names of the array that a target is an element or view of."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _shared(value: ast.expr) -> frozenset[str]:
    """The names in a value that its arrays may share memory with."""
    if isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare | ast.Constant):
        return frozenset()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _NEW:
        return frozenset()
    if isinstance(value, ast.Subscript | ast.Attribute):
        return frozenset(_base(value))
    return frozenset(each.id for each in ast.walk(value) if isinstance(each, ast.Name))


class _Usefulness:
    """Which names of a function reach its answers, and which of its statements stay."""

    def __init__(self, function: ast.FunctionDef, facts: dict[str, Facts]):
        self.facts = facts
        self.body = syntax.body(function)
        self.groups: dict[str, set[str]] = {}
        all_effects = [effects_of(each) for each in statements_in(self.body)]
        self.scalars = frozenset().union(*(each.assigned for each in all_effects if each.scalar))
        for effects in all_effects:
            for name in effects.assigned - self.scalars:
                for other in effects.shares:
                    self._join(name, other)
        parameters = {argument.arg for argument in function.args.args}
        self.shared = {name for name in (*parameters, *self.groups) if not parameters.isdisjoint(self._group(name))}
        self.useful: set[str] = set()
        self.kept: set[ast.stmt] = set()
        size = -1
        while size != len(self.kept) + len(self.useful):
            size = len(self.kept) + len(self.useful)
            self._block(self.body)

    def _group(self, name: str) -> set[str]:
        return self.groups.get(name) or {name}

    def _join(self, first: str, second: str) -> None:
        joined = self._group(first) | self._group(second)
        for name in joined:
            self.groups[name] = joined

    def _block(self, statements: Sequence[ast.stmt]) -> bool:
        """Mark what stays; whether anything but leaving stays."""
        kept = False
        for statement in statements:
            if isinstance(statement, ast.Break | ast.Continue | ast.Pass):
                continue
            if isinstance(statement, COMPOUND):
                inside = self._block(statement.body)
                inside = self._block(statement.orelse) or inside
                if isinstance(statement, ast.For | ast.While) and inside:
                    self._keep_leaving(statement.body)
                needed = inside or statement in self.kept or self._stores(effects_of(statement))
            else:
                needed = isinstance(statement, ast.Return) or self._matters(effects_of(statement))
            needed = needed or self._draws(effects_of(statement).calls)
            if needed:
                self._keep(statement)
                kept = True
            if isinstance(statement, ast.Return):
                break
        return kept

    def _keep(self, statement: ast.stmt) -> None:
        if statement not in self.kept:
            self.kept.add(statement)
        self.useful |= effects_of(statement).read

    def _keep_leaving(self, statements: Sequence[ast.stmt]) -> bool:
        """Mark the breaks and continues of a loop that stays, and the branches around them."""
        found = False
        for statement in statements:
            if isinstance(statement, ast.Break | ast.Continue):
                self.kept.add(statement)
                found = True
            elif isinstance(statement, ast.If):
                inside = self._keep_leaving(statement.body)
                inside = self._keep_leaving(statement.orelse) or inside
                if inside:
                    self._keep(statement)
                    found = True
        return found

    def _matters(self, effects: Effects) -> bool:
        return not self.useful.isdisjoint(effects.assigned) or self._stores(effects)

    def _stores(self, effects: Effects) -> bool:
        """Whether a statement may write to an array that something useful, or the caller, can see."""
        written = effects.written
        if any(name in WRITING or (name in self.facts and self.facts[name].writes) for name in effects.calls):
            written = written | effects.read
        return any(
            name in self.shared or not self.useful.isdisjoint(self._group(name)) for name in written - self.scalars
        )

    def _draws(self, calls: frozenset[str]) -> bool:
        return any(name in DRAWING or (name in self.facts and self.facts[name].draws) for name in calls)

    def rebuilt(self, statements: Sequence[ast.stmt], in_loop: bool) -> list[ast.stmt]:
        """The statements that stay; at the end of a loop's body no `continue`."""
        result: list[ast.stmt] = []
        for statement in statements:
            if statement not in self.kept:
                continue
            if isinstance(statement, COMPOUND):
                statement = self._compound(statement)
            result.append(statement)
            if isinstance(statement, _LEAVING):
                break
        while in_loop and result and isinstance(result[-1], ast.Continue):
            result.pop()
        return result

    def _compound(self, node: ast.If | ast.For | ast.While) -> ast.stmt:
        body = self.rebuilt(node.body, not isinstance(node, ast.If))
        other = self.rebuilt(node.orelse, False)
        if body == node.body and other == node.orelse:
            return node
        return with_fields(node, body=body or [ast.Pass(lineno=node.lineno)], orelse=other)


@lru_cache(maxsize=4096)
def clean(function: ast.FunctionDef, facts: tuple[tuple[str, Facts], ...]) -> ast.FunctionDef:
    """A function without its dead code."""
    usefulness = _Usefulness(function, dict(facts))
    old = syntax.body(function)
    new = usefulness.rebuilt(old, False)
    if new == old:
        return function
    docstring = function.body[: len(function.body) - len(old)]
    return with_fields(function, body=[*docstring, *(new or [ast.Pass(lineno=function.lineno)])])


def with_fields(node: Node, **changes: Any) -> Node:
    """A node like another, except for some fields."""
    result = node.__class__.__new__(node.__class__)
    result.__dict__.update(node.__dict__)
    result.__dict__.update(changes)
    return result
