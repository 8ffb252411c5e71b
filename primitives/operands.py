"""What the code generator knows of a value before the instruction that uses it: its place and what reading it costs.

Where a scalar goes to is a `Slot` of its frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from primitives.dtypes import DType
from primitives.types import DTYPE_TYPES, Type


@dataclass(slots=True)
class Element:
    """An array element that has not been loaded yet, with the operands of its indices, and their registers later."""

    array: Array
    indices: list[Operand]
    registers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Operand:
    """A scalar: in `register`, read at the price of the cell entry `price` (0: free), or still an `element`.

    An element that is `loaded` is in its register too, but its price has not been paid.
    """

    type: Type
    register: int = 0
    price: int = 0
    data: bool = False
    element: Element | None = None
    loaded: bool = False


@dataclass(slots=True)
class Array:
    """An array in register `register`; `temporary` if no name holds it; `data` if its shape depends on data."""

    type: Type
    register: int
    temporary: bool = False
    data: bool = False


Argument = Operand | Array | DType
"""What a function can be given; element types only by definitions of the catalogue."""

Result = Operand | Array
"""What a function can give."""


def type_of(argument: Argument) -> Type:
    """The type of an argument."""
    return DTYPE_TYPES[argument.name] if isinstance(argument, DType) else argument.type
