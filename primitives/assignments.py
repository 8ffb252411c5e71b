"""Checking assignments: variables keep one type, elements hold what fits them."""

from __future__ import annotations

import ast

from primitives import elementwise, syntax
from primitives.checked import Checked, Functions, Value
from primitives.expressions import NO_VALUE
from primitives.parser import BUILTINS
from primitives.shape_terms import ShapeTerms
from primitives.syntax import is_shape
from primitives.types import BOOL, FLOAT, INT, UNKNOWN, Type, is_float, rank_name

_TARGETS = "targets are names, elements a[i], a[i, j] and slices a[lo:hi]"


class Assignments(ShapeTerms):
    """Adds assignments to the checking of expressions.

    `context` is the mask of what decides whether the statement at hand is executed, `depth` the number of loops and
    branches around it, `after_return` the mask of what decides whether the function has returned before.
    """

    def __init__(self, program: Functions, checked: Checked):
        super().__init__(program, checked)
        self.depth = 0
        self.context = 0
        self.after_return = 0

    # -- variables

    def new_variable(self, node: ast.AST, name: str, kind: Type) -> None:
        """Enter a variable at its first assignment."""
        if not self.checked.library:
            self.check_name(node, name)
        bit = len(self.checked.dependences)
        self.checked.dependences.append(0)
        self.types[name] = kind
        self.bits[name] = bit
        self.assigned |= 1 << bit

    def check_name(self, node: ast.AST, name: str) -> None:
        """Check that a variable's name has no other meaning."""
        module = self.program.module
        if name in module.imports or name in BUILTINS:
            taken = "a primitive or builtin"
        elif name in module.functions:
            taken = "a function"
        elif name in module.constants:
            taken = "a constant"
        else:
            return
        self.error(node, f"{name}, {taken}, as a variable", "choose another name")

    def assign(self, node: ast.AST, name: str, value: Value, source: ast.expr | None, position: int = 0) -> None:
        """Check an assignment of a value to a variable: of `source`, or of its result at `position`."""
        kind, mask = value
        if kind is UNKNOWN and name not in self.bits:
            self.new_variable(node, name, UNKNOWN)
            return
        if kind.rank < 0:
            if kind is not UNKNOWN:
                self.error(node, f"{kind} assigned to {name}", "variables hold scalars and arrays")
            return
        if name in self.counter_names:
            found = f"an assignment to {name}, a loop counter"
            self.error(node, found, "counters are never assigned; use another name")
            return
        if name not in self.bits:
            self.new_variable(node, name, kind)
        known = self.types[name]
        if known is UNKNOWN:
            self.types[name] = known = kind
        bit = self.bits[name]
        self.assigned |= 1 << bit
        if known is not kind and not _same_but_writable(known, kind):
            self.error(node, f"{name} is {known} and here {kind}", _mismatch(known, kind))
            return
        context = self.context | self.after_return
        self.note_assignment(name, kind, source, position, self.depth, context)
        self.checked.dependences[bit] |= mask if kind.rank > 0 else mask | context

    # -- statements

    def assignment(self, node: ast.Assign) -> None:
        """`x = e`, `a[i] = e`, `a[lo:hi] = e`, and several targets."""
        if len(node.targets) != 1:
            self.error(node, "a chained assignment", "assign each name on a line of its own")
            return
        target = node.targets[0]
        if isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(node, target.elts)
        elif isinstance(target, ast.Name):
            value = self.value(node.value)
            self.assign(target, target.id, value, node.value)
        else:
            self.store(target, self.value(node.value))

    def unpack(self, node: ast.Assign, targets: list[ast.expr]) -> None:
        """a, b = e, f; a, b = f(...); rows, columns = a.shape."""
        values = self.unpacked(node.value, len(targets))
        if len(values) != len(targets):
            self.error(node, f"{len(values)} values for {len(targets)} targets", "as many values as targets")
            return
        sources: list[ast.expr | None] = [None] * len(targets)
        if isinstance(node.value, (ast.Tuple, ast.List)):
            sources = [*node.value.elts]
        elif isinstance(node.value, ast.Call):
            sources = [node.value] * len(targets)
        elif is_shape(node.value):
            sources = [ast.Subscript(node.value, ast.Constant(axis)) for axis in range(len(targets))]
        for position, (target, value, source) in enumerate(zip(targets, values, sources, strict=True)):
            if isinstance(target, ast.Name):
                self.assign(target, target.id, value, source, position if source is node.value else 0)
            elif isinstance(target, ast.Subscript) and syntax.is_sliced(target):
                self.error(target, "a slice among several targets", "store into it on a line of its own: a[lo:hi] = v")
            else:
                self.store(target, value)

    def unpacked(self, node: ast.expr, count: int) -> list[Value]:
        """The values that a right side gives to `count` targets."""
        unknown = [NO_VALUE] * count
        if isinstance(node, (ast.Tuple, ast.List)):
            return [self.value(item) for item in node.elts]
        if isinstance(node, ast.Call):
            results = self.results(node)
            if results is not None and len(results) == 1:
                self.error(node, "a call that gives one value, unpacked", "x = f(...)")
                return unknown
            return unknown if results is None else results
        if is_shape(node):
            kind, mask = self.value(node.value)
            if kind.rank > 0:
                return [(INT, mask)] * kind.rank
            if kind is not UNKNOWN:
                self.error(node, f".shape of {kind}", "arrays have a .shape")
            return unknown
        allowed = "a, b = e, f or a, b = f(...) or rows, columns = a.shape"
        self.error(node, "one value for several targets", allowed)
        return unknown

    def store(self, target: ast.expr, value: Value) -> None:
        """Check a store into an element or a slice."""
        if not isinstance(target, ast.Subscript):
            if isinstance(target, (ast.Attribute, ast.Tuple, ast.List)):
                self.error(target, "this target", _TARGETS)
            else:
                self.program.diagnostics.append(syntax.refusal(target))
            return
        where, kind = self.value(target)[0], value[0]
        if where is UNKNOWN or kind is UNKNOWN:
            return
        base = self.checked.values[target.value][0]
        assert base.dtype is not None
        if base.readonly:
            self.error(target, f"a store into {base}", "copy it first: b = copy(a)")
        elif where.rank == 0 and kind.rank != 0:
            self.error(target, f"{kind} stored in an element", "an element holds a scalar")
        elif where.rank == 0:
            self.storable(target, kind, base.dtype.is_float, f"{base}")
        elif not syntax.is_sliced(target):
            self.error(target, "a store into a row", "write a[i, :] = v, or a[lo:hi] = v")
        elif kind.rank not in (0, where.rank):
            self.error(target, f"{kind} stored in {where}", "store a scalar or an array of the same rank")
        else:
            name = "fill" if kind.rank == 0 else "assign"
            self.primitive_call(target, name, [(where, 0), value])

    def augmented(self, node: ast.AugAssign) -> None:
        """`x += e`, `a[i] += e`, and `a += e` for a whole array."""
        op = syntax.BINARY.get(type(node.op))
        if op is None:
            self.error(node, "the operator @", "use matvec, vecmat, matmul or dot")
            return
        target = node.target
        if isinstance(target, ast.Attribute):
            self.error(target, "this target", _TARGETS)
            return
        left = self.name(target) if isinstance(target, ast.Name) else self.value(target)
        right = self.value(node.value)
        if left[0].rank > 0:
            self.augmented_array(node, op, left, right)
            return
        result = self.operator(node, op, left, right)
        if isinstance(target, ast.Name):
            self.assign(target, target.id, result, None)
        else:
            self.store(target, result)

    def augmented_array(self, node: ast.AugAssign, op: str, left: Value, right: Value) -> None:
        """A += e for a whole array, in place."""
        kind, other = left[0], right[0]
        if kind.readonly:
            self.error(node, f"{op}= into {kind}", "copy it first: b = copy(a)")
        elif other is UNKNOWN:
            return
        elif other.rank not in (0, kind.rank):
            self.error(node, f"{kind} {op}= {other}", "a scalar or an array of the same rank")
        elif op in syntax.OF_INTS and (is_float(kind) or is_float(other)):
            self.error(node, f"{kind} {op}= {other}", f"{op} wants ints")
        elif not is_float(kind) and (is_float(other) or op == "/"):
            allowed = "a float can't be stored in an array of ints; use astype(a, f8) or //"
            self.error(node, f"{kind} {op}= {other}", allowed)
        else:
            self.definition_call(node, elementwise.inplace_definition(op, kind.rank, rank_name(other)), left, right)


def _same_but_writable(known: Type, kind: Type) -> bool:
    """Whether a variable of a read-only array is given an array that could be written."""
    return known.readonly and known.rank == kind.rank and known.dtype is kind.dtype


def _mismatch(known: Type, kind: Type) -> str:
    if known is FLOAT and kind in (INT, BOOL):
        return "a variable keeps its first type; write float(x), or 0.0 instead of 0"
    if known is INT and kind is FLOAT:
        return "a variable keeps its first type; start it with a float such as 0.0, or write int(x)"
    if known is INT and kind is BOOL:
        return "a variable keeps its first type; write int(x)"
    if known.rank > 0 and kind.rank == known.rank and known.dtype is kind.dtype:
        return "the first array may be written; assign copy(a)"
    if known.rank > 0 and kind.rank == known.rank:
        return "a variable keeps its first type; use astype(a, dtype) or another name"
    return "a variable keeps its first type; use another name"
