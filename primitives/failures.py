"""How a program fails in CPython: one exception for every status of docs/language.md that a primitive can cause.

Each is also the builtin exception that a Python programmer expects, so that `except IndexError` works. Failures of
plain scalar arithmetic (`1 // 0`) are Python's own exceptions; the statuses of a measurement are `fitness`'s.
"""

from typing import ClassVar


class Failure(ArithmeticError):
    """A program's failure. `status` is the name of it that the machine reports."""

    status: ClassVar[str]


class IndexFailure(Failure, IndexError):
    """An index, a bound of a view or a window outside its array."""

    status = "index_error"


class ShapeFailure(Failure, ValueError):
    """Shapes that don't fit each other, or a negative size."""

    status = "shape_error"


class OverflowFailure(Failure, OverflowError):
    """An int beyond 64 bits, or a value beyond its element type."""

    status = "overflow"


class ZeroDivisionFailure(Failure, ZeroDivisionError):
    """A division by zero."""

    status = "zero_division"


class NotFiniteFailure(Failure):
    """An operation on floats without a finite result."""

    status = "not_finite"


class DomainFailure(Failure, ValueError):
    """An argument for which the operation means nothing, such as an empty range of random numbers."""

    status = "domain_error"


class ReadOnlyFailure(Failure, TypeError):
    """A store into a read-only array. The machine rejects such a program before it runs."""

    status = "read_only"
