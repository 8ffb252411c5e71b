"""Least squares without negative coefficients, drawn towards what is known of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SWEEPS = 10_000


def nonnegative(factors: Floats, values: Floats, known: Floats, weight: float) -> Floats:
    """The coefficients c >= 0 that minimise `|factors c - values|^2 + weight^2 |c / known - 1|^2`.

    Each coefficient in turn takes its best value while the others stand still (V. Franc, V. Hlaváč and M. Navara,
    "Sequential coordinate-wise algorithm for the non-negative least squares problem", CAIP 2005).

    Args:
        factors: shape (equations, coefficients).
        values: shape (equations,).
        known: a guess of the coefficients, above 0; that of a coefficient without an equation is what comes out.
        weight: of the guess; an equation has the weight 1.
    """
    rows = np.vstack([factors, np.diag(weight / known)])
    square = rows.T @ rows
    gradient = square @ known - rows.T @ np.concatenate([values, np.full(len(known), weight)])
    found = known.copy()
    for _ in range(SWEEPS):
        largest = 0.0
        for index in range(len(found)):
            better = max(0.0, found[index] - gradient[index] / square[index, index])
            change = better - found[index]
            gradient += change * square[:, index]
            found[index] = better
            largest = max(largest, abs(change) / known[index])
        if largest < 1e-9:
            break
    return found
