"""Checking expressions: the type of each, and what it depends on. Statements are checked in `checker`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from primitives import elementwise, syntax
from primitives.catalogue import CATALOGUE, overload
from primitives.checked import DATA, Checked, Must
from primitives.dtypes import DTYPE_NAMES, DType, f8, i8
from primitives.operations import BINARY, NAMED
from primitives.parser import BUILTINS, literal, literal_fault
from primitives.types import BOOL, DTYPE_TYPES, FLOAT, INT, NONE, UNKNOWN, Type, array_type, element_type

Value = tuple[Type, int]
"""The type of an expression and the mask of what it depends on."""

_UNKNOWN: Value = (UNKNOWN, 0)
_UNARY_NAMES = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}


class Expressions:
    """Checks the expressions of one function. `program` gives access to the module and to other functions."""

    def __init__(self, program: Any, checked: Checked):
        self.program = program
        self.checked = checked
        self.types = checked.types
        self.bits = checked.bits
        self.assigned = 0
        self.counters: dict[str, int] = {}
        self.counter_names: set[str] = set()
        self.callees: dict[int, Checked] = {}

    # -- reporting

    def error(self, node: ast.AST, found: str, allowed: str) -> Value:
        """Report a fault; the value of the expression becomes unknown."""
        self.program.diagnostics.append(syntax.diagnostic(node, found, allowed))
        return _UNKNOWN

    def must_be_control(self, mask: int, node: ast.AST, what: str) -> None:
        """Note that a value may not depend on data."""
        if mask:
            must = Must(mask, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, what)
            self.checked.musts[must] = None

    # -- entry points

    def value(self, node: ast.expr) -> Value:
        """The type and dependences of any expression that is one value."""
        method = _METHODS.get(type(node))
        if method is None:
            self.program.diagnostics.append(syntax.refusal(node))
            return _UNKNOWN
        value = self.checked.values[id(node)] = method(self, node)
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
        value = node.value
        if value is True or value is False:
            return BOOL, 0
        if isinstance(value, (int, float)):
            fault = literal_fault(node, value)
            if fault:
                self.program.diagnostics.append(fault)
            return (INT if isinstance(value, int) else FLOAT), 0
        self.program.diagnostics.append(syntax.constant_fault(node))
        return _UNKNOWN

    def name(self, node: ast.Name) -> Value:
        name = node.id
        bit = self.bits.get(name)
        if bit is not None:
            if not self.assigned >> bit & 1:
                return self.error(node, f"{name} may not have been assigned here", "assign it on every path before")
            return self.types[name], 1 << bit
        if name in self.counters:
            return INT, self.counters[name]
        if name in self.counter_names:
            return self.error(node, f"{name}, the counter of a loop that has ended", "copy it into a variable inside the loop")
        value = self.program.module.constants.get(name)
        if value is not None:
            return (BOOL if isinstance(value, bool) else INT if isinstance(value, int) else FLOAT), 0
        if name in DTYPE_NAMES and self.imported(node):
            return DTYPE_TYPES[name], 0
        if name in self.program.module.functions or name in BUILTINS or name in CATALOGUE:
            return self.error(node, f"{name}, a function, as a value", f"call it: {name}(...)")
        return self.error(node, f"{name} is not defined", "names are parameters, variables assigned before, and constants")

    def imported(self, node: ast.Name) -> bool:
        """Whether a primitive's name may be used here; reports it if it was not imported."""
        if self.checked.library or node.id in self.program.module.imports:
            return True
        self.error(node, f"{node.id} is not imported", f"write `from primitives import {node.id}` at the top")
        return False

    # -- operators

    def binary(self, node: ast.BinOp) -> Value:
        op = syntax.BINARY.get(type(node.op))
        if op is None:
            return self.error(node, "the operator @", "use matvec, vecmat, matmul or dot")
        return self.operator(node, op, self.value(node.left), self.value(node.right))

    def compare(self, node: ast.Compare) -> Value:
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
            return _UNKNOWN
        if lt.rank < 0 or rt.rank < 0 or (lt.rank == 0 and rt.rank == 0):
            return self.error(node, f"{lt} {op} {rt}", "operands are numbers or arrays; & | ^ << >> want ints")
        if lt.rank and rt.rank and lt.rank != rt.rank:
            return self.error(node, f"{lt} {op} {rt}", "two arrays have the same rank")
        if op in ("&", "|", "^", "<<", ">>") and (FLOAT in (lt, rt) or any(t.dtype and t.dtype.is_float for t in (lt, rt))):
            return self.error(node, f"{lt} {op} {rt}", f"{op} wants ints")
        return self.definition_call(node, *self.elementwise(op, lt, rt), [left, right])

    def elementwise(self, op: str, lt: Type, rt: Type) -> tuple[str, str]:
        """Source and name of the definition of an operator with an array in it."""
        dtype = elementwise.result_dtype(
            op, lt.dtype if lt.rank else None, rt.dtype if rt.rank else None, lt is FLOAT or rt is FLOAT
        )
        return elementwise.definition(op, _rank_name(lt), _rank_name(rt), dtype)

    def unary(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not):
            return BOOL, self.scalar(node.operand, "the operand of not")[1]
        kind, mask = self.value(node.operand)
        operation = NAMED.get((_UNARY_NAMES[type(node.op)], (kind,)))
        if operation is not None:
            return operation.result, mask
        if kind is UNKNOWN:
            return _UNKNOWN
        symbol = syntax.UNARY[type(node.op)]
        if kind.rank <= 0 or symbol == "+" or (symbol == "~" and kind.dtype and kind.dtype.is_float):
            return self.error(node, f"{symbol} of {kind}", "- wants a number or an array, ~ ints")
        return self.definition_call(node, *self.unary_elementwise(symbol, kind), [(kind, mask)])

    def unary_elementwise(self, symbol: str, kind: Type) -> tuple[str, str]:
        """Source and name of the definition of -a or ~a."""
        assert kind.dtype is not None
        return elementwise.unary_definition(symbol, kind.rank, elementwise.unary_dtype(symbol, kind.dtype))

    def boolean(self, node: ast.BoolOp) -> Value:
        kind, mask = self.scalar(node.values[0], "a condition")
        for operand in node.values[1:]:
            other, more = self.scalar(operand, "a condition")
            mask |= more
            kind = self.unify(node, kind, other)
        return kind, mask

    def conditional(self, node: ast.IfExp) -> Value:
        mask = self.test(node.test)
        left, lm = self.scalar(node.body, "a side of a conditional expression")
        right, rm = self.scalar(node.orelse, "a side of a conditional expression")
        return self.unify(node, left, right), mask | lm | rm

    def unify(self, node: ast.AST, left: Type, right: Type) -> Type:
        """The one type of two alternatives."""
        if left is right or right is UNKNOWN:
            return left
        if left is not UNKNOWN:
            self.error(node, f"alternatives of types {left} and {right}", "both have one type; write 0.0, float(x) or int(x)")
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
        kind, mask = self.value(node.value)
        if kind is UNKNOWN:
            return _UNKNOWN
        if node.attr == "T" and kind.rank == 2:
            return kind, mask
        if node.attr == "shape" and kind.rank > 0:
            return self.error(node, ".shape as a value", "write a.shape[0], a.shape[1], or rows, cols = a.shape")
        return self.error(node, f".{node.attr} of {kind}", "arrays have .shape, and .T if of rank 2; use functions for the rest")

    def subscript(self, node: ast.Subscript) -> Value:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return self.dimension(node, node.value)
        kind, mask = self.value(node.value)
        if kind is UNKNOWN:
            return _UNKNOWN
        if kind.rank <= 0:
            return self.error(node, f"an index into {kind}", "only arrays are indexed")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
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
        kind, mask = self.value(attribute.value)
        if kind is UNKNOWN:
            return _UNKNOWN
        axis = literal(node.slice)
        if kind.rank <= 0 or isinstance(axis, bool) or axis not in range(kind.rank):
            return self.error(node, f"an index into the shape of {kind}", "a.shape[0], or a.shape[1] for rank 2")
        return INT, mask

    # -- calls

    def call(self, node: ast.Call) -> Value:
        results = self.results(node)
        if results is None:
            return _UNKNOWN
        if len(results) != 1:
            found = "a call that gives nothing" if not results else f"a call that gives {len(results)} values"
            return self.error(node, f"{found}, as a value", "one value stands here; unpack several: a, b = f(...)")
        return results[0]

    def results(self, node: ast.Call) -> list[Value] | None:
        """The values of a call: none for a procedure; None if it is faulty."""
        if not isinstance(node.func, ast.Name):
            advice = "methods don't exist; call a function or primitive by its name"
            self.error(node, "a call of something that is not a name", advice)
            return None
        if node.keywords:
            self.error(node, "a keyword argument", "pass arguments by position")
            return None
        name = node.func.id
        function = None if self.checked.library else self.program.module.functions.get(name)
        if function is not None:
            values = [self.value(argument) for argument in node.args]
            return self.function_call(node, function, False, values)
        if name in BUILTINS and name not in self.program.module.imports:
            return self.builtin(node, name)
        if name in CATALOGUE:
            return self.primitive(node, name) if self.imported(node.func) else None
        self.error(node, f"{name} is not defined", "call functions of this file, imported primitives, abs, min, max, int, float, bool, len")
        return None

    def function_call(self, node: ast.AST, function: ast.FunctionDef, library: bool, values: list[Value]) -> list[Value] | None:
        """The results of calling a function of the module or the definition of a primitive."""
        types = tuple(kind for kind, _ in values)
        if UNKNOWN in types:
            return None
        if NONE in types or (not library and any(kind.rank == -1 for kind in types)):
            self.error(node, "an argument without a value", "arguments are scalars and arrays")
            return None
        if len(types) != len(function.args.args):
            found = f"{len(types)} arguments for {function.name}"
            self.error(node, found, f"it takes {len(function.args.args)}")
            return None
        callee: Checked | None = self.program.check(function, library, types, node, self)
        if callee is None:
            return None
        self.callees[id(node)] = callee
        masks = [mask for _, mask in values]
        scalars = 0
        for kind, mask in values:
            if kind.rank == 0:
                scalars |= mask
        for must in callee.musts:
            mask = _mapped(must.mask, masks)
            if library:
                self.must_be_control(mask, node, f"{must.what} in {function.name}")
            elif mask:
                self.checked.musts[must._replace(mask=mask)] = None
        return [
            (kind, _mapped(mask, masks) | (scalars if kind.rank == 0 else 0))
            for kind, mask in zip(callee.results, callee.result_masks, strict=True)
        ]

    def definition_call(self, node: ast.AST, source: str, name: str, values: list[Value]) -> Value:
        """The single result of a definition of the catalogue."""
        results = self.function_call(node, self.program.definition(source, name), True, values)
        return results[0] if results else _UNKNOWN

    def builtin(self, node: ast.Call, name: str) -> list[Value] | None:
        values = [self.value(argument) for argument in node.args]
        types = tuple(kind for kind, _ in values)
        if UNKNOWN in types:
            return None
        mask = 0
        for _, more in values:
            mask |= more
        if name == "len" and len(types) == 1 and types[0].rank > 0:
            return [(INT, mask)]
        if name == "bool" and len(types) == 1 and types[0].rank == 0:
            return [(BOOL, mask)]
        if name == "abs" and len(types) == 1 and types[0].rank > 0:
            return self.primitive_call(node, name, values)
        operation = NAMED.get((name, types))
        if operation is not None:
            return [(operation.result, mask)]
        self.error(node, f"{name}({', '.join(map(str, types))})", _BUILTIN_ADVICE[name])
        return None

    def primitive(self, node: ast.Call, name: str) -> list[Value] | None:
        if name in ("zeros", "full", "array"):
            kind, mask = self.allocation(node, name)
            return None if kind is UNKNOWN else [(kind, mask)]
        return self.primitive_call(node, name, [self.value(argument) for argument in node.args])

    def primitive_call(self, node: ast.Call, name: str, values: list[Value]) -> list[Value] | None:
        types = tuple(kind for kind, _ in values)
        if UNKNOWN in types:
            return None
        entry = overload(name, tuple(kind.rank for kind in types))
        if entry is None:
            found = f"{name}({', '.join(map(str, types))})"
            self.error(node, found, f"{CATALOGUE[name].signature}: {CATALOGUE[name].doc}")
            return None
        if entry.kind == "definition":
            assert entry.source is not None and entry.function is not None
            return self.function_call(node, self.program.definition(entry.source, entry.function), True, values)
        if entry.kind == "special":
            method, kinds = _SPECIALS[name]
            if kinds[-1] == "...":
                kinds = kinds[:-1] * len(types)
            if tuple(_category(kind) for kind in types) != kinds or not types:
                self.error(node, f"{name}({', '.join(map(str, types))})", f"{CATALOGUE[name].signature}: {CATALOGUE[name].doc}")
                return None
            return method(self, node, values)
        operation = NAMED.get((name, types))
        if operation is None:
            self.error(node, f"{name}({', '.join(map(str, types))})", f"{CATALOGUE[name].signature}: {CATALOGUE[name].doc}")
            return None
        mask = DATA if name in ("random", "randint") else 0
        for _, more in values:
            mask |= more
        return [] if operation.result is NONE else [(operation.result, mask)]

    def allocation(self, node: ast.Call, name: str) -> Value:
        """zeros(shape, dtype), full(shape, value, dtype), array([...], dtype)."""
        arguments = list(node.args)
        least = 2 if name == "full" else 1
        if not least <= len(arguments) <= least + 1:
            return self.error(node, f"{len(arguments)} arguments for {name}", CATALOGUE[name].signature)
        dtype = f8
        if len(arguments) > least:
            kind, _ = self.value(arguments.pop())
            if kind.dtype is None or kind.rank != -1:
                return self.error(node, f"{kind} as an element type", "one of u1, i4, i8, f4, f8")
            dtype = kind.dtype
        if name == "array":
            return self.array_literal(node, arguments[0], dtype if len(node.args) > 1 else None)
        sizes = arguments[0].elts if isinstance(arguments[0], ast.Tuple) else [arguments[0]]
        if len(sizes) not in (1, 2):
            return self.error(arguments[0], f"a shape of {len(sizes)} sizes", "n or (rows, columns)")
        for size in sizes:
            self.must_be_control(self.integer(size, "a size"), size, "a size")
        if name == "full":
            value, _ = self.scalar(arguments[1], "an element")
            self.storable(arguments[1], value, dtype.is_float, f"an array of {dtype.name}")
        return array_type(dtype, len(sizes)), 0

    def array_literal(self, node: ast.Call, items: ast.expr, dtype: Any) -> Value:
        if not isinstance(items, (ast.List, ast.Tuple)) or not items.elts:
            return self.error(node, "array of something else than a list of scalars", "array([1, 2, 3], u1)")
        types = [self.scalar(item, "an element")[0] for item in items.elts]
        if UNKNOWN in types:
            return _UNKNOWN
        if dtype is None:
            floats = types.count(FLOAT)
            if floats not in (0, len(types)):
                return self.error(node, "ints and floats in one array", "write all as floats, or give an element type")
            dtype = f8 if floats else i8
        for item, kind in zip(items.elts, types, strict=True):
            self.storable(item, kind, dtype.is_float, f"an array of {dtype.name}")
        return array_type(dtype, 1), 0

    def storable(self, node: ast.AST, kind: Type, into_float: bool, where: str) -> None:
        """Check that a scalar may be stored: floats only go into float arrays."""
        if kind is FLOAT and not into_float:
            self.error(node, f"a float stored in {where}", "store int(x), or use an array of f4 or f8")

    # -- special primitives

    def window(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        (kind, mask), (start, _), (length, size) = values
        if kind.rank <= 0 or start is not INT or length is not INT:
            self.error(node, "window of other things than an array and two ints", CATALOGUE["window"].signature)
            return None
        self.must_be_control(size, node.args[2], "the length of a window")
        return [(kind, mask | size)]

    def dtype_of(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        return [(DTYPE_TYPES[special_dtype(_called(node), [kind for kind, _ in values]).name], 0)]

    def zero_of(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        floats = any(kind.dtype is not None and kind.dtype.is_float for kind, _ in values)
        return [(FLOAT if floats else INT, 0)]

    def same_shape(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        if values[0][0].rank != values[1][0].rank:
            self.error(node, "arrays of different ranks", CATALOGUE["same_shape"].signature)
            return None
        return []


def special_dtype(name: str, kinds: list[Type]) -> DType:
    """The element type that dtype_of, number_dtype_of or float_dtype_of gives for arrays of these types."""
    dtypes = [kind.dtype for kind in kinds if kind.dtype is not None]
    if name == "dtype_of":
        return dtypes[0]
    return elementwise.number_dtype(*dtypes) if name == "number_dtype_of" else elementwise.float_dtype(*dtypes)


def _called(node: ast.Call) -> str:
    assert isinstance(node.func, ast.Name)
    return node.func.id


def _category(kind: Type) -> str:
    return "scalar" if kind.rank == 0 else "array" if kind.rank > 0 else "element type"


def _rank_name(kind: Type) -> str:
    return str(kind.rank) if kind.rank else "s"


def _mapped(mask: int, masks: list[int]) -> int:
    """A mask over a callee's parameters as a mask of the caller; bit 0, data, stays."""
    result = mask & DATA
    for index, more in enumerate(masks):
        if mask >> index + 1 & 1:
            result |= more
    return result


_BUILTIN_ADVICE = {
    "abs": "abs of one number or array",
    "min": "min of two scalars of one type; amin(a) for an array",
    "max": "max of two scalars of one type; amax(a) for an array",
    "int": "int of one scalar; astype(a, i8) for an array",
    "float": "float of one scalar; astype(a, f8) for an array",
    "bool": "bool of one scalar",
    "len": "len of one array",
    "range": "range stands only in `for i in range(...)`",
}

_SPECIALS: dict[str, tuple[Callable[[Expressions, ast.Call, list[Value]], list[Value] | None], tuple[str, ...]]] = {
    "window": (Expressions.window, ("array", "scalar", "scalar")),
    "dtype_of": (Expressions.dtype_of, ("array",)),
    "number_dtype_of": (Expressions.dtype_of, ("array", "...")),
    "float_dtype_of": (Expressions.dtype_of, ("array", "...")),
    "zero_of": (Expressions.zero_of, ("array", "...")),
    "same_shape": (Expressions.same_shape, ("array", "array")),
}
"""How each special primitive is checked, and what it takes; "..." stands for more of the same."""

_METHODS: dict[type[ast.expr], Callable[[Any, Any], Value]] = {
    ast.Constant: Expressions.constant,
    ast.Name: Expressions.name,
    ast.BinOp: Expressions.binary,
    ast.Compare: Expressions.compare,
    ast.UnaryOp: Expressions.unary,
    ast.BoolOp: Expressions.boolean,
    ast.IfExp: Expressions.conditional,
    ast.Attribute: Expressions.attribute,
    ast.Subscript: Expressions.subscript,
    ast.Call: Expressions.call,
}
