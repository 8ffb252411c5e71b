"""What a program of a task defines: the signatures of its functions, and a program that keeps them and does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TYPES: Final = (
    "bool",
    "int",
    "float",
    *(f"{dtype}[{rank}]" for dtype in ("u1", "i4", "i8", "f4", "f8") for rank in (":", ":, :")),
)
"""The types of parameters and results, as they are written in signatures."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function.

    Attributes:
        name: in signatures.
        type: one of `TYPES`, such as "int" or "u1[:, :]".
        control: whether a scalar is control: a size that does not depend on data, free to read (docs/energy.md).
        writable: whether the function may write to an array.
    """

    name: str
    type: str
    control: bool = False
    writable: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a type that the language does not have."""
        if self.type not in TYPES:
            raise ValueError(f"parameter {self.name} has the type {self.type}; there are {'; '.join(TYPES)}")
        if self.control and "[" in self.type:
            raise ValueError(f"parameter {self.name} is an array; only a scalar is control")


@dataclass(frozen=True, slots=True)
class Signature:
    """A function that a program defines.

    Attributes:
        name: of the function.
        parameters: in order.
        result: one of `TYPES`.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: str

    def __post_init__(self) -> None:
        """Raise ValueError for a result that the language does not have."""
        if self.result not in TYPES:
            raise ValueError(f"{self.name} returns {self.result}; there are {'; '.join(TYPES)}")

    def __str__(self) -> str:
        """The signature for people: `priority(item: int, bins: i8[:]) -> f8[:]`."""
        parameters = ", ".join(f"{each.name}: {each.type}" for each in self.parameters)
        return f"{self.name}({parameters}) -> {self.result}"


@dataclass(frozen=True, slots=True)
class Contract:
    """Which functions a program of a task defines.

    Attributes:
        functions: their signatures. None stands for the functions of a learner, whose model has the types that `fit`
            gives it: `fit(x, y, n_symbols, n_classes) -> model...` and `predict(model..., q) -> int`.
        blank: the source of a program that keeps the contract and learns nothing: where a search from scratch starts.
    """

    functions: tuple[Signature, ...] | None
    blank: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the functions."""
        return ("fit", "predict") if self.functions is None else tuple(each.name for each in self.functions)

    @property
    def lines(self) -> tuple[str, ...]:
        """The signatures, for people."""
        if self.functions is None:
            return (
                "fit(x: u1[:, :], y: u1[:], n_symbols: int, n_classes: int) -> model...",
                "predict(model..., q: u1[:]) -> int",
            )
        return tuple(map(str, self.functions))


LEARNER: Final = Contract(
    None,
    '''\
"""The blank learner: it predicts one element of the query."""


def fit(x, y, n_symbols, n_classes):
    a = 0
    return a


def predict(a, q):
    return q[a]
''',
)
"""The contract of learners (docs/design.md, 3)."""
