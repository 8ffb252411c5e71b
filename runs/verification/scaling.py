"""The check of costs against size: energy and calibrated time along the task's curve "n", with fitted exponents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from fitness.score import summary
from runs.verification.curves import instances, plain, thinned
from runs.verification.report import FAIL, PASS, Check
from runs.verification.trials import Subject, Trials, energy_model, trials
from tasks import Task

NAME: Final = "scaling with n"

_LEAST: Final = 3
"""Sizes without which a fit says nothing."""


class Fit(NamedTuple):
    """A power law through points: the exponent, and the part of the variance of the logarithms that it explains."""

    exponent: float
    r_squared: float


def scaling(subject: Subject, sizes: Sequence[tuple[float, Task]]) -> Check:
    """Judge the program at each size, and fit how its costs grow.

    It passes when it runs within the budget and reaches the gate on average at every size. (That it surely reaches the
    gate is asked of the larger tasks; here there are fewer instances.)
    """
    rows: list[dict[str, Any]] = []
    broken: str | None = None
    for value, task in thinned(subject, sizes):
        done = trials(subject, task, instances(subject, task))
        rows.append(_row(value, done))
        if broken is None:
            broken = _broken(value, done)
    fits = {name: fit for name in _COSTS if (fit := _fitted(rows, name)) is not None}
    figures: dict[str, Any] = {
        "energy_model": energy_model(),
        "points": rows,
        "exponents": {name: {"exponent": fit.exponent, "r_squared": fit.r_squared} for name, fit in fits.items()},
    }
    growth = ", ".join(f"{_COSTS[name]} ~ n^{fit.exponent:.2f} (R² {fit.r_squared:.3f})" for name, fit in fits.items())
    if broken is not None:
        return Check(NAME, FAIL, f"{broken}{'; ' if growth else ''}{growth}", figures)
    return Check(NAME, PASS, growth or f"it holds at {len(rows)} sizes, too few for an exponent", figures)


_COSTS: Final = {
    "fit_energy": f"{energy_model()} of fit",
    "query_energy": f"{energy_model()} of a query",
    "seconds": "calibrated time",
}


def power_law(x: Sequence[float], y: Sequence[float]) -> Fit:
    """The exponent of y in x: a line by least squares through the logarithms.

    Args:
        x: positive sizes, at least two different ones.
        y: positive costs, as many.
    """
    log_x, log_y = np.log(np.asarray(x, dtype=np.float64)), np.log(np.asarray(y, dtype=np.float64))
    from_x, from_y = log_x - log_x.mean(), log_y - log_y.mean()
    exponent = float(from_x @ from_y / (from_x @ from_x))
    total = float(from_y @ from_y)
    rest = from_y - exponent * from_x
    return Fit(exponent, 1.0 - float(rest @ rest) / total if total > 0 else 1.0)


def _fitted(rows: Sequence[dict[str, Any]], name: str) -> Fit | None:
    """The growth of one cost over the sizes at which the program did not fail; None if these are too few."""
    known = [(row["n"], row[name]) for row in rows if row[name] is not None and row[name] > 0 and row["n"] > 0]
    if len(known) < _LEAST:
        return None
    return power_law([n for n, _ in known], [cost for _, cost in known])


def _broken(value: float, done: Trials) -> str | None:
    """How the program falls short at a size, None if it does not."""
    if done.failure:
        return f"at n {value:g} it {done.failure}"
    if done.accuracy is None or done.accuracy < done.task.gate:
        return f"at n {value:g} its accuracy is {done.accuracy:.3f}, below the gate {done.task.gate:.3g}"
    return None


def _row(value: float, done: Trials) -> dict[str, Any]:
    row: dict[str, Any] = {"n": plain(value), "instances": done.count, "accuracy": done.accuracy}
    row |= dict.fromkeys(("fit_energy", "query_energy", "seconds", "steps"))
    if done.judged and not done.failures:
        score = summary(done.judged, done.task)
        row |= {"seconds": score.seconds, "steps": score.steps}
        if done.judged[0].correct is not None:
            queries = len(done.judged[0].correct)
            row["fit_energy"] = score.fit_energy
            row["query_energy"] = (score.energy - score.fit_energy) / max(queries, 1)
    row["failure"] = done.failure
    return row
