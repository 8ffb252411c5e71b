"""What the code generator knows of a value before the instruction that uses it: its place and what reading it costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from primitives.types import Type


@dataclass(slots=True)
class Element:
    """An array element that has not been loaded yet, with the operands of its indices."""

    array: Array
    indices: list[Operand]
    registers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Operand:
    """A scalar: in `register`, read at the price of the cell entry `price` (0: free), or still an `element`."""

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


@dataclass(slots=True)
class Destination:
    """Where a scalar result goes: a register, and the cell it writes (-1: none)."""

    type: Type
    register: int
    cell: int = -1
