"""Code for statements and whole functions. The program was checked before, so nothing here can fail."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from primitives import elementwise, syntax
from primitives.array_lowering import ArrayLowering, Result
from primitives.block import Block, Slot
from primitives.catalogue import overload
from primitives.checker import Program
from primitives.lowering import harmless
from primitives.opcodes import FROM, HAND, READ, UNTIL
from primitives.operands import Array, Destination, Element, Operand
from primitives.operations import BINARY
from primitives.parser import Module, literal
from primitives.types import FLOAT, INT, Type

_BlockKey = tuple[ast.FunctionDef, tuple[Type, ...], int]
_LIBRARY_BLOCKS: dict[_BlockKey, Block] = {}
"""Code of primitives' definitions, for all programs."""


class Generator:
    """Generates the blocks of a checked program, each once for what is data among its arguments."""

    def __init__(self, program: Program):
        self.program = program
        self.module: Module = program.module
        self.blocks: dict[_BlockKey, Block] = {}

    def block(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], data: int) -> Block:
        """The code of a function for argument types and a mask over its parameters of what is data."""
        key = (function, types, data)
        blocks = _LIBRARY_BLOCKS if library else self.blocks
        block = blocks.get(key)
        if block is None:
            checked = self.program.check(function, library, types, function)
            assert checked is not None
            block = blocks[key] = FunctionGenerator(self, checked, checked.data(data)).run(data)
        return block


