"""Checking expressions: the type of each, and what it depends on. Calls are checked in `calls`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from primitives import elementwise, syntax
from primitives.catalogue import CATALOGUE
from primitives.checked import DATA, Checked, Functions, Must, Value
from primitives.dtypes import DTYPE_NAMES
from primitives.library_functions import definition
from primitives.operations import BINARY, NAMED
from primitives.parser import BUILTINS, literal_fault
from primitives.syntax import is_shape, literal
from primitives.types import BOOL, DTYPE_TYPES, FLOAT, INT, UNKNOWN, Type, array_type, element_type, is_float, rank_name

NO_VALUE: Value = (UNKNOWN, 0)
"""The value of a faulty expression."""

_UNARY_NAMES = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}


class Expressions:
    """Checks the expressions of one function."""

    def __init__(self, program: Functions, checked: Checked):
        self.program = program
        self.checked = checked
        self.types = checked.types
        self.bits = checked.bits
        self.assigned = 0
        self.counters: dict[str, int] = {}
        self.counter_names: set[str] = set()
        self.callees: dict[ast.AST, Checked] = {}

    # -- reporting

    def error(self, node: ast.AST, found: str, allowed: str) -> Value:
        """Report a fault; the value of the expression becomes unknown."""
        self.program.diagnostics.append(syntax.diagnostic(node, found, allowed))
        return NO_VALUE

    def must_be_control(self, mask: int, node: ast.AST, what: str) -> None:
        """Note that a value may not depend on data."""
        if mask:
            must = Must(mask, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, what)
            self.checked.musts[must] = None

    # -- entry points

    def value(self, node: ast.expr) -> Value:
        """The type and dependences of any expression that is one value."""
        method = self.METHODS.get(type(node))
        if method is None:
            self.program.diagnostics.append(syntax.refusal(node))
            return NO_VALUE
        value = self.checked.values[node] = method(self, node)
        return value

    def scalar(self, node: ast.expr, what: str) -> Value:
        """A value that has to be a scalar."""
        kind, mask = self.value(node)
        if kind.rank != 0 and kind is not UNKNOWN:
            return self.error(node, f"{kind} as {what}", "a scalar stands here")
        return kind, mask

    def integer(self, node: ast.expr, what: str) -> int:
        """The dependences of a value that has to be an int."""
        kind, mask = self.value(node)
        if kind is not INT and kind is not UNKNOWN:
            self.error(node, f"{kind} as {what}", "an int stands here; int(x) converts")
        return mask

    # -- leaves

    def constant(self, node: ast.Constant) -> Value:
        """A literal."""
        value = node.value
        if value is True or value is False:
            return BOOL, 0
        if isinstance(value, (int, float)):
            fault = literal_fault(node, value)
            if fault:
                self.program.diagnostics.append(fault)
            return (INT if isinstance(value, int) else FLOAT), 0
        self.program.diagnostics.append(syntax.constant_fault(node))
        return NO_VALUE

    def name(self, node: ast.Name) -> Value:
        """A parameter, variable, counter, constant or element type."""
        name = node.id
        bit = self.bits.get(name)
        if bit is not None:
            if not self.assigned >> bit & 1:
                return self.error(node, f"{name} may not have been assigned here", "assign it on every path before")
            return self.types[name], 1 << bit
        if name in self.counters:
            return INT, self.counters[name]
        if name in self.counter_names:
            found = f"{name}, the counter of a loop that has ended"
            return self.error(node, found, "copy it into a variable inside the loop")
        value = self.program.module.constants.get(name)
        if value is not None:
            return (BOOL if isinstance(value, bool) else INT if isinstance(value, int) else FLOAT), 0
        if name in DTYPE_NAMES and self.imported(node):
            return DTYPE_TYPES[name], 0
        return self.no_variable(node)

    def no_variable(self, node: ast.Name) -> Value:
        """Report a name that stands for no value."""
        name = node.id
        if name in self.program.module.functions or name in BUILTINS or name in CATALOGUE:
            return self.error(node, f"{name}, a function, as a value", f"call it: {name}(...)")
        allowed = "names are parameters, variables assigned before, and constants"
        return self.error(node, f"{name} is not defined", allowed)

    def imported(self, node: ast.Name) -> bool:
        """Whether a primitive's name may be used here; reports it if it was not imported."""
        if self.checked.library or node.id in self.program.module.imports:
            return True
        self.error(node, f"{node.id} is not imported", f"write `from primitives import {node.id}` at the top")
        return False

    # -- operators

    def binary(self, node: ast.BinOp) -> Value:
        """An operator between two operands."""
        op = syntax.BINARY.get(type(node.op))
        if op is None:
            return self.error(node, "the operator @", "use matvec, vecmat, matmul or dot")
        return self.operator(node, op, self.value(node.left), self.value(node.right))

    def compare(self, node: ast.Compare) -> Value:
        """A comparison of two operands."""
        if len(node.ops) != 1:
            return self.error(node, "a chained comparison", "write a < b and b < c")
        op = syntax.COMPARE.get(type(node.ops[0]))
        if op is None:
            return self.error(node, "`in` or `is`", "compare with ==, or search in a loop")
        return self.operator(node, op, self.value(node.left), self.value(node.comparators[0]))

    def operator(self, node: ast.AST, op: str, left: Value, right: Value) -> Value:
        """The value of an operator or comparison between two checked operands."""
        (lt, lm), (rt, rm) = left, right
        operation = BINARY.get((op, lt, rt))
        if operation is not None:
            return operation.result, lm | rm
        if lt is UNKNOWN or rt is UNKNOWN:
            return NO_VALUE
        if lt.rank < 0 or rt.rank < 0 or (lt.rank == 0 and rt.rank == 0):
            return self.error(node, f"{lt} {op} {rt}", "operands are numbers or arrays; & | ^ << >> want ints")
        if lt.rank and rt.rank and lt.rank != rt.rank:
            return self.error(node, f"{lt} {op} {rt}", "two arrays have the same rank")
        if op in syntax.OF_INTS and (is_float(lt) or is_float(rt)):
            return self.error(node, f"{lt} {op} {rt}", f"{op} wants ints")
        dtype = elementwise.result_dtype(op, lt.dtype, rt.dtype, lt is FLOAT or rt is FLOAT)
        return self.definition_call(node, elementwise.definition(op, rank_name(lt), rank_name(rt), dtype), left, right)

    def unary(self, node: ast.UnaryOp) -> Value:
        """-x, +x, ~x or not x."""
        if isinstance(node.op, ast.Not):
            return BOOL, self.scalar(node.operand, "the operand of not")[1]
        kind, mask = self.value(node.operand)
        operation = NAMED.get((_UNARY_NAMES[type(node.op)], (kind,)))
        if operation is not None:
            return operation.result, mask
        if kind is UNKNOWN:
            return NO_VALUE
        symbol = syntax.UNARY[type(node.op)]
        if kind.dtype is None or kind.rank <= 0 or symbol == "+" or (symbol == "~" and kind.dtype.is_float):
            return self.error(node, f"{symbol} of {kind}", "- wants a number or an array, ~ ints")
        dtype = elementwise.unary_dtype(symbol, kind.dtype)
        return self.definition_call(node, elementwise.unary_definition(symbol, kind.rank, dtype), (kind, mask))

    def boolean(self, node: ast.BoolOp) -> Value:
        """`a and b` or `a or b` as a value."""
        kind, mask = self.scalar(node.values[0], "a condition")
        for operand in node.values[1:]:
            other, more = self.scalar(operand, "a condition")
            mask |= more
            kind = self.unify(node, kind, other)
        return kind, mask

    def conditional(self, node: ast.IfExp) -> Value:
        """`a if c else b`."""
        mask = self.test(node.test)
        left, lm = self.scalar(node.body, "a side of a conditional expression")
        right, rm = self.scalar(node.orelse, "a side of a conditional expression")
        return self.unify(node, left, right), mask | lm | rm

    def unify(self, node: ast.AST, left: Type, right: Type) -> Type:
        """The one type of two alternatives."""
        if left is right or right is UNKNOWN:
            return left
        if left is not UNKNOWN:
            found = f"alternatives of types {left} and {right}"
            self.error(node, found, "both have one type; write 0.0, float(x) or int(x)")
        return UNKNOWN

    def test(self, node: ast.expr) -> int:
        """The dependences of a condition."""
        if isinstance(node, ast.BoolOp):
            mask = 0
            for operand in node.values:
                mask |= self.test(operand)
            return mask
        return self.scalar(node, "a condition")[1]

    # -- arrays

    def attribute(self, node: ast.Attribute) -> Value:
        """a.T."""
        kind, mask = self.value(node.value)
        if kind is UNKNOWN:
            return NO_VALUE
        if node.attr == "T" and kind.rank == 2:
            return kind, mask
        if node.attr == "shape" and kind.rank > 0:
            return self.error(node, ".shape as a value", "write a.shape[0], a.shape[1], or rows, cols = a.shape")
        allowed = "arrays have .shape, and .T if of rank 2; use functions for the rest"
        return self.error(node, f".{node.attr} of {kind}", allowed)

    def subscript(self, node: ast.Subscript) -> Value:
        """An element, a view, or a dimension of a shape."""
        if is_shape(node.value):
            return self.dimension(node, node.value)
        kind, mask = self.value(node.value)
        if kind is UNKNOWN:
            return NO_VALUE
        if kind.rank <= 0:
            return self.error(node, f"an index into {kind}", "only arrays are indexed")
        parts = syntax.subscripts(node)
        if len(parts) > kind.rank:
            return self.error(node, f"{len(parts)} indices into {kind}", f"at most {kind.rank}")
        rank = kind.rank
        for part in parts:
            if isinstance(part, ast.Slice):
                self.bounds(part)
            else:
                self.integer(part, "an index")
                rank -= 1
        if rank == 0:
            return element_type(kind), DATA
        assert kind.dtype is not None
        return array_type(kind.dtype, rank, kind.readonly), mask

    def bounds(self, part: ast.Slice) -> None:
        """Check a slice: control ints, and a positive literal step."""
        for bound in (part.lower, part.upper):
            if bound is not None:
                self.must_be_control(self.integer(bound, "a bound of a slice"), bound, "a bound of a slice")
        if part.step is not None:
            step = literal(part.step)
            if not isinstance(step, int) or isinstance(step, bool) or step <= 0:
                self.error(part.step, "the step of a slice", "a positive literal int")

    def dimension(self, node: ast.Subscript, attribute: ast.Attribute) -> Value:
        """a.shape[0] or a.shape[1]."""
        kind, mask = self.value(attribute.value)
        if kind is UNKNOWN:
            return NO_VALUE
        axis = literal(node.slice)
        if kind.rank <= 0 or isinstance(axis, bool) or axis not in range(kind.rank):
            return self.error(node, f"an index into the shape of {kind}", "a.shape[0], or a.shape[1] for rank 2")
        return INT, mask

    # -- calls

    def call(self, node: ast.Call) -> Value:
        """The single value of a call."""
        raise NotImplementedError

    def definition_call(self, node: ast.AST, text: tuple[str, str], *values: Value) -> Value:
        """The single result of a definition of the catalogue, given as its text and name."""
        results = self.function_call(node, definition(*text), True, list(values))
        return results[0] if results else NO_VALUE

    def function_call(
        self, node: ast.AST, function: ast.FunctionDef, library: bool, values: list[Value]
    ) -> list[Value] | None:
        """The results of calling a function of the module or the definition of a primitive; None if it is faulty."""
        raise NotImplementedError

    METHODS: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Value]]] = {
        ast.Constant: constant,
        ast.Name: name,
        ast.BinOp: binary,
        ast.Compare: compare,
        ast.UnaryOp: unary,
        ast.BoolOp: boolean,
        ast.IfExp: conditional,
        ast.Attribute: attribute,
        ast.Subscript: subscript,
    }
    """How each sort of expression is checked."""
