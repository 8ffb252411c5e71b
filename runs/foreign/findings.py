"""What is said of a line of a foreign program."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

CONVERTED: Final = "converted"
DIFFERS: Final = "differs"
LEFT: Final = "left"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One remark.

    Attributes:
        line, column: where, from 1.
        kind: CONVERTED: was written in the language; DIFFERS: likewise, but the meaning is not quite the same;
            LEFT: the language can't take it, and a person has to write it otherwise.
        found: what stands there.
        instead: what it became, or what to write instead.
    """

    line: int
    column: int
    kind: str
    found: str
    instead: str


@dataclass(slots=True)
class Findings:
    """The remarks on a program so far."""

    items: list[Finding] = field(default_factory=list)

    def say(self, kind: str, node: ast.AST, found: str, instead: str) -> None:
        """Remark on a node."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        self.items.append(Finding(line, column, kind, found, instead))

    def left(self, node: ast.AST, found: str, instead: str) -> None:
        """Say that a node can't be converted, and what to write instead."""
        self.say(LEFT, node, found, instead)

    def differs(self, node: ast.AST, found: str, instead: str) -> None:
        """Say that a node was converted to something that is not quite the same."""
        self.say(DIFFERS, node, found, instead)
