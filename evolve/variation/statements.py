"""New statements, from the names that can be read at a place: single ones, branches and loops with a body."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.expressions import Grower
from evolve.variation.random import Random
from evolve.variation.scope import Block, Scope
from evolve.variation.signatures import OPERATORS, procedures
from primitives.dtypes import DTYPES
from primitives.types import BOOL, FLOAT, INT, Type, array_type, element_type

_INT_UPDATES: Final = ("+", "-", "^", "*", "|", "&", "+", "+", "^")
_FLOAT_UPDATES: Final = ("+", "-", "*", "+", "+")
_EXPRESSION: Final = 5


class Writer(Grower):
    """Writes statements that can stand at one place.

    What it assigns does not take control away from what needs it: `data` says whether data decide that the place is
    reached, `loops` how many loops are around it.
    """

    def __init__(self, context: Context, scope: Scope, block: Block, position: int, random: Random):
        place = scope.place(block, position)
        super().__init__(context, scope, scope.live(place), random)
        self.data = not scope.is_control(place.context)
        self.loops = len(block.loops)
        self.fixed = scope.names | context.taken
        self.new: set[str] = set()
        self.result: str | None = None

    # -- names

    def fresh_name(self, prefix: str) -> str:
        """A name that means nothing in the program yet."""
        name = self.context.unused(prefix, *self.new)
        self.new.add(name)
        return name

    def assignable(self, kind: Type) -> list[str]:
        """The scalar variables of a type that can be assigned data here."""
        pinned = self.scope.pinned
        return [
            name
            for name in self.live.of(kind)
            if name not in pinned and name not in self.live.counters and name not in self.scope.inspected.counter_names
        ]

    def writable(self) -> list[str]:
        """The arrays that can be written to."""
        return [name for name in self.live.arrays if not self.live.names[name].readonly]

    # -- statements

    def statement(self, size: int) -> list[ast.stmt]:
        """One statement, or a few that belong together; of about `size` statements in all."""
        random = self.random
        if size > 1 and random.chance(0.45):
            return self.compound(size)
        choice = random.below(20)
        if choice < 4:
            return [self.new_variable()]
        if choice < 7:
            return [self.assignment() or self.update() or self.new_variable()]
        if choice < 12:
            return [self.update() or self.assignment() or self.new_variable()]
        if choice < 17:
            return [self.store() or self.update() or self.new_variable()]
        if choice == 17:
            return [self.procedure() or self.store() or self.new_variable()]
        if choice == 18 and self.loops:
            return [self.leave()]
        return [self.returning() or self.update() or self.new_variable()]

    def body(self, size: int) -> list[ast.stmt]:
        """The statements of a loop or branch."""
        first = self.statement(size)
        return first + self.statement(size // 2) if size > 2 and self.random.chance(0.5) else first

    def new_variable(self) -> ast.stmt:
        """An assignment to a new variable."""
        random = self.random
        choice = random.below(20)
        kind: Type
        if choice < 10:
            kind = INT
        elif choice < 12:
            kind = BOOL
        elif choice < 15:
            kind = FLOAT
        else:
            names = [self.live.names[name] for name in self.live.arrays]
            if names and random.chance(0.4):
                kind = random.choose(names)
            else:
                rank = 2 if random.chance(0.25) else 1
                kind = array_type(DTYPES[random.choose(("u1", "i8", "u1", "f8", "i4", "f4"))], rank)
        value = self.expression(kind, _EXPRESSION)
        if value is None:
            kind, value = INT, self.integer(_EXPRESSION)
        name = self.fresh_name("v")
        self.live = self.live.adding(name, kind)
        return nodes.assign(name, value)

    def assignment(self) -> ast.stmt | None:
        """Another value for a variable that is there."""
        random = self.random
        kind = random.choose((INT, INT, FLOAT, BOOL))
        name = random.pick(self.assignable(kind))
        if name is None:
            return None
        value = self.expression(kind, _EXPRESSION)
        return None if value is None else nodes.assign(name, value)

    def update(self) -> ast.stmt | None:
        """`v += e` and the like."""
        random = self.random
        kind = FLOAT if random.chance(0.3) else INT
        name = random.pick(self.assignable(kind))
        if name is None:
            return None
        op = random.choose(_FLOAT_UPDATES if kind is FLOAT else _INT_UPDATES)
        value = self.expression(kind, _EXPRESSION)
        return None if value is None else nodes.augment(name, OPERATORS[op], value)

    def store(self) -> ast.stmt | None:
        """A store into an element, or an update of one."""
        random = self.random
        name = random.pick(self.writable())
        if name is None:
            return None
        kind = element_type(self.live.names[name])
        where = self.element(name, 2, nodes.STORE)
        value = self.expression(kind, _EXPRESSION)
        assert value is not None
        if random.chance(0.5):
            op = random.choose(_FLOAT_UPDATES if kind is FLOAT else _INT_UPDATES)
            return nodes.augment(where, OPERATORS[op], value)
        return nodes.assign(where, value)

    def procedure(self) -> ast.stmt | None:
        """A call of a primitive that changes an array."""
        arrays = frozenset(kind for kind in self.live.by_type if kind.rank > 0)
        signature = self.random.pick(procedures(arrays))
        if signature is None or not self.context.offers(signature.name):
            return None
        call = self.call(signature, _EXPRESSION)
        return None if call is None else ast.Expr(call, lineno=1)

    def leave(self) -> ast.stmt:
        """`if e: break`, or continue; what needs control does not depend on when."""
        leaving: ast.stmt = ast.Break(lineno=1) if self.random.chance(0.7) else ast.Continue(lineno=1)
        control = bool(self.scope.inspected.pinned)
        return nodes.branch(self.boolean(4, control), [leaving])

    def returning(self) -> ast.stmt | None:
        """`if e: return ...`, if values of the types that the function returns can be made."""
        results = self.scope.checked.results
        if not results:
            return None
        values = [self.expression(kind, 1) for kind in results]
        made = [value for value in values if value is not None]
        if len(made) < len(values):
            return None
        return nodes.branch(self.boolean(4, bool(self.scope.inspected.pinned)), [nodes.returned(made)])

    # -- loops and branches

    def compound(self, size: int) -> list[ast.stmt]:
        """A loop over the length of something, or a branch, sometimes with an assignment before it."""
        random = self.random
        if random.chance(0.45):
            return [self.conditional(size)]
        if random.chance(0.12):
            return [self.repetition(size)]
        return [self.loop(size)]

    def conditional(self, size: int) -> ast.stmt:
        """An `if`, sometimes with an `else`."""
        test = self.test(4)
        outer = self.live
        body = self.body(size - 1)
        self.live = outer
        other = self.body(size // 2) if size > 2 and self.random.chance(0.3) else []
        self.live = outer
        return nodes.branch(test, body, other)

    def loop(self, size: int) -> ast.stmt:
        """A `for` over a range."""
        counter, bounds = self.counting()
        outer = self.live
        self.live = outer.adding(counter, INT, control=True, counter=True)
        self.loops += 1
        body = self.body(size - 1)
        self.loops -= 1
        self.live = outer
        return nodes.loop(counter, bounds, body)

    def counting(self) -> tuple[str, list[ast.expr]]:
        """A new counter, which is not live yet, and the arguments of its range."""
        counter, bounds = self.fresh_name("i"), self.bounds()
        self.dimensions.count(counter, bounds)
        return counter, bounds

    def bounds(self) -> list[ast.expr]:
        """The arguments of a range of control ints: mostly up to the length of an array."""
        random = self.random
        end = (self.uncounted() if random.chance(0.6) else None) or self.size()
        if random.chance(0.8):
            return [end]
        if random.chance(0.3):
            return [nodes.binary(end, ast.Sub, nodes.number(1)), nodes.number(-1), nodes.number(-1)]
        return [self.integer(1, control=True), end]

    def uncounted(self) -> ast.expr | None:
        """A length over which no counter here runs; None if there is none."""
        lengths: dict[str, ast.expr] = {}
        counted = {self.dimensions.of_counter(each) for each in self.live.counters}
        for name in self.live.arrays:
            for axis in range(self.live.names[name].rank) if name in self.live.control else ():
                dimension = self.dimensions.of(name, axis)
                if dimension not in counted:
                    lengths.setdefault(dimension, nodes.axis_length(nodes.name(name), axis, self.live.names[name].rank))
        return self.random.pick(list(lengths.values()))

    def repetition(self, size: int) -> ast.stmt:
        """A `while` that ends: a variable is halved, or counts up to a bound."""
        random = self.random
        name = random.pick([each for each in self.assignable(INT) if each not in self.live.counters])
        if name is None:
            return self.loop(size)
        outer = self.live
        self.loops += 1
        body = self.body(size - 1)
        self.loops -= 1
        self.live = outer
        if random.chance(0.5):
            test: ast.expr = nodes.compare(nodes.name(name), ast.Gt, nodes.number(0))
            step = nodes.augment(name, ast.FloorDiv, nodes.number(2))
        else:
            test = nodes.compare(nodes.name(name), ast.Lt, self.size())
            step = nodes.augment(name, ast.Add, nodes.number(1))
        return ast.While(test, [*body, step], [], lineno=1)
