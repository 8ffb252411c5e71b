"""Which of Python's syntax is in the language, and what to say about the rest. Types are the checker's business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeGuard

from primitives.errors import Diagnostic

BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
OF_INTS = frozenset({"&", "|", "^", "<<", ">>"})
"""The operators that take no floats."""
UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}

STATEMENTS = (
    ast.Assign,
    ast.AugAssign,
    ast.For,
    ast.While,
    ast.If,
    ast.Break,
    ast.Continue,
    ast.Pass,
    ast.Return,
    ast.Expr,
)
EXPRESSIONS = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Subscript,
    ast.Attribute,
    ast.Name,
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Slice,
)

_ADVICE: dict[type[ast.AST], tuple[str, str]] = {
    ast.Import: (
        "an import",
        "write `from primitives import NAME, ...` for what the program uses; nothing else can be imported",
    ),
    ast.ImportFrom: ("an import inside a function", "imports stand at the top of the file"),
    ast.ClassDef: ("a class", "only functions are allowed"),
    ast.FunctionDef: ("a function inside a function", "define it at the top level and pass what it needs as arguments"),
    ast.AsyncFunctionDef: ("an async function", "only plain functions are allowed"),
    ast.Lambda: ("a lambda", "define a function at the top level"),
    ast.ListComp: ("a list comprehension", "allocate an array with zeros(n, dtype) and fill it in a for loop"),
    ast.SetComp: ("a set comprehension", "use an array as a table"),
    ast.DictComp: ("a dict comprehension", "use an array as a table"),
    ast.GeneratorExp: ("a generator expression", "write a for loop"),
    ast.Dict: ("a dict", "use an array as a table; mix(x) hashes an int"),
    ast.Set: ("a set", "use an array as a table"),
    ast.Try: ("try", "failures can't be caught; test before the operation"),
    ast.With: ("with", "there are no files or resources"),
    ast.Raise: ("raise", "return a value instead"),
    ast.Assert: ("assert", "remove it"),
    ast.Delete: ("del", "remove it; arrays leave with their last name"),
    ast.Global: ("global", "pass the value as an argument and return it"),
    ast.Nonlocal: ("nonlocal", "pass the value as an argument and return it"),
    ast.JoinedStr: ("an f-string", "there are no strings"),
    ast.NamedExpr: ("an assignment expression", "assign on a line of its own"),
    ast.Starred: ("a starred expression", "write the arguments one by one"),
    ast.Await: ("await", "remove it"),
    ast.Yield: ("yield", "return a value or fill an array"),
    ast.YieldFrom: ("yield", "return a value or fill an array"),
    ast.Match: ("match", "write if / elif"),
    ast.AnnAssign: ("an annotation", "types are inferred; write `name = value`"),
    ast.AsyncFor: ("async for", "write a plain for loop"),
    ast.AsyncWith: ("async with", "remove it"),
}


def diagnostic(node: ast.AST, found: str, allowed: str) -> Diagnostic:
    """A diagnostic at the place of `node`; its column counts bytes, as Python's trees do, until `parser.rejection`."""
    return Diagnostic(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, found, allowed)


def literal(node: ast.expr) -> bool | int | float | None:
    """The value of a literal bool, int or float, with an optional minus; None if `node` is something else."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value if isinstance(value, (int, float)) else None
    if node.__class__ is not ast.UnaryOp:  # most often: this is asked of every operand
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return -value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    return None


def subscripts(node: ast.Subscript) -> list[ast.expr]:
    """The indices and slices of a subscript, one for each axis that it names."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def is_sliced(node: ast.Subscript) -> bool:
    """Whether a subscript has a slice in it."""
    return any(isinstance(part, ast.Slice) for part in subscripts(node))


