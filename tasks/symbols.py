"""Copying: the class of a row of symbols is the symbol at a secret place. Streams of symbols are in `markov`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from tasks.floors import sparse_floor
from tasks.instances import Examples
from tasks.task import Budget, Floor, Purpose, Task, Variant
from tasks.variants import Changed, labels_of_another_instance, permute_columns

USUAL_SYMBOLS: Final = 16
USUAL_ROWS: Final = 500
"""The size of the alphabet and the training rows of a task whose name does not say them."""


@dataclass(frozen=True)
class CopySymbol(Task):
    """The class is the symbol at a secret place, which is drawn for each instance; rows are independent and uniform.

    Attributes:
        n: columns.
        rows, queries: training rows and queries of an instance.
        instances: how many instances a program is judged on.
        budget: what a program may use on one instance.
        symbols: size of the alphabet.
        gate: at most a tenth of the errors of a guess.
    """

    n: int
    rows: int
    queries: int
    instances: int
    budget: Budget
    symbols: int = USUAL_SYMBOLS
    gate: float = field(init=False)
    family = "symbols"

    def __post_init__(self) -> None:
        """Raise ValueError for sizes of which there are no instances."""
        if min(self.n, self.rows, self.queries) < 1 or not 2 <= self.symbols <= 256:
            raise ValueError("a row has at least one column, an instance one row and one query, an alphabet 2 to 256")
        object.__setattr__(self, "gate", round(1 - 0.1 * (1 - self.chance), 6))

    @property
    def name(self) -> str:
        """`copy-N`; rows and symbols where they are not the usual ones."""
        parts = [f"copy-{self.n}"]
        if self.symbols != USUAL_SYMBOLS:
            parts.append(f"{self.symbols}symbols")
        if self.rows != USUAL_ROWS:
            parts.append(f"{self.rows}rows")
        return "-".join(parts)

    @property
    def summary(self) -> str:
        """The task and its sizes."""
        return (
            f"the symbol at a secret one of {self.n} places, of {self.symbols} symbols; "
            f"{self.rows:,} rows, {self.queries:,} queries"
        )

    @property
    def chance(self) -> float:
        """All symbols are as frequent."""
        return 1 / self.symbols

    @property
    def best(self) -> float:
        """All of it."""
        return 1.0

    @property
    def unlearned(self) -> float:
        """The accuracy of the best guess that knows nothing of the secret place: the symbol that is there most often.

        It is the expected largest count of a symbol over n. The rows in which no symbol occurs more than m times are
        counted by the coefficient of z^n / n! in (1 + z + ... + z^m / m!)^symbols.
        """
        within = [self._rows_within(most) for most in range(self.n + 1)]
        rows = float(self.symbols) ** self.n
        return sum(1 - part / rows for part in within[:-1]) / self.n

    def _rows_within(self, most: int) -> float:
        """How many rows have no symbol more than `most` times."""
        term = [1 / math.factorial(count) if count <= most else 0.0 for count in range(self.n + 1)]
        power = np.array([1.0])
        for _ in range(self.symbols):
            power = np.convolve(power, term)[: self.n + 1]
        return float(power[-1]) * math.factorial(self.n) if len(power) > self.n else 0.0

    @property
    def floor(self) -> Floor | None:
        """The fewest labels that can tell the place, the columns that they are about, and one symbol of each query."""
        return sparse_floor(self.n, 1, self.rows, self.queries, math.log2(self.symbols), (1.0,))

    @property
    def variants(self) -> Sequence[Variant]:
        """Labels that belong to other rows; columns permuted; symbols renamed."""
        return (
            Variant(
                "labels of another instance",
                Changed(self, "labels", labels_of_another_instance, self.unlearned),
                self.unlearned,
            ),
            Variant("columns permuted", Changed(self, "permuted", permute_columns)),
            Variant("symbols renamed", Changed(self, "renamed", _rename_symbols)),
        )

    @property
    def curves(self) -> Mapping[str, Sequence[tuple[float, Task]]]:
        """Training rows from two to twice as many, and columns up to three times as many."""
        rows = [count for power in range(-4, 2) if (count := int(self.rows * 2.0**power)) >= 2]
        columns = [self.n, self.n * 3 // 2, self.n * 2, self.n * 3]
        return {
            "rows": [(count, replace(self, rows=count)) for count in rows],
            "n": [(n, replace(self, n=n)) for n in columns],
        }

    def draw(self, generator: np.random.Generator, purpose: Purpose) -> Examples:
        """Draw the secret place, then rows and queries."""
        place = generator.integers(self.n)
        x = generator.integers(0, self.symbols, (self.rows, self.n), dtype=np.uint8)
        queries = generator.integers(0, self.symbols, (self.queries, self.n), dtype=np.uint8)
        answers = queries[:, place].astype(np.int64)
        return Examples(x, x[:, place].copy(), queries, answers, self.symbols, self.symbols)


def _rename_symbols(task: Task, instance: Examples, generator: np.random.Generator, purpose: Purpose) -> Examples:
    """Give every symbol the name of another, in rows and classes alike."""
    names = generator.permutation(instance.n_symbols).astype(np.uint8)
    return replace(
        instance,
        x=names[instance.x],
        y=names[instance.y],
        queries=names[instance.queries],
        answers=names[instance.answers].astype(np.int64),
    )
