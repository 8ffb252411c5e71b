"""Code for calls: of functions of the program, of definitions of primitives, and of what is an instruction itself."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives.array_lowering import ArrayLowering
from primitives.block import CELL, READS, WRITE, A, D, Slot, move_to
from primitives.catalogue import overload
from primitives.dtypes import DType
from primitives.library_functions import definition
from primitives.opcodes import CONVERT, HAND
from primitives.operands import Argument, Array, Operand, Result, type_of
from primitives.operations import NAMED
from primitives.special_calls import ALLOCATIONS
from primitives.types import FLOAT, INT, Type


class CallLowering(ArrayLowering):
    """Adds calls to the code for scalars and arrays."""

    def call(self, node: ast.Call, target: Slot | None) -> Operand:
        """A call with one scalar result."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if self.user_function(name) is None:
            scalar = self.scalar_call(node, name, target)
            if scalar is not None:
                return scalar
        result = self.call_results(node)[0]
        assert isinstance(result, Operand)
        if target is not None:
            self.hand_over(result, target)
            return self.result(target)
        return result

    def scalar_call(self, node: ast.Call, name: str, target: Slot | None) -> Operand | None:
        """The call of a builtin or of an operation of the catalogue; None if it is a definition."""
        if name == "len":
            array = self.array(node.args[0])
            result = self.dimension(array, 0, target)
            self.release(array)
            return result
        if name == "zero_of":
            operand = self.constant(0.0 if self.checked.values[node][0] is FLOAT else 0)
            if target is None:
                return operand
            self.move(operand, target)
            return self.result(target)
        if name == "bool":
            return self.truth("NE", self.operand(node.args[0]), target)
        operation = NAMED.get((name, self.types_of(node.args)))
        if operation is None:
            return None
        flag = CONVERT if name in ("int", "float") else 0
        return self.execute(operation, self.scalar_operands(node.args), target, flag)

    def types_of(self, nodes: Sequence[ast.expr]) -> tuple[Type, ...]:
        """The types of checked expressions."""
        values = self.checked.values
        return tuple([values[node][0] for node in nodes])

    def hand_over(self, result: Operand, target: Slot) -> None:
        """Give a call's result to a target: its cell becomes the target's, where it is."""
        if result.price and target.cell >= 0:
            handed = result.price // CELL * CELL + HAND
            self.emit(move_to(target), target.register, result.register, reads=[handed], write=target.write)
        else:
            self.move(result, target)

    def user_function(self, name: str) -> ast.FunctionDef | None:
        """The program's own function of that name, seen from here."""
        return None if self.checked.library else self.program.module.functions.get(name)

    def call_results(self, node: ast.Call, target: int | None = None) -> list[Result]:
        """Any call, its results as temporaries; a single array goes to the named register `target` if that is cheap."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        function = self.user_function(name)
        if function is not None:
            return self.invoke(function, False, self.operands(node.args))
        if name in ALLOCATIONS:
            return [self.allocation(node, name, target)]
        if name == "window":
            return [self.window(node, target)]
        if name == "same_shape":
            self.same_shape(node)
            return []
        if name == "seed":
            registers, reads = self.consume([self.operand(node.args[0])], [INT])
            self.emit("SEED", 0, registers[0], reads=reads)
            return []
        return self.define_named(name, self.operands(node.args))

    def define_named(self, name: str, arguments: Sequence[Argument]) -> list[Result]:
        """Call the definition of a primitive."""
        entry = overload(name, tuple([type_of(argument).rank for argument in arguments]))
        assert entry is not None and entry.source is not None and entry.function is not None
        return self.define((entry.source, entry.function), arguments)

    def define(self, text: tuple[str, str], arguments: Sequence[Argument]) -> list[Result]:
        """Call a definition of the catalogue, given as its text and name."""
        return self.invoke(definition(*text), True, arguments)

    def invoke(self, function: ast.FunctionDef, library: bool, arguments: Sequence[Argument]) -> list[Result]:
        """Call a function: arguments go to its parameters one after the other, its results become temporaries."""
        data, scalars = 0, False
        for index, argument in enumerate(arguments):
            if not isinstance(argument, DType) and argument.data:
                data |= 2 << index
                scalars = scalars or isinstance(argument, Operand)
        callee = self.program.block(function, library, tuple(map(type_of, arguments)), data)
        block, number = self.block, len(self.block.callees)
        block.callees.append(callee)
        for argument, slot in zip(arguments, callee.parameters, strict=True):
            if isinstance(argument, Array):
                block.refer(D, number, "a", slot.register)
                self.emit("ATAKE" if argument.temporary else "AMOV", 0, argument.register)
            elif isinstance(argument, Operand):
                self.pass_scalar(argument, number, slot)
        block.refer(D, number, "t", 0)
        block.refer(A, number, "i", callee.return_register)
        self.emit("CALL")
        shapes = callee.array_data
        return [self.receive(number, slot, scalars, shapes[index]) for index, slot in enumerate(callee.results)]

    def pass_scalar(self, argument: Operand, callee: int, slot: Slot) -> None:
        """Read a scalar argument and write it to a parameter."""
        (register,), reads = self.consume([argument], [argument.type])
        self.block.refer(D, callee, slot.file, slot.register)
        if slot.cell >= 0:
            self.block.refer(WRITE, callee, "c", slot.cell, slot.write % CELL)
        self.emit(move_to(slot), 0, register, reads=reads, write=slot.write)

    def receive(self, callee: int, slot: Slot, data: bool, data_shape: bool) -> Result:
        """Take a result out of the callee's frame into a temporary."""
        if slot.type.rank > 0:
            own = self.temporary("a")
            self.block.refer(A, callee, "a", slot.register)
            self.emit("ATAKE", own)
            return Array(slot.type, own, True, data_shape)
        target = self.new_slot(slot.type, slot.cell >= 0 or data)
        reads: list[int] = []
        if slot.cell >= 0:
            self.block.refer(READS, callee, "c", slot.cell, HAND)
            reads = [HAND]
        self.block.refer(A, callee, slot.file, slot.register)
        self.emit(move_to(slot), target.register, reads=reads, write=target.write)
        return self.result(target)
