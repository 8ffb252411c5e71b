"""What the checker meets in one function, written down: names at every statement, types, what has to be control.

Nothing is inferred here: `function_checker` does that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from primitives.checked import Checked, Functions
from primitives.function_checker import FunctionChecker


class Place(NamedTuple):
    """What holds where a statement stands, or behind the last of a block.

    Attributes:
        assigned: the mask of the variables that are assigned on every path; -1 where control never arrives.
        context: the mask of what decides whether control arrives.
        counters: the counters of the loops around it, with the masks of what they depend on.
    """

    assigned: int
    context: int
    counters: Mapping[str, int]


@dataclass(slots=True, eq=False)
class Inspected:
    """One function, inspected for one combination of argument types.

    Attributes:
        checked: its types and dependences (`primitives.checked`).
        before: the place of every statement.
        after: the place behind the last statement of every block.
        control: the expressions that have to be control where they stand.
        calls: the functions, and the definitions of primitives, that its nodes call.
        pinned: the mask of the variables, and of the leaving of loops, that have to be control.
        counter_names: the names of its loops' counters.
        parts: the functions of the program that it calls, in the order of the calls.
    """

    checked: Checked
    before: dict[ast.stmt, Place] = field(default_factory=dict)
    after: dict[ast.stmt, Place] = field(default_factory=dict)
    control: set[ast.AST] = field(default_factory=set)
    calls: dict[ast.AST, Checked] = field(default_factory=dict)
    pinned: int = 0
    counter_names: set[str] = field(default_factory=set)
    parts: tuple[Inspected, ...] = ()

    def callees(self) -> Iterator[tuple[ast.Call, Checked]]:
        """The calls of functions of the program."""
        for node, callee in self.calls.items():
            if not callee.library and isinstance(node, ast.Call):
                yield node, callee


class Inspector(FunctionChecker):
    """A checker that writes down what it meets."""

    def __init__(self, program: Functions, checked: Checked):
        super().__init__(program, checked)
        self.found = Inspected(checked)

    def run(self) -> Checked:
        """Check the whole function."""
        checked = super().run()
        self.found.calls, self.found.counter_names = self.callees, self.counter_names
        return checked

    def block(self, statements: list[ast.stmt]) -> bool:
        """Check statements in order, and write down what holds before each."""
        reachable = True
        for statement in statements:
            self.found.before[statement] = self._place()
            reachable = super().block([statement]) and reachable
        if statements:
            self.found.after[statements[-1]] = self._place()
        return reachable

    def _place(self) -> Place:
        return Place(self.assigned, self.context | self.after_return, dict(self.counters))

    def must_be_control(self, mask: int, node: ast.AST, what: str) -> None:
        """Note that a value may not depend on data."""
        super().must_be_control(mask, node, what)
        self.found.control.add(node)

    def inherit_musts(self, callee: Checked, masks: list[int], node: ast.AST) -> None:
        """Note which arguments have to be control."""
        super().inherit_musts(callee, masks, node)
        if isinstance(node, ast.Call):
            for must in callee.musts:
                self.found.control.update(each for index, each in enumerate(node.args) if must.mask >> index + 1 & 1)

    def close_results(self) -> None:
        """End the function: what has to be control in all of it."""
        pinned = 0
        for must in self.checked.musts:
            pinned |= must.mask
        self.found.pinned = self.checked.closure(pinned)
        super().close_results()
