"""Which model is asked for what next: a bandit over pairs of a model and a request, by hypervolume gained per cost.

Rewards are few, arrive late and from several arms at a time, shrink as a search goes on, and calls cost different
amounts. So: Thompson sampling, which copes with delay because it draws (O. Chapelle and L. Li, "An Empirical Evaluation
of Thompson Sampling", NIPS 2011); the arm with the largest drawn reward per cost, as in budgeted Thompson sampling
(Y. Xia et al., "Thompson Sampling for Budgeted Multi-Armed Bandits", IJCAI 2015); counts that are discounted at each
trial, as in discounted Thompson sampling (V. Raj and S. Kalyani, "Taming Non-stationary Bandits: A Bayesian Approach",
2017). Unlike Xia et al. costs are not drawn: they differ little between calls of an arm, so their mean is taken.

What was learned is computed from the run's ledger each time, so that there is no state to store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from runs.ledger import ABANDONED, REPLAYED, SENT, Call

DISCOUNT: Final = 0.98
"""Weight that a trial loses with each later one: the last fifty count."""

WINDOW: Final = 50
"""The last trials, whose largest gain is the scale of gains: they shrink as a search goes on."""

LEAST_COST: Final = 1e-9
"""Of an arm, in dollars or thousands of tokens: what is free is not divided by zero."""


class Arm(NamedTuple):
    """A model and what it is asked for."""

    model: str
    request: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A proposal that was paid and judged, with its repair if there was one.

    Attributes:
        arm: that was pulled.
        gain: the hypervolume that it added to the front; 0 for what was not accepted.
        cost: of its calls, in dollars or in thousands of tokens.
    """

    arm: Arm
    gain: float
    cost: float


def trials_in(calls: Iterable[Call], priced: bool) -> list[Trial]:
    """The trials of a ledger that are over, in the order in which they ended.

    Calls that cost nothing, because nobody answered or they were replayed, are none.

    Args:
        calls: of the ledger.
        priced: whether cost is dollars; then those of unknown price are left out. Otherwise it is thousands of tokens.
    """
    groups: dict[int, list[Call]] = {}
    for call in calls:
        groups.setdefault(call.trial, []).append(call)
    over = [
        group
        for group in groups.values()
        if not any(each.outcome in (SENT, ABANDONED, REPLAYED) for each in group) and any(each.tokens for each in group)
    ]
    found = []
    for group in sorted(over, key=lambda each: max(call.began + call.seconds for call in each)):
        gain = sum(each.gain or 0.0 for each in group)
        cost = _dollars(group) if priced else sum(each.tokens for each in group) / 1000
        if cost is not None:
            found.append(Trial(Arm(group[0].model, group[0].request), gain, cost))
    return found


def _dollars(calls: Sequence[Call]) -> float | None:
    costs = [each.cost for each in calls if each.cost is not None]
    return sum(costs) if len(costs) == len(calls) else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of an arm, all discounted: its trials, their costs, and their gains, of which each is 1 at most."""

    trials: float = 0.0
    gain: float = 0.0
    cost: float = 0.0


def learned(trials: Sequence[Trial], discount: float = DISCOUNT) -> dict[Arm, Learned]:
    """What is known of each arm. Gains are parts of the largest one of late, older ones that are larger all of it."""
    known: dict[Arm, Learned] = {}
    gains = [each.gain for each in trials]
    scale = max(gains[-WINDOW:], default=0.0) or max(gains, default=0.0) or 1.0
    for age, trial in enumerate(reversed(trials)):
        weight = discount**age
        before = known.get(trial.arm, Learned())
        gain = weight * min(1.0, trial.gain / scale)
        known[trial.arm] = Learned(before.trials + weight, before.gain + gain, before.cost + weight * trial.cost)
    return known


def drawn(
    arms: Sequence[Arm],
    trials: Sequence[Trial],
    expected: Callable[[Arm], float],
    generator: np.random.Generator,
    discount: float = DISCOUNT,
) -> Arm:
    """The arm to pull next.

    Args:
        arms: that can be pulled, at least one.
        trials: that are over.
        expected: the cost of an arm as far as it is known without a trial, in the unit of the trials.
        generator: draws.
        discount: of trials.
    """
    known = learned(trials, discount)
    values = [_value(known.get(arm, Learned()), expected(arm), generator) for arm in arms]
    return arms[int(np.argmax(values))]


def _value(arm: Learned, expected: float, generator: np.random.Generator) -> float:
    """Gain per cost of an arm: the gain drawn from a Beta distribution that starts as the uniform one."""
    gain = generator.beta(1.0 + arm.gain, 1.0 + max(0.0, arm.trials - arm.gain))
    return float(gain) / max(LEAST_COST, (expected + arm.cost) / (1.0 + arm.trials))
