"""The static half of the naive `dmc` reference: which scalars are data (docs/energy.md, "What is data").

A function is analysed for given arguments: `Facts` says of every expression and variable whether it is a data scalar, a
control scalar, or an array, by repeating one pass over the text until nothing changes. Types are none of its business
beyond ranks; a program that is not in the language is not noticed, except for sizes that are data.
"""

import ast
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from primitives.errors import Diagnostic, ProgramError
from tests.fitness.naive_kinds import (
    CONTROL,
    DATA,
    Abstract,
    ArrayOf,
    ElementType,
    Facts,
    Scalar,
    Several,
    Term,
    Unit,
    combine,
    join,
    level,
    mentions,
)

PASSES = 60


class Analysis:
    """All functions of a program, analysed once for each kind of arguments.

    `resolve(unit, call, arguments)` gives the `Unit` that a call runs, or the name of a built-in operation;
    `operator(node, ranks)` the definition of an operator on arrays.
    """

    def __init__(self, resolve: Callable, operator: Callable):
        self.resolve = resolve
        self.operator = operator
        self.known: dict[tuple[Unit, tuple[Abstract, ...]], Facts] = {}

    def facts(self, unit: Unit, arguments: tuple[Abstract, ...]) -> Facts:
        key = (unit, arguments)
        if key not in self.known:
            self.known[key] = Function(self, unit, arguments).facts()
        return self.known[key]

    def result(self, unit: Unit, arguments: tuple[Abstract, ...]) -> Abstract:
        """What a call gives: all its scalars are data if it is given a data scalar."""
        given = max(map(level, arguments), default=CONTROL)
        results = tuple(
            Scalar(max(found.level, given)) if isinstance(found, Scalar) else found
            for found in self.facts(unit, arguments).results
        )
        return results[0] if len(results) == 1 else Several(results)


