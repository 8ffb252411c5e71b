"""The functions of a foreign program: parameters, defaults, calls, and the model that `fit` hands to `predict`."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from runs.foreign.findings import CONVERTED, Findings
from tasks.contract import Contract

_FIT = ("x", "y", "n_symbols", "n_classes")


class _Unannotated(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns, node.decorator_list = None, []
        arguments = node.args
        if all(each is not None for each in arguments.kw_defaults):
            arguments.args = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            arguments.defaults += [each for each in arguments.kw_defaults if each is not None]
            arguments.posonlyargs, arguments.kwonlyargs, arguments.kw_defaults = [], [], []
        for each in arguments.args:
            each.annotation = None
        self.generic_visit(node)
        return node


def adapted(tree: ast.Module, contract: Contract, findings: Findings) -> None:
    """Give the functions of a program the parameters of the language, in place.

    Annotations and decorators go; literal defaults are written where they are used; calls name no parameters;
    `fit` gets the parameters it lacks; a model of several parts is given to `predict` part by part.
    """
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    before = {name: _head(each) for name, each in functions.items()}
    _Unannotated().visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            _positional(node, functions[node.func.id])
    if contract.functions is None and "fit" in functions:
        _complete(functions["fit"])
        if "predict" in functions:
            _take_apart(functions["fit"], functions["predict"], findings)
    counts = {"fit": len(_FIT)} if contract.functions is None else {}
    counts |= {each.name: len(each.parameters) for each in contract.functions or ()}
    for name, function in functions.items():
        _without_defaults(function, counts.get(name))
        if _head(function) != before[name]:
            findings.say(CONVERTED, function, before[name], _head(function))


def _head(node: ast.FunctionDef) -> str:
    stub = copy.copy(node)
    stub.body = [ast.Pass()]
    *lines, _ = ast.unparse(stub).split("\n")
    return " ".join(lines)


def _positional(call: ast.Call, function: ast.FunctionDef) -> None:
    """Write all arguments of a call in order, and those that are left out."""
    parameters = [each.arg for each in function.args.args]
    words = {each.arg: each.value for each in call.keywords}
    defaults = dict(zip(reversed(parameters), reversed(function.args.defaults), strict=False))
    for name in parameters[len(call.args) :]:
        value = words.pop(name, None) or copy.deepcopy(defaults.get(name))
        if value is None:
            return
        call.args.append(ast.copy_location(value, call))
        call.keywords = [each for each in call.keywords if each.arg != name]


def _complete(fit: ast.FunctionDef) -> None:
    """Give `fit` the sizes of the alphabets, after x and y, if it has none of them."""
    required = len(fit.args.args) - len(fit.args.defaults)
    if required == 2:
        known = {each.id for each in ast.walk(fit) if isinstance(each, ast.Name)} | {each.arg for each in fit.args.args}
        more = [name if name not in known else f"{name}_of_task" for name in _FIT[2:]]
        fit.args.args[2:2] = [ast.copy_location(ast.arg(name), fit) for name in more]


def _without_defaults(function: ast.FunctionDef, count: int | None) -> None:
    """Write defaults as assignments, of a function that the task calls; those of others stand in their calls by now."""
    defaults, function.args.defaults = function.args.defaults, []
    if count is None or len(function.args.args) - len(defaults) > count:
        return
    extra = function.args.args[count:]
    if not extra:
        return
    function.args.args = function.args.args[:count]
    values = defaults[len(defaults) - len(extra) :]
    assigned: list[ast.stmt] = [
        ast.copy_location(ast.Assign([ast.Name(each.arg, ast.Store())], value), value)
        for each, value in zip(extra, values, strict=True)
    ]
    for each in assigned:
        for node in ast.walk(each):
            if isinstance(node, ast.expr) and not hasattr(node, "lineno"):
                ast.copy_location(node, each)
    start = 1 if _is_text(function.body[0]) else 0
    function.body[start:start] = assigned


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _take_apart(fit: ast.FunctionDef, predict: ast.FunctionDef, findings: Findings) -> None:
    """Let `predict` take the parts of a model that `fit` returns as a tuple or as a dict."""
    if len(predict.args.args) != 2:
        return
    returned = [each for each in ast.walk(fit) if isinstance(each, ast.Return)]
    for each in returned:
        each.value = _literal_dict(each.value)
    keys = _keys(returned)
    if not keys:
        return
    model = predict.args.args[0].arg
    known = {each.id for each in ast.walk(predict) if isinstance(each, ast.Name)}
    unpacked = _unpacked(predict, model, len(keys))
    if unpacked is not None:
        new = [each.id for each in unpacked.targets[0].elts]  # type: ignore[attr-defined]
        predict.body.remove(unpacked)
    else:
        new = [key if isinstance(key, str) and key not in known else f"{model}_{key}" for key in keys]
    parts = _Parts(model, dict(zip(keys, new, strict=True)))
    body = [parts.visit(each) for each in predict.body]
    if any(isinstance(each, ast.Name) and each.id == model for each in ast.walk(ast.Module(body, []))):
        findings.left(predict, f"{model}, used as a whole", "fit returns several values, predict takes each by itself")
        return
    predict.body = body or [ast.copy_location(ast.Pass(), predict)]
    predict.args.args[:1] = [ast.copy_location(ast.arg(name), predict) for name in new]
    for each in returned:
        if isinstance(each.value, ast.Dict):
            each.value = ast.copy_location(ast.Tuple(list(each.value.values), ast.Load()), each.value)


def _literal_dict(node: ast.expr | None) -> ast.expr | None:
    """`dict(w=w)` as `{"w": w}`."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "dict" or node.args:
        return node
    keys: list[ast.expr | None] = [ast.copy_location(ast.Constant(each.arg), node) for each in node.keywords]
    return ast.copy_location(ast.Dict(keys, [each.value for each in node.keywords]), node)


def _keys(returned: Sequence[ast.Return]) -> list[str | int]:
    """What the parts of the model are called: the keys of a dict, or numbers; nothing if it has no parts."""
    values = [each.value for each in returned]
    if values and all(isinstance(each, ast.Tuple) for each in values):
        counts = {len(each.elts) for each in values if isinstance(each, ast.Tuple)}
        return list(range(counts.pop())) if len(counts) == 1 else []
    if len(values) == 1 and isinstance(values[0], ast.Dict):
        keys = [each.value if isinstance(each, ast.Constant) else None for each in values[0].keys]
        if all(isinstance(each, str) and each.isidentifier() for each in keys):
            return [str(each) for each in keys]
    return []


def _unpacked(predict: ast.FunctionDef, model: str, count: int) -> ast.Assign | None:
    """The statement `a, b = model` that `predict` starts with."""
    for node in predict.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == model:
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and len(target.elts) == count:
                return node if all(isinstance(each, ast.Name) for each in target.elts) else None
    return None


class _Parts(ast.NodeTransformer):
    """Names in the place of `model[0]` or `model["weights"]`."""

    def __init__(self, model: str, names: dict[str | int, str]):
        self.model, self.names = model, names

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == self.model and isinstance(node.slice, ast.Constant):
            name = self.names.get(node.slice.value)  # type: ignore[arg-type]
            if name is not None:
                return ast.copy_location(ast.Name(name, node.ctx), node)
        self.generic_visit(node)
        return node
