"""Code for arrays: views, allocations, and calls of functions and of the definitions of primitives."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives import elementwise, syntax
from primitives.block import Block
from primitives.catalogue import overload
from primitives.dtypes import DType, f8
from primitives.library_functions import definition
from primitives.lowering import Argument, Lowering, written
from primitives.opcodes import CONVERT, HAND
from primitives.operands import Array, Destination, Operand
from primitives.operations import NAMED
from primitives.parser import literal
from primitives.types import DTYPE_CODES, DTYPE_TYPES, FLOAT, INT, Type, array_type

Result = Operand | Array


class ArrayLowering(Lowering):
    """Adds arrays and calls to the code for scalars."""

    def release(self, array: Array) -> None:
        """Let go of an array that has no name, after the operation that used it."""
        if array.temporary:
            self.emit("AFREE", array.register)

    def dtype(self, node: ast.expr) -> DType:
        """The element type that an expression of a definition names."""
        kind = self.checked.values[id(node)][0]
        assert kind.dtype is not None
        return kind.dtype

    def array(self, node: ast.expr, target: int | None = None) -> Array:
        """An array expression. A new array or view goes to the named register `target`, or into a temporary one."""
        if isinstance(node, ast.Name):
            slot = self.variables[node.id]
            return Array(slot.type, slot.register, data=bool(self.known >> self.checked.bits[node.id] & 1))
        if isinstance(node, ast.Subscript):
            return self.view(node, target)
        if isinstance(node, ast.Attribute):
            base = self.array(node.value)
            return self.derived("TURN", base, base.type, target)
        result = self.array_operation(node, target)
        assert isinstance(result, Array)
        return result

    def array_operation(self, node: ast.expr, target: int | None) -> Result:
        if isinstance(node, ast.Call):
            return self.call_results(node, target)[0]
        if isinstance(node, ast.UnaryOp):
            operand = self.array(node.operand)
            assert operand.type.dtype is not None
            symbol = syntax.UNARY[type(node.op)]
            dtype = elementwise.unary_dtype(symbol, operand.type.dtype)
            return self.define(elementwise.unary_definition(symbol, operand.type.rank, dtype), [operand])[0]
        if isinstance(node, ast.BinOp):
            op, nodes = syntax.BINARY[type(node.op)], [node.left, node.right]
        else:
            assert isinstance(node, ast.Compare)
            op, nodes = syntax.COMPARE[type(node.ops[0])], [node.left, node.comparators[0]]
        left, right = self.operands(nodes)
        assert not isinstance(left, DType) and not isinstance(right, DType)
        dtypes = [side.type.dtype if isinstance(side, Array) else None for side in (left, right)]
        dtype = elementwise.result_dtype(op, dtypes[0], dtypes[1], FLOAT in (left.type, right.type))
        return self.define(elementwise.definition(op, _rank_name(left.type), _rank_name(right.type), dtype), [left, right])[0]

    # -- views

    def derived(self, op: str, base: Array, kind: Type, target: int | None, fields: Sequence[int] = (), reads: list[int] | None = None) -> Array:
        """Emit the making of a view of `base`."""
        register = self.temporary("a") if target is None else target
        self.emit(op, register, base.register, *fields, reads=reads)
        if base.temporary and base.register != register:
            self.release(base)
        return Array(kind, register, target is None, base.data)

    def view(self, node: ast.Subscript, target: int | None) -> Array:
        base = self.array(node.value)
        kind = self.checked.values[id(node)][0]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        steps = self.view_steps(base, parts)
        if not steps:
            return base
        for index, (op, operands, flag) in enumerate(steps):
            last = index == len(steps) - 1
            registers, reads = self.consume(operands, [INT] * len(operands))
            fields = [*registers, 0, 0][:2]
            base = self.derived(op, base, kind, target if last else None, [*fields, flag], reads)
        return base

    def view_steps(self, base: Array, parts: Sequence[ast.expr]) -> list[tuple[str, list[Operand], int]]:
        """The views that lead to a subscript, with the operands of each; a whole slice is no step."""
        steps: list[tuple[str, list[Operand], int]] = []
        axis = 0
        for position, part in enumerate(parts):
            if isinstance(part, ast.Slice):
                if part.lower is not None or part.upper is not None or part.step is not None:
                    lower = self.operand(part.lower) if part.lower is not None else self.number(0)
                    upper = self.operand(part.upper) if part.upper is not None else self.length(base, position)
                    step = literal(part.step) if part.step is not None else 1
                    steps.append(("SLICE", [lower, upper], axis | int(step or 1) << 1))
                axis += 1
            else:
                steps.append(("ROW" if axis == 0 else "COL", [self.operand(part)], 0))
        return steps

    def number(self, value: int) -> Operand:
        """An int constant."""
        return Operand(INT, self.block.constant(value, INT))

    def length(self, base: Array, axis: int) -> Operand:
        """The length of an axis, as a bound of a slice: control by rule."""
        register = self.temporary("i")
        self.emit("DIM", register, base.register, axis)
        return Operand(INT, register)

    # -- calls

    def call(self, node: ast.Call, destination: Destination | None) -> Operand:
        """A call with one scalar result."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if self.user_function(name) is None:
            scalar = self.scalar_call(node, name, destination)
            if scalar is not None:
                return scalar
        result = self.call_results(node, None)[0]
        assert isinstance(result, Operand)
        if destination is not None:
            self.hand_over(result, destination)
            return self.result(destination)
        return result

    def scalar_call(self, node: ast.Call, name: str, destination: Destination | None) -> Operand | None:
        """The call of a builtin or of an operation of the catalogue; None if it is a definition."""
        if name == "len":
            return self.dimension(self.array(node.args[0]), 0, destination)
        if name == "zero_of":
            kind = self.checked.values[id(node)][0]
            operand = Operand(kind, self.block.constant(0.0 if kind is FLOAT else 0, kind))
            if destination is None:
                return operand
            self.move(operand, destination)
            return self.result(destination)
        types = tuple(self.checked.values[id(argument)][0] for argument in node.args)
        if name == "bool":
            return self.truth("NE", self.operand(node.args[0]), destination)
        operation = NAMED.get((name, types))
        if operation is None:
            return None
        operands = [item for item in self.operands(node.args) if isinstance(item, Operand)]
        flag = CONVERT if name in ("int", "float") else 0
        return self.execute(operation, operands, destination, flag)

    def hand_over(self, result: Operand, destination: Destination) -> None:
        """Give a call's result to a destination: its cell becomes the destination's, where it is."""
        op = "FMOV" if destination.type is FLOAT else "IMOV"
        if result.price and destination.cell >= 0:
            self.emit(op, destination.register, result.register, reads=[result.price // 8 * 8 + HAND], write=self.write_to(destination))
        else:
            self.move(result, destination)

    def user_function(self, name: str) -> ast.FunctionDef | None:
        """The program's own function of that name, seen from here."""
        function: ast.FunctionDef | None = None if self.checked.library else self.generator.module.functions.get(name)
        return function

    def call_results(self, node: ast.Call, target: int | None) -> list[Result]:
        """Any call, its results as temporaries; a single array goes to the named register `target` if that is cheap."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        function = self.user_function(name)
        if function is not None:
            return self.invoke(function, False, self.operands(node.args))
        if name in ("zeros", "full", "array"):
            return [self.allocation(node, name, target)]
        if name == "window":
            return [self.window(node, target)]
        if name == "same_shape":
            self.same_shape(node)
            return []
        types = tuple(self.checked.values[id(argument)][0] for argument in node.args)
        operation = NAMED.get((name, types))
        if operation is not None:
            assert name == "seed"
            operand = self.operand(node.args[0])
            registers, reads = self.consume([operand], [INT])
            self.emit("SEED", 0, registers[0], reads=reads)
            return []
        entry = overload(name, tuple(kind.rank for kind in types))
        assert entry is not None and entry.source is not None and entry.function is not None
        return self.define((entry.source, entry.function), self.operands(node.args))

    def define(self, text: tuple[str, str], arguments: Sequence[Argument]) -> list[Result]:
        """Call a definition of the catalogue."""
        return self.invoke(definition(*text), True, arguments)

    def invoke(self, function: ast.FunctionDef, library: bool, arguments: Sequence[Argument]) -> list[Result]:
        """Call a function: arguments go to its parameters one after the other, its results become temporaries."""
        types, data = [], 0
        for index, argument in enumerate(arguments):
            types.append(_type_of(argument))
            if not isinstance(argument, DType) and argument.data:
                data |= 2 << index
        callee: Block = self.generator.block(function, library, tuple(types), data)
        number = len(self.block.callees)
        self.block.callees.append(callee)
        for argument, slot in zip(arguments, callee.parameters, strict=True):
            if isinstance(argument, Array):
                self.block.refer(1, number, "a", slot.register)
                self.emit("ATAKE" if argument.temporary else "AMOV", 0, argument.register)
            elif isinstance(argument, Operand):
                self.pass_scalar(argument, number, slot.register, slot.cell)
        self.block.refer(1, number, "t", 0)
        self.block.refer(2, number, "i", callee.return_register)
        self.emit("CALL", e=0)
        scalars = any(isinstance(argument, Operand) and argument.data for argument in arguments)
        return [self.receive(number, slot.type, slot.register, slot.cell, scalars, callee.array_data[i]) for i, slot in enumerate(callee.results)]

    def pass_scalar(self, argument: Operand, callee: int, register: int, cell: int) -> None:
        """Read a scalar argument and write it to a parameter."""
        reads: list[int] = []
        if argument.element:
            self.load(argument, [])
        elif argument.price:
            reads = [argument.price]
        file = "f" if argument.type is FLOAT else "i"
        self.block.refer(1, callee, file, register)
        entry = written(argument.type, cell)
        if entry:
            self.block.refer(11, callee, "c", cell, entry & 7)
        self.emit("FMOV" if file == "f" else "IMOV", 0, argument.register, reads=reads, write=entry)

    def receive(self, callee: int, kind: Type, register: int, cell: int, scalars: bool, shape: bool) -> Result:
        """Take a result out of the callee's frame into a temporary."""
        if kind.rank > 0:
            own = self.temporary("a")
            self.block.refer(2, callee, "a", register)
            self.emit("ATAKE", own)
            return Array(kind, own, True, shape)
        destination = self.new_destination(kind, cell >= 0 or scalars)
        reads: list[int] = []
        if cell >= 0:
            self.block.refer(8, callee, "c", cell, HAND)
            reads = [HAND]
        self.block.refer(2, callee, "f" if kind is FLOAT else "i", register)
        self.emit("FMOV" if kind is FLOAT else "IMOV", destination.register, 0, reads=reads, write=self.write_to(destination))
        return self.result(destination)

    # -- special primitives

    def allocation(self, node: ast.Call, name: str, target: int | None) -> Array:
        """zeros(shape, dtype), full(shape, value, dtype), array([...], dtype)."""
        arguments = list(node.args)
        dtype = f8
        if len(arguments) > (2 if name == "full" else 1):
            dtype = self.dtype(arguments.pop())
        if name == "array":
            return self.array_literal(node, arguments[0], target)
        sizes = arguments[0].elts if isinstance(arguments[0], ast.Tuple) else [arguments[0]]
        nodes = [*sizes, *arguments[1:]]
        operands = [item for item in self.operands(nodes) if isinstance(item, Operand)]
        value = operands.pop() if name == "full" else None
        registers = [operand.register for operand in operands]
        array = self.allocate(dtype, registers, target)
        if value is not None:
            entry = overload("fill", (len(sizes), 0))
            assert entry is not None and entry.source is not None and entry.function is not None
            self.define((entry.source, entry.function), [Array(array.type, array.register), value])
        return array

    def allocate(self, dtype: DType, sizes: Sequence[int], target: int | None) -> Array:
        """Emit an allocation for sizes in int registers."""
        register = self.temporary("a") if target is None else target
        columns = sizes[1] if len(sizes) == 2 else self.block.constant(1, INT)
        self.emit("ALLOC", register, sizes[0], columns, DTYPE_CODES[dtype.name], len(sizes))
        return Array(array_type(dtype, len(sizes)), register, target is None)

    def array_literal(self, node: ast.Call, items: ast.expr, target: int | None) -> Array:
        assert isinstance(items, (ast.List, ast.Tuple))
        operands = [item for item in self.operands(items.elts) if isinstance(item, Operand)]
        dtype = self.checked.values[id(node)][0].dtype
        assert dtype is not None
        array = self.allocate(dtype, [self.block.constant(len(operands), INT)], None)
        for index, operand in enumerate(operands):
            self.store_element(array, [self.number(index)], operand)
        if target is not None:
            self.emit("ATAKE", target, array.register)
            return Array(array.type, target)
        return array

    def store_element(self, array: Array, indices: list[Operand], value: Operand) -> None:
        """Read a value, then data indices, and write an element."""
        assert array.type.dtype is not None
        wanted = [FLOAT if array.type.dtype.is_float else value.type, *[INT] * len(indices)]
        registers, reads = self.consume([value, *indices], wanted)
        second = registers[2] if len(registers) == 3 else 0
        op = f"ST{len(indices)}{array.type.dtype.name.upper()}"
        self.emit(op, registers[0], array.register, registers[1], second, reads=reads)

    def window(self, node: ast.Call, target: int | None) -> Array:
        base, start, length = self.operands(node.args)
        assert isinstance(base, Array) and isinstance(start, Operand) and isinstance(length, Operand)
        registers, reads = self.consume([start, length], [INT, INT])
        return self.derived("WINDOW", base, base.type, target, registers, reads)

    def same_shape(self, node: ast.Call) -> None:
        left, right = self.operands(node.args)
        assert isinstance(left, Array) and isinstance(right, Array)
        self.emit("SAME", 0, left.register, right.register)
        self.release(left)
        self.release(right)


def _type_of(argument: Argument) -> Type:
    return DTYPE_TYPES[argument.name] if isinstance(argument, DType) else argument.type


def _rank_name(kind: Type) -> str:
    return str(kind.rank) if kind.rank else "s"
