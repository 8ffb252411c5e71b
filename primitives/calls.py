"""Checking calls: of functions of the program, of Python's builtins and of primitives."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from primitives.catalogue import CATALOGUE, overload
from primitives.checked import DATA, Checked, Value
from primitives.expressions import NO_VALUE, Expressions
from primitives.library_functions import definition
from primitives.operations import DRAWING, NAMED
from primitives.parser import BUILTINS
from primitives.special_calls import ALLOCATIONS, SpecialCalls, takes
from primitives.types import BOOL, INT, NONE, UNKNOWN


class Calls(SpecialCalls):
    """Adds calls to the checking of expressions."""

    def call(self, node: ast.Call) -> Value:
        """The single value of a call."""
        results = self.results(node)
        if results is None:
            return NO_VALUE
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
        allowed = "call functions of this file, imported primitives, abs, min, max, int, float, bool, len"
        self.error(node, f"{name} is not defined", allowed)
        return None

    def function_call(
        self, node: ast.AST, function: ast.FunctionDef, library: bool, values: list[Value]
    ) -> list[Value] | None:
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
        callee = self.program.check(function, library, types, node)
        if callee is None:
            return None
        self.callees[node] = callee
        masks = [mask for _, mask in values]
        self.inherit_musts(callee, masks, node)
        scalars = 0
        for kind, mask in values:
            if kind.rank == 0:
                scalars |= mask
        return [
            (kind, _mapped(mask, masks) | (scalars if kind.rank == 0 else 0))
            for kind, mask in zip(callee.results, callee.result_masks, strict=True)
        ]

    def inherit_musts(self, callee: Checked, masks: list[int], node: ast.AST) -> None:
        """What has to be control in a called function, in terms of its arguments' masks."""
        for must in callee.musts:
            mask = _mapped(must.mask, masks)
            if callee.library:
                self.must_be_control(mask, node, f"{must.what} in {callee.name}")
            elif mask:
                self.checked.musts[must._replace(mask=mask)] = None

    def builtin(self, node: ast.Call, name: str) -> list[Value] | None:
        """The result of calling a builtin of Python."""
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
        """The results of calling an imported primitive."""
        if name in ALLOCATIONS:
            value = self.allocation(node, name)
            return None if value is NO_VALUE else [value]
        return self.primitive_call(node, name, [self.value(argument) for argument in node.args])

    def primitive_call(self, node: ast.AST, name: str, values: list[Value]) -> list[Value] | None:
        """The results of calling a primitive with checked arguments."""
        types = tuple(kind for kind, _ in values)
        if UNKNOWN in types:
            return None
        operation = NAMED.get((name, types))
        if operation is not None:
            mask = DATA if name in DRAWING else 0
            for _, more in values:
                mask |= more
            return [] if operation.result is NONE else [(operation.result, mask)]
        entry = overload(name, tuple(kind.rank for kind in types))
        if entry is not None and entry.kind == "definition":
            assert entry.source is not None and entry.function is not None
            return self.function_call(node, definition(entry.source, entry.function), True, values)
        if entry is not None and entry.kind == "special" and takes(name, types):
            assert isinstance(node, ast.Call)
            return self.special(node, name, values)
        primitive = CATALOGUE[name]
        self.error(node, f"{name}({', '.join(map(str, types))})", f"{primitive.signature}: {primitive.doc}")
        return None

    METHODS: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Value]]] = {**Expressions.METHODS, ast.Call: call}


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
