"""Checking programs: every function for every combination of argument types it is called with.

`check(module, diagnostics, entry, types)` checks a function and all that it calls, and reports every fault it finds.
How one function is checked is `function_checker`'s business. No code is generated.
"""

from __future__ import annotations

import ast

from primitives import syntax
from primitives.checked import Checked
from primitives.errors import Diagnostic, ProgramError
from primitives.function_checker import FunctionChecker
from primitives.parser import Module
from primitives.types import Type

_Key = tuple[ast.FunctionDef, tuple[Type, ...]]
_LIBRARY: dict[_Key, Checked] = {}
"""Definitions of primitives that were checked, for all programs: they depend on nothing else."""

MOST_TEXT = 1_000_000
"""Characters of functions, each counted once for every variant, that one program may be checked and compiled in."""

_LINE = 40
"""Characters that a line counts for."""


class Program:
    """The functions of one program that were checked, by node and argument types."""

    def __init__(self, module: Module, diagnostics: list[Diagnostic]):
        self.module = module
        self.diagnostics = diagnostics
        self.functions: dict[_Key, Checked | None] = {}
        self._active: set[str] = set()
        self._text = 0

    def charge(self, function: ast.FunctionDef) -> None:
        """Count one more variant of a function. Raises `ProgramError` if that makes too much text for one program.

        A function has a variant for every combination of argument types and of data arguments it is called with, and a
        hostile program can make as many as it likes.
        """
        last = function.end_lineno or function.lineno
        self._text += _LINE * (last - function.lineno + 1) + (function.end_col_offset or 0)
        if self._text > MOST_TEXT:
            found = f"{function.name}, called with too many combinations of types and of data"
            allowed = "call functions with arguments of the same types"
            raise ProgramError([syntax.diagnostic(function, found, allowed)])

    def check(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], node: ast.AST) -> Checked | None:
        """Check `function` for argument types, or look it up; None if it is faulty or calls itself."""
        key = (function, types)
        if library:
            return _LIBRARY.get(key) or self._check_library(key, node)
        if key not in self.functions:
            self.charge(function)
            self.functions[key] = None
            self._active.add(function.name)
            self.functions[key] = self._run(key, False)
            self._active.discard(function.name)
        elif self.functions[key] is None and function.name in self._active:
            found = f"{function.name} calls itself, directly or through others"
            self.diagnostics.append(syntax.diagnostic(node, found, "there is no recursion; write a loop"))
        return self.functions[key]

    def check_unreached(self) -> None:
        """Check the syntax of the functions that nothing has called."""
        reached = {function for function, _ in self.functions}
        for function in self.module.functions.values():
            if function not in reached:
                self.diagnostics.extend(syntax.faults(function))

    def _check_library(self, key: _Key, node: ast.AST) -> Checked | None:
        """Check a definition; what is wrong in it is wrong with the types it was called with."""
        before = len(self.diagnostics)
        checked = self._run(key, True)
        if checked is not None:
            _LIBRARY[key] = checked
            return checked
        faults = self.diagnostics[before:]
        del self.diagnostics[before:]
        found = f"{key[0].name.rstrip('_')}({', '.join(map(str, key[1]))})"
        allowed = faults[0].found if faults else "other argument types"
        self.diagnostics.append(syntax.diagnostic(node, found, f"not for these types: {allowed}"))
        return None

    def _run(self, key: _Key, library: bool) -> Checked | None:
        before = len(self.diagnostics)
        function, types = key
        self.diagnostics.extend(syntax.header_faults(function))
        names = tuple(argument.arg for argument in function.args.args)
        checked = self.checker(Checked(function, library, types, names)).run()
        return checked if len(self.diagnostics) == before else None

    def checker(self, checked: Checked) -> FunctionChecker:
        """What checks one function."""
        return FunctionChecker(self, checked)

    def entry(self, name: str, types: tuple[Type, ...]) -> Checked | None:
        """Check the function `name` for argument types; None for a faulty one."""
        function = self.module.functions.get(name)
        if function is None:
            allowed = f"this file defines {', '.join(self.module.functions) or 'no function'}"
            self.diagnostics.append(Diagnostic(1, 1, f"no function {name}", allowed))
            return None
        if len(types) != len(function.args.args):
            parameters = ", ".join(argument.arg for argument in function.args.args)
            found = f"{len(types)} arguments for {name}({parameters})"
            self.diagnostics.append(syntax.diagnostic(function, found, f"pass {len(function.args.args)}"))
            return None
        return self.check(function, False, types, function)


def check(
    module: Module, diagnostics: list[Diagnostic], entry: str, types: tuple[Type, ...]
) -> tuple[Program, Checked | None]:
    """Check the function `entry` for argument types; None for a faulty one. Faults go to `diagnostics`."""
    program = Program(module, diagnostics)
    return program, program.entry(entry, types)
