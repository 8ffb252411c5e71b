"""Names for the variables that a search made: `v3` becomes `column`, `total` or `i`, by what it first holds."""

from __future__ import annotations

import ast
import re
from typing import Final

from runs.export.names import free, names_of

_MADE: Final = re.compile(r"v\d+")
_COUNTERS: Final = ("i", "j", "k", "p", "r", "t")
_CALLS: Final = {
    "zeros": "table",
    "full": "table",
    "array": "table",
    "take": "chosen",
    "argmax": "best",
    "argmin": "best",
    "amax": "most",
    "amin": "least",
    "sum": "total",
    "dot": "total",
    "mean": "mean_value",
    "count_nonzero": "count",
    "popcount": "count",
    "len": "length",
    "argsort": "order",
    "matvec": "products",
    "vecmat": "products",
    "sqrt": "root",
}


def with_readable_names(tree: ast.Module) -> ast.Module:
    """The program, with names for variables that are called `v` and a number. The tree itself is not changed."""
    if not any(_MADE.fullmatch(each) for each in names_of(tree)):
        return tree
    copied = ast.parse(ast.unparse(tree))
    taken = {each.name for each in copied.body if isinstance(each, ast.FunctionDef)}
    for node in copied.body:
        if isinstance(node, ast.ImportFrom):
            taken |= {each.name for each in node.names}
        elif isinstance(node, ast.Assign):
            taken |= names_of(node)
    for function in copied.body:
        if isinstance(function, ast.FunctionDef):
            _rename(function, taken | names_of(function))
    return copied


def _rename(function: ast.FunctionDef, known: set[str]) -> None:
    """Rename the variables of a function, in place; none gets a name that is known."""
    new: dict[str, str] = {}

    def give(name: str, wanted: str) -> None:
        if _MADE.fullmatch(name) and name not in new:
            new[name] = free(wanted, known)
            known.add(new[name])

    for parameter in function.args.args:
        give(parameter.arg, "given")
    for node in _in_order(function):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            give(node.target.id, next((each for each in _COUNTERS if each not in known), "counter"))
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Name):
                    give(each.id, "part" if isinstance(target, ast.Tuple) else _wanted(node.value))
    for found in ast.walk(function):
        if isinstance(found, ast.Name):
            found.id = new.get(found.id, found.id)
        elif isinstance(found, ast.arg):
            found.arg = new.get(found.arg, found.arg)


def _in_order(node: ast.AST) -> list[ast.AST]:
    """All nodes, in the order of the text."""
    found = [node]
    for each in ast.iter_child_nodes(node):
        found += _in_order(each)
    return found


def _wanted(value: ast.expr) -> str:
    """What a variable may be called by what it first holds."""
    match value:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), index])) if not isinstance(index, ast.Slice):
            return "column"
        case ast.Subscript(slice=ast.Slice() | ast.Tuple(elts=[_, ast.Slice()])):
            return "part"
        case ast.Subscript():
            return "element"
        case ast.Call(func=ast.Name(id=called)):
            return _CALLS.get(called, "result")
        case ast.Name(id=other) if not _MADE.fullmatch(other):
            return f"same_{other}"
        case ast.Compare() | ast.BoolOp() | ast.Constant(value=True | False):
            return "flag"
    return "value"
