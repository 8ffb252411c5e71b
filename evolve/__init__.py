"""The search: the command line (`cli`), its settings, the engine, variation. May import every other package.

None imports it. In Python, `evolve.search` searches and `evolve.open_run` reads a run (`evolve.api`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evolve.api import Run, open_run, search
    from evolve.settings import SettingsError

__all__ = ["Run", "SettingsError", "open_run", "search"]


def __getattr__(name: str) -> Any:
    """Import a name of the Python API when it is first used, so that `import evolve` is instant."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module("evolve.settings" if name == "SettingsError" else "evolve.api"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
