"""Operators on how values are stored: element types of arrays, bits packed into ints and unpacked again."""

from __future__ import annotations

import ast
from functools import partial

from evolve.variation import nodes
from evolve.variation.context import Context
from evolve.variation.random import Random
from evolve.variation.scope import Scope, Site
from evolve.variation.tree import below, fresh, loaded, rebuilt
from evolve.variation.variables import block_of
from primitives import syntax
from primitives.dtypes import DTYPES
from primitives.types import INT

_ALLOCATIONS = ("zeros", "full", "array", "astype")


def _named_types(scope: Scope, variable: str) -> list[ast.Name]:
    """The names of element types in all assignments to an array variable; none if one of these is something else."""
    found = []
    for spot in scope.spots:
        node = spot.node
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == variable:
            value = node.value
            named = [each for each in below(value) if isinstance(each, ast.Name) and each.id in DTYPES]
            if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name) or not named:
                return []
            if value.func.id not in _ALLOCATIONS or named[-1] is not value.args[-1]:
                return []
            found.append(named[-1])
    return found


def change_element_type(context: Context, random: Random) -> ast.Module | None:
    """A wider or narrower element type of an array, ints for ints and floats for floats, wherever it is allocated."""
    for scope in context.shuffled_scopes(random):
        arrays = [name for name, kind in scope.types.items() if kind.rank > 0 and not kind.readonly]
        choices = [(name, named) for name in arrays if (named := _named_types(scope, name))]
        if not choices:
            continue
        _, named = random.choose(choices)
        old = DTYPES[named[0].id]
        others = [each.name for each in DTYPES.values() if each is not old and each.is_float == old.is_float]
        new = random.choose(others)
        function = rebuilt(scope.node, partial(_renaming, {id(each): new for each in named}))
        return context.with_functions({scope.index: function})
    return None


def _renaming(names: dict[int, str], node: ast.AST) -> ast.AST | None:
    """Another name for some nodes, by their identity."""
    return nodes.name(names[id(node)]) if id(node) in names else None


def pack_bits(context: Context, random: Random) -> ast.Module | None:
    """The bits of an int array packed into ints by `pack` or `pack_rows`, and read from there where an element was."""
    if not (context.offers("pack") and context.offers("pack_rows")):
        return None

    def wanted(scope: Scope, site: Site) -> bool:
        node = site.node
        if site.type is not INT or not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return False
        kind = scope.types.get(node.value.id)
        return kind is not None and kind.rank == len(syntax.subscripts(node)) and site.place.assigned >= 0

    found = context.site(random, wanted)
    if found is None:
        return None
    scope, site = found
    node = site.node
    assert isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
    array, indices = node.value.id, syntax.subscripts(node)
    name = context.unused("v")
    primitive = "pack" if len(indices) == 1 else "pack_rows"
    word: ast.expr = nodes.name(name)
    if len(indices) == 2:
        word = nodes.element(word, [indices[0]])
    bit = nodes.binary(nodes.binary(word, ast.RShift, indices[-1]), ast.BitAnd, nodes.number(1))
    return _with_variable_before(context, scope, site, array, name, nodes.call(primitive, nodes.name(array)), bit)


def _with_variable_before(
    context: Context, scope: Scope, site: Site, source: str, name: str, value: ast.expr, new: ast.expr
) -> ast.Module:
    """A child with a new expression at a site, and a variable for it assigned as far out as `source` can be read."""
    outermost = site.statement
    for loop in reversed(site.loops):
        if source not in scope.live(scope.inspected.before[loop]).names:
            break
        outermost = loop
    block, position = block_of(scope, outermost)
    statements = list(block.statements)
    statements[position] = rebuilt(outermost, lambda node: new if node is site.node else None)
    statements.insert(position, nodes.assign(name, value))
    return context.with_block(scope, block, statements[block.first :])


def unpack_bits(context: Context, random: Random) -> ast.Module | None:
    """Bits of an int are read from an array of them that `unpack` makes, where a bit was shifted out."""
    if not context.offers("unpack"):
        return None

    def wanted(scope: Scope, site: Site) -> bool:
        return _bit_of(site.node) is not None and site.place.assigned >= 0

    found = context.site(random, wanted)
    if found is None:
        return None
    scope, site = found
    parts = _bit_of(site.node)
    assert parts is not None
    word, index = parts
    name = context.unused("v")
    element = nodes.element(nodes.name(name), [index])
    value = nodes.call("unpack", fresh(word), nodes.number(random.choose((8, 16, 32, 63))))
    block, position = block_of(scope, site.statement)
    statements = list(block.statements)
    statements[position] = rebuilt(site.statement, lambda node: element if node is site.node else None)
    if not loaded(word) & scope.names <= scope.live(site.place).names.keys():
        return None
    statements.insert(position, nodes.assign(name, value))
    return context.with_block(scope, block, statements[block.first :])


def _bit_of(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The word and the index of `word >> index & 1`."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd)):
        return None
    if not (isinstance(node.right, ast.Constant) and node.right.value == 1):
        return None
    shifted = node.left
    if isinstance(shifted, ast.BinOp) and isinstance(shifted.op, ast.RShift):
        return shifted.left, shifted.right
    return None
