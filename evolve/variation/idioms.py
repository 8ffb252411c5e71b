"""Small pieces of algorithms that random statements would take long to arrive at: each is typed like any statement."""

from __future__ import annotations

import ast

from evolve.variation import nodes
from evolve.variation.signatures import OPERATORS
from evolve.variation.statements import Writer
from primitives.dtypes import DTYPES
from primitives.types import BOOL, FLOAT, INT, Type, array_type


def accumulate(writer: Writer, among: tuple[Type, ...] = (INT, INT, INT, FLOAT)) -> list[ast.stmt]:
    """A sum over a range: a new variable, and a loop that adds to it, under a condition or not."""
    random = writer.random
    kind = random.choose(among)
    total = writer.fresh_name("v")
    first = nodes.assign(total, nodes.number(0.0 if kind is FLOAT else 0))
    writer.live = writer.live.adding(total, kind)
    counter, bounds = writer.fresh_name("i"), writer.bounds()
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    value = writer.read(kind, 3) if random.chance(0.6) else None
    if value is None:
        value = writer.expression(kind, 5)
    assert value is not None
    op = random.choose(("+", "+", "-") if kind is FLOAT else ("+", "^", "+", "|"))
    step: ast.stmt = nodes.augment(total, OPERATORS[op], value)
    if random.chance(0.4):
        step = nodes.branch(writer.boolean(4), [step])
    writer.live = outer
    return [first, nodes.loop(counter, bounds, [step])]


def best(writer: Writer) -> list[ast.stmt]:
    """The counter for which an expression is greatest or least: two new variables, a loop, a comparison."""
    random = writer.random
    kind: Type = FLOAT if random.chance(0.2) else INT
    score, found, which = writer.fresh_name("v"), writer.fresh_name("v"), writer.fresh_name("v")
    greatest = random.chance(0.6)
    start = nodes.number((-1.0 if greatest else 1e9) if kind is FLOAT else (-1 if greatest else 2**30))
    opening = [nodes.assign(score, start), nodes.assign(which, nodes.number(0))]
    writer.live = writer.live.adding(score, kind).adding(which, INT)
    counter, bounds = writer.fresh_name("i"), writer.bounds()
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    inner = accumulate(writer, (kind,)) if random.chance(0.5) else []
    if inner:
        assert isinstance(inner[0], ast.Assign) and isinstance(inner[0].targets[0], ast.Name)
        value: ast.expr | None = nodes.name(inner[0].targets[0].id)
    else:
        value = writer.read(kind, 3) or writer.expression(kind, 5)
    assert value is not None
    writer.live = outer
    test = nodes.compare(nodes.name(found), ast.Gt if greatest else ast.Lt, nodes.name(score))
    update: list[ast.stmt] = [nodes.assign(score, nodes.name(found)), nodes.assign(which, nodes.name(counter))]
    body = [*inner, nodes.assign(found, value), nodes.branch(test, update)]
    return [*opening, nodes.loop(counter, bounds, body)]


def table(writer: Writer) -> list[ast.stmt]:
    """A new array, and a loop that writes into it at places that data or the counter give."""
    random = writer.random
    dtype = random.choose(("u1", "i8", "i8", "i4", "f8"))
    name = writer.fresh_name("v")
    array = nodes.assign(name, nodes.call("zeros", writer.size(), nodes.name(dtype)))
    counter, bounds = writer.fresh_name("i"), writer.bounds()
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    place = (writer.read(INT, 3) if random.chance(0.6) else None) or writer.index(4)
    where = nodes.element(nodes.name(name), [place], nodes.STORE)
    step: ast.stmt
    if random.chance(0.5):
        step = nodes.augment(where, ast.Add, nodes.number(1))
    else:
        step = nodes.assign(where, writer.integer(4))
    writer.live = outer.adding(name, array_type(DTYPES[dtype], 1))
    return [array, nodes.loop(counter, bounds, [step])]


def exists(writer: Writer) -> list[ast.stmt]:
    """Whether something holds for all of a range: a new bool that a loop turns off when it finds a counterexample."""
    flag, counter = writer.fresh_name("v"), writer.fresh_name("i")
    bounds = writer.bounds()
    outer = writer.live
    writer.live = outer.adding(flag, BOOL).adding(counter, INT, control=True, counter=True)
    test = writer.boolean(6)
    writer.live = outer.adding(flag, BOOL)
    body: list[ast.stmt] = [nodes.assign(flag, nodes.number(False))]
    if not writer.scope.inspected.pinned and writer.random.chance(0.7):
        body.append(ast.Break(lineno=1))
    return [nodes.assign(flag, nodes.number(True)), nodes.loop(counter, bounds, [nodes.branch(test, body)])]


IDIOMS = (accumulate, best, table, exists)
"""What `insert idiom` draws from."""
