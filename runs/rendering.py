"""Programs as text for people: `rendered` lays a program out, `told` gives an individual of a run as a whole file.

What a search keeps is source that nobody has laid out: no line is left empty, and the docstring is still the seed's,
who may have said what is true no longer.
"""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Sequence
from typing import Final

from population import Individual

WIDTH: Final = 76
"""Columns of docstrings and imports."""


def rendered(source: str, docstring: str | None = None) -> str:
    """A program, laid out: an empty line after the docstring, two around functions.

    Its own docstring is left out, and so are comments.

    Args:
        source: the program.
        docstring: of the module, instead of its own.
    """
    body = list(ast.parse(source).body)
    if body and _is_text(body[0]):
        del body[0]
    if docstring is not None:
        body.insert(0, ast.Expr(ast.Constant(docstring)))
    texts = [_import(each) if isinstance(each, ast.ImportFrom) else _plain(each) for each in body]
    gaps = ["", *("\n" * _gap(*pair) for pair in itertools.pairwise(body))]
    return "".join(gap + text for gap, text in zip(gaps, texts, strict=True)) + "\n"


def told(line: Sequence[Individual], run: str) -> str:
    """An individual as a file that says where it comes from; a seed as it was written.

    Args:
        line: its lineage (`runs.lineage`).
        run: the name of its run.
    """
    seed, individual = line[0], line[-1]
    if len(line) == 1:
        return individual.source
    steps = f"{len(line) - 1} step{'' if len(line) == 2 else 's'}"
    said = (ast.get_docstring(ast.parse(seed.source)) or "").partition("\n\n")[0].replace("\n", " ")
    first = f"Individual {individual.id} of {run}: evolved from {seed.operator} in {steps}."
    if not said:
        return rendered(individual.source, first)
    intent = f"What {seed.operator} says of itself, which need not be true here: {said}"
    return rendered(individual.source, f"{_filled(first)}\n\n{_filled(intent)}\n")


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _plain(node: ast.stmt) -> str:
    """A statement as text; as the first of a module, so that a text is written as a docstring."""
    return ast.unparse(ast.Module([node], []))


def _gap(before: ast.stmt, after: ast.stmt) -> int:
    """How many line ends stand between two statements of a module."""
    if isinstance(before, ast.FunctionDef) or isinstance(after, ast.FunctionDef):
        return 3
    return 1 if type(before) is type(after) else 2


def _import(node: ast.ImportFrom) -> str:
    """An import, its names in order, over several lines if it is long."""
    names = ", ".join(sorted(each.name for each in node.names))
    line = f"from {node.module} import {names}"
    if len(line) <= WIDTH:
        return line
    folded = textwrap.fill(names + ",", WIDTH, initial_indent="    ", subsequent_indent="    ")
    return f"from {node.module} import (\n{folded}\n)"
