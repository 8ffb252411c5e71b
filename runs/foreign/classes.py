"""A learner that a person wrote as a class, as the two functions: what the object keeps becomes the model."""

from __future__ import annotations

import ast
from typing import Final

from runs.foreign.findings import CONVERTED, Findings

_LEARNER: Final = ("fit", "predict")


def as_functions(tree: ast.Module, findings: Findings) -> None:
    """Write the one class that has methods `fit` and `predict` as functions, in place.

    Attributes become variables; those that `predict` reads are what `fit` returns. What `__init__` sets stands at the
    beginning of `fit`. Methods that use no attribute become functions; others are left to be written by hand.
    """
    known = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    classes = [each for each in tree.body if isinstance(each, ast.ClassDef) and not known & set(_LEARNER)]
    found = [each for each in classes if set(_LEARNER) <= set(_methods(each))]
    if len(found) != 1:
        return
    [learner] = found
    methods = _methods(learner)
    names = _names(learner)
    model = sorted(_attributes(methods["predict"]) & set(names))
    functions = []
    for name, method in methods.items():
        if name == "__init__":
            continue
        own = method.args.args[0].arg if method.args.args else ""
        if name not in _LEARNER and _attributes(method):
            findings.left(method, f"a method that uses the object, {name}", "a function that is given what it uses")
        method.args.args = method.args.args[1:]
        _Names(own, names).visit(method)
        functions.append(method)
    fit, predict = methods["fit"], methods["predict"]
    values = [names[each] for each in model]
    start = 1 if fit.body and isinstance(fit.body[0], ast.Expr) and isinstance(fit.body[0].value, ast.Constant) else 0
    fit.body[start:start] = _settings(methods.get("__init__"), names)
    returned: ast.expr = ast.Tuple([ast.Name(each, ast.Load()) for each in values], ast.Load())
    returned = returned if len(values) > 1 else ast.Name(values[0], ast.Load()) if values else ast.Constant(0)
    fit.body = [each for each in fit.body if not (isinstance(each, ast.Return) and _is_self(each.value))]
    last = fit.body[-1] if fit.body else learner
    fit.body.append(ast.Return(returned))
    for node in ast.walk(fit.body[-1]):
        ast.copy_location(node, last)
    predict.args.args[:0] = [ast.copy_location(ast.arg(each), predict) for each in values or ["model"]]
    place = tree.body.index(learner)
    tree.body[place : place + 1] = functions
    kept = ", ".join(values) or "nothing of the object"
    findings.say(CONVERTED, learner, f"class {learner.name}", f"fit, which returns {kept}, and predict")


def _methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def _is_self(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _attributes(node: ast.AST) -> set[str]:
    """The attributes of the object that are named in a class or a method."""
    return {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and _is_self(each.value)}


def _names(node: ast.ClassDef) -> dict[str, str]:
    """The variables in the place of attributes that hold values; none is called as a variable of a method is."""
    methods = set(_methods(node))
    taken = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    others = [method for name, method in _methods(node).items() if name != "__init__"]
    taken |= {each.arg for method in others for each in ast.walk(method) if isinstance(each, ast.arg)}
    attributes = _attributes(node)
    init = _methods(node).get("__init__")
    free = {each.arg for each in init.args.args} if init is not None else set()
    return {each: f"own_{each}" if each in taken - free else each.strip("_") for each in sorted(attributes - methods)}


def _settings(init: ast.FunctionDef | None, names: dict[str, str]) -> list[ast.stmt]:
    """What `__init__` sets, as assignments."""
    if init is None:
        return []
    parameters = [each.arg for each in init.args.args]
    defaults = dict(zip(reversed(parameters), reversed(init.args.defaults), strict=False))
    found: list[ast.stmt] = []
    for node in init.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Attribute):
            continue
        value = defaults.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            continue
        target = ast.copy_location(ast.Name(names[node.targets[0].attr], ast.Store()), node)
        found.append(ast.copy_location(ast.Assign([target], value), node))
    return found


class _Names(ast.NodeTransformer):
    """Variables in the place of attributes, functions in that of methods."""

    def __init__(self, own: str, names: dict[str, str]):
        self.own, self.names = own, names

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == self.own:
            return ast.copy_location(ast.Name(self.names.get(node.attr, node.attr), node.ctx), node)
        return node
