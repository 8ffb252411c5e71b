"""Checking the primitives that no definition describes: allocations, windows, and questions about element types."""

from __future__ import annotations

import ast

from primitives import elementwise, syntax
from primitives.catalogue import CATALOGUE
from primitives.checked import Value
from primitives.dtypes import DType, f8, i8
from primitives.expressions import NO_VALUE, Expressions
from primitives.types import DTYPE_TYPES, FLOAT, INT, UNKNOWN, Type, array_type, is_float

ALLOCATIONS = frozenset({"zeros", "full", "array"})
_DTYPE_QUESTIONS = frozenset({"dtype_of", "number_dtype_of", "float_dtype_of"})

_TAKES: dict[str, tuple[str, ...]] = {
    "window": ("array", "scalar", "scalar"),
    "dtype_of": ("array",),
    "number_dtype_of": ("array", "..."),
    "float_dtype_of": ("array", "..."),
    "zero_of": ("array", "..."),
    "same_shape": ("array", "array"),
}
"""What each special primitive takes; "..." stands for more of the same."""


class SpecialCalls(Expressions):
    """Adds the special primitives to the checking of expressions."""

    # -- allocations

    def allocation(self, node: ast.Call, name: str) -> Value:
        """zeros(shape, dtype), full(shape, value, dtype), array([...], dtype)."""
        arguments = list(node.args)
        least = 2 if name == "full" else 1
        if not least <= len(arguments) <= least + 1:
            return self.error(node, f"{len(arguments)} arguments for {name}", CATALOGUE[name].signature)
        dtype = f8
        if len(arguments) > least:
            kind, _ = self.value(arguments.pop())
            if kind.dtype is None or kind.rank != -1:
                return self.error(node, f"{kind} as an element type", "one of u1, i4, i8, f4, f8")
            dtype = kind.dtype
        if name == "array":
            return self.array_literal(node, arguments[0], dtype if len(node.args) > 1 else None)
        sizes = syntax.items(arguments[0])
        if len(sizes) not in (1, 2):
            return self.error(arguments[0], f"a shape of {len(sizes)} sizes", "n or (rows, columns)")
        for size in sizes:
            self.must_be_control(self.integer(size, "a size"), size, "a size")
        if name == "full":
            value, _ = self.scalar(arguments[1], "an element")
            self.storable(arguments[1], value, dtype.is_float, f"an array of {dtype.name}")
        return array_type(dtype, len(sizes)), 0

    def array_literal(self, node: ast.Call, items: ast.expr, dtype: DType | None) -> Value:
        """array([x, ...], dtype)."""
        if not isinstance(items, (ast.List, ast.Tuple)) or not items.elts:
            return self.error(node, "array of something else than a list of scalars", "array([1, 2, 3], u1)")
        types = [self.scalar(item, "an element")[0] for item in items.elts]
        if UNKNOWN in types:
            return NO_VALUE
        if dtype is None:
            floats = types.count(FLOAT)
            if floats not in (0, len(types)):
                return self.error(node, "ints and floats in one array", "write all as floats, or give an element type")
            dtype = f8 if floats else i8
        for item, kind in zip(items.elts, types, strict=True):
            self.storable(item, kind, dtype.is_float, f"an array of {dtype.name}")
        return array_type(dtype, 1), 0

    def storable(self, node: ast.AST, kind: Type, into_float: bool, where: str) -> None:
        """Check that a scalar may be stored: floats only go into float arrays."""
        if kind is FLOAT and not into_float:
            self.error(node, f"a float stored in {where}", "store int(x), or use an array of f4 or f8")

    # -- the others

    def special(self, node: ast.Call, name: str, values: list[Value]) -> list[Value] | None:
        """The results of a special primitive that takes such arguments."""
        if name == "window":
            return self.window(node, values)
        if name == "same_shape":
            return self.same_shape(node, values)
        kinds = [kind for kind, _ in values]
        if name in _DTYPE_QUESTIONS:
            return [(DTYPE_TYPES[_dtype(name, kinds).name], 0)]
        assert name == "zero_of"
        return [(FLOAT if any(map(is_float, kinds)) else INT, 0)]

    def window(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        """A window; its length is control."""
        (kind, mask), (start, _), (length, size) = values
        if start is not INT or length is not INT:
            self.error(node, "window of other things than an array and two ints", CATALOGUE["window"].signature)
            return None
        self.must_be_control(size, node.args[2], "the length of a window")
        return [(kind, mask | size)]

    def same_shape(self, node: ast.Call, values: list[Value]) -> list[Value] | None:
        """The statement same_shape."""
        if values[0][0].rank != values[1][0].rank:
            self.error(node, "arrays of different ranks", CATALOGUE["same_shape"].signature)
            return None
        return []


def takes(name: str, types: tuple[Type, ...]) -> bool:
    """Whether a special primitive takes arguments of these types, as far as their ranks go."""
    kinds = _TAKES[name]
    if kinds[-1] == "...":
        kinds = kinds[:-1] * max(len(types), 1)
    return tuple(map(_category, types)) == kinds


def _category(kind: Type) -> str:
    return "scalar" if kind.rank == 0 else "array" if kind.rank > 0 else "element type"


def _dtype(name: str, kinds: list[Type]) -> DType:
    """The element type that dtype_of, number_dtype_of or float_dtype_of gives for arrays of these types."""
    dtypes = [kind.dtype for kind in kinds if kind.dtype is not None]
    if name == "dtype_of":
        return dtypes[0]
    return elementwise.number_dtype(*dtypes) if name == "number_dtype_of" else elementwise.float_dtype(*dtypes)
