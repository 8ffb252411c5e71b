"""New expressions of a type, from the names that can be read at a place and the primitives of the catalogue."""

from __future__ import annotations

import ast
from typing import Final

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Live, Scope
from evolve.variation.signatures import COMPARISONS, OPERATORS, Signature, giving, operators_giving
from primitives.dtypes import DTYPES
from primitives.types import BOOL, DTYPE_TYPES, FLOAT, INT, Type, array_type, element_type

_INT_OPERATORS: Final = ("+", "-", "*", "//", "%", "^", "&", "|", "<<", ">>", "+", "-", "*", "^", "&")
_FLOAT_OPERATORS: Final = ("+", "-", "*", "/", "+", "-", "*")
_COMPARISONS: Final = ("==", "!=", "<", ">", "==", "<=", ">=")
_COMPUTED: Final = frozenset({array_type(DTYPES["i8"], 1), array_type(DTYPES["f8"], 1)})
"""Types of arrays that calls give, to be arguments of other calls."""

_RARE: Final = frozenset({"seed", "same_shape", "shuffle", "permutation"})


class Grower:
    """Grows expressions at one place.

    Attributes:
        live: the names that can be read; statements that are grown add to it.
        dimensions: those of the arrays and counters; loops and arrays that are grown add to them.
    """

    def __init__(self, context: Context, scope: Scope, live: Live, random: Random):
        self.context = context
        self.scope = scope
        self.live = live
        self.random = random
        self.dimensions = scope.dimensions.copy()

    def expression(self, kind: Type, size: int, control: bool = False) -> ast.expr | None:
        """An expression of a type, of at most about `size` operations; None if there is nothing to make it from.

        With `control` its value is control.
        """
        if kind.rank > 0:
            return self.array(kind, size)
        if kind is INT:
            return self.integer(size, control)
        if kind is BOOL:
            return self.boolean(size, control)
        if kind is FLOAT:
            return self.float(size, control)
        if kind.rank == -1:
            return nodes.name(self.random.choose([name for name, each in DTYPE_TYPES.items() if each is kind]))
        return None

    # -- scalars

    def integer(self, size: int, control: bool = False) -> ast.expr:
        """An int."""
        random = self.random
        if size <= 1:
            return self._int_leaf(control)
        choice = random.below(20)
        if choice < 9:
            return self._operation(INT, INT, _INT_OPERATORS, size, control)
        if choice < 14 and not control:
            read = self.read(INT, size - 1)
            if read is not None:
                return read
        if choice < 17 and not control:
            made = self.called(INT, size)
            if made is not None:
                return made
        if choice == 17:
            name = "min" if random.chance(0.5) else "max"
            return nodes.call(name, self.integer(size // 2, control), self.integer(size // 2, control))
        if choice == 18 and not control:
            test = self.test(size // 2)
            return ast.IfExp(test, self.integer(size // 2), self.integer(size // 2))
        return self._int_leaf(control)

    def _int_leaf(self, control: bool) -> ast.expr:
        random = self.random
        choice = random.below(20)
        names = self.live.of(INT, control)
        if choice < 13 and names:
            return nodes.name(random.choose(names))
        if choice < 16:
            return nodes.number(random.choose((0, 1, 1, 2, 2, 3, 4, 8)))
        if choice < 18 and not control:
            read = self.read(INT, 1)
            if read is not None:
                return read
        length = self.length(control)
        return length if length is not None else nodes.number(random.below(3))

    def length(self, control: bool = False) -> ast.expr | None:
        """The length of an axis of an array."""
        arrays = [name for name in self.live.arrays if not control or name in self.live.control]
        name = self.random.pick(arrays)
        if name is None:
            return None
        rank = self.live.names[name].rank
        return nodes.axis_length(nodes.name(name), self.random.below(rank), rank)

    def float(self, size: int, control: bool = False) -> ast.expr:
        """A float."""
        random = self.random
        choice = random.below(20)
        if size > 1:
            if choice < 9:
                return self._operation(FLOAT, FLOAT, _FLOAT_OPERATORS, size, control)
            if choice < 13 and not control:
                read = self.read(FLOAT, size - 1)
                if read is not None:
                    return read
            if choice < 17 and not control:
                made = self.called(FLOAT, size)
                if made is not None:
                    return made
            if choice < 19:
                return nodes.call("float", self.integer(size - 1, control))
        names = self.live.of(FLOAT, control)
        if choice < 14 and names:
            return nodes.name(random.choose(names))
        if choice < 17 and not control:
            read = self.read(FLOAT, 1)
            if read is not None:
                return read
        return nodes.number(random.choose((0.0, 1.0, 0.5, 0.1, 2.0, 0.01)))

    def boolean(self, size: int, control: bool = False) -> ast.expr:
        """A bool."""
        random = self.random
        names = self.live.of(BOOL, control)
        if names and random.chance(0.3):
            return nodes.name(random.choose(names))
        choice = random.below(10)
        if size > 3 and choice == 0:
            parts: list[ast.expr] = [self.boolean(size // 2, control), self.boolean(size // 2, control)]
            return ast.BoolOp(ast.And() if random.chance(0.5) else ast.Or(), parts)
        if size > 1 and choice == 1:
            return ast.UnaryOp(ast.Not(), self.boolean(size - 1, control))
        kind = FLOAT if self._has_floats() and random.chance(0.5) else INT
        return self._operation(BOOL, kind, _COMPARISONS, max(size, 2), control)

    def test(self, size: int, control: bool = False) -> ast.expr:
        """A condition: mostly a bool, sometimes an int."""
        return self.integer(size, control) if self.random.chance(0.15) else self.boolean(size, control)

    def _has_floats(self) -> bool:
        return any(kind is FLOAT or (kind.dtype is not None and kind.dtype.is_float) for kind in self.live.by_type)

    def _operation(self, result: Type, kind: Type, operators: tuple[str, ...], size: int, control: bool) -> ast.expr:
        op = self.random.choose(operators)
        assert op in operators_giving(result, kind, kind)
        left = self.expression(kind, (size - 1) // 2, control)
        right = self.expression(kind, size // 2, control)
        assert left is not None and right is not None
        if op in COMPARISONS:
            return nodes.compare(left, COMPARISONS[op], right)
        if op in ("//", "%", "<<", ">>") and self.random.chance(0.7):
            right = nodes.number(self.random.choose((1, 2, 2, 3, 4, 8)))
        return nodes.binary(left, OPERATORS[op], right)

    # -- elements and views

    def index(self, size: int = 1, name: str | None = None, axis: int = 0) -> ast.expr:
        """An index: a counter rather than another int, mostly one that runs over this axis of an array."""
        random = self.random
        if self.live.counters and random.chance(0.65):
            if name is not None and random.chance(0.8):
                dimension = self.dimensions.of(name, axis)
                fitting = [each for each in self.live.counters if self.dimensions.of_counter(each) == dimension]
                if fitting:
                    return nodes.name(random.choose(fitting))
            return nodes.name(random.choose(self.live.counters))
        return self.integer(size)

    def read(self, kind: Type, size: int) -> ast.expr | None:
        """An element, of type INT or FLOAT, of an array that is there; None if there is none."""
        names = [name for name in self.live.arrays if element_type(self.live.names[name]) is kind]
        name = self.random.pick(names)
        return None if name is None else self.element(name, size)

    def element(self, name: str, size: int, context: ast.expr_context = nodes.LOAD) -> ast.Subscript:
        """An element of an array."""
        rank = self.live.names[name].rank
        indices = [self.index(max(size // rank, 1), name, axis) for axis in range(rank)]
        return nodes.element(nodes.name(name), indices, context)

    def pair(self, kind: Type) -> ast.expr | None:
        """An operation on elements of two arrays that are there, or an element alone; None if there are no arrays."""
        left, right = self._two(kind)
        if left is None or right is None or self.random.chance(0.2):
            return left
        op = self.random.choose(_FLOAT_OPERATORS if kind is FLOAT else _INT_OPERATORS)
        return nodes.binary(left, OPERATORS[op], right)

    def _two(self, kind: Type) -> tuple[ast.expr | None, ast.expr | None]:
        """Elements of two arrays, mostly different ones."""
        names = [name for name in self.live.arrays if element_type(self.live.names[name]) is kind]
        first = self.random.pick(names)
        if first is None:
            return None, None
        others = [name for name in names if name != first] if self.random.chance(0.8) else names
        second = self.random.pick(others)
        return self.element(first, 1), None if second is None else self.element(second, 1)

    def match(self) -> ast.expr | None:
        """A comparison of elements of two arrays that are there; None if there are none."""
        kind = FLOAT if self._has_floats() and self.random.chance(0.3) else INT
        left, right = self._two(kind)
        if left is None or right is None:
            return None
        return nodes.compare(left, COMPARISONS[self.random.choose(_COMPARISONS)], right)

    # -- arrays

    def array(self, kind: Type, size: int) -> ast.expr | None:
        """An array of exactly this type: one that is there, a view, the result of a primitive, or a new one."""
        random = self.random
        names = self.live.of(kind)
        if names and random.chance(0.75):
            return nodes.name(random.choose(names))
        view = self.view(kind)
        if view is not None and random.chance(0.6):
            return view
        if not kind.readonly:
            if size > 1 and random.chance(0.4 if names else 0.8):
                made = self.called(kind, size)
                if made is not None:
                    return made
            if random.chance(0.5):
                return self.allocation(kind)
        if names:
            return nodes.name(random.choose(names))
        return view if view is not None else None if kind.readonly else self.allocation(kind)

    def view(self, kind: Type) -> ast.expr | None:
        """A row, a column or a slice of an array that is there."""
        assert kind.dtype is not None
        random = self.random
        if kind.rank == 1:
            matrices = self.live.of(array_type(kind.dtype, 2, kind.readonly))
            if matrices and random.chance(0.8):
                matrix = nodes.name(random.choose(matrices))
                if random.chance(0.3):
                    return nodes.element(matrix, [ast.Slice(), self.index(1, matrix.id, 1)])
                return nodes.element(matrix, [self.index(1, matrix.id, 0)])
        names = self.live.of(kind)
        if not names:
            return None
        bound = self.integer(1, control=True)
        part = ast.Slice(bound, None) if random.chance(0.5) else ast.Slice(None, bound)
        return nodes.element(nodes.name(random.choose(names)), [part])

    def allocation(self, kind: Type) -> ast.expr:
        """`zeros` of a type."""
        assert kind.dtype is not None
        sizes = [self.size() for _ in range(kind.rank)]
        shape = sizes[0] if kind.rank == 1 else ast.Tuple(sizes, nodes.LOAD)
        return nodes.call("zeros", shape, nodes.name(kind.dtype.name))

    def size(self) -> ast.expr:
        """The size of a new array: a length, a parameter that is control, or a small number."""
        random = self.random
        length = self.length(control=True)
        names = [name for name in self.live.of(INT, control=True) if name not in self.live.counters]
        if length is not None and random.chance(0.5):
            base = length
        elif names and random.chance(0.8):
            base = nodes.name(random.choose(names))
        else:
            return nodes.number(2 ** random.below(9))
        return nodes.binary(base, ast.Add, nodes.number(1)) if random.chance(0.1) else base

    # -- calls

    def called(self, kind: Type, size: int) -> ast.expr | None:
        """A call, of a primitive or sometimes of a function of the program, that gives a type; None if none does."""
        random = self.random
        if random.chance(0.25):
            made = self.own_call(kind, size)
            if made is not None:
                return made
        arrays = frozenset(each for each in self.live.by_type if each.rank > 0)
        if arrays and size > 2 and random.chance(0.5):
            arrays = arrays | _COMPUTED
        by_name = giving(kind, arrays)
        for _ in range(3):
            name = random.pick(list(by_name))
            if name is not None and name not in _RARE and self.context.offers(name):
                return self.call(random.choose(by_name[name]), size)
        return None

    def call(self, signature: Signature, size: int) -> ast.expr | None:
        """A call of a primitive; None if an argument can't be made."""
        share = max((size - 1) // max(len(signature.arguments), 1), 1)
        arguments = []
        for index, kind in enumerate(signature.arguments):
            if kind.rank > 0 and not signature.results:  # a procedure: what it writes to has to have a name
                names = self.live.of(kind)
                argument: ast.expr | None = nodes.name(self.random.choose(names)) if names else None
            else:
                argument = self.expression(kind, share, index in signature.sizes)
            if argument is None:
                return None
            arguments.append(argument)
        return nodes.call(signature.name, *arguments)

    def own_call(self, kind: Type, size: int) -> ast.expr | None:
        """A call of another function of the program that gives one value of a type, if one can be made."""
        callees = [each for each in self.context.callable_from(self.scope) if each.checked.results == (kind,)]
        callee = self.random.pick(callees)
        if callee is None:
            return None
        musts = 0
        for must in callee.checked.musts:
            musts |= must.mask
        arguments = []
        share = max(size // max(len(callee.checked.arguments), 1), 1)
        for index, each in enumerate(callee.checked.arguments):
            argument = self.expression(each, share, bool(musts >> index + 1 & 1))
            if argument is None:
                return None
            arguments.append(argument)
        return nodes.call(callee.checked.name, *arguments)
