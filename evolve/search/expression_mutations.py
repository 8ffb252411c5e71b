"""Mutations of expressions: constants, operators, names, element types, bounds of loops, operands."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

from evolve.search.tree import Site, replaced, sites, variables, with_fields, with_imports
from primitives.dtypes import DTYPE_NAMES
from primitives.syntax import BINARY, COMPARE

Item = TypeVar("Item")

_FAMILIES: Final[tuple[tuple[type[ast.operator], ...], ...]] = (
    (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift),
)
"""Operators that are exchanged for one another more often than for others."""


def drawn(items: Sequence[Item], generator: np.random.Generator) -> Item | None:
    """One of the items at random, None if there are none."""
    return items[int(generator.integers(len(items)))] if items else None


def perturb_constant(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """Another number for a literal number."""
    site = drawn([each for each in sites(tree) if _is_number(each.node)], generator)
    if site is None:
        return None
    assert isinstance(site.node, ast.Constant)
    value = site.node.value
    if isinstance(value, float):
        new = value * float(np.exp(generator.normal())) if value else float(generator.normal())
        return replaced(tree, site.path, _number(new))
    assert isinstance(value, int)
    choices = [value + 1, value - 1, value * 2, value // 2, int(generator.integers(0, 9))]
    other = drawn([each for each in choices if each != value and abs(each) < 2**62], generator)
    return None if other is None else replaced(tree, site.path, _number(other))


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _number(value: float) -> ast.expr:
    """A literal; a negative one is a minus before a positive one, as in Python's own trees."""
    constant = ast.Constant(abs(value))
    return ast.UnaryOp(ast.USub(), constant) if value < 0 else constant


def change_operator(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """Another operator in an arithmetic or bitwise operation, an assignment with one, or a comparison."""
    kinds_of_nodes = (ast.BinOp, ast.AugAssign, ast.Compare)
    site = drawn([each for each in sites(tree) if isinstance(each.node, kinds_of_nodes)], generator)
    if site is None:
        return None
    if isinstance(site.node, ast.Compare):
        others = [kind for kind in COMPARE if not isinstance(site.node.ops[0], kind)]
        comparison = drawn(others, generator)
        assert comparison is not None
        return replaced(tree, site.path, with_fields(site.node, ops=[comparison()]))
    assert isinstance(site.node, ast.BinOp | ast.AugAssign)
    old = type(site.node.op)
    family = next((each for each in _FAMILIES if old in each), ())
    kinds = family if family and generator.random() < 0.7 else tuple(BINARY)
    kind = drawn([each for each in kinds if each is not old], generator)
    assert kind is not None
    return replaced(tree, site.path, with_fields(site.node, op=kind()))


def replace_name(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """Another variable of the same function where one is used."""
    names = variables(tree)
    used = [site for site in sites(tree) if _is_use(site, names)]
    site = drawn(used, generator)
    if site is None:
        return None
    assert isinstance(site.node, ast.Name)
    old = site.node.id
    name = drawn([each for each in names[site.function] if each != old], generator)
    return None if name is None else replaced(tree, site.path, with_fields(site.node, id=name))


def _is_use(site: Site, names: dict[int, list[str]]) -> bool:
    node = site.node
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names[site.function]


def change_element_type(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """A wider or narrower element type where one is named."""
    named = [each for each in sites(tree) if isinstance(each.node, ast.Name) and each.node.id in DTYPE_NAMES]
    site = drawn(named, generator)
    if site is None:
        return None
    assert isinstance(site.node, ast.Name)
    old = site.node.id
    name = drawn([each for each in DTYPE_NAMES if each != old], generator)
    return with_imports(replaced(tree, site.path, with_fields(site.node, id=name)))


def shrink_bound(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """Fewer rounds of a loop: an earlier end, a later start, or at most a few."""
    site = drawn([each for each in sites(tree) if _is_range(each.node)], generator)
    if site is None:
        return None
    assert isinstance(site.node, ast.Call)
    arguments = list(site.node.args)
    end = 1 if len(arguments) > 1 else 0
    choice = int(generator.integers(4))
    if choice == 0:
        arguments[end] = ast.BinOp(arguments[end], ast.Sub(), _number(1))
    elif choice == 1:
        arguments[end] = ast.BinOp(arguments[end], ast.FloorDiv(), _number(2))
    elif choice == 2:
        most = _number(int(2 ** generator.integers(1, 8)))
        minimum = ast.Name("min", ast.Load())
        arguments[end] = ast.Call(minimum, [arguments[end], most], [])
    elif len(arguments) == 1:
        arguments.insert(0, _number(1))
    else:
        arguments[0] = ast.BinOp(arguments[0], ast.Add(), _number(1))
    return replaced(tree, site.path, with_fields(site.node, args=arguments))


def _is_range(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def hoist_operand(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """One operand in place of an operation, comparison or call."""
    choices = [(site, operand) for site in sites(tree) for operand in _operands(site.node)]
    choice = drawn(choices, generator)
    if choice is None:
        return None
    site, operand = choice
    return replaced(tree, site.path, operand)


def _operands(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Call) and not _is_range(node):
        yield from node.args


def grow_expression(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """An operation on a scalar and another value, or an element of an array, in place of an expression."""
    names = variables(tree)
    places = [site for site in sites(tree) if isinstance(site.node, ast.Constant | ast.BinOp) or _is_use(site, names)]
    site = drawn(places, generator)
    if site is None:
        return None
    assert isinstance(site.node, ast.expr)
    operand = random_operand(names[site.function], generator)
    choice = generator.random()
    if choice < 0.4:
        new: ast.expr = operand
    elif choice < 0.8:
        kind = drawn(tuple(BINARY), generator)
        assert kind is not None
        new = ast.BinOp(site.node, kind(), operand)
    else:
        new = ast.Subscript(site.node, operand, ast.Load())
    return replaced(tree, site.path, new)


def random_operand(names: list[str], generator: np.random.Generator) -> ast.expr:
    """A variable, an element indexed by one or two variables, a length, or a small number."""
    picks = [ast.Name(str(generator.choice(names)), ast.Load()) for _ in range(3)]
    choice = int(generator.integers(5))
    if choice == 0:
        return _number(int(generator.integers(0, 3)))
    if choice == 1:
        length = ast.Name("len", ast.Load())
        return ast.Call(length, [picks[0]], [])
    if choice == 2:
        return ast.Subscript(picks[0], picks[1], ast.Load())
    if choice == 3:
        pair = ast.Tuple([picks[1], picks[2]], ast.Load())
        return ast.Subscript(picks[0], pair, ast.Load())
    return picks[0]
