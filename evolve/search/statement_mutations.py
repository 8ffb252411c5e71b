"""Mutations of statements: their order, deleting, copying, wrapping and unwrapping them."""

from __future__ import annotations

import ast

import numpy as np

from evolve.search.expression_mutations import drawn, random_operand
from evolve.search.tree import Block, Site, blocks, fresh, replaced, sites, variables, with_statements
from primitives.syntax import COMPARE


def _places(block: Block) -> range:
    """The positions of a block's statements, without a docstring."""
    first = block.statements[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return range(int(docstring), len(block.statements))


def swap(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """Two neighbouring statements change places."""
    choice = drawn([(block, place) for block in blocks(tree) for place in _places(block)[:-1]], generator)
    if choice is None:
        return None
    block, place = choice
    statements = list(block.statements)
    statements[place], statements[place + 1] = statements[place + 1], statements[place]
    return with_statements(tree, block, statements)


def delete(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """A statement goes."""
    choice = drawn([(block, place) for block in blocks(tree) for place in _places(block)], generator)
    if choice is None:
        return None
    block, place = choice
    return with_statements(tree, block, [*block.statements[:place], *block.statements[place + 1 :]])


def copy(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """A copy of a statement is put somewhere else in the same function."""
    statements = [site for site in sites(tree) if isinstance(site.node, ast.stmt)]
    source = drawn([site for site in statements if not isinstance(site.node, ast.Return)], generator)
    if source is None:
        return None
    assert isinstance(source.node, ast.stmt)
    targets = [block for block in blocks(tree) if block.owner.function == source.function]
    places = [(block, place) for block in targets for place in (*_places(block), len(block.statements))]
    choice = drawn(places, generator)
    assert choice is not None
    block, place = choice
    return with_statements(tree, block, [*block.statements[:place], fresh(source.node), *block.statements[place:]])


def unwrap(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """The body, or the other branch, of an `if` or a loop takes its place."""
    compound = (ast.If, ast.For, ast.While)
    choice = drawn(
        [
            (block, place, statements)
            for block in blocks(tree)
            for place in _places(block)
            if isinstance(node := block.statements[place], compound)
            for statements in (node.body, node.orelse)
            if statements
        ],
        generator,
    )
    if choice is None:
        return None
    block, place, statements = choice
    return with_statements(tree, block, [*block.statements[:place], *statements, *block.statements[place + 1 :]])


def wrap(tree: ast.Module, generator: np.random.Generator) -> ast.Module | None:
    """A statement is put into a loop over the length of something, or under a condition."""
    site = drawn([site for site in sites(tree) if isinstance(site.node, ast.stmt)], generator)
    if site is None:
        return None
    return replaced(tree, site.path, _wrapped(site, variables(tree)[site.function], generator))


def _wrapped(site: Site, names: list[str], generator: np.random.Generator) -> ast.stmt:
    assert isinstance(site.node, ast.stmt)
    body = [site.node]
    if generator.random() < 0.5:
        comparison = drawn(tuple(COMPARE), generator)
        assert comparison is not None
        left, right = random_operand(names, generator), random_operand(names, generator)
        return ast.If(ast.Compare(left, [comparison()], [right]), body, [], lineno=1)
    counter = next(name for number in range(1000) if (name := f"i{number}") not in names)
    over = ast.Name(str(generator.choice(names)), ast.Load())
    length = ast.Call(ast.Name("len", ast.Load()), [over], [])
    bound = ast.Call(ast.Name("range", ast.Load()), [length], [])
    target = ast.Name(counter, ast.Store())
    return ast.For(target, bound, body, [], lineno=1)
