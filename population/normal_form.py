"""The normal form of a program: what it does, without dead code, names and other accidents of its text; and its key.

Two programs with one key give the same answers, whenever they end with the status `ok`, at the same cost after their
dead code is removed: only such operands change places of which one is a literal, which is read for free.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from population.dead_code import LEARNER, called_in, entries_of, names_in, without_dead_code
from primitives import syntax
from primitives.catalogue import CATALOGUE
from primitives.dtypes import DTYPES
from primitives.parser import BUILTINS

_FIXED: Final = frozenset({*CATALOGUE, *DTYPES, *BUILTINS})
"""Names that mean the same in every program."""

_COMMUTATIVE: Final = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
_LEFT_OUT: Final = ("ctx", "kind", "type_comment", "keywords")
_MIRRORED: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "Gt",
    ast.Gt: "Lt",
    ast.LtE: "GtE",
    ast.GtE: "LtE",
    ast.Eq: "Eq",
    ast.NotEq: "NotEq",
}


def normal_form_key(tree: ast.Module, entries: Sequence[str] = LEARNER) -> str:
    """A hash that is the same for programs of the same normal form.

    Args:
        tree: a program in the language.
        entries: the functions that are called from outside.
    """
    return hashlib.sha256(normal_form(tree, entries).encode()).hexdigest()[:16]


def normal_form(tree: ast.Module, entries: Sequence[str] = LEARNER) -> str:
    """A text of a program without its dead code: functions in the order of their calls, variables as numbers."""
    entries = entries_of(tree, entries)
    cleaned = without_dead_code(tree, entries)
    functions = {node.name: node for node in cleaned.body if isinstance(node, ast.FunctionDef)}
    constants = {
        node.targets[0].id: ast.dump(node.value)
        for node in cleaned.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    names = constants | {name: name for name in entries}
    order = [name for name in entries if name in functions]
    for name in order:
        for called in called_in(functions[name]):
            if called in functions and called not in names:
                names[called] = f"f{len(order)}"
                order.append(called)
    outside = frozenset(names)
    texts = []
    for name in order:
        pieces = _numbered(functions[name], outside & names_in(functions[name]))
        texts.append(names[name])
        texts += [names[each[1:]] if each[0] == "@" else each for each in pieces]
        texts.append("\n")
    return "".join(texts[:-1])


@lru_cache(maxsize=4096)
def _numbered(function: ast.FunctionDef, outside: frozenset[str]) -> tuple[str, ...]:
    """The text of a function in pieces, its variables numbered by their first occurrence.

    Each name in `outside`, of functions and constants of the program, is a piece of its own, after an @.
    """
    numbers = {argument.arg: f"v{index}" for index, argument in enumerate(function.args.args)}
    numbers |= {name: "@" + name for name in outside if name not in numbers}
    texts = [f"({len(function.args.args)})"]
    for statement in syntax.body(function):
        for piece in _pieces(statement):
            if piece[0] == "@":
                known = numbers.get(piece)
                if known is None:
                    name = piece[1:]
                    known = numbers[piece] = numbers.get(name) or f"v{len(numbers)}"
                texts.append(known)
            else:
                texts.append(piece)
    return _joined(texts)


@lru_cache(maxsize=1 << 15)
def _pieces(statement: ast.stmt) -> tuple[str, ...]:
    """The text of a statement in pieces; each name of the program is one, after an @.

    Programs share statements with their parents, so that the pieces of most are known.
    """
    written: list[str] = []
    _write_node(statement, written)
    return _joined(written)


def _joined(pieces: list[str]) -> tuple[str, ...]:
    """Pieces, with what stands between two names put together."""
    joined: list[str] = []
    between: list[str] = []
    for piece in pieces:
        if piece[0] == "@":
            if between:
                joined.append("".join(between))
                between = []
            joined.append(piece)
        else:
            between.append(piece)
    return (*joined, "".join(between)) if between else tuple(joined)


def _write(node: object, pieces: list[str]) -> None:
    """Append the text of a field of a node."""
    kind = node.__class__
    if kind is ast.Name:
        name = node.id  # type: ignore[attr-defined]
        pieces.append(name if name in _FIXED else "@" + name)
    elif kind is ast.Constant:
        pieces.append(f"Constant({node.value!r})")  # type: ignore[attr-defined]
    elif kind is list:
        for item in node:  # type: ignore[attr-defined]
            _write(item, pieces)
        pieces.append("]")
    elif isinstance(node, ast.stmt):
        pieces += _pieces(node)
    elif isinstance(node, ast.AST):
        _write_node(node, pieces)
    else:
        pieces.append(repr(node))


def _write_node(node: ast.AST, pieces: list[str]) -> None:
    """Append the text of a node: its type and fields."""
    kind = node.__class__
    layout = _LAYOUTS.get(kind) or _layout(kind)
    pieces.append(layout[0])
    if kind is ast.Compare:
        left, right = node.left, node.comparators[0]  # type: ignore[attr-defined]
        operator = node.ops[0].__class__  # type: ignore[attr-defined]
        if _before(left, right):
            left, right = right, left
            pieces.append(_MIRRORED[operator])
        else:
            pieces.append(operator.__name__)
        _write(left, pieces)
        _write(right, pieces)
    elif kind is ast.BinOp:
        left, right, operator = node.left, node.right, node.op.__class__  # type: ignore[attr-defined]
        if operator in _COMMUTATIVE and _before(left, right):
            left, right = right, left
        pieces.append(operator.__name__)
        _write(left, pieces)
        _write(right, pieces)
    else:
        known = node.__dict__
        for field in layout[1]:
            _write(known.get(field), pieces)
    pieces.append(")")


_LAYOUTS: Final[dict[type[ast.AST], tuple[str, tuple[str, ...]]]] = {}
"""How each sort of node begins, and its fields that mean something: as they are met."""


def _layout(kind: type[ast.AST]) -> tuple[str, tuple[str, ...]]:
    layout = kind.__name__ + "(", tuple(field for field in kind._fields if field not in _LEFT_OUT)
    _LAYOUTS[kind] = layout
    return layout


def _before(left: ast.expr, right: ast.expr) -> bool:
    """Whether two operands change places: a literal comes second."""
    return syntax.literal(left) is not None and syntax.literal(right) is None
