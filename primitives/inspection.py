"""What the checker knows of a program, for those that vary it: names at every statement, types, what has to be control.

An inspection of a program that differs little from an inspected one takes over what is known of the functions that
stayed the same. Nothing is inferred here: `function_checker` does that, this module writes down what it meets.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from primitives.checked import DATA, Checked, Functions
from primitives.checker import Program
from primitives.compiler import Argument, broken_musts, data_mask, nesting_refused
from primitives.errors import Diagnostic, ProgramError
from primitives.function_checker import FunctionChecker
from primitives.learner import check_learner
from primitives.parser import Module, read_module
from primitives.types import Type

Key = tuple[ast.FunctionDef, tuple[Type, ...]]


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
    """

    checked: Checked
    before: dict[ast.stmt, Place] = field(default_factory=dict)
    after: dict[ast.stmt, Place] = field(default_factory=dict)
    control: set[ast.AST] = field(default_factory=set)
    calls: dict[ast.AST, Checked] = field(default_factory=dict)
    pinned: int = 0
    counter_names: set[str] = field(default_factory=set)

    def callees(self) -> Iterator[tuple[ast.Call, Checked]]:
        """The calls of functions of the program."""
        for node, callee in self.calls.items():
            if not callee.library and isinstance(node, ast.Call):
                yield node, callee


@dataclass(slots=True)
class Inspection:
    """A program without faults, inspected.

    Attributes:
        module: its functions and constants.
        entries: the functions that are called from outside, by name.
        functions: all functions that are reached, in the order in which they were met.
        data: for each of them the mask of everything in it that is data.
    """

    module: Module
    entries: dict[str, Inspected]
    functions: dict[Key, Inspected]
    data: dict[Inspected, int] = field(default_factory=dict)


class _Inspector(FunctionChecker):
    """A checker that writes down what it meets."""

    def __init__(self, program: Functions, checked: Checked):
        super().__init__(program, checked)
        self.found = Inspected(checked)

    def run(self) -> Checked:
        checked = super().run()
        self.found.calls, self.found.counter_names = self.callees, self.counter_names
        return checked

    def block(self, statements: list[ast.stmt]) -> bool:
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
        super().must_be_control(mask, node, what)
        self.found.control.add(node)

    def inherit_musts(self, callee: Checked, masks: list[int], node: ast.AST) -> None:
        super().inherit_musts(callee, masks, node)
        if isinstance(node, ast.Call):
            for must in callee.musts:
                self.found.control.update(each for index, each in enumerate(node.args) if must.mask >> index + 1 & 1)

    def close_results(self) -> None:
        pinned = 0
        for must in self.checked.musts:
            pinned |= must.mask
        self.found.pinned = self.checked.closure(pinned)
        super().close_results()


class _Program(Program):
    """A program whose functions are inspected, unless they are known."""

    def __init__(self, module: Module, diagnostics: list[Diagnostic], known: Inspection | None):
        super().__init__(module, diagnostics)
        self.known = known.functions if known and known.module.constants == module.constants else {}
        self.imported = module.imports - known.module.imports if known else set()
        self.inspected: dict[Key, Inspected] = {}
        self._same: dict[Inspected, bool] = {}

    def check(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], node: ast.AST) -> Checked | None:
        key = (function, types)
        if not library and key not in self.functions:
            known = self.known.get(key)
            if known is not None and self._is_same(known):
                self._take_over(key, known)
        return super().check(function, library, types, node)

    def _is_same(self, known: Inspected) -> bool:
        """Whether nothing that a function calls has changed, and no import has taken a name of its variables."""
        if known not in self._same:
            checked = known.checked
            free = self.imported.isdisjoint(checked.types) and self.imported.isdisjoint(known.counter_names)
            self._same[known] = free and all(
                self.module.functions.get(callee.name) is callee.node and self._is_same(self._known(callee))
                for _, callee in known.callees()
            )
        return self._same[known]

    def _known(self, callee: Checked) -> Inspected:
        return self.known[callee.node, callee.arguments]

    def _take_over(self, key: Key, known: Inspected) -> None:
        if key in self.functions:
            return
        self.functions[key] = known.checked
        self.inspected[key] = known
        for _, callee in known.callees():
            self._take_over((callee.node, callee.arguments), self._known(callee))

    def checker(self, checked: Checked) -> FunctionChecker:
        inspector = _Inspector(self, checked)
        if not checked.library:
            self.inspected[checked.node, checked.arguments] = inspector.found
        return inspector


def inspect_learner(
    tree: ast.Module, fit: Sequence[Argument], query: Type, known: Inspection | None = None
) -> Inspection:
    """Inspect the learner that `compile_learner` compiles. `known` is the inspection of a program like it.

    Raises `ProgramError` with every fault.
    """
    program = _start(tree, known)
    with nesting_refused():
        checked = check_learner(program, fit, query)
    if checked is None:
        raise ProgramError(program.diagnostics)
    return _finish(program, [(checked.fit, checked.fit_data), (checked.predict, checked.predict_data)])


def inspect_functions(
    tree: ast.Module, entries: Mapping[str, Sequence[Argument]], known: Inspection | None = None
) -> Inspection:
    """Inspect functions of a program and all that they call, for their arguments.

    Raises `ProgramError` with every fault.
    """
    program = _start(tree, known)
    found: list[tuple[Checked, int]] = []
    with nesting_refused():
        for name, arguments in entries.items():
            checked = program.entry(name, tuple(argument.type for argument in arguments))
            if checked is not None:
                mask = data_mask(arguments)
                found.append((checked, mask))
                program.diagnostics.extend(broken_musts(checked, mask))
    return _finish(program, found)


def _start(tree: ast.Module, known: Inspection | None) -> _Program:
    module, diagnostics = read_module(tree)
    return _Program(module, diagnostics, known)


def _finish(program: _Program, entries: Sequence[tuple[Checked, int]]) -> Inspection:
    """The inspection, with what is data in every function: what is in one of the calls of it."""
    program.check_unreached()
    if program.diagnostics:
        raise ProgramError(program.diagnostics)
    functions = program.inspected
    by_name = {each.name: functions[each.node, each.arguments] for each, _ in entries}
    inspection = Inspection(program.module, by_name, functions)
    pending = [(functions[each.node, each.arguments], mask) for each, mask in entries]
    while pending:
        inspected, arguments = pending.pop()
        checked, before = inspected.checked, inspection.data.get(inspected, 0)
        if before and arguments & ~before == 0:
            continue
        known = inspection.data[inspected] = checked.data(before | arguments | DATA)
        for node, callee in inspected.callees():
            mask = sum(2 << i for i, each in enumerate(node.args) if checked.values[each][1] & known)
            pending.append((functions[callee.node, callee.arguments], mask))
    return inspection
