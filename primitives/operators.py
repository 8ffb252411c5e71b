"""Arrays' operators in CPython: each runs the definition that the machine compiles (`elementwise`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from primitives import definitions, elementwise
from primitives.dtypes import DType
from primitives.failures import ReadOnlyFailure

if TYPE_CHECKING:
    from primitives.array import Array

Operand: TypeAlias = "Operators | int | float"
T = TypeVar("T", bound="Operators")


class Operators:
    """What `array.Array` inherits: operators between arrays of one rank, or an array and a scalar.

    They give new arrays, those with an equals sign change the left one. Comparisons are element by element as well, so
    arrays are not hashable. A wrong type of operand raises TypeError, always: Python's fallbacks would hide it.
    """

    __slots__ = ()

    rank: int
    dtype: DType
    readonly: bool

    def __neg__(self) -> Array:
        return _unary("-", self)

    def __invert__(self) -> Array:
        return _unary("~", self)

    def __abs__(self) -> Array:
        source, name = elementwise.function_definition("abs", self.rank, "number_dtype_of(a)")
        return definitions.function(source, name)(self)  # type: ignore[no-any-return]

    def __add__(self, other: Operand) -> Array:
        return _binary("+", self, other)

    def __radd__(self, other: Operand) -> Array:
        return _binary("+", other, self)

    def __iadd__(self, other: Operand) -> Self:
        return _in_place("+", self, other)

    def __sub__(self, other: Operand) -> Array:
        return _binary("-", self, other)

    def __rsub__(self, other: Operand) -> Array:
        return _binary("-", other, self)

    def __isub__(self, other: Operand) -> Self:
        return _in_place("-", self, other)

    def __mul__(self, other: Operand) -> Array:
        return _binary("*", self, other)

    def __rmul__(self, other: Operand) -> Array:
        return _binary("*", other, self)

    def __imul__(self, other: Operand) -> Self:
        return _in_place("*", self, other)

    def __truediv__(self, other: Operand) -> Array:
        return _binary("/", self, other)

    def __rtruediv__(self, other: Operand) -> Array:
        return _binary("/", other, self)

    def __itruediv__(self, other: Operand) -> Self:
        return _in_place("/", self, other)

    def __floordiv__(self, other: Operand) -> Array:
        return _binary("//", self, other)

    def __rfloordiv__(self, other: Operand) -> Array:
        return _binary("//", other, self)

    def __ifloordiv__(self, other: Operand) -> Self:
        return _in_place("//", self, other)

    def __mod__(self, other: Operand) -> Array:
        return _binary("%", self, other)

    def __rmod__(self, other: Operand) -> Array:
        return _binary("%", other, self)

    def __imod__(self, other: Operand) -> Self:
        return _in_place("%", self, other)

    def __pow__(self, other: Operand) -> Array:
        return _binary("**", self, other)

    def __rpow__(self, other: Operand) -> Array:
        return _binary("**", other, self)

    def __ipow__(self, other: Operand) -> Self:
        return _in_place("**", self, other)

    def __and__(self, other: Operand) -> Array:
        return _binary("&", self, other)

    def __rand__(self, other: Operand) -> Array:
        return _binary("&", other, self)

    def __iand__(self, other: Operand) -> Self:
        return _in_place("&", self, other)

    def __or__(self, other: Operand) -> Array:
        return _binary("|", self, other)

    def __ror__(self, other: Operand) -> Array:
        return _binary("|", other, self)

    def __ior__(self, other: Operand) -> Self:
        return _in_place("|", self, other)

    def __xor__(self, other: Operand) -> Array:
        return _binary("^", self, other)

    def __rxor__(self, other: Operand) -> Array:
        return _binary("^", other, self)

    def __ixor__(self, other: Operand) -> Self:
        return _in_place("^", self, other)

    def __lshift__(self, other: Operand) -> Array:
        return _binary("<<", self, other)

    def __rlshift__(self, other: Operand) -> Array:
        return _binary("<<", other, self)

    def __ilshift__(self, other: Operand) -> Self:
        return _in_place("<<", self, other)

    def __rshift__(self, other: Operand) -> Array:
        return _binary(">>", self, other)

    def __rrshift__(self, other: Operand) -> Array:
        return _binary(">>", other, self)

    def __irshift__(self, other: Operand) -> Self:
        return _in_place(">>", self, other)

    def __lt__(self, other: Operand) -> Array:
        return _binary("<", self, other)

    def __le__(self, other: Operand) -> Array:
        return _binary("<=", self, other)

    def __gt__(self, other: Operand) -> Array:
        return _binary(">", self, other)

    def __ge__(self, other: Operand) -> Array:
        return _binary(">=", self, other)

    def __eq__(self, other: Operand) -> Array:  # type: ignore[override]
        return _binary("==", self, other)

    def __ne__(self, other: Operand) -> Array:  # type: ignore[override]
        return _binary("!=", self, other)

    __hash__ = None  # type: ignore[assignment]


def _unary(op: str, a: Operators) -> Array:
    source, name = elementwise.unary_definition(op, a.rank, elementwise.unary_dtype(op, a.dtype))
    return definitions.function(source, name)(a)  # type: ignore[no-any-return]


def _binary(op: str, a: Operand, b: Operand) -> Array:
    left, right = _kinds(op, a, b)
    dtype = elementwise.result_dtype(op, _dtype(a), _dtype(b), isinstance(a, float) or isinstance(b, float))
    source, name = elementwise.definition(op, left, right, dtype)
    return definitions.function(source, name)(a, b)  # type: ignore[no-any-return]


def _in_place(op: str, a: T, b: Operand) -> T:
    _, right = _kinds(op + "=", a, b)
    if a.readonly:
        raise ReadOnlyFailure("this array is read-only")
    source, name = elementwise.inplace_definition(op, a.rank, right)
    definitions.function(source, name)(a, b)
    return a


def _kinds(op: str, a: Operand, b: Operand) -> tuple[str, str]:
    """The operands as `elementwise` names them: their ranks, "s" for a scalar."""
    left, right = _kind(op, a), _kind(op, b)
    if left != right and "s" not in (left, right):
        raise TypeError(f"{op} of arrays of rank {left} and {right}")
    return left, right


def _kind(op: str, operand: Operand) -> str:
    if isinstance(operand, Operators):
        return str(operand.rank)
    if isinstance(operand, (int, float)):
        return "s"
    raise TypeError(f"{op} takes arrays and numbers, not {type(operand).__name__}")


def _dtype(operand: Operand) -> DType | None:
    return operand.dtype if isinstance(operand, Operators) else None
