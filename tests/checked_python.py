"""Python with 64-bit ints and finite floats: operators become calls that fail where the machine does.

The same is done to the definitions of the primitives that the program calls. Running it is tests.cpython's.
"""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from primitives import elementwise
from primitives.array import Array
from primitives.catalogue import CATALOGUE, Primitive
from primitives.dispatch import dispatcher
from primitives.dtypes import DTYPES, i8
from primitives.failures import DomainFailure, NotFiniteFailure, OverflowFailure

TICKS = 300_000
"""Rounds of loops and calls after which a run is given up."""

_EXACT = 2**53


class OutOfTicks(Exception):
    """A run takes too long."""


# The rewriting of operators

_TICK = "<tick>"  # names that no program can have
_BINARY, _COMPARE, _UNARY, _UPDATE, _UPDATE_ITEM = "<binary>", "<compare>", "<unary>", "<update>", "<update item>"
_SYMBOLS = {
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
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
}


def checked(tree: ast.Module) -> ast.Module:
    """The module with checked operators; changes `tree`. It runs in a namespace that starts as `vocabulary()`."""
    return ast.fix_missing_locations(_Rewriter().visit(tree))


class _Rewriter(ast.NodeTransformer):
    """Makes every operator a call, which keeps Python's order of evaluation, and counts rounds."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return _call(node, _BINARY, _text(node.op), node.left, node.right)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return _call(node, _COMPARE, _text(node.ops[0]), node.left, node.comparators[0])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return node  # a literal
        self.generic_visit(node)
        return node if isinstance(node.op, ast.Not) else _call(node, _UNARY, _text(node.op), node.operand)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            old = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            value = _call(node, _UPDATE, _text(node.op), old, node.value)
            return ast.copy_location(ast.Assign([node.target], value), node)
        assert isinstance(node.target, ast.Subscript)
        parts = (node.target.value, _index(node.target.slice))
        later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), node.value)
        return ast.copy_location(ast.Expr(_call(node, _UPDATE_ITEM, _text(node.op), *parts, later)), node)

    def visit_For(self, node: ast.For) -> ast.stmt:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_call(node, _TICK)), node))
        return node

    def visit_While(self, node: ast.While) -> ast.stmt:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_call(node, _TICK)), node))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_call(node, _TICK)), node))
        return node


def _text(op: ast.AST) -> ast.Constant:
    return ast.Constant(_SYMBOLS[type(op)])


def _call(node: ast.AST, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), list(arguments), []), node)


def _index(part: ast.expr) -> ast.expr:
    """What stands between brackets, as an expression of its own."""
    if isinstance(part, ast.Slice):
        bounds = [bound or ast.Constant(None) for bound in (part.lower, part.upper, part.step)]
        return ast.copy_location(ast.Call(ast.Name("<slice>", ast.Load()), bounds, []), part)
    if isinstance(part, ast.Tuple):
        part.elts = [_index(item) for item in part.elts]
    return part


# Checked operators

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def _number(x: Any) -> Any:
    """A scalar result, which has to fit."""
    if isinstance(x, complex) or (isinstance(x, float) and not math.isfinite(x)):
        raise NotFiniteFailure(repr(x))
    if isinstance(x, int) and not i8.min <= x <= i8.max:
        raise OverflowFailure(repr(x))
    return x


def _require_exact(*numbers: float) -> None:
    for x in numbers:
        if isinstance(x, int) and abs(x) > _EXACT:
            raise OverflowFailure(f"{x} is no float")


def _binary(op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Array) or isinstance(b, Array):
        kinds = [str(x.rank) if isinstance(x, Array) else "s" for x in (a, b)]
        dtypes = [x.dtype if isinstance(x, Array) else None for x in (a, b)]
        dtype = elementwise.result_dtype(op, *dtypes, isinstance(a, float) or isinstance(b, float))
        return _definition(*elementwise.definition(op, *kinds, dtype))(a, b)
    floats = isinstance(a, float) or isinstance(b, float)
    if not floats:
        if op == "/":
            _require_exact(a, b)
        if op in ("**", "<<"):
            return _number(_grown(op, a, b))
    try:
        result = _OPERATORS[op](a, b)
    except OverflowError:  # only floats raise it
        raise NotFiniteFailure(f"{a} {op} {b}") from None
    return _number(result)


def _grown(op: str, a: int, b: int) -> int:
    """a ** b or a << b of ints, without making a huge int first."""
    if b < 0 and not (op == "**" and a == 0):
        raise DomainFailure(f"{a} {op} {b}")
    if op == "**" and b > 64 and abs(a) > 1:
        return 2**64
    if op == "**" and b > 64:
        b = 64 + b % 2
    if op == "<<" and b > 64:
        return 2**64 if a else 0
    return int(_OPERATORS[op](a, b))


def _compare(op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Array) or isinstance(b, Array):
        return _binary(op, a, b)
    if isinstance(a, float) or isinstance(b, float):
        _require_exact(a, b)
    return _OPERATORS[op](a, b)


def _unary(op: str, a: Any) -> Any:
    if isinstance(a, Array):
        return _definition(*elementwise.unary_definition(op, a.rank, elementwise.unary_dtype(op, a.dtype)))(a)
    return _number({"-": operator.neg, "+": operator.pos, "~": operator.invert}[op](a))


def _update(op: str, a: Any, b: Any) -> Any:
    if not isinstance(a, Array):
        return _binary(op, a, b)
    right = str(b.rank) if isinstance(b, Array) else "s"
    _definition(*elementwise.inplace_definition(op, a.rank, right))(a, b)
    return a


def _update_item(op: str, a: Array, index: Any, value: Callable[[], Any]) -> None:
    old = a[index]
    new = _update(op, old, value())
    if not isinstance(old, Array):
        a[index] = new


# What a checked program finds in its module


def _clock() -> Callable[[], None]:
    ticks = iter(range(TICKS))

    def tick() -> None:
        if next(ticks, None) is None:
            raise OutOfTicks

    return tick


def vocabulary() -> dict[str, Any]:
    """A namespace for one run: checked operators, builtins and primitives, and a count of rounds."""
    return {**_vocabulary(), _TICK: _clock()}


@cache
def _vocabulary() -> dict[str, Any]:
    """Checked operators, builtins and primitives."""
    names: dict[str, Any] = {
        _BINARY: _binary,
        _COMPARE: _compare,
        _UNARY: _unary,
        _UPDATE: _update,
        _UPDATE_ITEM: _update_item,
        _TICK: lambda: None,
        "<slice>": slice,
    }
    names |= DTYPES
    names |= {name: _primitive(entry) for name, entry in CATALOGUE.items()}
    names |= {"int": _int, "abs": _checked_abs}
    return names


def _int(x: float) -> int:
    return int(_number(int(x)))


def _checked_abs(x: Any) -> Any:
    if isinstance(x, Array):
        return _definition(*elementwise.function_definition("abs", x.rank, "number_dtype_of(a)"))(x)
    return _number(builtins.abs(x))


def _primitive(entry: Primitive) -> Callable[..., Any]:
    if any(overload.kind == "special" for overload in entry.overloads):
        return entry.cpython
    if entry.name in ("floor", "ceil"):
        plain = _rounding(entry.cpython)
    else:
        plain = entry.cpython
    choices = {}
    for overload in entry.overloads:
        if overload.kind == "operation":
            choices[overload.ranks] = lambda: plain
        else:
            choices[overload.ranks] = lambda o=overload: _definition(o.source, o.function)
    return dispatcher(entry.signature, choices)


def _rounding(function: Callable[[float], int]) -> Callable[[float], int]:
    def checked(x: float) -> int:
        _require_exact(x)
        return function(x)

    return checked


@cache
def _definition(source: str, name: str) -> Callable[..., Any]:
    """The function of a definition's text, checked."""
    namespace = dict(_vocabulary())
    exec(compile(checked(ast.parse(source)), f"<definition of {name}>", "exec"), namespace)
    return namespace[name]
