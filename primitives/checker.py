"""Checking programs: every function for every combination of argument types it is called with.

`check(module, diagnostics, entry, types)` checks a function and all that it calls, and reports every fault it finds.
How one function is checked is `function_checker`'s business. No code is generated.

Programs of a search share most of their functions, as the same nodes. What was found of a function without faults is
kept, together with all that it depends on: the node, the argument types, and what its names mean in the program.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

from primitives import syntax
from primitives.checked import Checked
from primitives.errors import Diagnostic, ProgramError
from primitives.function_checker import FunctionChecker
from primitives.inspected import Inspected, Inspector
from primitives.parser import Module
from primitives.recent import Recent
from primitives.types import Type

_Key = tuple[ast.FunctionDef, tuple[Type, ...]]
_LIBRARY: dict[_Key, Checked] = {}
"""Definitions of primitives that were checked, for all programs: they depend on nothing else."""

KNOWN: Recent[tuple[_Key, Hashable], Inspected] = Recent(512)
"""Functions that were checked, by what is found of them: node and types, and the surroundings (`Program`)."""

MOST_TEXT = 1_000_000
"""Characters of functions, each counted once for every variant, that one program may be checked and compiled in."""

_HEAD = 40
"""Characters that a function counts for, without its statements."""

_NODE = 5
"""Characters that a statement or expression counts for."""


class Program:
    """The functions of one program that were checked, by node and argument types, and what was met in them."""

    def __init__(self, module: Module, diagnostics: list[Diagnostic]):
        self.module = module
        self.diagnostics = diagnostics
        self.functions: dict[_Key, Checked | None] = {}
        self.inspected: dict[_Key, Inspected] = {}
        self._active: set[str] = set()
        self._text = 0
        self._names = frozenset({*module.functions, *module.constants, *module.imports})
        self._surroundings: dict[ast.FunctionDef, Hashable] = {}

    def charge(self, function: ast.FunctionDef) -> None:
        """Count one more variant of a function. Raises `ProgramError` if that makes too much text for one program.

        A function has a variant for every combination of argument types and of data arguments it is called with, and a
        hostile program can make as many as it likes.
        """
        self._text += _HEAD + _NODE * nodes_in(function)
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
            surroundings = self.surroundings(function)
            known = KNOWN.get((key, surroundings)) if surroundings is not None else None
            if known is not None:
                self._take_over(key, known)
                return known.checked
            self.charge(function)
            self.functions[key] = None
            self._active.add(function.name)
            self.functions[key] = self._run(key, False)
            self._active.discard(function.name)
            if surroundings is not None and not self.diagnostics:
                KNOWN.put((key, surroundings), self.inspected[key])
        elif self.functions[key] is None and function.name in self._active:
            found = f"{function.name} calls itself, directly or through others"
            self.diagnostics.append(syntax.diagnostic(node, found, "there is no recursion; write a loop"))
        return self.functions[key]

    def surroundings(self, function: ast.FunctionDef) -> Hashable | None:
        """All of the program that a function depends on, itself apart: what its names mean; None if it may call itself.

        Of the functions among them it holds the nodes and their own surroundings.
        """
        if function not in self._surroundings:
            self._surroundings[function] = None
            module = self.module
            meanings: set[Hashable] = set()
            for name in self._names & names_in(function):
                called = module.functions.get(name)
                if called is None:
                    value = module.constants.get(name)
                    imported = name in module.imports
                    meanings.add((name, type(value), repr(value), imported) if value is not None else name)
                    continue
                inner = self.surroundings(called)
                if inner is None:
                    return None
                meanings.add((name, called, inner, name in module.imports))
            self._surroundings[function] = frozenset(meanings)
        return self._surroundings[function]

    def _take_over(self, key: _Key, known: Inspected) -> None:
        """Enter what is known of a function and of those that it calls, in the order they would be checked in."""
        if key not in self.functions:
            self.charge(key[0])
            self.functions[key] = known.checked
            self.inspected[key] = known
            for part in known.parts:
                self._take_over((part.checked.node, part.checked.arguments), part)

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
        if library:
            checked = FunctionChecker(self, Checked(function, True, types, names)).run()
        else:
            inspector = Inspector(self, Checked(function, False, types, names))
            self.inspected[key] = found = inspector.found
            checked = inspector.run()
            called = [(callee.node, callee.arguments) for _, callee in found.callees()]
            found.parts = tuple([self.inspected[each] for each in dict.fromkeys(called)])
        return checked if len(self.diagnostics) == before else None

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


@lru_cache(maxsize=1024)
def nodes_in(function: ast.FunctionDef) -> int:
    """The number of statements and expressions in a function."""
    return sum([_parts_of(statement).nodes for statement in function.body])


@lru_cache(maxsize=1024)
def names_in(function: ast.FunctionDef) -> frozenset[str]:
    """All names in a function of the language, of whatever they are."""
    found = {argument.arg for argument in function.args.args}
    return frozenset(found.union(*[_parts_of(statement).names for statement in function.body]))


class _Parts(NamedTuple):
    """How many statements and expressions a statement consists of, and all names in it."""

    nodes: int
    names: frozenset[str]


@lru_cache(maxsize=1 << 15)
def _parts_of(statement: ast.stmt) -> _Parts:
    """The parts of a statement. Programs share statements, so that most are known."""
    expressions = syntax.expressions_in(statement)
    found = {each.id for each in expressions if isinstance(each, ast.Name)}
    count = 1 + len(expressions)
    for block in syntax.BLOCKS.get(statement.__class__, ()):
        for inner in statement.__dict__[block]:
            nodes, names = _parts_of(inner)
            count += nodes
            found |= names
    return _Parts(count, frozenset(found))
