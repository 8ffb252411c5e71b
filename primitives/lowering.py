"""Code for expressions: scalars into registers, arrays into array registers, in the order in which they are priced.

Every operation first executes the operations inside its operands, left to right, and then reads its operands; an array
element is loaded at that moment (docs/energy.md, Order). Where Python would load an element earlier than it is priced, because
a later operand may fail or write, it is loaded early without a price and touched later.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from primitives import syntax
from primitives.block import CONSTANT, Block, Slot
from primitives.checked import Checked
from primitives.dtypes import DType
from primitives.opcodes import CONVERT, OPERATE, READ, SWAPPED, TAKE, UNPRICED, WRITE_BYTE, WRITE_INT, WRITE_WORD
from primitives.operands import Array, Destination, Element, Operand
from primitives.operations import BINARY, NAMED, Operation
from primitives.parser import literal
from primitives.types import BOOL, FLOAT, INT, Type, element_type

_NAMED_UNARY = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}
_SUFFIX = {"u1": "U1", "i4": "I4", "i8": "I8", "f4": "F4", "f8": "F8"}
Argument = Operand | Array | DType


def written(kind: Type, cell: int) -> int:
    """The entry for writing a scalar of a type to a cell; 0 for none."""
    if cell < 0:
        return 0
    return cell * 8 + (WRITE_INT if kind is INT else WRITE_BYTE if kind is BOOL else WRITE_WORD)


class Lowering:
    """Generates code for the expressions of one function."""

    def __init__(self, generator: Any, checked: Checked, known: int):
        self.generator = generator
        self.checked = checked
        self.known = known
        self.block = Block(checked.name, checked.library)
        self.variables: dict[str, Slot] = {}
        self.counters: dict[str, Operand] = {}
        self.line = 0
        self.base: dict[str, int] = {}
        self.next: dict[str, int] = {}

    # -- registers

    def temporary(self, file: str) -> int:
        """A register or cell for the rest of this statement."""
        number = self.next[file]
        self.next[file] = number + 1
        if number >= self.block.sizes[file]:
            self.block.sizes[file] = number + 1
        return number

    def emit(self, op: str, d: int = 0, a: int = 0, b: int = 0, c: int = 0, e: int = 0, reads: list[int] | None = None, write: int = 0) -> int:
        """Append an instruction for the current line."""
        return self.block.emit(op, d, a, b, c, e, line=self.line, reads=reads, write=write)

    def scratch(self, kind: Type) -> Destination:
        """A destination without a cell."""
        return Destination(kind, self.temporary("f" if kind is FLOAT else "i"))

    def write_to(self, destination: Destination) -> int:
        """The entry for writing to a destination."""
        return written(destination.type, destination.cell)

    # -- scalars

    def operand(self, node: ast.expr) -> Operand:
        """A scalar operand: an operation in it is executed now and leaves a temporary; an element is not loaded yet."""
        method = _LEAVES.get(type(node))
        if method is not None:
            leaf: Operand | None = method(self, node)
            if leaf is not None:
                return leaf
        return self.operation(node, None)

    def constant(self, node: ast.Constant) -> Operand:
        value: Any = node.value
        kind = BOOL if isinstance(value, bool) else INT if isinstance(value, int) else FLOAT
        return Operand(kind, self.block.constant(value, kind))

    def name(self, node: ast.Name) -> Operand:
        slot = self.variables.get(node.id)
        if slot is not None:
            price = slot.cell * 8 + READ if slot.cell >= 0 else 0
            return Operand(slot.type, slot.register, price, slot.cell >= 0)
        counter = self.counters.get(node.id)
        if counter is not None:
            return counter
        value = self.generator.module.constants[node.id]
        return self.constant(ast.Constant(value))

    def negative_literal(self, node: ast.UnaryOp) -> Operand | None:
        value = literal(node)
        return None if value is None else self.constant(ast.Constant(value))

    def element(self, node: ast.Subscript) -> Operand | None:
        """An element, its indices evaluated; None for a dimension of a shape."""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return None
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        base: ast.expr = node.value
        if len(parts) == 1 and isinstance(base, ast.Subscript) and harmless(parts[0]) and self.is_element_of_row(base):
            parts = [base.slice, parts[0]]  # a[i][j] with control i is a[i, j]: making the view reads nothing
            base = base.value
        array = self.array(base)
        indices = [item for item in self.operands(parts) if isinstance(item, Operand)]
        return Operand(element_type(array.type), data=True, element=Element(array, indices))

    def is_element_of_row(self, base: ast.Subscript) -> bool:
        """Whether `base` is a row `a[i]` of a variable, with i a constant or control variable."""
        if not isinstance(base.value, ast.Name) or base.value.id not in self.variables:
            return False
        if self.variables[base.value.id].type.rank != 2:
            return False
        index = base.slice
        return isinstance(index, (ast.Constant, ast.Name)) and not self.operand(index).data

    def operands(self, nodes: Sequence[ast.expr]) -> list[Argument]:
        """Operands of one operation, evaluated left to right; elements that a later operand might overtake are loaded early."""
        result: list[Argument] = []
        for index, node in enumerate(nodes):
            item = self.argument(node)
            if isinstance(item, Operand) and item.element and not all(map(harmless, nodes[index + 1 :])):
                self.load_early(item)
            result.append(item)
        return result

    def argument(self, node: ast.expr) -> Argument:
        """A scalar, an array, or an element type."""
        rank = self.checked.values[id(node)][0].rank
        if rank == 0:
            return self.operand(node)
        return self.array(node) if rank > 0 else self.dtype(node)

    def load_early(self, operand: Operand) -> None:
        """Load an element without a price; `consume` touches it when it is priced."""
        element = operand.element
        assert element is not None
        for index in element.indices:
            if index.element and not index.loaded:
                self.load_early(index)
        element.registers = [index.register for index in element.indices]
        operand.register = self.temporary("f" if operand.type is FLOAT else "i")
        self.emit_load(operand, operand.register, UNPRICED, [], 0)
        operand.loaded = True

    def emit_load(self, operand: Operand, register: int, flag: int, reads: list[int], write: int) -> None:
        element = operand.element
        assert element is not None and element.array.type.dtype is not None
        registers = element.registers
        op = f"LD{len(registers)}{_SUFFIX[element.array.type.dtype.name]}"
        second = registers[1] if len(registers) == 2 else 0
        self.emit(op, register, element.array.register, registers[0], second, flag, reads, write)

    def load(self, operand: Operand, before: list[int], destination: Destination | None = None) -> int:
        """Read an element, after the cells `before` and its data indices; the register it is in."""
        element = operand.element
        assert element is not None
        early = operand.loaded
        reads = before
        if early:
            for index in element.indices:
                reads = self.price_index(index, reads)
            two = len(element.registers) == 2
            op, second = ("TOUCH2", element.registers[1]) if two else ("TOUCH1", 0)
            self.emit(op, 0, element.array.register, element.registers[0], second, reads=reads)
            register = operand.register
        else:
            element.registers, reads = self.consume(element.indices, [INT] * len(element.indices), before)
            target = destination or self.scratch(operand.type)
            register = target.register
            self.emit_load(operand, register, 0, reads, self.write_to(target))
        self.release(element.array)
        operand.element = None
        operand.register = register
        operand.price = 0
        if early and destination is not None:
            self.move(operand, destination)
        return register

    def price_index(self, index: Operand, reads: list[int]) -> list[int]:
        """Add the price of an index of an element that was loaded early."""
        if index.element:
            self.load(index, reads)
            return []
        return [*reads, index.price] if index.price else reads

    def consume(self, operands: Sequence[Operand], wanted: Sequence[Type], before: list[int] | None = None, exact: bool = False) -> tuple[list[int], list[int]]:
        """Load the elements among operands and convert all to the wanted types.

        Returns their registers, and the cells that the next instruction has to read, in order.
        """
        reads = list(before or ())
        for operand in operands:
            if operand.element:
                self.load(operand, reads)
                reads = []
            elif operand.price:
                reads.append(operand.price)
        return [self.converted(o, kind, exact) for o, kind in zip(operands, wanted, strict=True)], reads

    def converted(self, operand: Operand, wanted: Type, exact: bool = False) -> int:
        """The register that holds an operand as the wanted type; converting costs nothing."""
        if wanted is not FLOAT or operand.type is FLOAT:
            return operand.register
        value = self.constant_value(operand.register)
        if value is not None and (not exact or abs(value) <= 2**53):
            return self.block.constant(float(value), FLOAT)
        register = self.temporary("f")
        self.emit("I2FX" if exact else "I2F", register, operand.register)
        return register

    def constant_value(self, register: int) -> int | None:
        """The value of an int register that holds a constant."""
        if register < CONSTANT:
            return None
        return int(list(self.block.constants["i"])[register - CONSTANT])

    def operation(self, node: ast.expr, destination: Destination | None) -> Operand:
        """Execute an operation; its result goes to `destination`, or into a temporary."""
        return _OPERATIONS[type(node)](self, node, destination)

    def into(self, node: ast.expr, destination: Destination) -> None:
        """Assign an expression to a destination: an operation writes there itself, anything else is read and written."""
        method = _LEAVES.get(type(node))
        leaf = method(self, node) if method is not None else None
        if leaf is None:
            self.operation(node, destination)
        elif leaf.element:
            self.load(leaf, [], destination)
        else:
            self.move(leaf, destination)

    def move(self, operand: Operand, destination: Destination) -> None:
        """Read a scalar and write it to a destination."""
        op = "FMOV" if destination.type is FLOAT else "IMOV"
        reads = [operand.price] if operand.price else None
        register = self.converted(operand, destination.type)
        self.emit(op, destination.register, register, reads=reads, write=self.write_to(destination))

    def execute(self, operation: Operation, operands: list[Operand], destination: Destination | None, flag: int = 0) -> Operand:
        """Emit the instruction of an operation whose operands were evaluated."""
        registers, reads = self.consume(operands, operation.operands, exact=operation.exact)
        data = any(o.data for o in operands) or operation.opcode in ("RAND", "RANDINT")
        if destination is None:
            destination = self.new_destination(operation.result, data)
        if operation.swapped:
            registers.reverse()
            flag = SWAPPED
        number = operation.number
        fields = [*registers, 0, 0]
        if operation.opcode in ("IFUN", "FFUN", "F2I"):
            fields[1] = number
        self.emit(operation.opcode, destination.register, fields[0], fields[1], 0, flag, reads, self.write_to(destination))
        return self.result(destination)

    def new_destination(self, kind: Type, data: bool) -> Destination:
        """A temporary for a result, with a cell if it is data."""
        destination = self.scratch(kind)
        if data:
            destination.cell = self.temporary("c")
        return destination

    def result(self, destination: Destination) -> Operand:
        """A destination's value as an operand, read as a temporary."""
        price = destination.cell * 8 + TAKE if destination.cell >= 0 else 0
        return Operand(destination.type, destination.register, price, destination.cell >= 0)

    # -- operations by syntax

    def binary(self, node: ast.BinOp, destination: Destination | None) -> Operand:
        left, right = self.operands([node.left, node.right])
        return self.scalar_binary(syntax.BINARY[type(node.op)], left, right, destination)

    def scalar_binary(self, op: str, left: Argument, right: Argument, destination: Destination | None) -> Operand:
        assert isinstance(left, Operand) and isinstance(right, Operand)
        return self.execute(BINARY[op, left.type, right.type], [left, right], destination)

    def compare(self, node: ast.Compare, destination: Destination | None) -> Operand:
        left, right = self.operands([node.left, node.comparators[0]])
        return self.scalar_binary(syntax.COMPARE[type(node.ops[0])], left, right, destination)

    def unary(self, node: ast.UnaryOp, destination: Destination | None) -> Operand:
        operand = self.operand(node.operand)
        if isinstance(node.op, ast.Not):
            return self.truth("EQ", operand, destination)
        operation = NAMED[_NAMED_UNARY[type(node.op)], (operand.type,)]
        return self.execute(operation, [operand], destination, OPERATE if operation.opcode in ("IMOV", "FMOV") else 0)

    def truth(self, compare: str, operand: Operand, destination: Destination | None) -> Operand:
        """`not x` ("EQ") or `bool(x)` ("NE") as a value."""
        kind = FLOAT if operand.type is FLOAT else INT
        zero = Operand(kind, self.block.constant(0.0 if kind is FLOAT else 0, kind))
        operation = Operation(("F" if kind is FLOAT else "I") + compare, (kind, kind), BOOL)
        return self.execute(operation, [operand, zero], destination, CONVERT)

    def boolean(self, node: ast.BoolOp, destination: Destination | None) -> Operand:
        """`a and b and c` as a value: each but the last is tested; the one that decides, or the last, is the value."""
        target = destination or self.new_destination(self.checked.values[id(node)][0], self.is_data(node))
        jumps = []
        for value in node.values[:-1]:
            operand = self.operand(value)
            registers, reads = self.consume([operand], [operand.type])
            op = "FMOV" if operand.type is FLOAT else "IMOV"
            test = ("JZ" if isinstance(node.op, ast.And) else "JNZ") + ("F" if operand.type is FLOAT else "")
            skip = self.emit(test, 0, registers[0], reads=reads)
            over = self.emit("JUMP")
            self.block.aim(skip)
            self.emit(op, target.register, registers[0], write=self.write_to(target))
            jumps.append(self.emit("JUMP"))
            self.block.aim(over)
        self.into(node.values[-1], target)
        for jump in jumps:
            self.block.aim(jump)
        return self.result(target)

    def conditional(self, node: ast.IfExp, destination: Destination | None) -> Operand:
        target = destination or self.new_destination(self.checked.values[id(node)][0], self.is_data(node))
        otherwise = self.jump_unless(node.test)
        self.into(node.body, target)
        end = self.emit("JUMP")
        for jump in otherwise:
            self.block.aim(jump)
        self.into(node.orelse, target)
        self.block.aim(end)
        return self.result(target)

    def shape_dimension(self, node: ast.Subscript, destination: Destination | None) -> Operand:
        assert isinstance(node.value, ast.Attribute)
        axis = literal(node.slice)
        assert isinstance(axis, int)
        return self.dimension(self.array(node.value.value), axis, destination)

    def dimension(self, array: Array, axis: int, destination: Destination | None) -> Operand:
        """A length, as an int; it is data if the array's shape is."""
        target = destination or self.new_destination(INT, array.data)
        self.emit("DIM", target.register, array.register, axis, write=self.write_to(target))
        self.release(array)
        return self.result(target)

    # -- conditions

    def jump_unless(self, node: ast.expr) -> list[int]:
        """Code that falls through if a condition holds; the jumps that are taken if not."""
        return self.jumps(node, False)

    def jumps(self, node: ast.expr, when: bool) -> list[int]:
        """Code that falls through unless the condition is `when`; the jumps that are taken if it is."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.jumps(node.operand, not when)
        if isinstance(node, ast.BoolOp):
            if isinstance(node.op, ast.Or) == when:
                return [jump for value in node.values for jump in self.jumps(value, when)]
            out = [jump for value in node.values[:-1] for jump in self.jumps(value, not when)]
            result = self.jumps(node.values[-1], when)
            for jump in out:
                self.block.aim(jump)
            return result
        value = literal(node)
        if value is not None:
            return [self.emit("JUMP")] if bool(value) is when else []
        operand = self.operand(node)
        registers, reads = self.consume([operand], [operand.type])
        op = ("JNZ" if when else "JZ") + ("F" if operand.type is FLOAT else "")
        return [self.emit(op, 0, registers[0], reads=reads)]

    # -- what the checker found

    def is_data(self, node: ast.expr) -> bool:
        """Whether a scalar expression is data, or the shape of an array depends on data."""
        return bool(self.checked.values[id(node)][1] & self.known)

    # -- arrays and calls: array_lowering

    def array(self, node: ast.expr, target: int | None = None) -> Array:
        """Code for an array expression."""
        raise NotImplementedError

    def release(self, array: Array) -> None:
        """Let go of an array without a name."""
        raise NotImplementedError

    def dtype(self, node: ast.expr) -> DType:
        """The element type that an expression names."""
        raise NotImplementedError

    def call(self, node: ast.Call, destination: Destination | None) -> Operand:
        """Code for a call with one scalar result."""
        raise NotImplementedError


def harmless(node: ast.expr) -> bool:
    """Whether evaluating an operand can neither fail before its turn nor write."""
    if isinstance(node, (ast.Constant, ast.Name)) or literal(node) is not None:
        return True
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return isinstance(node.value, (ast.Name, ast.Attribute)) and all(isinstance(p, (ast.Constant, ast.Name)) for p in parts)
    return False


def _call(lowering: Lowering, node: ast.Call, destination: Destination | None) -> Operand:
    return lowering.call(node, destination)


_LEAVES: dict[type[ast.expr], Callable[[Any, Any], Operand | None]] = {
    ast.Constant: Lowering.constant,
    ast.Name: Lowering.name,
    ast.UnaryOp: Lowering.negative_literal,
    ast.Subscript: Lowering.element,
}
"""How operands that are no operations are found; None from one of these says that it is an operation after all."""

_OPERATIONS: dict[type[ast.expr], Callable[[Any, Any, Destination | None], Operand]] = {
    ast.BinOp: Lowering.binary,
    ast.Compare: Lowering.compare,
    ast.UnaryOp: Lowering.unary,
    ast.BoolOp: Lowering.boolean,
    ast.IfExp: Lowering.conditional,
    ast.Subscript: Lowering.shape_dimension,
    ast.Call: _call,
}
