"""Code for assignments: to variables, elements and slices, to several targets, and in place."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from primitives import elementwise, syntax
from primitives.call_lowering import CallLowering
from primitives.lowering import harmless
from primitives.operands import Array, Element, Operand, Result
from primitives.operations import BINARY
from primitives.types import INT, rank_name


class AssignmentLowering(CallLowering):
    """Adds assignments to the code for expressions."""

    def assignment(self, node: ast.Assign) -> None:
        """`x = e`, `a[i] = e`, `a[lo:hi] = e`, and several targets."""
        target = node.targets[0]
        if isinstance(target, ast.Name):
            if self.variables[target.id].type.rank > 0:
                self.assign_array(target.id, node.value)
            else:
                self.into(node.value, self.variables[target.id])
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, node.value)
        else:
            assert isinstance(target, ast.Subscript)
            if syntax.is_sliced(target):
                self.store_view(target, node.value)
            else:
                self.store(target, node.value)

    def assign_array(self, name: str, value: ast.expr) -> None:
        """Let a name stand for an array."""
        register = self.variables[name].register
        array = self.array(value, register)
        if array.register != register:
            self.emit("ATAKE" if array.temporary else "AMOV", register, array.register)

    def store(self, target: ast.Subscript, value: ast.expr) -> None:
        """a[i] = e: an operation's result stays at hand until the indices have been read; it has no cell of its own."""
        at_hand = self.at_hand(value)
        if at_hand.element is not None and not harmless(target):
            self.load_early(at_hand)
        self.store_place(self.place(target), at_hand)

    def at_hand(self, value: ast.expr) -> Operand:
        """The right side of a store."""
        leaf = self.leaf(value)
        if leaf is not None:
            return leaf
        target = self.new_slot(self.checked.values[value][0])
        self.operation(value, target)
        return Operand(target.type, target.register, 0, self.is_data(value))

    def place(self, target: ast.Subscript) -> Element:
        """The array and the evaluated indices of an element that is stored to."""
        element = self.element(target).element
        assert element is not None
        return element

    def store_place(self, place: Element, value: Operand) -> None:
        """Write an element, and let go of its array."""
        self.store_element(place.array, place.indices, value)
        self.release(place.array)

    def store_view(self, target: ast.Subscript, value: ast.expr) -> None:
        """a[lo:hi] = v: copy an array into the view, or fill it."""
        argument = self.argument(value)
        view = self.array(target)
        self.define_named("fill" if isinstance(argument, Operand) else "assign", [view, argument])

    def unpack(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """Several targets: right sides go into temporaries first, then each target is written."""
        if isinstance(value, ast.Call):
            for target, result in zip(targets, self.call_results(value), strict=True):
                if isinstance(target, ast.Name) and isinstance(result, Operand):
                    self.hand_over(result, self.variables[target.id])
                else:
                    self.write_target(target, result)
            return
        results: list[Result]
        if isinstance(value, ast.Attribute):
            base = self.array(value.value)
            results = [self.dimension(base, axis, None) for axis in range(base.type.rank)]
            self.release(base)
        else:
            assert isinstance(value, (ast.Tuple, ast.List))
            results = [self.set_aside(item) for item in value.elts]
        for target, result in zip(targets, results, strict=True):
            self.write_target(target, result)

    def set_aside(self, item: ast.expr) -> Result:
        """The value of a right side in a temporary of its own."""
        kind = self.checked.values[item][0]
        if kind.rank > 0:
            array = self.array(item)
            if array.temporary:
                return array
            register = self.temporary("a")
            self.emit("AMOV", register, array.register)
            return Array(array.type, register, True, array.data)
        if isinstance(item, ast.Constant):
            return self.operand(item)
        target = self.new_slot(kind, self.is_data(item))
        self.into(item, target)
        return self.result(target)

    def write_target(self, target: ast.expr, value: Result) -> None:
        """Write a temporary to one of several targets."""
        if isinstance(target, ast.Name):
            if isinstance(value, Array):
                self.emit("ATAKE", self.variables[target.id].register, value.register)
            else:
                self.move(value, self.variables[target.id])
        else:
            assert isinstance(target, ast.Subscript) and isinstance(value, Operand)
            self.store_place(self.place(target), value)

    def augmented(self, node: ast.AugAssign) -> None:
        """`x += e`, `a[i] += e`, and `a += e` for a whole array."""
        op, target = syntax.BINARY[type(node.op)], node.target
        if isinstance(target, ast.Name):
            slot = self.variables[target.id]
            if slot.type.rank > 0:
                self.augmented_array(self.array(target), op, node.value)
            else:
                left, right = self.scalars[target.id], self.operand(node.value)
                self.execute(BINARY[op, left.type, right.type], [left, right], slot)
            return
        assert isinstance(target, ast.Subscript)
        if self.checked.values[target][0].rank > 0:
            self.augmented_array(self.array(target), op, node.value)
        else:
            self.augmented_element(target, op, node.value)

    def augmented_array(self, array: Array, op: str, value: ast.expr) -> None:
        """`a += e` in place, a call of its definition."""
        right = rank_name(self.checked.values[value][0])
        self.define(elementwise.inplace_definition(op, array.type.rank, right), [array, self.argument(value)])

    def augmented_element(self, target: ast.Subscript, op: str, value: ast.expr) -> None:
        """a[i] += e: the index is read once, then the element, then e; then the element is written."""
        left = self.element(target)
        element = left.element
        assert element is not None
        array = element.array
        if array.temporary:  # it is let go of when the element has been written
            element.array = Array(array.type, array.register, False, array.data)
        if not harmless(value):
            self.load_early(left)
        right = self.operand(value)
        operation = BINARY[op, left.type, right.type]
        result = self.execute(operation, [left, right], self.new_slot(operation.result))
        indices = [Operand(INT, register) for register in element.registers]
        self.store_element(element.array, indices, result)
        self.release(array)
