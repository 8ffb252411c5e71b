"""What random programs are made of besides text: functions, scopes, and the choices that are made at a place."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.program_values import Block, Scalar, Value

ARITHMETIC = ("+", "+", "+", "-", "-", "*", "*", "//", "%", "%", "**")
BITWISE = ("&", "|", "^", "<<", ">>")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")

FUEL = 24
"""How many expressions a statement may consist of, about."""

COST = 3000
"""How many element operations a whole-array operation may take altogether, its repetitions included."""


@dataclass
class Function:
    """A function that calls may use: parameters and results as types, `cost` the operations of one call, about."""

    name: str
    parameters: list[Value]
    results: list[Value]
    cost: int
    lines: list[str]


@dataclass
class Program:
    """What the functions of a program share."""

    rng: random.Random
    risk: float
    constants: list[Scalar] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def primitive(self, name: str) -> str:
        self.used.add(name)
        return name


@dataclass
class Scope:
    """What can be used at a place: definitely assigned variables, counters of the loops around, and data control."""

    live: dict[str, Value] = field(default_factory=dict)
    counters: dict[str, Scalar] = field(default_factory=dict)
    data: bool = False
    weight: int = 1

    def inner(self, weight: int = 1, data: bool = False) -> Scope:
        return Scope(dict(self.live), dict(self.counters), self.data or data, self.weight * max(weight, 1))


class Choices:
    """Makes random choices at a place of a function, and knows what is live there."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rng = program.rng
        self.scope = Scope()
        self.spent = 0
        self.fuel = FUEL

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def burn(self) -> bool:
        """May the expression that is being written still grow?"""
        self.fuel -= 1
        return self.fuel > 0

    def risky(self) -> bool:
        return self.chance(self.program.risk)

    def affordable(self, cost: int) -> bool:
        """Reserve `cost` operations, times the repetitions of this place, if they are few enough."""
        if self.scope.weight * cost > COST:
            return False
        self.spent += self.scope.weight * cost
        return True

    def scalars(self, kind: str, control: bool = False) -> list[Scalar]:
        values = [*self.scope.live.values(), *self.scope.counters.values(), *self.program.constants]
        return [v for v in values if isinstance(v, Scalar) and v.kind == kind and (v.control or not control)]

    def arrays(self, accept: Callable[[Block], bool] = lambda _: True) -> list[Block]:
        return [v for v in self.scope.live.values() if isinstance(v, Block) and accept(v)]
