"""One function of a program: its statements and expressions with their places, and which names mean what there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from evolve.variation.dimensions import LEARNER, Dimensions, dimensions
from evolve.variation.tree import Path, below, names, stored
from primitives import syntax
from primitives.inspected import Inspected, Place
from primitives.types import INT, Type


class Site(NamedTuple):
    """An expression with a value, and where it stands.

    Attributes:
        path: from the function down to it.
        node: the expression.
        type: of its value.
        control: whether its value has to be control.
        role: `test` where any scalar may stand, `target` for the array that is stored into, else `value`.
        place: what holds before its statement.
        statement: which it is part of; of a compound statement, of its head.
        loops: the loops around the statement.
    """

    path: Path
    node: ast.expr
    type: Type
    control: bool
    role: str
    place: Place
    statement: ast.stmt
    loops: tuple[ast.stmt, ...]

    @property
    def line(self) -> int:
        """The source line of its statement."""
        return self.statement.lineno


class Block(NamedTuple):
    """A list of statements: the path to the node that holds it, the field, and the loops around it.

    `first` is the position of the first statement that is not a docstring.
    """

    owner: Path
    field: str
    statements: list[ast.stmt]
    loops: tuple[ast.stmt, ...]
    first: int = 0


class Spot(NamedTuple):
    """A statement: its block, and its position there."""

    block: Block
    position: int

    @property
    def node(self) -> ast.stmt:
        """The statement."""
        return self.block.statements[self.position]

    @property
    def path(self) -> Path:
        """The path from the function down to it."""
        return (*self.block.owner, (self.block.field, self.position))


class Live:
    """The names that can be read at a place, by type, and which of them are control."""

    def __init__(self, names: dict[str, Type], control: frozenset[str], counters: tuple[str, ...]):
        self.names = names
        self.control = control
        self.counters = counters

    @cached_property
    def by_type(self) -> dict[Type, list[str]]:
        """The names of each type."""
        result: dict[Type, list[str]] = {}
        for name, kind in self.names.items():
            result.setdefault(kind, []).append(name)
        return result

    def of(self, kind: Type, control: bool = False) -> list[str]:
        """The names of a type; only those that are control if asked."""
        names = self.by_type.get(kind, [])
        return [name for name in names if name in self.control] if control else names

    @cached_property
    def arrays(self) -> list[str]:
        """The names of arrays."""
        return [name for name, kind in self.names.items() if kind.rank > 0]

    def adding(self, name: str, kind: Type, *, control: bool = False, counter: bool = False) -> Live:
        """With one more name."""
        controls = self.control | {name} if control else self.control - {name}
        return Live({**self.names, name: kind}, controls, (*self.counters, name) if counter else self.counters)


class Scope:
    """A function of a program, inspected.

    Attributes:
        index: its position in the module.
        inspected: what the checker knows of it, for the first types it is called with.
        data: the mask of what is data in it.
    """

    def __init__(self, index: int, inspected: Inspected, data: int):
        self.index = index
        self.inspected = inspected
        self.checked = inspected.checked
        self.node = inspected.checked.node
        self.data = data
        self._live: dict[int, Live] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its variables and counters."""
        return frozenset(self.checked.types) | self.inspected.counter_names

    @property
    def types(self) -> dict[str, Type]:
        """The types of its variables."""
        return self.checked.types

    @cached_property
    def pinned(self) -> frozenset[str]:
        """The scalars that have to be control."""
        mask, bits = self.inspected.pinned, self.checked.bits
        return frozenset(name for name, bit in bits.items() if mask >> bit & 1 and self.types[name].rank == 0)

    @property
    def sites(self) -> list[Site]:
        """Its expressions with a value."""
        return self._walked[0]

    @property
    def blocks(self) -> list[Block]:
        """Its lists of statements, the outer ones first."""
        return self._walked[1]

    @cached_property
    def spots(self) -> list[Spot]:
        """Its statements, without a docstring."""
        return [
            Spot(block, position) for block in self.blocks for position in range(block.first, len(block.statements))
        ]

    @cached_property
    def dimensions(self) -> Dimensions:
        """Which axes of its arrays have the same length, and over which its counters run."""
        learner = self.node.name in LEARNER and self.checked.library is False
        return dimensions(self.node, [spot.node for spot in self.spots], learner)

    @cached_property
    def _walked(self) -> tuple[list[Site], list[Block]]:
        walk = _Walk(self)
        return walk.sites, walk.blocks

    def is_control(self, mask: int) -> bool:
        """Whether nothing that a mask names is data."""
        return mask & self.data == 0

    def place(self, block: Block, position: int) -> Place:
        """What holds in front of a position of a block, or behind its end."""
        statements = block.statements
        if position < len(statements):
            return self.inspected.before[statements[position]]
        return self.inspected.after[statements[-1]]

    def live(self, place: Place) -> Live:
        """The names that can be read at a place."""
        key = id(place)
        if key not in self._live:
            checked = self.checked
            names = {name: kind for name, kind in checked.types.items() if place.assigned >> checked.bits[name] & 1}
            control = {name for name in names if self.is_control(1 << checked.bits[name])}
            control |= {name for name, mask in place.counters.items() if self.is_control(mask)}
            names |= dict.fromkeys(place.counters, INT)
            self._live[key] = Live(names, frozenset(control), tuple(place.counters))
        return self._live[key]

    def uses_outside(self, statement: ast.stmt, wanted: frozenset[str]) -> frozenset[str]:
        """Those of some names that occur in the function outside a statement."""
        found: set[str] = set()
        pending: list[ast.AST] = list(self.node.body)
        while pending:
            node = pending.pop()
            its = names(node)
            if node is statement or (wanted.isdisjoint(its.loaded) and wanted.isdisjoint(its.stored)):
                continue
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
            if not inner:
                found |= wanted & (its.loaded | its.stored)
                continue
            pending.extend(inner)
            for head in (getattr(node, "test", None), getattr(node, "iter", None), getattr(node, "target", None)):
                if head is not None:
                    found |= wanted & (names(head).loaded | names(head).stored)
        return frozenset(found)

    def loses(self, statement: ast.stmt) -> bool:
        """Whether a variable would lack its value elsewhere if a statement were not always executed."""
        place, bits = self.inspected.before[statement], self.checked.bits
        missing = frozenset(name for name in stored(statement) if name in bits and not place.assigned >> bits[name] & 1)
        return bool(missing) and bool(self.uses_outside(statement, missing))


