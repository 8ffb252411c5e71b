"""A program as the checker sees it: every function that runs, its types, and which definition each call means.

The text of an export depends on types: whether an element is a float of four bytes, whether a sum is one of ints.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fitness.programs import argument_of
from primitives import syntax
from primitives.checked import Checked
from primitives.checker import Program
from primitives.compiler import Argument, nesting_refused
from primitives.dtypes import u1
from primitives.errors import Diagnostic, ProgramError
from primitives.function_checker import FunctionChecker
from primitives.learner import check_learner
from primitives.parser import Module, read_module
from primitives.types import INT, Type, array_type
from tasks.contract import Contract


@dataclass(slots=True)
class Typed:
    """A program, checked for a contract.

    Attributes:
        module: its functions and constants.
        entries: its functions that are called from outside.
        checkers: what is known of each function that runs, by the identity of its `Checked`.
    """

    module: Module
    entries: tuple[Checked, ...]
    checkers: dict[int, FunctionChecker]

    def called(self, function: Checked, node: ast.AST) -> Checked | None:
        """The function or definition that a node of a function runs; None for what is one operation."""
        return self.checkers[id(function)].callees.get(node)


class _Program(Program):
    """A program that checks everything itself, the definitions of primitives included, and keeps its checkers."""

    def __init__(self, module: Module, diagnostics: list[Diagnostic]):
        super().__init__(module, diagnostics)
        self.checkers: list[FunctionChecker] = []
        self._running: set[str] = set()

    def check(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], node: ast.AST) -> Checked | None:
        key = (function, types)
        if key not in self.functions:
            if function.name in self._running and not library:
                self.diagnostics.append(syntax.diagnostic(node, f"{function.name} calls itself", "write a loop"))
                return None
            self._running.add(function.name)
            names = tuple(argument.arg for argument in function.args.args)
            checker = FunctionChecker(self, Checked(function, library, types, names))
            self.checkers.append(checker)
            self.functions[key] = checker.run()
            self._running.discard(function.name)
        return self.functions[key]


def typed(tree: ast.Module, contract: Contract) -> Typed:
    """Check a program for a contract. Raises `ProgramError` with every fault."""
    if contract.functions is None:
        return _checked(tree, _learner)
    types = {each.name: [argument_of(parameter).type for parameter in each.parameters] for each in contract.functions}
    return typed_functions(tree, types)


def typed_functions(tree: ast.Module, entries: Mapping[str, Sequence[Type]]) -> Typed:
    """Check functions of a program for types of their arguments. Raises `ProgramError` with every fault."""
    return _checked(tree, lambda program: [program.entry(name, tuple(types)) for name, types in entries.items()])


def _checked(tree: ast.Module, check: Callable[[_Program], Sequence[Checked | None]]) -> Typed:
    module, diagnostics = read_module(tree)
    program = _Program(module, diagnostics)
    with nesting_refused():
        entries = check(program)
    if diagnostics:
        raise ProgramError(diagnostics)
    checkers = {id(each.checked): each for each in program.checkers}
    return Typed(module, tuple(each for each in entries if each is not None), checkers)


def _learner(program: _Program) -> Sequence[Checked | None]:
    arguments = [Argument(array_type(u1, 2, True)), Argument(array_type(u1, 1, True)), Argument(INT), Argument(INT)]
    learner = check_learner(program, arguments, array_type(u1, 1, True))
    return () if learner is None else (learner.fit, learner.predict)
