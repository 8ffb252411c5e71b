"""What is wrong with a program, written for a person: each diagnostic with its line of source and a caret."""

from __future__ import annotations

import re
from pathlib import Path

from evolve.cli.inputs import InputError
from primitives.errors import Diagnostic, ProgramError


def program_error(error: ProgramError, path: Path, entry: str, source: str) -> InputError:
    """Make the message for a program that the machine can't take, all its diagnostics in order."""
    lines = source_lines(source)
    number = len(error.diagnostics)
    head = f"can't run {entry} of {path} ({number} {'error' if number == 1 else 'errors'}):"
    return InputError("\n\n".join([head, *(_diagnostic(each, path, lines) for each in error.diagnostics)]))


def source_lines(source: str) -> list[str]:
    """Split source as Python counts lines: at line feeds and carriage returns, at nothing else."""
    lines = re.split(r"\r\n|\r|\n", source)
    return lines[:-1] if lines[-1] == "" else lines


def _diagnostic(diagnostic: Diagnostic, path: Path, lines: list[str]) -> str:
    """Write one diagnostic: where, what, and the source with a caret where there is such a line."""
    where = f"{path}:{diagnostic.line}:{diagnostic.column}: {diagnostic.found}; {diagnostic.allowed}"
    if not 1 <= diagnostic.line <= len(lines):
        return where
    line = lines[diagnostic.line - 1]
    margin = f"{diagnostic.line:>5} | "
    # Tabs stay tabs under tabs, so that the caret lands right whatever their width.
    indent = "".join("\t" if character == "\t" else " " for character in line[: diagnostic.column - 1])
    return f"{where}\n{margin}{line}\n{' ' * (len(margin) - 2)}| {indent}^"
