"""The text of a program, the same that `ast.unparse` gives, without writing again what relatives share."""

from __future__ import annotations

import ast
from functools import lru_cache

from primitives import syntax

_INDENT = "    "


def text_of(tree: ast.Module) -> str:
    """The text of a program without comments, as `ast.unparse` writes it, with a newline at its end."""
    pieces: list[str] = []
    for node in tree.body:
        if not pieces and syntax.is_text(node):
            pieces.append(_docstring(node))
        elif isinstance(node, ast.FunctionDef):
            pieces.append(("\n" if pieces else "") + _function(node))
        else:
            pieces.append(_statement(node))
    return "\n".join(pieces) + "\n"


@lru_cache(maxsize=64)
def _docstring(node: ast.stmt) -> str:
    return ast.unparse(ast.Module([node], []))


@lru_cache(maxsize=1024)
def _function(node: ast.FunctionDef) -> str:
    if syntax.is_text(node.body[0]) or next(syntax.header_faults(node), None) is not None:
        return ast.unparse(node)
    return f"def {node.name}({', '.join([each.arg for each in node.args.args])}):" + _block(node.body)


@lru_cache(maxsize=1 << 14)
def _statement(node: ast.stmt) -> str:
    """The text of a statement, as if it stood at the top."""
    if isinstance(node, ast.If):
        return "if " + _branch(node)
    if isinstance(node, ast.While):
        return f"while {ast.unparse(node.test)}:{_block(node.body)}{_otherwise(node.orelse)}"
    if isinstance(node, ast.For) and node.type_comment is None:
        head = f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}:"
        return head + _block(node.body) + _otherwise(node.orelse)
    return ast.unparse(node)


def _branch(node: ast.If) -> str:
    text = f"{ast.unparse(node.test)}:{_block(node.body)}"
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return f"{text}\nelif {_branch(node.orelse[0])}"
    return text + _otherwise(node.orelse)


def _otherwise(statements: list[ast.stmt]) -> str:
    return f"\nelse:{_block(statements)}" if statements else ""


def _block(statements: list[ast.stmt]) -> str:
    """Statements inside another one, each on new lines. Strings, the only tokens of several lines, are docstrings."""
    return "".join(["\n" + _INDENT + _statement(each).replace("\n", "\n" + _INDENT) for each in statements])
