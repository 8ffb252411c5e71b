"""Syntax trees as text for people: with comments and empty lines, in short lines."""

from __future__ import annotations

import ast
import copy
import io
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from typing import Final

WIDTH: Final = 110
"""Columns, beyond which a line is broken where it has brackets."""

_DEEPER: Final = "        "


def laid_out(tree: ast.Module, source: str) -> str:
    """A tree as text.

    Args:
        tree: a module, most nodes of which have the positions they had in `source`.
        source: the text whose comments and empty lines are kept, as far as what they stand at is still there.
    """
    return "\n".join(_Layout(source).module(tree)).strip("\n") + "\n"


def in_short_lines(text: str) -> str:
    """A program with its long lines broken, but for those of docstrings."""
    quoted: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING and token.start[0] < token.end[0]:
            quoted.update(range(token.start[0], token.end[0] + 1))
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(part for number, line in lines for part in ([line] if number in quoted else broken(line)))


def broken(line: str) -> list[str]:
    """A line as several, if it is longer than `WIDTH` and has brackets to break it in."""
    if len(line) <= WIDTH:
        return [line]
    indent, text = line[: len(line) - len(line.lstrip())], line.strip()
    places, start = _breaks(text), 0
    parts: list[str] = []
    while len(text) - start > WIDTH - len(indent) - (len(_DEEPER) if parts else 0):
        most = start + WIDTH - len(indent) - (len(_DEEPER) if parts else 0)
        fitting = [place for place in places if start < place <= most]
        if not fitting:
            break
        parts.append(text[start : fitting[-1]].strip())
        start = fitting[-1]
    parts.append(text[start:].strip())
    return [indent + parts[0], *(indent + _DEEPER + part for part in parts[1:])]


def _breaks(text: str) -> list[int]:
    """Columns at which a line may go on in the next: inside of brackets, after a comma, before an operator."""
    found, depth = [], 0
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text + "\n").readline))
    except (tokenize.TokenError, IndentationError):
        return []
    if any(each.type == tokenize.COMMENT or each.start[0] > 1 for each in tokens if each.string.strip()):
        return []
    for token in tokens:
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        elif depth and token.string == ",":
            found.append(token.end[1])
        elif depth and token.string in ("+", "-", "*", "/", "^", "&", "|", "and", "or", "if", "else"):
            found.append(token.start[1])
    return found


class _Layout:
    """Writes the statements of one tree, in order, and the comments between them."""

    def __init__(self, source: str):
        self.lines = source.split("\n")
        self.last = 0
        self.alone: dict[int, str] = {}
        self.beside: dict[int, str] = {}
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                first = not self.lines[line - 1][:column].strip()
                (self.alone if first else self.beside)[line] = token.string

    def module(self, tree: ast.Module) -> Iterator[str]:
        """The lines of a module."""
        before: ast.stmt | None = None
        for node in tree.body:
            if before is not None:
                function = isinstance(node, ast.FunctionDef) or isinstance(before, ast.FunctionDef)
                alike = type(before) is type(node)
                yield from [""] * (2 if function else 0 if alike else 1)
            yield from self._statement(node, "", False)
            before = node

    def _block(self, body: Sequence[ast.stmt], indent: str) -> Iterator[str]:
        for place, node in enumerate(body):
            yield from self._statement(node, indent, place > 0)

    def _statement(self, node: ast.stmt, indent: str, gap: bool) -> Iterator[str]:
        line = getattr(node, "lineno", 0)
        yield from self._above(line, indent, gap and line > self.last)
        self.last = max(line, self.last)
        if _is_text(node):
            yield from (indent + each if each.strip() else "" for each in _quoted(node, indent))
            return
        header, blocks = _parts(node)
        beside = self.beside.pop(line, None)
        first, *others = broken(indent + header)
        yield first + (f"  {beside}" if beside else "")
        yield from others
        for opening, body in blocks:
            if opening:
                yield indent + opening
            yield from self._block(body, indent + "    ")

    def _above(self, line: int, indent: str, gap: bool) -> Iterator[str]:
        """The comments that stand right above a statement, and one empty line if there was one."""
        first = line
        while first - 1 in self.alone or (first > 1 and first - 1 <= len(self.lines) and self._is_empty(first - 1)):
            first -= 1
        above = [number for number in range(first, line) if number in self.alone]
        if gap and first > 1 and any(self._is_empty(number) for number in range(first, line)):
            yield ""
        for number in above:
            yield indent + self.alone.pop(number)

    def _is_empty(self, line: int) -> bool:
        return not self.lines[line - 1].strip()


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _quoted(node: ast.stmt, indent: str) -> list[str]:
    """A docstring, between three quotes."""
    text = ast.unparse(ast.Module([node], []))
    return textwrap.dedent(text).split("\n")


def _parts(node: ast.stmt) -> tuple[str, list[tuple[str, Sequence[ast.stmt]]]]:
    """The first line of a statement, and its blocks with the lines that open them."""
    if not isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            return "return " + ", ".join(map(ast.unparse, node.value.elts)), []
        return ast.unparse(node), []
    stub = copy.copy(node)
    stub.body = [ast.Pass()]
    if not isinstance(stub, ast.FunctionDef):
        stub.orelse = []
    header = " ".join(ast.unparse(stub).split("\n")[:-1])
    blocks: list[tuple[str, Sequence[ast.stmt]]] = [("", node.body)]
    if isinstance(node, ast.FunctionDef) or not node.orelse:
        return header, blocks
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        first, others = _parts(node.orelse[0])
        return header, [*blocks, (f"el{first}", others[0][1]), *others[1:]]
    return header, [*blocks, ("else:", node.orelse)]
