"""The energy models, by name.

A model is any object with a name, a version and a `price`; a new one is a class and a call of `register`. The rules of
those built in are in docs/energy.md.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fitness.models.bytedmd import ByteDMD
from fitness.models.dmc import Dmc
from fitness.trace import Trace

__all__ = ["ByteDMD", "Dmc", "EnergyModel", "get", "names", "register"]


class EnergyModel(Protocol):
    """Prices a trace. A figure of energy is shown with the name and version of its model."""

    @property
    def name(self) -> str:
        """What the model is called in options and tables."""

    @property
    def version(self) -> int:
        """Raised whenever some trace costs something else than before."""

    def price(self, trace: Trace) -> NDArray[np.float64]:
        """Return the cost of each event; events that are not the model's concern cost 0."""


_MODELS: dict[str, EnergyModel] = {}


def register(model: EnergyModel) -> None:
    """Make a model known by its name. Raises ValueError if the name is taken."""
    if model.name in _MODELS:
        raise ValueError(f"there is an energy model {model.name!r} already")
    _MODELS[model.name] = model


def get(name: str) -> EnergyModel:
    """Return the model of that name. Raises ValueError, with the names there are, if there is none."""
    if name not in _MODELS:
        raise ValueError(f"no energy model {name!r}; there are {', '.join(names())}")
    return _MODELS[name]


def names() -> tuple[str, ...]:
    """Return the names of all models, in the order of registration."""
    return tuple(_MODELS)


register(Dmc())
register(ByteDMD("bytedmd", element_bytes=1))
register(ByteDMD("bytedmd-sized", element_bytes=None))
