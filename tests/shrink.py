"""Smaller variants of a program's text, for the search for the smallest that still shows something."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator


def smaller(source: str) -> Iterator[str]:
    """Texts with one function, statement or part of an expression less; the largest cuts first."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for variant in _variants(tree):
        text = ast.unparse(ast.fix_missing_locations(variant))
        if text not in seen:
            seen.add(text)
            yield text + "\n"


def _variants(tree: ast.Module) -> Iterator[ast.Module]:
    blocks = [(number, field) for number, node in enumerate(ast.walk(tree)) for field in ("body", "orelse")]
    for number, field in blocks:
        block = getattr(_node(tree, number), field, None)
        if not isinstance(block, list):
            continue
        for size in (len(block) // 2, 1):
            for start in range(len(block) - size, -1, -max(size, 1)):
                yield from _without(tree, number, field, start, size)
        for position, statement in enumerate(block):
            for inner in ("body", "orelse"):
                if not isinstance(statement, ast.FunctionDef) and getattr(statement, inner, None):
                    variant = copy.deepcopy(tree)
                    target = getattr(_node(variant, number), field)
                    target[position : position + 1] = getattr(target[position], inner)
                    yield variant
    yield from _simpler_expressions(tree)


def _without(tree: ast.Module, number: int, field: str, start: int, size: int) -> Iterator[ast.Module]:
    """The module without some statements of one block."""
    if size == 0:
        return
    variant = copy.deepcopy(tree)
    node = _node(variant, number)
    block = getattr(node, field)
    del block[start : start + size]
    if not block and field == "body" and not isinstance(node, ast.Module):
        block.append(ast.Pass())
    yield variant


def _simpler_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    """The module with one expression replaced by a part of it, or by a literal."""
    for number, node in enumerate(ast.walk(tree)):
        for field, value in ast.iter_fields(node):
            places = enumerate(value) if isinstance(value, list) else [(None, value)]
            for position, child in places:
                if not isinstance(child, ast.expr) or isinstance(getattr(child, "ctx", None), ast.Store):
                    continue
                parts = [part for part in ast.iter_child_nodes(child) if isinstance(part, ast.expr)]
                literals = (
                    [] if isinstance(child, (ast.Constant, ast.Tuple, ast.Slice)) else [0, 1, 0.0, 1.0, True, False]
                )
                for part in [*parts, *map(ast.Constant, literals)]:
                    variant = copy.deepcopy(tree)
                    parent = _node(variant, number)
                    if position is None:
                        setattr(parent, field, copy.deepcopy(part))
                    else:
                        getattr(parent, field)[position] = copy.deepcopy(part)
                    yield variant


def _node(tree: ast.AST, number: int) -> ast.AST:
    """The node at a position in the order of `ast.walk`."""
    for position, node in enumerate(ast.walk(tree)):
        if position == number:
            return node
    raise IndexError(number)