def is_shape(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Whether an expression is `a.shape`."""
    return isinstance(node, ast.Attribute) and node.attr == "shape"


_PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Name: (),
    ast.Constant: (),
    ast.Assign: ("targets", "value"),
    ast.AugAssign: ("target", "value"),
    ast.For: ("target", "iter"),
    ast.While: ("test",),
    ast.If: ("test",),
    ast.Return: ("value",),
    ast.Expr: ("value",),
    ast.Break: (),
    ast.Continue: (),
    ast.Pass: (),
    ast.BinOp: ("left", "right"),
    ast.UnaryOp: ("operand",),
    ast.BoolOp: ("values",),
    ast.Compare: ("left", "comparators"),
    ast.IfExp: ("test", "body", "orelse"),
    ast.Call: ("func", "args"),
    ast.Subscript: ("value", "slice"),
    ast.Attribute: ("value",),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Slice: ("lower", "upper", "step"),
}
"""The fields that hold the expressions right below a node of the language."""


BLOCKS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.While: ("body", "orelse"),
}
"""The fields that hold statements."""


def expressions_below(node: ast.AST) -> list[ast.expr]:
    """The expressions right below a statement or expression; of a node outside the language those that can be found."""
    found: list[ast.expr] = []
    values = node.__dict__
    for name in _PARTS.get(node.__class__, node._fields):
        value = values.get(name)
        if value.__class__ is list:
            found += [each for each in value if isinstance(each, ast.expr)]
        elif isinstance(value, ast.expr):
            found.append(value)
    return found


def expressions_at(node: ast.expr) -> list[ast.expr]:
    """An expression and all below it, each before its parts, in the order of the text."""
    found = []
    pending = [node]
    while pending:
        each = pending.pop()
        found.append(each)
        kind = each.__class__
        if kind is not ast.Name and kind is not ast.Constant:
            pending += expressions_below(each)[::-1]
    return found


@lru_cache(maxsize=1 << 15)
def expressions_in(statement: ast.stmt) -> tuple[ast.expr, ...]:
    """All expressions of a statement, likewise; of a loop or branch those of its head.

    All that asks what stands in a statement goes through these. Programs share statements, so that most are known.
    """
    return tuple([inner for each in expressions_below(statement) for inner in expressions_at(each)])


def items(node: ast.expr) -> list[ast.expr]:
    """The parts of a tuple, or the one expression that stands for itself."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a string on its own: a docstring, if it is the first."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def body(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function, without its docstring."""
    return function.body[1:] if is_text(function.body[0]) else function.body


def refusal(node: ast.AST) -> Diagnostic:
    """What to say of a node that the language does not have."""
    found, allowed = _ADVICE.get(type(node), (type(node).__name__, "this is not part of the language"))
    return diagnostic(node, found, allowed)


def faults(function: ast.FunctionDef) -> Iterator[Diagnostic]:
    """The faults of shape in a function: nodes outside the language, defaults, annotations, decorators.

    The checker reports the same of the functions it meets; this is for those that are never called.
    """
    yield from header_faults(function)
    pending: list[ast.AST] = list(body(function))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Constant) and not isinstance(node.value, (bool, int, float)):
            yield constant_fault(node)
        elif isinstance(node, (*STATEMENTS, *EXPRESSIONS)):
            if not gives_nothing(node):
                pending.extend(ast.iter_child_nodes(node))
        elif not isinstance(node, (ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context)):
            yield refusal(node)


def gives_nothing(node: ast.AST) -> bool:
    """Whether a node is `return` or `return None`."""
    if not isinstance(node, ast.Return):
        return False
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def constant_fault(node: ast.Constant) -> Diagnostic:
    """What to say of a literal that is no bool, int or float."""
    kind = {str: "a string", bytes: "a bytes literal", type(None): "None", complex: "a complex number"}.get(
        type(node.value), "this literal"
    )
    return diagnostic(node, kind, "values are bools, ints, floats and arrays")


def header_faults(function: ast.FunctionDef) -> Iterator[Diagnostic]:
    """The faults of a function's first line."""
    parameters = function.args
    for decorator in function.decorator_list:
        yield diagnostic(decorator, "a decorator", "remove it")
    if parameters.vararg or parameters.kwarg or parameters.kwonlyargs or parameters.posonlyargs:
        yield diagnostic(function, "a parameter that is not plain", "parameters are a list of names: def f(a, b)")
    for default in [*parameters.defaults, *(d for d in parameters.kw_defaults if d is not None)]:
        yield diagnostic(default, "a default value", "pass every argument in every call")
    for annotation in [function.returns, *(argument.annotation for argument in parameters.args)]:
        if annotation is not None:
            yield diagnostic(annotation, "an annotation", "types are inferred; remove it")
