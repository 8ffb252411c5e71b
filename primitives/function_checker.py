"""Checking one function: its statements, what is assigned on every path, and what it returns."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from primitives import syntax
from primitives.assignments import Assignments
from primitives.checked import Checked, Functions, Value
from primitives.shapes import Dimensions
from primitives.syntax import literal
from primitives.types import UNKNOWN, Type

_EVERYTHING = -1
"""The mask of variables assigned where control never arrives."""


class _Loop(NamedTuple):
    """A loop around the statement at hand: the bit of what leaving it depends on, what is assigned at its breaks."""

    bit: int
    breaks: list[int]


class _Return(NamedTuple):
    """A return: its values, the shapes of arrays among them, and the mask of what decides whether it is executed."""

    node: ast.Return
    values: list[Value]
    shapes: list[Dimensions | None]
    context: int


class FunctionChecker(Assignments):
    """Checks the statements of one function."""

    def __init__(self, program: Functions, checked: Checked):
        super().__init__(program, checked)
        self.returns: list[_Return] = []
        self.loops: list[_Loop] = []

    def run(self) -> Checked:
        """Check the whole function; faults are reported to the program."""
        checked = self.checked
        checked.dependences.append(0)
        self.start_shapes()
        for name, kind in zip(checked.parameters, checked.arguments, strict=True):
            if name in self.bits:
                self.error(checked.node, f"two parameters named {name}", "give each its own name")
            self.new_variable(checked.node, name, kind)
        falls_through = self.block(syntax.body(checked.node))
        self.finish_results(falls_through)
        self.settle_shapes()
        self.close_results()
        return checked

    # -- blocks

    def block(self, statements: list[ast.stmt]) -> bool:
        """Check statements in order; whether control can reach what follows."""
        reachable = True
        for statement in statements:
            method = self.STATEMENTS.get(type(statement))
            if method is None:
                self.program.diagnostics.append(syntax.refusal(statement))
            elif method(self, statement) is False:
                reachable = False
                self.assigned = _EVERYTHING
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

    # -- control flow

    def for_loop(self, node: ast.For) -> bool:
        """`for i in range(...)`: the counter exists in the body only."""
        self.refuse_else(node)
        mask = self.range_bounds(node.iter)
        name = self.counter(node.target)
        self.counter_names.add(name)
        before, outer = self.assigned, dict(self.counters)
        self.counters[name] = mask
        self.loop(node.body, mask)
        self.counters, self.assigned = outer, before
        return True

    def refuse_else(self, node: ast.For | ast.While) -> None:
        """Report the else of a loop."""
        if node.orelse:
            self.error(node.orelse[0], "else after a loop", "put it into the code after the loop")

    def counter(self, node: ast.expr) -> str:
        """Check the counter of a for loop; its name, or nothing if it has none."""
        if not isinstance(node, ast.Name):
            self.error(node, "a loop target that is not a name", "for i in range(...)")
            return ""
        name, module = node.id, self.program.module
        if name in self.bits:
            self.error(node, f"{name}, a variable, as a loop counter", "use a name that is used for nothing else")
        elif name in self.counters:
            self.error(node, f"{name}, the counter of an outer loop", "nested loops use different counters")
        elif not self.checked.library and (
            name in module.functions or name in module.constants or name in module.imports
        ):
            self.error(node, f"{name}, which already has a meaning, as a loop counter", "choose another name")
        return name

    def range_bounds(self, node: ast.expr) -> int:
        """Check the range of a for loop; what its bounds depend on."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
            self.error(node, "a loop over something else than range(...)", "for i in range(len(a)): ... a[i]")
            return 0
        if node.keywords or not 1 <= len(node.args) <= 3:
            allowed = "range(stop), range(start, stop) or range(start, stop, step)"
            self.error(node, f"range of {len(node.args)} arguments", allowed)
        mask = 0
        for argument in node.args:
            mask |= self.integer(argument, "a bound of range")
        return mask

    def while_loop(self, node: ast.While) -> bool:
        """`while e`: after an endless loop is assigned what is assigned at all its breaks."""
        self.refuse_else(node)
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
        loop = _Loop(len(self.checked.dependences), [])
        self.checked.dependences.append(0)
        self.loops.append(loop)
        self.nested_block(body, mask | 1 << loop.bit)
        self.loops.pop()
        return loop.breaks

    def branch(self, node: ast.If) -> bool:
        """`if`, `elif`, `else`."""
        mask = self.test(node.test)
        before = self.assigned
        then, after_then = self.nested_block(node.body, mask)
        self.assigned = before
        other, after_other = self.nested_block(node.orelse, mask)
        self.assigned = after_then & after_other
        return then or other

    def leave_loop(self, node: ast.Break | ast.Continue) -> bool:
        """`break` and `continue`."""
        if not self.loops:
            self.error(node, f"{type(node).__name__.lower()} outside a loop", "it stands in a for or while loop")
            return False
        loop = self.loops[-1]
        self.checked.dependences[loop.bit] |= self.context | self.after_return
        if isinstance(node, ast.Break):
            loop.breaks.append(self.assigned)
        return False

    # -- calls on their own line

    def expression(self, node: ast.Expr) -> None:
        """A call without a result that is used."""
        if isinstance(node.value, ast.Call):
            if self.results(node.value):
                self.error(node, "a call whose result is not used", "assign it or remove the line")
        elif syntax.is_text(node):
            self.error(node, "a string in the middle of a function", "write a comment")
        else:
            self.value(node.value)
            self.error(node, "a value that is not used", "assign it or remove the line")

    def nothing(self, node: ast.Pass) -> None:
        """The statement pass."""

    # -- how a function ends

    def return_values(self, node: ast.Return) -> bool:
        """A return, of any number of values."""
        parts: list[ast.expr] = []
        if node.value is not None and not syntax.gives_nothing(node):
            parts = syntax.items(node.value)
            if isinstance(node.value, ast.Tuple) and len(parts) < 2:
                self.error(node.value, f"a return of a tuple of {len(parts)}", "return x, or return x, y")
        values = [self.value(part) for part in parts]
        for part, (kind, _) in zip(parts, values, strict=True):
            if kind.rank < 0 and kind is not UNKNOWN:
                self.error(part, f"{kind} returned", "functions return scalars and arrays")
        context = self.context | self.after_return
        for loop in self.loops:
            self.checked.dependences[loop.bit] |= context
        self.returns.append(_Return(node, values, [self.result_shape(part) for part in parts], context))
        self.after_return |= context
        return False

    def finish_results(self, falls_through: bool) -> None:
        """Compare all returns; what the function gives."""
        checked = self.checked
        if not self.returns:
            return
        first = [kind for kind, _ in self.returns[0].values]
        for returned in self.returns[1:]:
            kinds = [kind for kind, _ in returned.values]
            if kinds != first and UNKNOWN not in kinds and UNKNOWN not in first:
                found = f"a return of {_listed(kinds)} after a return of {_listed(first)}"
                self.error(returned.node, found, "all returns give as many values of the same types")
                return
        if first and falls_through:
            self.error(checked.node, f"{checked.name} can end without a return", "return a value on every path")
        checked.results = tuple(first)

    def close_results(self) -> None:
        """Express the results' dependences in terms of the parameters."""
        checked = self.checked
        parameters = (1 << len(checked.parameters) + 1) - 1
        for index in range(len(checked.results)):
            known = {returned.shapes[index] for returned in self.returns if index < len(returned.shapes)}
            shape = known.pop() if len(known) == 1 else None
            mask = 0
            for returned in self.returns:
                if index < len(returned.values):
                    mask |= returned.values[index][1]
                if not shape:
                    mask |= returned.context
            checked.result_masks.append(checked.closure(mask) & parameters)
            checked.result_shapes.append(shape)
        musts = {must._replace(mask=checked.closure(must.mask) & parameters): None for must in checked.musts}
        checked.musts = {must: None for must in musts if must.mask}

    STATEMENTS: ClassVar[dict[type[ast.stmt], Callable[[Any, Any], bool | None]]] = {
        ast.Assign: Assignments.assignment,
        ast.AugAssign: Assignments.augmented,
        ast.For: for_loop,
        ast.While: while_loop,
        ast.If: branch,
        ast.Break: leave_loop,
        ast.Continue: leave_loop,
        ast.Return: return_values,
        ast.Expr: expression,
        ast.Pass: nothing,
    }
    """How each sort of statement is checked; False says that control never arrives behind it."""


def _listed(kinds: list[Type]) -> str:
    return ", ".join(map(str, kinds)) or "nothing"
