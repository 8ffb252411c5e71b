"""Code for arrays: names, views, allocations, and operators between whole arrays."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives import elementwise, syntax
from primitives.dtypes import DType, f8
from primitives.operands import Argument, Array, Operand, Result
from primitives.scalar_lowering import ScalarLowering
from primitives.syntax import items, literal, subscripts
from primitives.types import DTYPE_CODES, FLOAT, INT, Type, array_type, element_dtype, rank_name

LARGEST_STEP = 1 << 30
"""A longer step has the same effect: no array is that long."""


class ArrayLowering(ScalarLowering):
    """Adds arrays to the code for scalars."""

    def array(self, node: ast.expr, target: int | None = None) -> Array:
        """An array expression. A new array or view goes to the named register `target`, or into a temporary one."""
        if isinstance(node, ast.Name):
            return self.arrays[node.id]
        if isinstance(node, ast.Subscript):
            return self.view(node, target)
        if isinstance(node, ast.Attribute):
            base = self.array(node.value)
            return self.derived("TURN", base, base.type, target)
        result = self.call_results(node, target)[0] if isinstance(node, ast.Call) else self.elementwise(node)
        assert isinstance(result, Array)
        return result

    def elementwise(self, node: ast.expr) -> Result:
        """An operator with a whole array among its operands, which is a call of its definition."""
        if isinstance(node, ast.UnaryOp):
            array = self.array(node.operand)
            symbol = syntax.UNARY[type(node.op)]
            dtype = elementwise.unary_dtype(symbol, element_dtype(array.type))
            return self.define(elementwise.unary_definition(symbol, array.type.rank, dtype), [array])[0]
        if isinstance(node, ast.BinOp):
            op, nodes = syntax.BINARY[type(node.op)], (node.left, node.right)
        else:
            assert isinstance(node, ast.Compare)
            op, nodes = syntax.COMPARE[type(node.ops[0])], (node.left, node.comparators[0])
        left, right = (self.checked.values[side][0] for side in nodes)
        dtype = elementwise.result_dtype(op, left.dtype, right.dtype, FLOAT in (left, right))
        arguments = self.operands(nodes)
        return self.define(elementwise.definition(op, rank_name(left), rank_name(right), dtype), arguments)[0]

    # -- views

    def derived(
        self,
        op: str,
        base: Array,
        kind: Type,
        target: int | None,
        fields: Sequence[int] = (),
        reads: Sequence[int] = (),
        flag: int = 0,
    ) -> Array:
        """Emit the making of a view of `base`."""
        register = self.temporary("a") if target is None else target
        self.emit(op, register, base.register, *fields, e=flag, reads=reads)
        if base.temporary and base.register != register:
            self.release(base)
        return Array(kind, register, target is None, base.data)

    def view(self, node: ast.Subscript, target: int | None) -> Array:
        """A row, a column or a slice."""
        base = self.array(node.value)
        kind = self.checked.values[node][0]
        steps = self.view_steps(base, subscripts(node))
        if not steps:
            return base
        for index, (op, operands, flag) in enumerate(steps):
            last = index == len(steps) - 1
            registers, reads = self.consume(operands, [INT] * len(operands))
            base = self.derived(op, base, kind, target if last else None, registers, reads, flag)
        return base

    def view_steps(self, base: Array, parts: Sequence[ast.expr]) -> list[tuple[str, list[Operand], int]]:
        """The views that lead to a subscript, with the operands of each; a whole slice is no step."""
        steps: list[tuple[str, list[Operand], int]] = []
        axis = 0
        for position, part in enumerate(parts):
            if isinstance(part, ast.Slice):
                if part.lower is not None or part.upper is not None or part.step is not None:
                    lower = self.operand(part.lower) if part.lower is not None else self.constant(0)
                    upper = self.operand(part.upper) if part.upper is not None else self.length(base, position)
                    step = literal(part.step) if part.step is not None else 1
                    steps.append(("SLICE", [lower, upper], axis | min(int(step or 1), LARGEST_STEP) << 1))
                axis += 1
            else:
                steps.append(("ROW" if axis == 0 else "COL", [self.operand(part)], 0))
        return steps

    def length(self, base: Array, axis: int) -> Operand:
        """The length of an axis, as a bound of a slice: control by rule."""
        register = self.temporary("i")
        self.emit("DIM", register, base.register, axis)
        return Operand(INT, register)

    def window(self, node: ast.Call, target: int | None) -> Array:
        """A window, the start of which is read now."""
        base, start, length = self.operands(node.args)
        assert isinstance(base, Array) and isinstance(start, Operand) and isinstance(length, Operand)
        registers, reads = self.consume([start, length], [INT, INT])
        return self.derived("WINDOW", base, base.type, target, registers, reads)

    def same_shape(self, node: ast.Call) -> None:
        """The statement same_shape."""
        left, right = self.operands(node.args)
        assert isinstance(left, Array) and isinstance(right, Array)
        self.emit("SAME", 0, left.register, right.register)
        self.release(left)
        self.release(right)

    # -- allocations and stores

    def allocation(self, node: ast.Call, name: str, target: int | None) -> Array:
        """zeros(shape, dtype), full(shape, value, dtype), array([...], dtype)."""
        arguments = list(node.args)
        dtype = f8
        if len(arguments) > (2 if name == "full" else 1):
            dtype = element_dtype(self.checked.values[arguments.pop()][0])
        if name == "array":
            return self.array_literal(node, arguments[0], target)
        sizes = items(arguments[0])
        operands = self.scalar_operands([*sizes, *arguments[1:]])
        value = operands.pop() if name == "full" else None
        if value is None:
            return self.allocate(dtype, [operand.register for operand in operands], target)
        array = self.allocate(dtype, [operand.register for operand in operands], None)
        self.define_named("fill", [Array(array.type, array.register), value])
        return array

    def allocate(self, dtype: DType, sizes: Sequence[int], target: int | None) -> Array:
        """Emit an allocation for sizes in int registers."""
        register = self.temporary("a") if target is None else target
        columns = sizes[1] if len(sizes) == 2 else self.block.constant(1, INT)
        self.emit("ALLOC", register, sizes[0], columns, DTYPE_CODES[dtype.name], e=len(sizes))
        return Array(array_type(dtype, len(sizes)), register, target is None)

    def array_literal(self, node: ast.Call, scalars: ast.expr, target: int | None) -> Array:
        """array([...], dtype)."""
        assert isinstance(scalars, (ast.List, ast.Tuple))
        operands = self.scalar_operands(scalars.elts)
        dtype = element_dtype(self.checked.values[node][0])
        array = self.allocate(dtype, [self.block.constant(len(operands), INT)], None)
        for index, operand in enumerate(operands):
            self.store_element(array, [self.constant(index)], operand)
        if target is not None:
            self.emit("ATAKE", target, array.register)
            return Array(array.type, target)
        return array

    def store_element(self, array: Array, indices: list[Operand], value: Operand) -> None:
        """Read a value, then data indices, and write an element."""
        dtype = element_dtype(array.type)
        wanted = [FLOAT if dtype.is_float else value.type, *[INT] * len(indices)]
        (register, *places), reads = self.consume([value, *indices], wanted)
        self.emit(f"ST{len(indices)}{dtype.name.upper()}", register, array.register, *places, reads=reads)

    # -- calls: a class that derives from this one

    def call_results(self, node: ast.Call, target: int | None = None) -> list[Result]:
        """Any call, its results as temporaries; a single array goes to the named register `target` if that is cheap."""
        raise NotImplementedError

    def define(self, text: tuple[str, str], arguments: Sequence[Argument]) -> list[Result]:
        """Call a definition of the catalogue, given as its text and name."""
        raise NotImplementedError

    def define_named(self, name: str, arguments: Sequence[Argument]) -> list[Result]:
        """Call the definition of a primitive."""
        raise NotImplementedError