@lru_cache(maxsize=1024)
def scope_of(index: int, inspected: Inspected, data: int) -> Scope:
    """A function of a program; programs share the functions in which they are the same."""
    return Scope(index, inspected, data)


class _Walk:
    """Collects the expressions and blocks of a function, and finds out which expressions have to be control."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.values = scope.checked.values
        self.roots = scope.inspected.control
        self.before = scope.inspected.before
        self.pinned = self._pinned_names()
        self.sites: list[Site] = []
        self.blocks: list[Block] = []
        body = scope.node.body
        self.block((), "body", body, (), int(syntax.is_text(body[0])))

    def _pinned_names(self) -> frozenset[str]:
        """The scalars that have to be control, and the counters that are read where control is needed."""
        roots = {each.id for root in self.roots for each in below(root) if isinstance(each, ast.Name)}
        return self.scope.pinned | (roots & self.scope.inspected.counter_names)

    def block(
        self, owner: Path, field: str, statements: list[ast.stmt], loops: tuple[ast.stmt, ...], first: int
    ) -> None:
        self.blocks.append(Block(owner, field, statements, loops, first))
        for position in range(first, len(statements)):
            self.statement(statements[position], (*owner, (field, position)), loops)

    def statement(self, node: ast.stmt, path: Path, loops: tuple[ast.stmt, ...]) -> None:
        if isinstance(node, ast.If | ast.While | ast.For):
            inner = loops if isinstance(node, ast.If) else (*loops, node)
            control = bool(self.pinned) and not self.pinned.isdisjoint(stored(node))
            field, head = ("iter", node.iter) if isinstance(node, ast.For) else ("test", node.test)
            role = "value" if isinstance(node, ast.For) else "test"
            self.expression(head, (*path, (field, -1)), node, loops, control, role)
            self.block(path, "body", node.body, inner, 0)
            if node.orelse:
                self.block(path, "orelse", node.orelse, loops, 0)
            return
        control = bool(self.pinned) and not self.pinned.isdisjoint(stored(node))
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.expr):
                self.expression(value, (*path, (field, -1)), node, loops, control, "value")
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    self.expression(item, (*path, (field, index)), node, loops, control, "value")

    def expression(
        self, node: ast.expr, path: Path, statement: ast.stmt, loops: tuple[ast.stmt, ...], control: bool, role: str
    ) -> None:
        control = control or node in self.roots
        value = self.values.get(node)
        is_store = isinstance(getattr(node, "ctx", None), ast.Store)
        if value is not None and not is_store:
            place = self.before[statement]
            self.sites.append(Site(path, node, value[0], control, role, place, statement, loops))
        if node.__class__ is ast.Name or node.__class__ is ast.Constant:
            return
        for field, index, child in _children(node):
            inner = "value"
            if (
                (isinstance(node, ast.BoolOp) or (isinstance(node, ast.IfExp) and field == "test"))
                and (role == "test" or field == "test")
            ) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
                inner = "test"
            elif is_store and field == "value":
                inner = "target"
            self.expression(child, (*path, (field, index)), statement, loops, control, inner)


def _children(node: ast.expr) -> Iterator[tuple[str, int, ast.expr]]:
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.expr):
                    yield field, index, item
        elif isinstance(value, ast.expr) and field != "func":
            yield field, -1, value
