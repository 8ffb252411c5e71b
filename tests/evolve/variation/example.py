"""What an example of an operator is: the texts of a parent, of a child that it can make, and of the other parent."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from evolve.variation import with_imports

PREDICT = "def predict(a, q):\n    return a\n"


@dataclass(frozen=True)
class Example:
    """The body of `fit`, before and after, with a `predict` that stays, and that of a donor if there is one."""

    parent: str
    child: str
    donor: str = ""

    def programs(self) -> tuple[ast.Module, ast.Module, ast.Module | None]:
        """The trees of parent, child and donor."""
        return program(self.parent), program(self.child), program(self.donor) if self.donor else None


def whole(parent: str, child: str, donor: str = "") -> Example:
    """An example of whole programs."""
    return Example(*(textwrap.dedent(text).strip() for text in (parent, child, donor)))


def program(text: str) -> ast.Module:
    """The tree of a program, or of one with this body of `fit`; imports are added."""
    if not text.startswith(("def", "from")):
        body = textwrap.indent(textwrap.dedent(text).strip(), "    ")
        text = f"def fit(x, y, n_symbols, n_classes):\n{body}\n\n\n{PREDICT}"
    return with_imports(ast.parse(text))
