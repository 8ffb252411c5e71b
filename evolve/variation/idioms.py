"""Small pieces of algorithms that random statements would take long to arrive at: each is typed like any statement."""

from __future__ import annotations

import ast
import copy
from typing import Final

from evolve.variation import nodes
from evolve.variation.signatures import OPERATORS
from evolve.variation.statements import Writer
from primitives.dtypes import DTYPES
from primitives.types import BOOL, FLOAT, INT, Type, array_type, element_type

AGREEING: Final = 0.5
"""How often a sum over another range compares a matrix with a vector, if there are such."""


def accumulate(writer: Writer, among: tuple[Type, ...] = (INT, INT, INT, FLOAT)) -> list[ast.stmt]:
    """A sum over a range: a new variable, and a loop that adds to it, under a condition or not."""
    random = writer.random
    kind = random.choose(among)
    total = writer.fresh_name("v")
    first = nodes.assign(total, nodes.number(0.0 if kind is FLOAT else 0))
    writer.live = writer.live.adding(total, kind)
    counter, bounds = writer.counting()
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    conditional = random.chance(0.4)
    value = (nodes.number(1.0 if kind is FLOAT else 1) if conditional and random.chance(0.5) else None) or _read(
        writer, kind
    )
    op = random.choose(("+", "+", "-") if kind is FLOAT else ("+", "^", "+", "|"))
    step: ast.stmt = nodes.augment(total, OPERATORS[op], value)
    if conditional:
        test = writer.match() if random.chance(0.6) else None
        step = nodes.branch(test or writer.boolean(4), [step])
    writer.live = outer
    writer.result = total
    return [first, nodes.loop(counter, bounds, [step])]


def _read(writer: Writer, kind: Type) -> ast.expr:
    """What a loop reads: elements of arrays, or any expression."""
    random = writer.random
    value = writer.pair(kind) if random.chance(0.6) else None
    if value is None:
        value = writer.read(kind, 3) if random.chance(0.3) else writer.expression(kind, 5)
    return value or nodes.number(0.0 if kind is FLOAT else 0)


def _measured(writer: Writer, kind: Type, counter: str) -> tuple[list[ast.stmt], ast.expr]:
    """What a loop finds for its counter: a sum over another range, or an expression; the statements that it takes."""
    if kind is INT and writer.random.chance(AGREEING):
        agreement = _agreement(writer, counter)
        if agreement is not None:
            return agreement
    if writer.random.chance(0.4):
        return [], _read(writer, kind)
    inner = accumulate(writer, (kind,))
    assert isinstance(inner[0], ast.Assign) and isinstance(inner[0].targets[0], ast.Name)
    return inner, nodes.name(inner[0].targets[0].id)


def _agreement(writer: Writer, counter: str) -> tuple[list[ast.stmt], ast.expr] | None:
    """How well a row or column of a matrix goes with a vector of its length: a sum over both, or how often they agree.

    None if no matrix has an axis over which the counter runs, and another as long as a vector.
    """
    random, dimensions, arrays = writer.random, writer.dimensions, writer.live.names
    ints = [name for name in writer.live.arrays if element_type(arrays[name]) is INT]
    outer = dimensions.of_counter(counter)
    found = [
        (matrix, axis, vector)
        for matrix in ints
        for axis in range(2)
        for vector in ints
        if arrays[matrix].rank == 2 and arrays[vector].rank == 1
        if dimensions.of(matrix, axis) == outer and dimensions.of(matrix, 1 - axis) == dimensions.of(vector, 0)
    ]
    if not found:
        return None
    matrix, axis, vector = random.choose(found)
    total, inner = writer.fresh_name("v"), writer.fresh_name("i")
    indices = [nodes.name(counter), nodes.name(inner)]
    one = nodes.element(nodes.name(matrix), indices if axis == 0 else indices[::-1])
    other = nodes.element(nodes.name(vector), [nodes.name(inner)])
    step: ast.stmt
    if random.chance(0.5):
        step = nodes.branch(nodes.compare(one, ast.Eq, other), [nodes.augment(total, ast.Add, nodes.number(1))])
    else:
        step = nodes.augment(total, ast.Add, nodes.binary(one, OPERATORS[random.choose(("^", "*", "&", "-"))], other))
    loop = nodes.loop(inner, [nodes.axis_length(nodes.name(vector), 0, 1)], [step])
    return [nodes.assign(total, nodes.number(0)), loop], nodes.name(total)


