"""Which axes of arrays have the same length, as far as the source and the contract say so.

A dimension is a name for such a length. The rows of a learner's `x` are as many as its classes `y`, its columns as many
as the elements of a query; an array that is allocated with the length of another shares its dimension.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

LEARNER: Final[dict[str, dict[int, tuple[str, ...]]]] = {
    "fit": {0: ("row", "column"), 1: ("row",)},
    "predict": {-1: ("column",)},
}
"""The dimensions of the parameters of a learner's functions, by position."""


class Dimensions:
    """The dimensions of a function's arrays, and over which its counters run."""

    def __init__(self, known: dict[tuple[str, int], str], counters: dict[str, str]):
        self._known = known
        self._counters = counters

    def copy(self) -> Dimensions:
        """The same, to add to."""
        return Dimensions(dict(self._known), dict(self._counters))

    def of(self, name: str, axis: int) -> str:
        """The dimension of an axis of an array."""
        return self._known.get((name, axis)) or f"{name}.{axis}"

    def of_counter(self, name: str) -> str | None:
        """The dimension over which a counter runs, if the source says so."""
        return self._counters.get(name)

    def of_length(self, node: ast.expr) -> str | None:
        """The dimension whose length an expression is: `len(a)` or `a.shape[1]`; None for others."""
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                return self.of(name, 0)
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=ast.Constant(value=int(axis))
            ):
                return self.of(name, axis)
        return None

    def count(self, counter: str, bounds: list[ast.expr]) -> None:
        """Take note of a counter and the arguments of its range."""
        dimension = self.of_length(bounds[0] if len(bounds) == 1 else bounds[1])
        if dimension is not None:
            self._counters[counter] = dimension

    def allocate(self, name: str, call: ast.expr) -> None:
        """Take note of an array that is allocated with the lengths of others."""
        match call:
            case ast.Call(func=ast.Name(id="zeros" | "full"), args=[shape, *_]):
                for axis, length in enumerate(shape.elts if isinstance(shape, ast.Tuple) else [shape]):
                    dimension = self.of_length(length)
                    if dimension is not None:
                        self._known[name, axis] = dimension


def dimensions(function: ast.FunctionDef, statements: Iterable[ast.stmt], learner: bool) -> Dimensions:
    """The dimensions of a function.

    Args:
        function: of a program.
        statements: all that it holds, in order.
        learner: whether it belongs to a learner, whose parameters have dimensions.
    """
    found = Dimensions({}, {})
    parameters = [each.arg for each in function.args.args]
    for position, names in (LEARNER.get(function.name, {}) if learner else {}).items():
        for axis, dimension in enumerate(names):
            if -len(parameters) <= position < len(parameters):
                found._known[parameters[position], axis] = dimension
    for node in statements:
        match node:
            case ast.For(target=ast.Name(id=counter), iter=ast.Call(args=bounds)) if bounds:
                found.count(counter, bounds)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.allocate(name, value)
    return found
