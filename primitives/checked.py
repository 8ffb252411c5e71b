"""What the checker knows of a function for one combination of argument types, and of the whole program.

Dependence is kept as bit masks: bit 0 stands for data, bit i for the i-th variable, parameters first. For a scalar the
bit says "is data", for an array "has a shape that depends on data". The dependences of a function are solved later,
once it is known which arguments are data (docs/energy.md, What is data).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from primitives.errors import Diagnostic
from primitives.parser import Module
from primitives.shapes import Dimensions
from primitives.types import Type

DATA = 1

Value = tuple[Type, int]
"""The type of an expression and the mask of what it depends on."""


class Must(NamedTuple):
    """A value that has to be control: what it depends on, where it stands, and what it is."""

    mask: int
    line: int
    column: int
    what: str


@dataclass(slots=True)
class Checked:
    """A function checked for given argument types. `results` is empty for a procedure.

    `values` holds the type and mask of every expression by its node.
    """

    node: ast.FunctionDef
    library: bool
    arguments: tuple[Type, ...]
    parameters: tuple[str, ...]
    types: dict[str, Type] = field(default_factory=dict)
    bits: dict[str, int] = field(default_factory=dict)
    values: dict[ast.expr, Value] = field(default_factory=dict)
    dependences: list[int] = field(default_factory=list)
    results: tuple[Type, ...] = ()
    result_masks: list[int] = field(default_factory=list)
    result_shapes: list[Dimensions | None] = field(default_factory=list)
    musts: dict[Must, None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.node.name

    def closure(self, mask: int) -> int:
        """All that `mask` depends on, directly or not."""
        seen, pending = 0, mask
        while pending:
            bit = pending & -pending
            pending ^= bit
            seen |= bit
            pending |= self.dependences[bit.bit_length() - 1] & ~seen
        return seen

    def data(self, arguments: int) -> int:
        """The mask of everything that is data when `arguments`, a mask over the parameters, is."""
        known = arguments | DATA
        changed = True
        while changed:
            changed = False
            for index, mask in enumerate(self.dependences):
                if mask & known and not known >> index & 1:
                    known |= 1 << index
                    changed = True
        return known


class Functions(Protocol):
    """What the checker of one function needs of its program: the module, the list of faults, and other functions."""

    module: Module
    diagnostics: list[Diagnostic]

    def check(self, function: ast.FunctionDef, library: bool, types: tuple[Type, ...], node: ast.AST) -> Checked | None:
        """A function checked for argument types, called at `node`; None if it is faulty or calls itself."""
