"""Which statements of a function have an effect on what it gives, and the function without the others.

Usefulness is a property of a variable in its whole function, not of one assignment. Writes to arrays stay if something
useful may share their memory. `dead_code` applies it to programs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from primitives import syntax
from primitives.catalogue import CATALOGUE

DRAWING: Final = frozenset({"random", "randint", "seed", "normal", "shuffle", "permutation"})
WRITING: Final = frozenset(name for name, each in CATALOGUE.items() if not each.pure) - DRAWING | {"shuffle"}
_LEAVING: Final = (ast.Return, ast.Break, ast.Continue)
COMPOUND: Final = (ast.If, ast.For, ast.While)
_IDLE: Final = (ast.Pass, ast.Break, ast.Continue)
_NOTHING: Final[frozenset[str]] = frozenset()
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


@lru_cache(maxsize=1 << 15)
def effects_of(node: ast.stmt) -> Effects:
    """What a statement does; programs share statements, so that most are known."""
    assigned: set[str] = set()
    written: set[str] = set()
    read: set[str] = set()
    calls: set[str] = set()
    called: set[ast.expr] = set()
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        read.add(node.target.id)
        written.add(node.target.id)  # an array is changed in place
    for each in syntax.expressions_in(node):
        kind = each.__class__
        if kind is ast.Constant:
            continue
        if isinstance(each, ast.Name):
            if each not in called:
                (read if each.ctx.__class__ is ast.Load else assigned).add(each.id)
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            calls.add(each.func.id)
            called.add(each.func)
        elif isinstance(each, ast.Subscript) and each.ctx.__class__ is ast.Store:
            written |= _base(each)
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
    return _names(node)


def _shared(value: ast.expr) -> frozenset[str]:
    """The names in a value that its arrays may share memory with."""
    if isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare | ast.Constant):
        return frozenset()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _NEW:
        return frozenset()
    if isinstance(value, ast.Subscript | ast.Attribute):
        return frozenset(_base(value))
    return frozenset(_names(value))


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in syntax.expressions_at(node) if isinstance(each, ast.Name)}


@dataclass(slots=True, eq=False)
class _Step:
    """A statement of a function, and what decides whether it stays.

    Attributes:
        node: the statement.
        read: the names that are useful if it stays.
        triggers: it stays if one of these names is useful.
        kept: whether it stays; from the start for what stays in any case.
        counts: whether its staying is a reason for what is around it to stay.
        body, orelse: the steps inside a compound statement, those behind a `return` left out.
    """

    node: ast.stmt
    read: frozenset[str]
    triggers: frozenset[str] | set[str]
    kept: bool
    counts: bool
    body: list[_Step] | None = None
    orelse: list[_Step] = field(default_factory=list)


class _Usefulness:
    """Which names of a function reach its answers, and which of its statements stay."""

    def __init__(self, function: ast.FunctionDef, facts: dict[str, Facts]):
        self.facts = facts
        body = syntax.body(function)
        self.groups: dict[str, set[str]] = {}
        all_effects = [effects_of(each) for each in statements_in(body)]
        self.scalars = frozenset().union(*[each.assigned for each in all_effects if each.scalar])
        for effects in all_effects:
            if effects.shares:
                for name in effects.assigned - self.scalars:
                    for other in effects.shares:
                        self._join(name, other)
        parameters = {argument.arg for argument in function.args.args}
        self.shared = {name for name in (*parameters, *self.groups) if not parameters.isdisjoint(self._group(name))}
        self.useful: set[str] = set()
        self.changed = True
        self.steps = self._steps(body)
        while self.changed:
            self.changed = False
            self._pass(self.steps)

    def _group(self, name: str) -> set[str]:
        return self.groups.get(name) or {name}

    def _join(self, first: str, second: str) -> None:
        joined = self._group(first) | self._group(second)
        for name in joined:
            self.groups[name] = joined

    def _steps(self, statements: Sequence[ast.stmt]) -> list[_Step]:
        """The steps of a block, up to its first `return`."""
        steps = []
        for node in statements:
            kind = node.__class__
            if kind in _IDLE:
                steps.append(_Step(node, _NOTHING, _NOTHING, False, False))
                continue
            effects = effects_of(node)
            calls = effects.calls
            written = effects.written - self.scalars
            if calls and any(name in WRITING or (name in self.facts and self.facts[name].writes) for name in calls):
                written |= effects.read - self.scalars
            stays = kind is ast.Return or not self.shared.isdisjoint(written) or self._draws(calls)
            triggers: frozenset[str] | set[str] = _NOTHING if kind in COMPOUND else effects.assigned
            if written:
                triggers = set(triggers).union(*[self._group(name) for name in written])
            step = _Step(node, effects.read, triggers, stays, True)
            if stays:
                self.useful |= effects.read
            if isinstance(node, COMPOUND):
                step.body, step.orelse = self._steps(node.body), self._steps(node.orelse)
            steps.append(step)
            if kind is ast.Return:
                break
        return steps

    def _draws(self, calls: frozenset[str]) -> bool:
        return any(name in DRAWING or (name in self.facts and self.facts[name].draws) for name in calls)

    def _pass(self, steps: list[_Step]) -> bool:
        """Mark what stays, from the last to the first; whether anything but leaving stays."""
        kept = False
        for step in reversed(steps):
            if step.body is not None:
                inside = self._pass(step.orelse)
                inside = self._pass(step.body) or inside
                if inside and step.node.__class__ is not ast.If:
                    self._keep_leaving(step.body)
                if not step.kept and (inside or not self.useful.isdisjoint(step.triggers)):
                    self._keep(step)
            elif not step.kept and step.triggers and not self.useful.isdisjoint(step.triggers):
                self._keep(step)
            kept = kept or (step.kept and step.counts)
        return kept

    def _keep(self, step: _Step) -> None:
        step.kept = self.changed = True
        self.useful |= step.read

    def _keep_leaving(self, steps: list[_Step]) -> bool:
        """Mark the breaks and continues of a loop that stays, and the branches around them."""
        found = False
        for step in steps:
            kind = step.node.__class__
            if kind is ast.Break or kind is ast.Continue:
                step.kept = found = True
            elif kind is ast.If and step.body is not None:
                inside = self._keep_leaving(step.body)
                inside = self._keep_leaving(step.orelse) or inside
                if inside:
                    if not step.kept:
                        self._keep(step)
                    found = True
        return found

    def rebuilt(self, steps: Sequence[_Step], in_loop: bool) -> list[ast.stmt]:
        """The statements that stay; at the end of a loop's body no `continue`."""
        result: list[ast.stmt] = []
        for step in steps:
            if step.kept:
                result.append(step.node if step.body is None else self._compound(step))
                if isinstance(step.node, _LEAVING):
                    break
        while in_loop and result and isinstance(result[-1], ast.Continue):
            result.pop()
        return result

    def _compound(self, step: _Step) -> ast.stmt:
        node = step.node
        assert isinstance(node, COMPOUND) and step.body is not None
        body = self.rebuilt(step.body, not isinstance(node, ast.If))
        other = self.rebuilt(step.orelse, False)
        if body == node.body and other == node.orelse:
            return node
        return with_fields(node, body=body or [ast.Pass(lineno=node.lineno)], orelse=other)


@lru_cache(maxsize=4096)
def clean(function: ast.FunctionDef, facts: tuple[tuple[str, Facts], ...]) -> ast.FunctionDef:
    """A function without its dead code."""
    usefulness = _Usefulness(function, dict(facts))
    old = syntax.body(function)
    new = usefulness.rebuilt(usefulness.steps, False)
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
