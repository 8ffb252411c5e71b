"""What is said of a program that is not in the language: diagnostics, and the error that carries all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One fault of a program: where it is (line and column from 1), what was found and what is allowed."""

    line: int
    column: int
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.found}; {self.allowed}"


class ProgramError(ValueError):
    """A program is not in the language; `diagnostics` holds every fault, in the order of the source."""

    def __init__(self, diagnostics: Iterable[Diagnostic]):
        self.diagnostics = tuple(sorted(set(diagnostics)))
        super().__init__("\n".join(map(str, self.diagnostics)))
