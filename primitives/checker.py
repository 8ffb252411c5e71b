"""Checking functions: types, assignment on every path, and what every variable depends on.

`check(module, diagnostics, entry, types)` checks a function and all that it calls, each once for every combination of
argument types, and reports every fault it finds. It generates no code.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from primitives import elementwise, syntax
from primitives.catalogue import CATALOGUE
from primitives.checked import DATA, Checked
from primitives.errors import Diagnostic
from primitives.expressions import Value
from primitives.library_functions import definition
from primitives.parser import BUILTINS, Module, literal
from primitives.shape_terms import ShapeTerms
from primitives.shapes import Dimensions
from primitives.types import BOOL, FLOAT, INT, NONE, UNKNOWN, Type, array_type, element_type

EVERYTHING = -1
"""The mask of variables assigned where control never arrives."""

_Key = tuple[ast.FunctionDef, tuple[Type, ...]]
_LIBRARY: dict[_Key, Checked] = {}
"""Definitions of primitives that were checked, for all programs: they depend on nothing else."""


class Program:
    """The functions of one program that were checked, by node and argument types."""

    def __init__(self, module: Module, diagnostics: list[Diagnostic]):
        self.module = module
        self.diagnostics = diagnostics
        self.functions: dict[_Key, Checked | None] = {}

    definition = staticmethod(definition)

    def check(
        self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], node: ast.AST, caller: Any = None
    ) -> Checked | None:
        """Check `function` for argument types, or look it up; None if it is faulty or calls itself."""
        key = (function, types)
        if library:
            return self._check_library(key, node)
        if key in self.functions:
            checked = self.functions[key]
            if checked is None and function.name in self._active:
                found = f"{function.name} calls itself, directly or through others"
                self.diagnostics.append(syntax.diagnostic(node, found, "there is no recursion; write a loop"))
        else:
            self.functions[key] = None
            self._active.add(function.name)
            checked = self.functions[key] = self._run(key, False)
            self._active.discard(function.name)
        return checked

    def _check_library(self, key: _Key, node: ast.AST) -> Checked | None:
        checked = _LIBRARY.get(key)
        if checked is None:
            before = len(self.diagnostics)
            checked = self._run(key, True)
            if checked is None:
                faults = self.diagnostics[before:]
                del self.diagnostics[before:]
                found = f"{key[0].name.rstrip('_')}({', '.join(map(str, key[1]))})"
                allowed = faults[0].found if faults else "other argument types"
                self.diagnostics.append(syntax.diagnostic(node, found, f"not for these types: {allowed}"))
                return None
            _LIBRARY[key] = checked
        return checked

    _active: set[str]

    def _run(self, key: _Key, library: bool) -> Checked | None:
        before = len(self.diagnostics)
        function, types = key
        self.diagnostics.extend(syntax.header_faults(function))
        names = tuple(argument.arg for argument in function.args.args)
        checked = FunctionChecker(self, Checked(function, library, types, names)).run()
        return checked if len(self.diagnostics) == before else None


def check(module: Module, diagnostics: list[Diagnostic], entry: str, types: tuple[Type, ...]) -> tuple[Program, Checked | None]:
    """Check the function `entry` for argument types, and the shape of functions it never calls; faults go to `diagnostics`."""
    program = Program(module, diagnostics)
    program._active = set()
    function = module.functions.get(entry)
    if function is None:
        found = f"no function {entry}"
        allowed = f"this file defines {', '.join(module.functions) or 'no function'}"
        diagnostics.append(Diagnostic(1, 1, found, allowed))
        return program, None
    checked = None
    if len(types) != len(function.args.args):
        parameters = ", ".join(argument.arg for argument in function.args.args)
        diagnostics.append(
            syntax.diagnostic(function, f"{len(types)} arguments for {entry}({parameters})", f"pass {len(function.args.args)}")
        )
    else:
        checked = program.check(function, False, types, function)
    reached = {node for node, _ in program.functions}
    for other in module.functions.values():
        if other not in reached:
            diagnostics.extend(syntax.faults(other))
    return program, checked


class FunctionChecker(ShapeTerms):
    """Checks the statements of one function."""

    def run(self) -> Checked:
        """Check the whole function; faults are reported to the program."""
        checked = self.checked
        checked.dependences.append(0)
        self.start_shapes()
        self.depth = 0
        self.context = 0
        self.after_return = 0
        self.all_returns = 0
        self.returns: list[tuple[ast.AST, list[Value], int]] = []
        self.loops: list[dict[str, Any]] = []
        for name, kind in zip(checked.parameters, checked.arguments, strict=True):
            if name in self.bits:
                self.error(checked.node, f"two parameters named {name}", "give each its own name")
            self.new_variable(checked.node, name, kind)
        body = checked.node.body
        if _is_docstring(body[0]):
            body = body[1:]
        falls_through = self.block(body)
        self.finish_results(falls_through)
        self.settle_shapes()
        self.close_results()
        return checked

    # -- variables

    def new_variable(self, node: ast.AST, name: str, kind: Type) -> None:
        """Enter a variable at its first assignment."""
        program = self.program
        taken = "a function" if name in program.module.functions else "a constant" if name in program.module.constants else None
        if name in program.module.imports or (name in BUILTINS):
            taken = "a primitive or builtin"
        if taken and not self.checked.library:
            self.error(node, f"{name}, {taken}, as a variable", "choose another name")
        bit = len(self.checked.dependences)
        self.checked.dependences.append(0)
        self.types[name] = kind
        self.bits[name] = bit
        self.assigned |= 1 << bit

    def assign(self, node: ast.AST, name: str, value: Value, source: ast.expr | None) -> None:
        """Check an assignment of a value to a variable."""
        kind, mask = value
        if kind is UNKNOWN and name not in self.bits:
            self.new_variable(node, name, UNKNOWN)
            return
        if kind.rank < 0:
            if kind is not UNKNOWN:
                self.error(node, f"{kind} assigned to {name}", "variables hold scalars and arrays")
            return
        if name in self.counter_names:
            self.error(node, f"an assignment to {name}, a loop counter", "counters are never assigned; use another name")
            return
        if name not in self.bits:
            self.new_variable(node, name, kind)
        known = self.types[name]
        if known is UNKNOWN:
            self.types[name] = known = kind
        bit = self.bits[name]
        self.assigned |= 1 << bit
        if known is not kind and not (known.rank > 0 and known.readonly and known.rank == kind.rank and known.dtype is kind.dtype):
            self.error(node, f"{name} is {known} and here {kind}", _mismatch(known, kind))
            return
        context = self.context | self.after_return
        self.note_assignment(name, kind, source, self.depth, context)
        self.checked.dependences[bit] |= mask if kind.rank > 0 else mask | context

    # -- statements

    def block(self, statements: list[ast.stmt]) -> bool:
        """Check statements in order; whether control can reach what follows."""
        reachable = True
        for statement in statements:
            method = _STATEMENTS.get(type(statement))
            if method is None:
                self.program.diagnostics.append(syntax.refusal(statement))
            elif method(self, statement) is False:
                reachable = False
                self.assigned = EVERYTHING
        return reachable

    def nested_block(self, statements: list[ast.stmt], context: int) -> tuple[bool, int]:
        """Check a block under further control; whether control leaves it at its end, and what is assigned there."""
        outer = self.context
        self.context |= context
        self.depth += 1
        reachable = self.block(statements)
        self.depth -= 1
        self.context = outer
        return reachable, self.assigned

    def assignment(self, node: ast.Assign) -> None:
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
        value = node.value
        sources: list[ast.expr | None] = [None] * len(targets)
        if isinstance(value, (ast.Tuple, ast.List)):
            values = [self.value(item) for item in value.elts]
            sources = list(value.elts)
        elif isinstance(value, ast.Call):
            results = self.results(value)
            values = results if results is not None else [(UNKNOWN, 0)] * len(targets)
        elif isinstance(value, ast.Attribute) and value.attr == "shape":
            kind, mask = self.value(value.value)
            if kind.rank <= 0 and kind is not UNKNOWN:
                self.error(value, f".shape of {kind}", "arrays have a .shape")
            values = [(INT, mask)] * kind.rank if kind.rank > 0 else [(UNKNOWN, 0)] * len(targets)
        else:
            self.error(value, "one value for several targets", "a, b = e, f or a, b = f(...) or rows, columns = a.shape")
            values = [(UNKNOWN, 0)] * len(targets)
        if len(values) != len(targets):
            self.error(node, f"{len(values)} values for {len(targets)} targets", "as many values as targets")
            return
        if len(sources) != len(targets):
            sources = [None] * len(targets)
        for target, item, source in zip(targets, values, sources, strict=True):
            if isinstance(target, ast.Name):
                self.assign(target, target.id, item, source)
            else:
                self.store(target, item)

    def store(self, target: ast.expr, value: Value) -> None:
        """Check a store into an element or a slice."""
        kind, _ = value
        if not isinstance(target, ast.Subscript):
            if not isinstance(target, (ast.Name, ast.Attribute, ast.Tuple, ast.List)):
                self.program.diagnostics.append(syntax.refusal(target))
            else:
                self.error(target, "this target", "targets are names, elements a[i], a[i, j] and slices a[lo:hi]")
            return
        where = self.value(target)[0]
        if where is UNKNOWN or kind is UNKNOWN:
            return
        base = self.array_of(target)
        if base.readonly:
            self.error(target, f"a store into {base}", "copy it first: b = copy(a)")
            return
        assert base.dtype is not None
        if where.rank == 0:
            if kind.rank != 0:
                self.error(target, f"{kind} stored in an element", "an element holds a scalar")
            else:
                self.storable(target, kind, base.dtype.is_float, f"{base}")
        elif not self.sliced(target):
            self.error(target, "a store into a row", "write a[i, :] = v, or a[lo:hi] = v")
        elif kind.rank not in (0, where.rank):
            self.error(target, f"{kind} stored in {where}", "store a scalar or an array of the same rank")
        else:
            name = "fill" if kind.rank == 0 else "assign"
            self.procedure(target, name, [(array_type(base.dtype, where.rank), 0), value])

    def array_of(self, target: ast.Subscript) -> Type:
        """The type of the array that a checked subscript looks into."""
        before = len(self.program.diagnostics)
        kind = self.value(target.value)[0]
        del self.program.diagnostics[before:]
        return kind

    def sliced(self, target: ast.Subscript) -> bool:
        """Whether a subscript has a slice in it."""
        parts = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        return any(isinstance(part, ast.Slice) for part in parts)

    def procedure(self, node: ast.AST, name: str, values: list[Value]) -> None:
        """Check the call of a primitive without a result that a statement stands for."""
        ranks = tuple(kind.rank for kind, _ in values)
        for candidate in CATALOGUE[name].overloads:
            if candidate.ranks == ranks:
                assert candidate.source is not None and candidate.function is not None
                self.function_call(node, definition(candidate.source, candidate.function), True, values)
                return
        self.error(node, f"{name} of {', '.join(str(kind) for kind, _ in values)}", CATALOGUE[name].signature)

    def augmented(self, node: ast.AugAssign) -> None:
        op = syntax.BINARY.get(type(node.op))
        if op is None:
            self.error(node, "the operator @", "use matvec, vecmat, matmul or dot")
            return
        target = node.target
        if isinstance(target, ast.Attribute):
            self.error(target, "this target", "targets are names, elements a[i], a[i, j] and slices a[lo:hi]")
            return
        left = self.value(ast.copy_location(ast.Name(target.id), target) if isinstance(target, ast.Name) else target)
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
        else:
            ints = kind.dtype is not None and not kind.dtype.is_float
            floats = other is FLOAT or (other.dtype is not None and other.dtype.is_float)
            if op in ("&", "|", "^", "<<", ">>") and (floats or not ints):
                self.error(node, f"{kind} {op}= {other}", f"{op} wants ints")
            elif ints and (floats or op == "/"):
                self.error(node, f"{kind} {op}= {other}", "a float can't be stored in an array of ints; use astype(a, f8) or //")
            else:
                source, name = elementwise.inplace_definition(op, kind.rank, str(other.rank) if other.rank else "s")
                self.function_call(node, definition(source, name), True, [left, right])

    def for_loop(self, node: ast.For) -> bool:
        if node.orelse:
            self.error(node.orelse[0], "else after a loop", "put it into the code after the loop")
        mask = self.range_bounds(node.iter)
        counter = node.target
        name = counter.id if isinstance(counter, ast.Name) else ""
        if not name:
            self.error(counter, "a loop target that is not a name", "for i in range(...)")
        elif name in self.bits:
            self.error(counter, f"{name}, a variable, as a loop counter", "use a name that is used for nothing else")
        elif name in self.counters:
            self.error(counter, f"{name}, the counter of an outer loop", "nested loops use different counters")
        elif not self.checked.library and (
            name in self.program.module.functions or name in self.program.module.constants or name in self.program.module.imports
        ):
            self.error(counter, f"{name}, which already has a meaning, as a loop counter", "choose another name")
        self.counter_names.add(name)
        before = self.assigned
        outer = dict(self.counters)
        self.counters[name] = mask
        self.loop(node.body, mask)
        self.counters = outer
        self.assigned = before
        return True

    def range_bounds(self, node: ast.expr) -> int:
        """Check the range of a for loop; what its bounds depend on."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
            self.error(node, "a loop over something else than range(...)", "for i in range(len(a)): ... a[i]")
            return 0
        if node.keywords or not 1 <= len(node.args) <= 3:
            self.error(node, f"range of {len(node.args)} arguments", "range(stop), range(start, stop) or range(start, stop, step)")
        mask = 0
        for argument in node.args:
            mask |= self.integer(argument, "a bound of range")
        return mask

    def while_loop(self, node: ast.While) -> bool:
        if node.orelse:
            self.error(node.orelse[0], "else after a loop", "put it into the code after the loop")
        mask = self.test(node.test)
        before = self.assigned
        endless = literal(node.test) is True or literal(node.test) == 1
        breaks = self.loop(node.body, mask)
        self.assigned = before
        if not endless:
            return True
        for at_break in breaks:
            self.assigned = at_break if self.assigned == before else self.assigned & at_break
        return bool(breaks)

    def loop(self, body: list[ast.stmt], mask: int) -> list[int]:
        """Check the body of a loop; what is assigned at each of its breaks."""
        bit = len(self.checked.dependences)
        self.checked.dependences.append(0)
        loop: dict[str, Any] = {"bit": bit, "breaks": []}
        self.loops.append(loop)
        self.nested_block(body, mask | 1 << bit)
        self.loops.pop()
        breaks: list[int] = loop["breaks"]
        return breaks

    def branch(self, node: ast.If) -> bool:
        mask = self.test(node.test)
        before = self.assigned
        then, after_then = self.nested_block(node.body, mask)
        self.assigned = before
        other, after_other = self.nested_block(node.orelse, mask)
        self.assigned = after_then & after_other
        return then or other

    def leave_loop(self, node: ast.Break | ast.Continue) -> bool:
        if not self.loops:
            self.error(node, f"{type(node).__name__.lower()} outside a loop", "it stands in a for or while loop")
            return False
        loop = self.loops[-1]
        self.checked.dependences[loop["bit"]] |= self.context | self.after_return
        if isinstance(node, ast.Break):
            loop["breaks"].append(self.assigned)
        return False

    def return_values(self, node: ast.Return) -> bool:
        parts: list[ast.expr] = []
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        values = [self.value(part) for part in parts]
        for part, (kind, _) in zip(parts, values, strict=True):
            if kind.rank < 0 and kind is not UNKNOWN:
                self.error(part, f"{kind} returned", "functions return scalars and arrays")
        context = self.context | self.after_return
        for loop in self.loops:
            self.checked.dependences[loop["bit"]] |= context
        self.returns.append((node, values, context))
        self.shapes_returned.append([self.result_shape(part) for part in parts])
        self.all_returns |= context
        self.after_return |= context
        return False

    @property
    def shapes_returned(self) -> list[list[Dimensions | None]]:
        """The shapes of the results at each return so far."""
        return self.__dict__.setdefault("_shapes_returned", [])

    def expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Call):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                self.error(node, "a string in the middle of a function", "write a comment")
            else:
                self.value(node.value)
                self.error(node, "a value that is not used", "assign it or remove the line")
            return
        results = self.results(node.value)
        if results:
            self.error(node, "a call whose result is not used", "assign it or remove the line")

    def nothing(self, node: ast.Pass) -> None:
        pass

    # -- results

    def finish_results(self, falls_through: bool) -> None:
        """Compare all returns; what the function gives."""
        checked = self.checked
        if not self.returns:
            return
        first = [kind for kind, _ in self.returns[0][1]]
        for node, values, _ in self.returns[1:]:
            kinds = [kind for kind, _ in values]
            if kinds != first and UNKNOWN not in kinds and UNKNOWN not in first:
                found = f"a return of {_listed(kinds)} after a return of {_listed(first)}"
                self.error(node, found, "all returns give as many values of the same types")
                return
        if first and falls_through:
            self.error(checked.node, f"{checked.name} can end without a return", "return a value on every path")
        checked.results = tuple(first)

    def close_results(self) -> None:
        """Express the results' dependences in terms of the parameters."""
        checked = self.checked
        parameters = (1 << len(checked.parameters) + 1) - 1
        for index in range(len(checked.results)):
            known = {returned[index] for returned in self.shapes_returned if index < len(returned)}
            shape = known.pop() if len(known) == 1 else None
            mask = 0 if shape else self.all_returns
            for _, values, context in self.returns:
                if index < len(values):
                    mask |= values[index][1] | (0 if shape else context)
            checked.result_masks.append(checked.closure(mask) & parameters)
            checked.result_shapes.append(shape)
        musts = {must._replace(mask=checked.closure(must.mask) & parameters): None for must in checked.musts}
        checked.musts = {must: None for must in musts if must.mask}


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _listed(kinds: list[Type]) -> str:
    return ", ".join(map(str, kinds)) or "nothing"


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


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any], bool | None]] = {
    ast.Assign: FunctionChecker.assignment,
    ast.AugAssign: FunctionChecker.augmented,
    ast.For: FunctionChecker.for_loop,
    ast.While: FunctionChecker.while_loop,
    ast.If: FunctionChecker.branch,
    ast.Break: FunctionChecker.leave_loop,
    ast.Continue: FunctionChecker.leave_loop,
    ast.Return: FunctionChecker.return_values,
    ast.Expr: FunctionChecker.expression,
    ast.Pass: FunctionChecker.nothing,
}

__all__ = ["DATA", "NONE", "Program", "check", "element_type"]
