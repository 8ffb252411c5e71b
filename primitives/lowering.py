"""Code for the operands of scalar operations: constants, variables and array elements.

An operation first executes the operations inside its operands, left to right, and then reads its operands; an array
element is loaded at that moment (docs/energy.md, Order). Where Python would load an element earlier than it is priced,
because a later operand may fail or write, it is loaded early without a price and touched later.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Protocol

from primitives.block import CELL, MOST_READS, Block, Slot, move_to
from primitives.checked import Checked
from primitives.dtypes import DTYPES
from primitives.opcodes import TAKE, UNPRICED
from primitives.operands import Argument, Array, Element, Operand
from primitives.parser import Module
from primitives.syntax import is_shape, literal, subscripts
from primitives.types import BOOL, FLOAT, INT, Type, element_dtype, element_type


class Blocks(Protocol):
    """What the generator of one function needs of its program: the module, and the code of other functions."""

    module: Module

    def block(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], data: int) -> Block:
        """The code of a function for argument types and a mask over its parameters of what is data."""


class Lowering:
    """Generates code for the operands of one function.

    `known` is the mask of what is data. `scalars` and `arrays` hold the operands of the names in scope, `variables`
    their places. `next` counts the registers and cells of each file that the statement at hand uses, from `base` on.
    """

    def __init__(self, program: Blocks, checked: Checked, known: int):
        self.program = program
        self.checked = checked
        self.known = known
        self.block = Block(checked.name, checked.library)
        self.emit = self.block.emit
        self.variables: dict[str, Slot] = {}
        self.scalars: dict[str, Operand] = {}
        self.arrays: dict[str, Array] = {}
        self.base: dict[str, int] = {}
        self.next: dict[str, int] = {}

    # -- places

    def temporary(self, file: str) -> int:
        """A register or cell for the rest of this statement."""
        number = self.next[file]
        self.next[file] = number + 1
        if number >= self.block.sizes[file]:
            self.block.sizes[file] = number + 1
        return number

    def new_slot(self, kind: Type, data: bool = False) -> Slot:
        """A temporary for a scalar, with a cell if it is data."""
        register = self.temporary("f" if kind is FLOAT else "i")
        return Slot(kind, register, self.temporary("c") if data else -1)

    def result(self, slot: Slot) -> Operand:
        """What was written to a slot, as an operand that is read as a temporary."""
        if slot.cell < 0:
            return Operand(slot.type, slot.register)
        return Operand(slot.type, slot.register, slot.cell * CELL + TAKE, True)

    def is_data(self, node: ast.expr) -> bool:
        """Whether a scalar expression is data, or the shape of an array depends on data."""
        return bool(self.checked.values[node][1] & self.known)

    # -- operands

    def operand(self, node: ast.expr) -> Operand:
        """A scalar operand: an operation in it is executed now and leaves a temporary; an element is not loaded yet."""
        leaf = self.leaf(node)
        return self.operation(node, None) if leaf is None else leaf

    def leaf(self, node: ast.expr) -> Operand | None:
        """A scalar that is no operation: a literal, a name, or an element not loaded yet; None for operations."""
        kind = node.__class__
        if kind is ast.Name:
            name = node.id  # type: ignore[attr-defined]
            return self.scalars.get(name) or self.constant(self.program.module.constants[name])
        if kind is ast.Subscript:
            return None if is_shape(node.value) else self.element(node)  # type: ignore[attr-defined, arg-type]
        value = literal(node)
        return None if value is None else self.constant(value)

    def constant(self, value: bool | int | float) -> Operand:
        """A constant as an operand of its type."""
        kind = BOOL if isinstance(value, bool) else INT if isinstance(value, int) else FLOAT
        return Operand(kind, self.block.constant(value, kind))

    def element(self, node: ast.Subscript) -> Operand:
        """An element, its indices evaluated."""
        parts, base = subscripts(node), node.value
        if len(parts) == 1 and isinstance(base, ast.Subscript) and harmless(parts[0]) and self.is_element_of_row(base):
            parts = [base.slice, parts[0]]  # a[i][j] with control i is a[i, j]: making the view reads nothing
            base = base.value
        array = self.array(base)
        element = Element(array, self.scalar_operands(parts))
        return Operand(element_type(array.type), data=True, element=element)

    def is_element_of_row(self, base: ast.Subscript) -> bool:
        """Whether `base` is a row `a[i]` of a variable, with i a constant or control variable."""
        if not isinstance(base.value, ast.Name) or base.value.id not in self.variables:
            return False
        if self.variables[base.value.id].type.rank != 2:
            return False
        index = base.slice
        return isinstance(index, (ast.Constant, ast.Name)) and not self.operand(index).data

    def scalar_operands(self, nodes: Sequence[ast.expr]) -> list[Operand]:
        """Scalar operands of one operation, evaluated left to right."""
        result: list[Operand] = []
        for node in nodes:
            operand = self.operand(node)
            result.append(operand)
            if operand.element is not None and len(result) < len(nodes):
                self.keep_order(operand, nodes[len(result) :])
        return result

    def operands(self, nodes: Sequence[ast.expr]) -> list[Argument]:
        """Operands of any type of one operation, evaluated left to right."""
        result: list[Argument] = []
        for index, node in enumerate(nodes):
            argument = self.argument(node)
            if isinstance(argument, Operand) and argument.element is not None:
                self.keep_order(argument, nodes[index + 1 :])
            result.append(argument)
        return result

    def argument(self, node: ast.expr) -> Argument:
        """A scalar, an array, or an element type."""
        kind = self.checked.values[node][0]
        if kind.rank == 0:
            return self.operand(node)
        if kind.rank > 0:
            return self.array(node)
        return element_dtype(kind)

    # -- elements

    def keep_order(self, operand: Operand, later: Sequence[ast.expr]) -> None:
        """Load an element early if a later operand might overtake it."""
        if not all(map(harmless, later)):
            self.load_early(operand)

    def load_early(self, operand: Operand) -> None:
        """Load an element without a price; `load` touches it when it is priced."""
        element = operand.element
        assert element is not None
        for index in element.indices:
            if index.element is not None and not index.loaded:
                self.load_early(index)
        element.registers = [index.register for index in element.indices]
        operand.register = self.temporary("f" if operand.type is FLOAT else "i")
        self.emit_load(element, operand.register, UNPRICED, (), 0)
        operand.loaded = True

    def emit_load(self, element: Element, register: int, flag: int, reads: Sequence[int], write: int) -> None:
        """Emit the load of an element whose indices are in registers."""
        array, registers = element.array, element.registers
        op = _LOADS[len(registers), element_dtype(array.type)]
        self.emit(op, register, array.register, *registers, e=flag, reads=reads, write=write)

    def load(self, operand: Operand, before: Sequence[int] = (), target: Slot | None = None) -> None:
        """Read an element, after the cells `before` and its data indices, into `target` or a temporary register."""
        element, early = operand.element, operand.loaded
        assert element is not None
        if early:
            reads = before
            for index in element.indices:
                reads = self.price_index(index, reads)
            op = f"TOUCH{len(element.registers)}"
            self.emit(op, 0, element.array.register, *element.registers, reads=self.at_most_three(reads))
        else:
            element.registers, reads = self.consume(element.indices, [INT] * len(element.indices), before)
            slot = target or self.new_slot(operand.type)
            operand.register = slot.register
            self.emit_load(element, slot.register, 0, reads, slot.write)
        self.release(element.array)
        operand.element = None
        operand.price = 0
        if early and target is not None:
            self.move(operand, target)

    def price_index(self, index: Operand, reads: Sequence[int]) -> Sequence[int]:
        """Add the price of an index of an element that was loaded early."""
        if index.element is not None:
            self.load(index, reads)
            return ()
        return [*reads, index.price] if index.price else reads

    # -- reading operands

    def consume(
        self, operands: Sequence[Operand], wanted: Sequence[Type], before: Sequence[int] = (), exact: bool = False
    ) -> tuple[list[int], list[int]]:
        """Load the elements among operands and convert all to the wanted types.

        Returns their registers, and the cells that the next instruction has to read, in order.
        """
        reads = list(before)
        for operand in operands:
            if operand.element is not None:
                self.load(operand, reads)
                reads = []
            elif operand.price:
                reads.append(operand.price)
        registers = [operand.register for operand in operands]
        if FLOAT in wanted:
            for index, (operand, kind) in enumerate(zip(operands, wanted, strict=True)):
                if kind is FLOAT and operand.type is not FLOAT:
                    registers[index] = self.as_float(operand, exact)
        return registers, reads if len(reads) <= MOST_READS else self.at_most_three(reads)

    def at_most_three(self, reads: Sequence[int]) -> list[int]:
        """The last of the cells to read, as many as one instruction can; moves that change nothing read the first.

        There are more where elements are indices of elements: `a + x[b, x[i, j]]` reads a, b, i, j before it loads one.
        """
        reads = list(reads)
        while len(reads) > MOST_READS:
            register = self.temporary("i")
            self.emit("IMOV", register, register, reads=reads[:MOST_READS])
            reads = reads[MOST_READS:]
        return reads

    def as_float(self, operand: Operand, exact: bool) -> int:
        """The register that holds an int operand as a float; converting costs nothing."""
        value = self.block.constant_value(operand.register)
        if value is not None and (not exact or abs(value) <= 2**53):
            return self.block.constant(value, FLOAT)
        register = self.temporary("f")
        self.emit("I2FX" if exact else "I2F", register, operand.register)
        return register

    def move(self, operand: Operand, target: Slot) -> None:
        """Read a scalar and write it to a target."""
        registers, reads = self.consume([operand], [target.type])
        self.emit(move_to(target), target.register, registers[0], reads=reads, write=target.write)

    # -- operations and arrays: the classes that derive from this one

    def operation(self, node: ast.expr, target: Slot | None) -> Operand:
        """Execute an operation; its result goes to `target`, or into a temporary."""
        raise NotImplementedError

    def array(self, node: ast.expr, target: int | None = None) -> Array:
        """Code for an array expression."""
        raise NotImplementedError

    def release(self, array: Array) -> None:
        """Let go of an array that has no name, after the operation that used it."""
        if array.temporary:
            self.emit("AFREE", array.register)


_LOADS = {(indices, dtype): f"LD{indices}{dtype.name.upper()}" for indices in (1, 2) for dtype in DTYPES.values()}


def harmless(node: ast.expr) -> bool:
    """Whether evaluating an operand can neither fail before its turn nor write."""
    kind = node.__class__
    if kind is ast.Name or kind is ast.Constant or literal(node) is not None:
        return True
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, (ast.Name, ast.Attribute)):
        return False
    return all(isinstance(part, (ast.Constant, ast.Name)) for part in subscripts(node))
