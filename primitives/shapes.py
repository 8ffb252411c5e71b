"""Shapes as terms, which are compared to know what keeps its shape (docs/energy.md, What is data, rule 6).

A term is a nested tuple over literals, names of parameters and variables that can't vary within a call, and the
dimensions of such arrays. Two equal terms mean equal shapes. Terms are kept small; what is larger counts as unknown.
"""

from __future__ import annotations

from collections.abc import Callable

Term = tuple[object, ...]
Dimensions = tuple[Term, ...]
"""One term for each dimension of an array."""

_LARGEST = 9


def literal(value: int) -> Term:
    """The term of a literal."""
    return ("literal", value)


def scalar(name: str) -> Term:
    """The term of a scalar parameter or variable that does not vary."""
    return ("scalar", name)


def dimensions(name: str, rank: int) -> Dimensions:
    """The dimensions of an array parameter or variable that does not vary."""
    return tuple(("dimension", name, axis) for axis in range(rank))


def combine(operator: str, left: Term | None, right: Term | None) -> Term | None:
    """The term of an arithmetic operation; None if an operand is unknown or the term would grow too large."""
    if left is None or right is None or _size(left) + _size(right) >= _LARGEST:
        return None
    if operator == "-" and right == literal(0):
        return left
    return (operator, left, right)


def _size(term: Term) -> int:
    return 1 + sum(_size(part) for part in term if isinstance(part, tuple))


def substitute(term: Term, leaf: Callable[[Term], Term | None]) -> Term | None:
    """`term` with each leaf replaced by what `leaf` says; None if a leaf has no replacement."""
    if term[0] == "literal":
        return term
    if term[0] in ("scalar", "dimension"):
        return leaf(term)
    parts = []
    for part in term[1:]:
        assert isinstance(part, tuple)
        replaced = substitute(part, leaf)
        if replaced is None:
            return None
        parts.append(replaced)
    return combine(str(term[0]), *parts)
