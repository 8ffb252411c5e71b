"""Other names for variables: for those called like a primitive, and for those that get another type on the way."""

from __future__ import annotations

import ast

from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPE_NAMES
from primitives.parser import BUILTINS
from runs.foreign.findings import CONVERTED, Findings


def renamed(tree: ast.Module, findings: Findings) -> None:
    """Give variables and functions that are called like a primitive another name."""
    primitives = set(CATALOGUE) | set(DTYPE_NAMES) | BUILTINS
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = list(ast.walk(function))
        bound = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        bound |= {each.arg for each in nodes if isinstance(each, ast.arg)}
        everything = bound | {each.id for each in nodes if isinstance(each, ast.Name)}
        for name in sorted(bound & primitives):
            new = f"{name}_"
            while new in everything:
                new += "_"
            findings.say(
                CONVERTED, function, f"{function.name}: a variable named {name}", f"{new}: {name} is a primitive"
            )
            for node in nodes:
                if isinstance(node, ast.Name) and node.id == name:
                    node.id = new
                elif isinstance(node, ast.arg) and node.arg == name:
                    node.arg = new


def retyped(tree: ast.Module, findings: Findings) -> None:
    """Give a variable another name where it is computed from itself and may change its type, `x = x.astype(float)`.

    Only at the top level of a function, where everything after it sees the new value.
    """
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        known = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
        bound = {each.arg for each in function.args.args}
        for place, node in enumerate(function.body):
            name = _computed_from_itself(node)
            if name in bound:
                assert isinstance(node, ast.Assign)
                new, number = f"{name}_2", 2
                while new in known:
                    number += 1
                    new = f"{name}_{number}"
                known.add(new)
                bound.add(new)
                findings.say(CONVERTED, node, f"{name}, which may get another type here", f"{new} from here on")
                node.targets[0] = ast.copy_location(ast.Name(new, ast.Store()), node.targets[0])
                for after in function.body[place + 1 :]:
                    for each in ast.walk(after):
                        if isinstance(each, ast.Name) and each.id == name:
                            each.id = new
            if isinstance(node, ast.Assign):
                bound |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _computed_from_itself(node: ast.stmt) -> str | None:
    """The variable that a statement computes from itself, by what may change its type."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return None
    name, parts = node.targets[0].id, list(ast.walk(node.value))
    if not any(isinstance(each, ast.Name) and each.id == name for each in parts):
        return None
    changing = any(
        isinstance(each, ast.Call | ast.Div | ast.Compare)
        or (isinstance(each, ast.Constant) and isinstance(each.value, float))
        for each in parts
    )
    return name if changing or isinstance(node.value, ast.Subscript | ast.BinOp) else None