class Function:
    """The analysis of one function for one kind of arguments."""

    owners = count(1)

    def __init__(self, analysis: Analysis, unit: Unit, arguments: tuple[Abstract, ...]):
        self.analysis, self.unit = analysis, unit
        self.arguments = arguments
        self.owner = next(self.owners)
        self.once_as_scalar, self.once_as_array = assigned_once(unit)
        self.loop_exits: dict[ast.AST, int] = {}  # loops: the level at which a break, continue or return leaves a round
        self.return_level = CONTROL
        self.before: dict[str, Abstract] = {}

    def facts(self) -> Facts:
        for _ in range(PASSES):
            found, exits = self.one_pass(), (dict(self.loop_exits), self.return_level)
            stable = found.variables == self.before and exits == self.exits_before
            self.before, self.exits_before = found.variables, exits
            if stable:
                return found
        raise AssertionError("the analysis does not settle")

    exits_before: tuple | None = None

    # -- statements

    def one_pass(self) -> Facts:
        self.now = Facts()
        self.results: Abstract | None = None
        self.returned = CONTROL  # the level of returns that stand before the statement that is looked at
        self.counters: dict[str, Scalar] = {}
        self.loops: list[ast.AST] = []
        self.assigned_under: dict[str, int] = {}
        for name, argument in zip(self.unit.parameters, self.arguments, strict=True):
            self.assign(name, argument if self.is_once(name, argument) else without_terms(argument), CONTROL)
        self.block(self.unit.tree.body, CONTROL)
        for name, found in self.now.variables.items():
            self.now.variables[name] = self.settled(name, found)
        results = self.results.items if isinstance(self.results, Several) else ()
        self.now.results = tuple(self.result(found) for found in results)
        return self.now

    def result(self, found: Abstract) -> Abstract:
        if isinstance(found, Scalar):
            return Scalar(max(found.level, self.return_level))
        dims = tuple(None if mentions(dim, self.owner) else dim for dim in found.dims)
        return ArrayOf(dims, found.data_shape or (self.return_level > CONTROL and None in found.dims))

    def block(self, statements: list[ast.stmt], control: int) -> None:
        for statement in statements:
            getattr(self, "on_" + type(statement).__name__)(statement, max(control, self.returned))

    def on_Pass(self, node: ast.Pass, control: int) -> None:
        pass

    def on_Expr(self, node: ast.Expr, control: int) -> None:
        self.expression(node.value)

    def on_Assign(self, node: ast.Assign, control: int) -> None:
        value, target = self.expression(node.value), node.targets[0]
        if isinstance(target, ast.Tuple):
            for part, found in zip(target.elts, value.items, strict=True):
                self.store(part, found, control)
        else:
            self.store(target, value, control)

    def on_AugAssign(self, node: ast.AugAssign, control: int) -> None:
        target, value = self.expression(node.target), self.expression(node.value)
        if isinstance(target, Scalar) and isinstance(node.target, ast.Name):
            self.store(node.target, self.of_operation(node.op, target, value), control)

    def on_If(self, node: ast.If, control: int) -> None:
        inner = max(control, level(self.expression(node.test)))
        self.block(node.body, inner)
        self.block(node.orelse, inner)

    def on_While(self, node: ast.While, control: int) -> None:
        self.loop(node, max(control, level(self.expression(node.test))))

    def on_For(self, node: ast.For, control: int) -> None:
        bounds = max(level(self.expression(bound)) for bound in node.iter.args)
        self.now.of[node] = self.counters[node.target.id] = Scalar(bounds)
        self.loop(node, max(control, bounds))
        del self.counters[node.target.id]

    def loop(self, node: ast.For | ast.While, control: int) -> None:
        self.loops.append(node)
        self.block(node.body, max(control, self.loop_exits.get(node, CONTROL)))
        self.loops.pop()

    def on_Break(self, node: ast.AST, control: int) -> None:
        self.leave_rounds(self.loops[-1:], control)

    on_Continue = on_Break

    def leave_rounds(self, loops: list[ast.AST], control: int) -> None:
        for loop in loops:
            self.loop_exits[loop] = max(self.loop_exits.get(loop, CONTROL), control)

    def on_Return(self, node: ast.Return, control: int) -> None:
        self.leave_rounds(self.loops, control)
        self.returned = max(self.returned, control)
        self.return_level = max(self.return_level, control)
        if node.value is not None:
            found = self.expression(node.value)
            items = found.items if isinstance(node.value, ast.Tuple) else (found,)
            self.results = join(self.results, Several(items))

    # -- variables

    def store(self, target: ast.expr, value: Abstract, control: int) -> None:
        if isinstance(target, ast.Name):
            self.assign(target.id, value, control)
            self.now.of[target] = value
        else:
            self.expression(target)

    def assign(self, name: str, value: Abstract, control: int) -> None:
        if isinstance(value, Scalar):
            value = Scalar(max(value.level, control), value.term)
        self.now.variables[name] = join(self.now.variables.get(name), value)
        self.assigned_under[name] = max(self.assigned_under.get(name, CONTROL), control)

    def is_once(self, name: str, found: Abstract) -> bool:
        return name in (self.once_as_array if isinstance(found, ArrayOf) else self.once_as_scalar)

    def settled(self, name: str, found: Abstract) -> Abstract:
        """A variable's final kind, from all its assignments: its term or shape if that is the same on every path."""
        fixed = self.is_once(name, found) and self.assigned_under[name] == CONTROL
        if isinstance(found, Scalar):
            term = found.term if found.term is not None else ("leaf", self.owner, name)
            return Scalar(found.level, term if fixed and found.level == CONTROL else None)
        if not isinstance(found, ArrayOf):
            return found
        if fixed:
            leaves = tuple(("leaf", self.owner, f"{name}.shape[{axis}]") for axis in range(len(found.dims)))
            dims = tuple(leaf if dim is None else dim for dim, leaf in zip(found.dims, leaves, strict=True))
            return replace(found, dims=dims)
        varies = self.assigned_under[name] > CONTROL and None in found.dims
        return replace(found, data_shape=found.data_shape or varies)

    # -- expressions

    def expression(self, node: ast.expr) -> Abstract:
        found = getattr(self, "on_" + type(node).__name__)(node)
        self.now.of[node] = found
        return found

    def on_Constant(self, node: ast.Constant) -> Abstract:
        return Scalar(CONTROL, node.value if type(node.value) is int else None)

    def on_Name(self, node: ast.Name) -> Abstract:
        if node.id in self.counters:
            return self.counters[node.id]
        found = self.before.get(node.id) or self.now.variables.get(node.id)
        if found is not None:
            return found
        if node.id in self.unit.constants:
            value = self.unit.constants[node.id]
            return Scalar(CONTROL, value if type(value) is int else None)
        return ElementType(node.id)

    def on_Tuple(self, node: ast.Tuple) -> Abstract:
        return Several(tuple(self.expression(part) for part in node.elts))

    on_List = on_Tuple

    def on_Attribute(self, node: ast.Attribute) -> Abstract:
        array = self.expression(node.value)
        if node.attr == "T":
            return replace(array, dims=array.dims[::-1])
        return Several(tuple(self.length(array, axis) for axis in range(len(array.dims))))

    def length(self, array: ArrayOf, axis: int) -> Scalar:
        return Scalar(DATA) if array.data_shape else Scalar(CONTROL, array.dims[axis])

    def size(self, node: ast.expr, found: Abstract) -> Term:
        """The term of a size or a bound of a slice, which must not be data."""
        if level(found) == DATA:
            found = f"{ast.unparse(node)} depends on data"
            raise ProgramError([Diagnostic(node.lineno, node.col_offset + 1, found, "sizes and bounds are control")])
        return found.term

    def on_Subscript(self, node: ast.Subscript) -> Abstract:
        array = self.expression(node.value)
        if isinstance(array, Several):  # a.shape[0]
            self.expression(node.slice)
            return array.items[node.slice.value]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        dims, kept = list(array.dims), []
        for part in parts:
            dim = dims.pop(0)
            if isinstance(part, ast.Slice):
                kept.append(self.slice(part, dim))
            else:
                self.expression(part)
        if not kept and not dims:
            return Scalar(DATA)
        return ArrayOf((*kept, *dims), array.data_shape)

    def slice(self, node: ast.Slice, length: Term) -> Term:
        low = 0 if node.lower is None else self.size(node.lower, self.expression(node.lower))
        high = length if node.upper is None else self.size(node.upper, self.expression(node.upper))
        step = None if node.step is None else self.expression(node.step).term
        return combine("Sub", high, low) if node.step is None else combine("step", combine("Sub", high, low), step)

    def on_UnaryOp(self, node: ast.UnaryOp) -> Abstract:
        operand = self.expression(node.operand)
        if isinstance(operand, ArrayOf):
            return self.analysis.result(self.analysis.operator(node, (len(operand.dims),)), (operand,))
        negative = isinstance(node.op, ast.USub) and isinstance(operand.term, int)
        return Scalar(operand.level, -operand.term if negative else None)

    def on_BinOp(self, node: ast.BinOp) -> Abstract:
        return self.binary(node, self.expression(node.left), self.expression(node.right))

    def on_Compare(self, node: ast.Compare) -> Abstract:
        return self.binary(node, self.expression(node.left), self.expression(node.comparators[0]))

    def binary(self, node: ast.BinOp | ast.Compare, left: Abstract, right: Abstract) -> Abstract:
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            if isinstance(node, ast.Compare):
                return Scalar(max(left.level, right.level))
            return self.of_operation(node.op, left, right)
        ranks = tuple(len(side.dims) if isinstance(side, ArrayOf) else 0 for side in (left, right))
        return self.analysis.result(self.analysis.operator(node, ranks), (left, right))

    def of_operation(self, operator: ast.operator, left: Scalar, right: Scalar) -> Scalar:
        return Scalar(max(left.level, right.level), combine(type(operator).__name__, left.term, right.term))

    def on_BoolOp(self, node: ast.BoolOp) -> Abstract:
        return Scalar(max(level(self.expression(part)) for part in node.values))

    def on_IfExp(self, node: ast.IfExp) -> Abstract:
        return Scalar(max(level(self.expression(part)) for part in (node.test, node.body, node.orelse)))

    def on_Call(self, node: ast.Call) -> Abstract:
        arguments = tuple(self.expression(argument) for argument in node.args)
        target = self.analysis.resolve(self.unit, node.func.id, arguments)
        if isinstance(target, Unit):
            return self.analysis.result(target, arguments)
        special = getattr(self, "call_" + target, None)
        if special is not None:
            return special(node, arguments)
        if target in ("random", "randint"):
            return Scalar(DATA)
        return Scalar(max(map(level, arguments)))

    def call_len(self, node: ast.Call, arguments: tuple) -> Abstract:
        return self.length(arguments[0], 0)

    def call_zeros(self, node: ast.Call, arguments: tuple) -> Abstract:
        shape = arguments[0].items if isinstance(arguments[0], Several) else (arguments[0],)
        return ArrayOf(tuple(self.size(node.args[0], found) for found in shape))

    call_full = call_zeros

    def call_array(self, node: ast.Call, arguments: tuple) -> Abstract:
        return ArrayOf((len(arguments[0].items),))

    def call_window(self, node: ast.Call, arguments: tuple) -> Abstract:
        array, _, length = arguments
        return ArrayOf((self.size(node.args[2], length), *array.dims[1:]), array.data_shape)

    def call_zero_of(self, node: ast.Call, arguments: tuple) -> Abstract:
        return Scalar(CONTROL)

    def call_dtype_of(self, node: ast.Call, arguments: tuple) -> Abstract:
        return ElementType("")

    call_number_dtype_of = call_float_dtype_of = call_dtype_of

    def call_same_shape(self, node: ast.Call, arguments: tuple) -> Abstract:
        return Several(())

    call_seed = call_same_shape


def without_terms(found: Abstract) -> Abstract:
    if isinstance(found, ArrayOf):
        return replace(found, dims=(None,) * len(found.dims))
    return Scalar(found.level) if isinstance(found, Scalar) else found


def assigned_once(unit: Unit) -> tuple[set[str], set[str]]:
    """The variables that have one assignment, outside every loop; being a parameter counts as one.

    First if they are scalars, then if they are arrays, for which `x += e` is no assignment.
    """
    counts = dict.fromkeys(unit.parameters, 1)
    updates: dict[str, int] = {}

    def visit(node: ast.AST, in_loop: bool) -> None:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            updates[node.target.id] = 1
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            counts[node.id] = counts.get(node.id, 0) + (2 if in_loop else 1)
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.AugAssign) and child is node.target):
                visit(child, in_loop or isinstance(node, (ast.For, ast.While)))

    visit(unit.tree, False)
    once = {name for name, times in counts.items() if times == 1}
    return once - updates.keys(), once
