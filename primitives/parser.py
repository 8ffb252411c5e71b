"""From source text to a module of the language: what stands at the top level, and the functions by name.

Text is data here: it is parsed, never imported or executed. Types are the checker's business.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from primitives import syntax
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPE_NAMES
from primitives.errors import Diagnostic, ProgramError

MAX_BYTES = 200_000
MAX_LINES = 5_000
BUILTINS = frozenset({"abs", "min", "max", "int", "float", "bool", "len", "range"})
_INT_LIMIT = 2**63


@dataclass(slots=True)
class Module:
    """A parsed program: its functions, constants and imported names. Trees in it are never changed."""

    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: dict[str, bool | int | float] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    source: str = ""


def parse(source: str | bytes) -> ast.Module:
    """The syntax tree of a program, checked to have only the language's syntax. Raises `ProgramError`."""
    text = _text(source)
    tree = _tree(text)
    module, diagnostics = read_module(tree)
    for function in module.functions.values():
        diagnostics.extend(syntax.faults(function))
    if diagnostics:
        raise rejection(diagnostics, text)
    return tree


def load(source: str | bytes | ast.Module) -> tuple[Module, list[Diagnostic]]:
    """A program's module with the faults of its top level. Raises `ProgramError` if the text can't be parsed at all."""
    if isinstance(source, ast.Module):
        return read_module(source)
    text = _text(source)
    module, diagnostics = read_module(_tree(text))
    module.source = text
    return module, diagnostics


def rejection(diagnostics: Iterable[Diagnostic], text: str) -> ProgramError:
    """The error that says what is wrong with a program; columns count characters, if its text is known."""
    if text.isascii():
        return ProgramError(diagnostics)
    lines = [line.encode() for line in re.split("\r\n?|\n", text)]
    return ProgramError(replace(fault, column=_characters(lines, fault)) for fault in diagnostics)


def _characters(lines: list[bytes], fault: Diagnostic) -> int:
    """The column of a fault in characters, from that in bytes of UTF-8."""
    return len(lines[fault.line - 1][: fault.column - 1].decode()) + 1


def read_module(tree: ast.Module) -> tuple[Module, list[Diagnostic]]:
    """Sort the top level of a syntax tree; what does not belong there comes back as diagnostics."""
    module = Module()
    diagnostics: list[Diagnostic] = []
    for position, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef):
            if node.name in module.functions or node.name in module.constants:
                diagnostics.append(
                    syntax.diagnostic(node, f"a second definition of {node.name}", "give it another name")
                )
            module.functions[node.name] = node
        elif isinstance(node, ast.ImportFrom):
            diagnostics.extend(_read_import(module, node))
        elif isinstance(node, ast.Assign):
            diagnostics.extend(_read_constant(module, node))
        elif not (position == 0 and syntax.is_text(node)):
            diagnostics.append(_top_level_fault(node))
    for name in module.functions.keys() & module.imports:
        node = module.functions[name]
        diagnostics.append(
            syntax.diagnostic(node, f"a function named {name} like an imported primitive", "give it another name")
        )
    return module, diagnostics


def literal_fault(node: ast.expr, value: float) -> Diagnostic | None:
    """What is wrong with a literal number, if anything: ints have 64 bits, floats are finite."""
    if isinstance(value, int):
        if not -_INT_LIMIT <= value < _INT_LIMIT:
            return syntax.diagnostic(node, "an int beyond 64 bits", "ints lie in -2**63 .. 2**63 - 1")
    elif value - value != 0.0:
        return syntax.diagnostic(node, "a float that is not finite", "floats are finite")
    return None


def _text(source: str | bytes) -> str:
    """A program's text, decoded and of a bearable size."""
    text = (_decoded(source) if isinstance(source, bytes) else source).removeprefix("\ufeff")
    if len(text) > MAX_BYTES or text.count("\n") > MAX_LINES:
        found = f"a program of {len(text)} characters and {text.count(chr(10)) + 1} lines"
        raise ProgramError([Diagnostic(1, 1, found, f"at most {MAX_BYTES} characters and {MAX_LINES} lines")])
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ProgramError([Diagnostic(line, 1, "a null character", "remove it")])
    return text


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise ProgramError([Diagnostic(line, 1, "bytes that are not UTF-8", "save the file as UTF-8")]) from None


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        where = (error.lineno or 1, max(error.offset or 1, 1))
        found, allowed = f"invalid syntax: {error.msg}", "write valid Python"
    except (RecursionError, MemoryError):
        where, (found, allowed) = (1, 1), ("an expression nested too deeply", "split it into several statements")
    except ValueError as error:
        where, found, allowed = (1, 1), f"text that can't be parsed: {error}", "write valid Python"
    raise ProgramError([Diagnostic(*where, found, allowed)])


def _read_import(module: Module, node: ast.ImportFrom) -> list[Diagnostic]:
    if node.module != "primitives" or node.level:
        return [
            syntax.diagnostic(
                node, f"an import from {node.module or '.'}", "only `from primitives import ...` is allowed"
            )
        ]
    diagnostics = []
    for alias in node.names:
        if alias.asname is not None:
            diagnostics.append(
                syntax.diagnostic(alias, f"import of {alias.name} as {alias.asname}", "import it by its own name")
            )
        elif alias.name not in CATALOGUE and alias.name not in DTYPE_NAMES:
            found = "import of *" if alias.name == "*" else f"{alias.name}, which is not a primitive"
            diagnostics.append(syntax.diagnostic(alias, found, "`evolve primitives` lists the primitives"))
        module.imports.add(alias.name)
    return diagnostics


def _read_constant(module: Module, node: ast.Assign) -> list[Diagnostic]:
    target = node.targets[0]
    value = syntax.literal(node.value)
    if len(node.targets) != 1 or not isinstance(target, ast.Name) or value is None:
        return [
            syntax.diagnostic(
                node, "an assignment at the top level", "constants are written NAME = a bool, int or float"
            )
        ]
    if target.id in module.constants or target.id in module.functions:
        return [syntax.diagnostic(node, f"a second definition of {target.id}", "give it another name")]
    module.constants[target.id] = value
    fault = literal_fault(node.value, value)
    return [fault] if fault else []


def _top_level_fault(node: ast.stmt) -> Diagnostic:
    if isinstance(node, syntax.STATEMENTS):
        found = f"{type(node).__name__.lower()} at the top level"
        return syntax.diagnostic(
            node, found, "put statements into a function; only imports, constants and functions stand here"
        )
    return syntax.refusal(node)