def best(writer: Writer) -> list[ast.stmt]:
    """The counter for which an expression is greatest or least: two new variables, a loop, a comparison."""
    random = writer.random
    kind: Type = FLOAT if random.chance(0.2) else INT
    score, found, which = writer.fresh_name("v"), writer.fresh_name("v"), writer.fresh_name("v")
    greatest = random.chance(0.6)
    start = nodes.number((-1.0 if greatest else 1e9) if kind is FLOAT else (-1 if greatest else 2**30))
    opening = [nodes.assign(score, start), nodes.assign(which, nodes.number(0))]
    writer.live = writer.live.adding(score, kind).adding(which, INT)
    counter, bounds = writer.counting()
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    inner, value = _measured(writer, kind, counter)
    writer.live = outer
    test = nodes.compare(nodes.name(found), ast.Gt if greatest else ast.Lt, nodes.name(score))
    update: list[ast.stmt] = [nodes.assign(score, nodes.name(found)), nodes.assign(which, nodes.name(counter))]
    writer.result = which if random.chance(0.8) else score
    body = [*inner, nodes.assign(found, value), nodes.branch(test, update)]
    return [*opening, nodes.loop(counter, bounds, body)]


def table(writer: Writer) -> list[ast.stmt]:
    """A new array, and a loop that writes into it at places that data or the counter give."""
    random = writer.random
    dtype = random.choose(("u1", "i8", "i8", "i4", "f8"))
    name = writer.fresh_name("v")
    array = nodes.assign(name, nodes.call("zeros", writer.size(), nodes.name(dtype)))
    counter, bounds = writer.counting()
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
    writer.result = name
    return [array, nodes.loop(counter, bounds, [step])]


def profile(writer: Writer) -> list[ast.stmt]:
    """A new array with a place for every value of a counter, and in each what a loop finds for it."""
    kind: Type = FLOAT if writer.random.chance(0.3) else INT
    dtype = "f8" if kind is FLOAT else "i8"
    name = writer.fresh_name("v")
    counter, bounds = writer.counting()
    places = nodes.call("zeros", copy.deepcopy(bounds[-1]) if len(bounds) < 3 else writer.size(), nodes.name(dtype))
    array = nodes.assign(name, places)
    writer.dimensions.allocate(name, places)
    outer = writer.live
    writer.live = outer.adding(counter, INT, control=True, counter=True)
    inner, value = _measured(writer, kind, counter)
    step = nodes.assign(nodes.element(nodes.name(name), [nodes.name(counter)], nodes.STORE), value)
    writer.live = outer.adding(name, array_type(DTYPES[dtype], 1))
    writer.result = name
    return [array, nodes.loop(counter, bounds, [*inner, step])]


def exists(writer: Writer) -> list[ast.stmt]:
    """Whether something holds for all of a range: a new bool that a loop turns off when it finds a counterexample."""
    flag = writer.fresh_name("v")
    counter, bounds = writer.counting()
    outer = writer.live
    writer.live = outer.adding(flag, BOOL).adding(counter, INT, control=True, counter=True)
    test = (writer.match() if writer.random.chance(0.8) else None) or writer.boolean(6)
    writer.live = outer.adding(flag, BOOL)
    writer.result = flag
    body: list[ast.stmt] = [nodes.assign(flag, nodes.number(False))]
    if not writer.scope.inspected.pinned and writer.random.chance(0.7):
        body.append(ast.Break(lineno=1))
    return [nodes.assign(flag, nodes.number(True)), nodes.loop(counter, bounds, [nodes.branch(test, body)])]


IDIOMS = (accumulate, best, table, profile, exists)
"""What `insert idiom` draws from."""
