"""What the checker knows of a program, for those that vary it: names at every statement, types, what has to be control.

Functions that stayed the same are not inspected again (`checker`).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from primitives.checked import DATA, Checked
from primitives.checker import Program
from primitives.compiler import Argument, broken_musts, data_mask, nesting_refused
from primitives.errors import ProgramError
from primitives.inspected import Inspected
from primitives.learner import check_learner
from primitives.parser import Module, read_module
from primitives.types import Type

Key = tuple[ast.FunctionDef, tuple[Type, ...]]


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


def inspect_learner(tree: ast.Module, fit: Sequence[Argument], query: Type) -> Inspection:
    """Inspect the learner that `compile_learner` compiles. Raises `ProgramError` with every fault."""
    program = Program(*read_module(tree))
    with nesting_refused():
        checked = check_learner(program, fit, query)
    if checked is None:
        raise ProgramError(program.diagnostics)
    return _finish(program, [(checked.fit, checked.fit_data), (checked.predict, checked.predict_data)])


def inspect_functions(tree: ast.Module, entries: Mapping[str, Sequence[Argument]]) -> Inspection:
    """Inspect functions of a program and all that they call, for their arguments.

    Raises `ProgramError` with every fault.
    """
    program = Program(*read_module(tree))
    found: list[tuple[Checked, int]] = []
    with nesting_refused():
        for name, arguments in entries.items():
            checked = program.entry(name, tuple(argument.type for argument in arguments))
            if checked is not None:
                mask = data_mask(arguments)
                found.append((checked, mask))
                program.diagnostics.extend(broken_musts(checked, mask))
    return _finish(program, found)


def _finish(program: Program, entries: Sequence[tuple[Checked, int]]) -> Inspection:
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