class FunctionGenerator(ArrayLowering):
    """Generates the code of one function."""

    def run(self, data: int) -> Block:
        """Generate the whole function; `data` is the mask of its data arguments."""
        checked, block = self.checked, self.block
        block.parameter_names = checked.parameters
        block.return_register = block.new("i")
        for kind, mask in zip(checked.results, checked.result_masks, strict=True):
            is_data = bool(mask & (data | 1))
            block.results.append(self.slot(kind, is_data and kind.rank == 0))
            block.array_data.append(is_data and kind.rank > 0)
        self.first_array, self.first_cell = block.sizes["a"], block.sizes["c"]
        for name, kind in checked.types.items():
            is_data = bool(self.known >> checked.bits[name] & 1)
            self.variables[name] = slot = self.slot(kind, is_data and kind.rank == 0)
            if slot.cell >= 0:
                block.cell_names[slot.cell] = name
            if kind.rank > 0:
                block.array_names[slot.register] = name
        for name, kind in zip(checked.parameters, checked.arguments, strict=True):
            block.parameters.append(self.variables.get(name, Slot(kind, 0, -1)))
        self.base = dict(block.sizes)
        self.ends: list[int] = []
        self.loops: list[tuple[list[int], list[int]]] = []
        body = checked.node.body
        is_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        self.statements(body[1:] if is_docstring else body)
        if not checked.results:
            self.end()
        for position in self.ends:
            row = position * 12
            block.rows[row + 3], block.rows[row + 4] = self.first_array, block.sizes["a"]
            if block.sizes["c"] > self.first_cell:
                block.rows[row + 8], block.rows[row + 9] = self.first_cell * 8 + FROM, block.sizes["c"] * 8 + UNTIL
        return block

    def slot(self, kind: Type, cell: bool) -> Slot:
        """A place in the frame for a variable or result."""
        file = "a" if kind.rank > 0 else "f" if kind is FLOAT else "i"
        if kind.rank < 0:
            return Slot(kind, 0, -1)
        return Slot(kind, self.block.new(file), self.block.new("c") if cell else -1)

    def statements(self, statements: Sequence[ast.stmt]) -> None:
        """Code for a block of statements."""
        for statement in statements:
            self.line = 0 if self.checked.library else statement.lineno
            self.next = dict(self.base)
            _STATEMENTS[type(statement)](self, statement)

    def destination(self, name: str) -> Destination:
        """A scalar variable as a destination."""
        slot = self.variables[name]
        return Destination(slot.type, slot.register, slot.cell)

    # -- assignments

    def assignment(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            if self.variables[target.id].type.rank > 0:
                self.assign_array(target.id, node.value)
            else:
                self.into(node.value, self.destination(target.id))
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, node.value)
        else:
            assert isinstance(target, ast.Subscript)
            if self.is_view(target):
                self.store_view(target, node.value)
            else:
                self.store(target, node.value)

    def assign_array(self, name: str, value: ast.expr) -> None:
        register = self.variables[name].register
        array = self.array(value, register)
        if array.register != register:
            self.emit("ATAKE" if array.temporary else "AMOV", register, array.register)

    def is_view(self, target: ast.Subscript) -> bool:
        """Whether a subscript has a slice in it."""
        parts = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        return any(isinstance(part, ast.Slice) for part in parts)

    def store(self, target: ast.Subscript, value: ast.expr) -> None:
        """a[i] = e: an operation's result stays at hand until the indices have been read; it has no cell of its own."""
        at_hand = self.at_hand(value)
        if at_hand.element and not harmless(target):
            self.load_early(at_hand)
        self.store_place(self.place(target), at_hand)

    def at_hand(self, value: ast.expr) -> Operand:
        """The right side of a store."""
        kind = self.checked.values[id(value)][0]
        if isinstance(value, (ast.Constant, ast.Name)) or literal(value) is not None or self.is_element(value):
            return self.operand(value)
        destination = self.scratch(kind)
        data = self.is_data(value)
        self.into(value, destination)
        return Operand(kind, destination.register, 0, data)

    def is_element(self, value: ast.expr) -> bool:
        """Whether an expression is an array element."""
        return isinstance(value, ast.Subscript) and not (isinstance(value.value, ast.Attribute) and value.value.attr == "shape")

    def place(self, target: ast.Subscript) -> Element:
        """The array and the evaluated indices of an element that is stored to."""
        operand = self.element(target)
        assert operand is not None and operand.element is not None
        return operand.element

    def store_place(self, place: Element, value: Operand) -> None:
        self.store_element(place.array, place.indices, value)
        self.release(place.array)

    def store_view(self, target: ast.Subscript, value: ast.expr) -> None:
        """a[lo:hi] = v: copy an array into the view, or fill it."""
        argument = self.operands([value])[0]
        view = self.array(target)
        name = "fill" if isinstance(argument, Operand) else "assign"
        rank = view.type.rank
        entry = overload(name, (rank, 0 if isinstance(argument, Operand) else rank))
        assert entry is not None and entry.source is not None and entry.function is not None
        self.define((entry.source, entry.function), [view, argument])

    def unpack(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """Several targets: right sides go into temporaries first, then each target is written."""
        if isinstance(value, ast.Call):
            results: list[Result] = self.call_results(value, None)
            for target, result in zip(targets, results, strict=True):
                if isinstance(target, ast.Name) and isinstance(result, Operand):
                    self.hand_over(result, self.destination(target.id))
                else:
                    self.write_target(target, result)
            return
        if isinstance(value, ast.Attribute):
            base = self.array(value.value)
            results = []
            for axis in range(2):
                destination = self.new_destination(INT, base.data)
                self.emit("DIM", destination.register, base.register, axis, write=self.write_to(destination))
                results.append(self.result(destination))
            self.release(base)
        else:
            assert isinstance(value, (ast.Tuple, ast.List))
            results = [self.set_aside(item) for item in value.elts]
        for target, result in zip(targets, results, strict=True):
            self.write_target(target, result)

    def set_aside(self, item: ast.expr) -> Result:
        """The value of a right side in a temporary of its own."""
        kind = self.checked.values[id(item)][0]
        if kind.rank > 0:
            array = self.array(item)
            if array.temporary:
                return array
            register = self.temporary("a")
            self.emit("AMOV", register, array.register)
            return Array(array.type, register, True, array.data)
        if isinstance(item, ast.Constant):
            return self.operand(item)
        destination = self.new_destination(kind, self.is_data(item))
        self.into(item, destination)
        return self.result(destination)

    def write_target(self, target: ast.expr, value: Result) -> None:
        if isinstance(target, ast.Name):
            if isinstance(value, Array):
                self.emit("ATAKE", self.variables[target.id].register, value.register)
            else:
                self.move(value, self.destination(target.id))
        else:
            assert isinstance(target, ast.Subscript) and isinstance(value, Operand)
            self.store_place(self.place(target), value)

    def augmented(self, node: ast.AugAssign) -> None:
        op, target = syntax.BINARY[type(node.op)], node.target
        if isinstance(target, ast.Name):
            slot = self.variables[target.id]
            if slot.type.rank > 0:
                self.augmented_array(self.array(target), op, node.value)
            else:
                left = Operand(slot.type, slot.register, slot.cell * 8 + READ if slot.cell >= 0 else 0, slot.cell >= 0)
                self.scalar_binary(op, left, self.operand(node.value), self.destination(target.id))
            return
        assert isinstance(target, ast.Subscript)
        if self.checked.values[id(target)][0].rank > 0:
            self.augmented_array(self.array(target), op, node.value)
        else:
            self.augmented_element(target, op, node.value)

    def augmented_array(self, array: Array, op: str, value: ast.expr) -> None:
        argument = self.operands([value])[0]
        right = str(array.type.rank) if isinstance(argument, Array) else "s"
        self.define(elementwise.inplace_definition(op, array.type.rank, right), [array, argument])

    def augmented_element(self, target: ast.Subscript, op: str, value: ast.expr) -> None:
        """a[i] += e: the index is read once, then the element, then e; then the element is written."""
        left = self.element(target)
        assert left is not None and left.element is not None
        element = left.element
        array, temporary = element.array, element.array.temporary
        if temporary:
            element.array = Array(array.type, array.register, False, array.data)
        if not harmless(value):
            self.load_early(left)
        right = self.operand(value)
        operation = BINARY[op, left.type, right.type]
        result = self.execute(operation, [left, right], self.scratch(operation.result))
        indices = [Operand(INT, register) for register in element.registers]
        self.store_element(element.array, indices, Operand(result.type, result.register))
        self.release(array)

    # -- control flow

    def for_loop(self, node: ast.For) -> None:
        assert isinstance(node.iter, ast.Call) and isinstance(node.target, ast.Name)
        arguments = [item for item in self.operands(node.iter.args) if isinstance(item, Operand)]
        data = any(operand.data for operand in arguments)
        saved_base = dict(self.base)
        hidden, stop, step = self.range_registers(arguments)
        self.base = dict(self.next)
        saved = self.counters.get(node.target.id)
        enter = self.emit("FOR", hidden, stop, step)
        top = self.block.position
        if data:
            counter = Destination(INT, self.temporary("i"), self.block.new("c"))
            self.base = dict(self.next)
            self.base["c"] = saved_base["c"] = self.block.sizes["c"]  # the counter's cell stays until the function returns
            self.block.cell_names[counter.cell] = node.target.id
            self.emit("IMOV", counter.register, hidden, write=self.write_to(counter))
            self.counters[node.target.id] = Operand(INT, counter.register, counter.cell * 8 + READ, True)
        else:
            self.counters[node.target.id] = Operand(INT, hidden)
        continues, breaks = self.loop_body(node.body)
        for jump in continues:
            self.block.aim(jump)
        self.line = 0 if self.checked.library else node.lineno
        if self.constant_value(step) == 1:
            self.emit("NEXT1", hidden, stop, 0, top)
        else:
            self.emit("NEXT", hidden, stop, step, top)
        self.block.aim(enter, 4)
        for jump in breaks:
            self.block.aim(jump)
        if saved is not None:
            self.counters[node.target.id] = saved
        self.base = saved_base

    def range_registers(self, arguments: list[Operand]) -> tuple[int, int, int]:
        """Registers of a loop's own for its counter, stop and step; data bounds are read once, left to right."""
        zero, one = self.block.constant(0, INT), self.block.constant(1, INT)
        hidden = self.temporary("i")
        registers = []
        for operand in arguments:
            if self.constant_value(operand.register) is not None:
                registers.append(operand.register)
                continue
            own = self.temporary("i")
            reads = [] if operand.element else [operand.price] if operand.price else []
            if operand.element:
                self.load(operand, [])
            self.emit("IMOV", own, operand.register, e=1 if operand.data else 0, reads=reads)
            registers.append(own)
        if len(registers) == 1:
            start, stop, step = zero, registers[0], one
        else:
            start, stop, step = [*registers, one][:3]
        self.emit("IMOV", hidden, start)
        return hidden, stop, step

    def loop_body(self, body: Sequence[ast.stmt]) -> tuple[list[int], list[int]]:
        """The body of a loop; its jumps to the next round and out of the loop."""
        jumps: tuple[list[int], list[int]] = ([], [])
        self.loops.append(jumps)
        self.statements(body)
        self.loops.pop()
        return jumps

    def while_loop(self, node: ast.While) -> None:
        endless = literal(node.test)
        enter = None if endless else self.emit("JUMP")
        top = self.block.position
        continues, breaks = self.loop_body(node.body)
        for jump in continues:
            self.block.aim(jump)
        if enter is not None:
            self.block.aim(enter)
        self.line = 0 if self.checked.library else node.lineno
        self.next = dict(self.base)
        for jump in self.jumps(node.test, True):
            self.block.rows[jump * 12 + 1] = top
        for jump in breaks:
            self.block.aim(jump)

    def branch(self, node: ast.If) -> None:
        otherwise = self.jumps(node.test, False)
        self.statements(node.body)
        if node.orelse:
            end = self.emit("JUMP")
            for jump in otherwise:
                self.block.aim(jump)
            self.statements(node.orelse)
            self.block.aim(end)
        else:
            for jump in otherwise:
                self.block.aim(jump)

    def leave_loop(self, node: ast.Break | ast.Continue) -> None:
        self.loops[-1][isinstance(node, ast.Break)].append(self.emit("JUMP"))

    def expression(self, node: ast.Expr) -> None:
        assert isinstance(node.value, ast.Call)
        self.call_results(node.value, None)

    def nothing(self, node: ast.Pass) -> None:
        pass

    # -- returns

    def return_values(self, node: ast.Return) -> None:
        parts: Sequence[ast.expr] = []
        if node.value is not None and self.checked.results:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        names = [parts[0].id] if len(parts) == 1 and isinstance(parts[0], ast.Name) else _names(node)
        for part, slot in zip(parts, self.block.results, strict=True):
            if slot.type.rank > 0:
                array = self.array(part)
                self.emit("ATAKE" if array.temporary else "AMOV", slot.register, array.register)
                continue
            destination = Destination(slot.type, slot.register, slot.cell)
            if isinstance(part, ast.Name) and names.count(part.id) == 1 and part.id in self.variables:
                variable = self.name(part)
                if variable.price:
                    variable.price = variable.price // 8 * 8 + HAND
                self.hand_over(variable, destination)
            else:
                self.into(part, destination)
        self.end()

    def end(self) -> None:
        """Return to the caller; `run` fills in what leaves."""
        self.ends.append(self.emit("RET", 0, self.block.return_register))


def _names(node: ast.AST) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any], None]] = {
    ast.Assign: FunctionGenerator.assignment,
    ast.AugAssign: FunctionGenerator.augmented,
    ast.For: FunctionGenerator.for_loop,
    ast.While: FunctionGenerator.while_loop,
    ast.If: FunctionGenerator.branch,
    ast.Break: FunctionGenerator.leave_loop,
    ast.Continue: FunctionGenerator.leave_loop,
    ast.Return: FunctionGenerator.return_values,
    ast.Expr: FunctionGenerator.expression,
    ast.Pass: FunctionGenerator.nothing,
}
