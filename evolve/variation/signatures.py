"""Which primitives and operators give a type for arguments of given types: the checker is asked, once."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from primitives import syntax
from primitives.catalogue import CATALOGUE
from primitives.checker import Program
from primitives.entries import Overload
from primitives.errors import Diagnostic
from primitives.library_functions import definition
from primitives.operations import BINARY, NAMED
from primitives.parser import BUILTINS, Module
from primitives.types import BOOL, DTYPE_TYPES, FLOAT, INT, Type


class Signature(NamedTuple):
    """A primitive for argument types; `sizes` has the positions of arguments that have to be control."""

    name: str
    arguments: tuple[Type, ...]
    results: tuple[Type, ...]
    sizes: tuple[int, ...] = ()


OPERATORS: Final = {op: kind for kind, op in syntax.BINARY.items()}
COMPARISONS: Final = {op: kind for kind, op in syntax.COMPARE.items()}

SCALARS: Final = (INT, FLOAT, BOOL)
_MOST: Final = 400
"""Combinations of argument types that are tried for one primitive."""


def operators_giving(result: Type, left: Type, right: Type) -> list[str]:
    """The operators and comparisons that give a scalar type for two scalar operands."""
    return [op for (op, a, b), found in BINARY.items() if a is left and b is right and found.result is result]


@lru_cache(maxsize=4096)
def signature_of(name: str, arguments: tuple[Type, ...]) -> Signature | None:
    """A primitive or builtin for argument types; None if it does not take them, or is special to the compiler."""
    operation = NAMED.get((name, arguments))
    if operation is not None:
        results = (operation.result,) if operation.result.rank == 0 else ()
        return Signature(name, arguments, results)
    primitive = CATALOGUE.get(name)
    ranks = tuple(kind.rank for kind in arguments)
    overload = next((each for each in primitive.overloads if each.ranks == ranks), None) if primitive else None
    if overload is None or overload.kind != "definition":
        return None
    return _of_definition(name, overload, arguments)


def _of_definition(name: str, overload: Overload, arguments: tuple[Type, ...]) -> Signature | None:
    assert overload.source is not None and overload.function is not None
    diagnostics: list[Diagnostic] = []
    function = definition(overload.source, overload.function)
    checked = Program(Module(), diagnostics).check(function, True, arguments, function)
    if checked is None:
        return None
    mask = 0
    for must in checked.musts:
        mask |= must.mask
    sizes = tuple(index for index, kind in enumerate(arguments) if kind.rank == 0 and mask >> index + 1 & 1)
    return Signature(name, arguments, checked.results, sizes)


@lru_cache(maxsize=1024)
def signatures(arrays: frozenset[Type]) -> tuple[Signature, ...]:
    """The primitives, with definitions or instructions, that take some of these array types, or scalars only."""
    found = [
        signature
        for name, primitive in CATALOGUE.items()
        for overload in primitive.overloads
        if overload.kind == "definition" and name != "same_shape"
        for arguments in _combinations(overload.ranks, arrays)
        if (signature := signature_of(name, arguments)) is not None
    ]
    names = [name for name in (*CATALOGUE, *sorted(BUILTINS)) if name not in ("abs", "seed")]
    for name in ("abs", *names):
        for count in range(3):
            for arguments in itertools.product(SCALARS, repeat=count):
                if (name, arguments) in NAMED and BOOL not in arguments:
                    signature = signature_of(name, arguments)
                    if signature is not None:
                        found.append(signature)
    return tuple(found)


def _combinations(ranks: tuple[int, ...], arrays: Iterable[Type]) -> Iterable[tuple[Type, ...]]:
    ordered = sorted(arrays, key=str)
    choices: list[list[Type]] = []
    for rank in ranks:
        if rank == 0:
            choices.append([INT, FLOAT])
        elif rank == -1:
            choices.append(list(DTYPE_TYPES.values()))
        else:
            choices.append([kind for kind in ordered if kind.rank == rank])
    return itertools.islice(itertools.product(*choices), _MOST)


@lru_cache(maxsize=4096)
def giving(result: Type, arrays: frozenset[Type]) -> dict[str, tuple[Signature, ...]]:
    """By name the primitives that give one value of a type for arguments that are scalars or of these array types."""
    found: dict[str, tuple[Signature, ...]] = {}
    for each in signatures(arrays):
        if each.results == (result,):
            found[each.name] = (*found.get(each.name, ()), each)
    return found


@lru_cache(maxsize=1024)
def procedures(arrays: frozenset[Type]) -> tuple[Signature, ...]:
    """The primitives that give nothing and change one of their arrays."""
    return tuple(
        each for each in signatures(arrays) if not each.results and any(kind.rank > 0 for kind in each.arguments)
    )


def is_call_of(node: ast.AST, name: str) -> bool:
    """Whether a node is a call of a function by this name."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
