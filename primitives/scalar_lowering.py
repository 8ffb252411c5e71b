"""Code for operations on scalars and for conditions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from primitives import syntax
from primitives.block import Slot
from primitives.lowering import Lowering
from primitives.opcodes import CONVERT, OPERATE, SWAPPED
from primitives.operands import Array, Operand
from primitives.operations import BINARY, DRAWING_OPCODES, NAMED, Operation
from primitives.syntax import literal
from primitives.types import BOOL, FLOAT, INT

_NAMED_UNARY = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}


class ScalarLowering(Lowering):
    """Adds operations to the code for operands."""

    def operation(self, node: ast.expr, target: Slot | None) -> Operand:
        """Execute an operation; its result goes to `target`, or into a temporary."""
        return self.OPERATIONS[type(node)](self, node, target)

    def into(self, node: ast.expr, target: Slot) -> None:
        """Assign an expression to a target: an operation writes there itself, anything else is read and written."""
        leaf = self.leaf(node)
        if leaf is None:
            self.operation(node, target)
        elif leaf.element is not None:
            self.load(leaf, (), target)
        else:
            self.move(leaf, target)

    def execute(self, operation: Operation, operands: Sequence[Operand], target: Slot | None, flag: int = 0) -> Operand:
        """Emit the instruction of an operation whose operands were evaluated."""
        registers, reads = self.consume(operands, operation.operands, exact=operation.exact)
        if target is None:
            data = operation.opcode in DRAWING_OPCODES or True in [operand.data for operand in operands]
            target = self.new_slot(operation.result, data)
        if operation.swapped:
            registers.reverse()
            flag = SWAPPED
        if operation.number is not None:
            registers.append(operation.number)
        self.emit(operation.opcode, target.register, *registers, e=flag, reads=reads, write=target.write)
        return self.result(target)

    # -- operations by syntax

    def binary(self, node: ast.BinOp, target: Slot | None) -> Operand:
        """Arithmetic on two scalars."""
        operands = left, right = self.scalar_operands((node.left, node.right))
        return self.execute(BINARY[syntax.BINARY[type(node.op)], left.type, right.type], operands, target)

    def compare(self, node: ast.Compare, target: Slot | None) -> Operand:
        """A comparison of two scalars."""
        operands = left, right = self.scalar_operands((node.left, node.comparators[0]))
        return self.execute(BINARY[syntax.COMPARE[type(node.ops[0])], left.type, right.type], operands, target)

    def unary(self, node: ast.UnaryOp, target: Slot | None) -> Operand:
        """-x, +x, ~x or not x."""
        operand = self.operand(node.operand)
        if isinstance(node.op, ast.Not):
            return self.truth("EQ", operand, target)
        operation = NAMED[_NAMED_UNARY[type(node.op)], (operand.type,)]
        return self.execute(operation, [operand], target, OPERATE if operation.opcode in ("IMOV", "FMOV") else 0)

    def truth(self, compare: str, operand: Operand, target: Slot | None) -> Operand:
        """`not x` ("EQ") or `bool(x)` ("NE") as a value."""
        kind = FLOAT if operand.type is FLOAT else INT
        zero = self.constant(0.0 if kind is FLOAT else 0)
        operation = Operation(("F" if kind is FLOAT else "I") + compare, (kind, kind), BOOL)
        return self.execute(operation, [operand, zero], target, CONVERT)

    def boolean(self, node: ast.BoolOp, target: Slot | None) -> Operand:
        """`a and b and c` as a value: each but the last is tested; the one that decides, or the last, is the value."""
        target = target or self.new_slot(self.checked.values[node][0], self.is_data(node))
        ends = []
        for value in node.values[:-1]:
            register, is_float, reads = self.tested(value)
            test = ("JZ" if isinstance(node.op, ast.And) else "JNZ") + ("F" if is_float else "")
            decided = self.emit(test, 0, register, reads=reads)
            undecided = self.emit("JUMP")
            self.block.aim([decided])
            self.emit("FMOV" if is_float else "IMOV", target.register, register, write=target.write)
            ends.append(self.emit("JUMP"))
            self.block.aim([undecided])
        self.into(node.values[-1], target)
        self.block.aim(ends)
        return self.result(target)

    def conditional(self, node: ast.IfExp, target: Slot | None) -> Operand:
        """`a if c else b`."""
        target = target or self.new_slot(self.checked.values[node][0], self.is_data(node))
        otherwise = self.jumps(node.test, False)
        self.into(node.body, target)
        end = self.emit("JUMP")
        self.block.aim(otherwise)
        self.into(node.orelse, target)
        self.block.aim([end])
        return self.result(target)

    def shape_dimension(self, node: ast.Subscript, target: Slot | None) -> Operand:
        """a.shape[0] or a.shape[1]."""
        axis = literal(node.slice)
        assert isinstance(node.value, ast.Attribute) and isinstance(axis, int)
        array = self.array(node.value.value)
        result = self.dimension(array, axis, target)
        self.release(array)
        return result

    def dimension(self, array: Array, axis: int, target: Slot | None) -> Operand:
        """A length, as an int; it is data if the array's shape is."""
        target = target or self.new_slot(INT, array.data)
        self.emit("DIM", target.register, array.register, axis, write=target.write)
        return self.result(target)

    # -- conditions

    def jumps(self, node: ast.expr, when: bool) -> list[int]:
        """Code that falls through unless the condition is `when`; the jumps that are taken if it is."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.jumps(node.operand, not when)
        if isinstance(node, ast.BoolOp):
            return self.junction(node, when)
        value = literal(node)
        if value is not None:
            return [self.emit("JUMP")] if bool(value) is when else []
        register, is_float, reads = self.tested(node)
        return [self.emit(("JNZ" if when else "JZ") + ("F" if is_float else ""), 0, register, reads=reads)]

    def junction(self, node: ast.BoolOp, when: bool) -> list[int]:
        """The jumps of `a and b` or `a or b` in a condition."""
        if isinstance(node.op, ast.Or) == when:
            return [jump for value in node.values for jump in self.jumps(value, when)]
        decided = [jump for value in node.values[:-1] for jump in self.jumps(value, not when)]
        result = self.jumps(node.values[-1], when)
        self.block.aim(decided)
        return result

    def tested(self, node: ast.expr) -> tuple[int, bool, list[int]]:
        """A scalar to be tested: its register, whether it is a float, and the cells that the test reads."""
        operand = self.operand(node)
        registers, reads = self.consume([operand], [operand.type])
        return registers[0], operand.type is FLOAT, reads

    # -- calls: a class that derives from this one

    def call(self, node: ast.Call, target: Slot | None) -> Operand:
        """Code for a call with one scalar result."""
        raise NotImplementedError

    OPERATIONS: ClassVar[dict[type[ast.expr], Callable[[Any, Any, Slot | None], Operand]]] = {
        ast.BinOp: binary,
        ast.Compare: compare,
        ast.UnaryOp: unary,
        ast.BoolOp: boolean,
        ast.IfExp: conditional,
        ast.Subscript: shape_dimension,
        ast.Call: lambda self, node, target: self.call(node, target),
    }
    """How each sort of operation is executed."""
