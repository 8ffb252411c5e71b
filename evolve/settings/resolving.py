"""Settings out of several layers: options before a file or preset, and that before the defaults.

All mistakes of all layers are found before any is complained of. Own code rather than a library for validation: the
table is flat and short, and no library names the line of a TOML file, what else a wrong name may mean, and all mistakes
at once in words that fit an option, a file and a call alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evolve.llm.budget import budget_of
from evolve.settings.errors import SettingsError, like
from evolve.settings.keys import KEYS, LIMITS, TASKS, Key, Kind, Settings, attribute
from evolve.settings.models import names_of, temperatures_of

DEFAULT_RUNG: Final = "parity-10-3"
"""The rung of a search that names no task."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says: a file, or the options of a command.

    Attributes:
        values: by the name of the setting, as they were read.
        place: where the value of a name stands, for messages: `mine.toml, line 3: `, or nothing.
        spelled: how the setting of a name is called there: `--seed` or `seed`.
    """

    values: Mapping[str, object]
    place: Callable[[str], str] = lambda _: ""
    spelled: Callable[[str], str] = lambda name: name


def resolve(layers: Sequence[Layer]) -> Settings:
    """Put layers together, the nearest first.

    Raises:
        SettingsError: with all mistakes that there are.
    """
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for layer in reversed(layers):
        known, wrong = checked(layer)
        mistakes += wrong
        for group in (LIMITS, TASKS):
            if group & layer.values.keys():
                values |= dict.fromkeys(group)
        values |= known
    spelled = layers[0].spelled if layers else str
    mistakes += contradictions(values, spelled)
    if mistakes:
        raise SettingsError(*mistakes)
    if all(values.get(name) is None for name in TASKS):
        values["rung"] = DEFAULT_RUNG
    return Settings(**{attribute(name): value for name, value in values.items()})


def checked(layer: Layer) -> tuple[dict[str, Any], list[str]]:
    """The values of a layer as `Settings` has them, and what is wrong with the others."""
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for name, value in layer.values.items():
        if name not in KEYS:
            advice = "; settings stand at the top, outside of tables;" if isinstance(value, Mapping) else ";"
            known = f"{like(name, KEYS) or advice} there are {', '.join(KEYS)}"
            mistakes.append(f"{layer.place(name)}there is no setting {name}{known}")
            continue
        fit = fitting(KEYS[name], value)
        if fit is None:
            mistakes.append(f"{layer.place(name)}{layer.spelled(name)} {demand(KEYS[name], value)}")
        else:
            values[name] = fit
    both = [layer.spelled(name) for name in KEYS if name in TASKS and name in layer.values]
    if len(both) > 1:
        mistakes.append(f"{layer.place(both[0])}{' and '.join(both)} name two tasks; give one of them")
    for name in ("rung", "ladder"):
        if name in values:
            from evolve.settings.naming import ladder_of, rung_of

            try:
                values[name] = rung_of(values[name]) if name == "rung" else ladder_of(values[name])
            except SettingsError as error:
                mistakes.append(f"{layer.place(name)}{error}")
    for name, read in (("llm", names_of), ("llm_temperatures", temperatures_of)):
        if name in values:
            try:
                values[name] = read(values[name])
            except SettingsError as error:
                mistakes.append(f"{layer.place(name)}{layer.spelled(name)} {error}")
    return values, mistakes


def fitting(key: Key, value: object) -> Any:
    """The value as a setting has it; None if it is not what the setting takes."""
    if key.kind is Kind.TRUTH:
        return value if isinstance(value, bool) else None
    if key.kind in (Kind.INTEGER, Kind.NUMBER):
        return value if _is_number(key, value) else None
    if key.kind is Kind.BUDGET:
        return value if isinstance(value, str) and budget_of(value) is not None else None
    if key.kind is Kind.PATH:
        return Path(value) if isinstance(value, str | Path) and str(value) else None
    if key.kind is Kind.TEXTS:
        texts = [value] if isinstance(value, str | Path) else value
        if not isinstance(texts, list | tuple) or not texts:
            return None
        return tuple(map(str, texts)) if all(isinstance(each, str | Path) and str(each) for each in texts) else None
    if key.choices:
        return value if value in key.choices else None
    return str(value) if isinstance(value, str | Path) and str(value) else None


def _is_number(key: Key, value: object) -> bool:
    """Whether a value is a number that a setting takes."""
    if isinstance(value, bool) or not isinstance(value, int if key.kind is Kind.INTEGER else int | float):
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return (key.least is None or value >= key.least) and (key.most is None or value <= key.most)


def demand(key: Key, value: object) -> str:
    """What a setting takes, and what stood there."""
    return f"has to be {key.allowed}, not {_shown(value)}"


def _shown(value: object) -> str:
    """A value as TOML has it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else "an empty list" if value == [] else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def contradictions(values: Mapping[str, Any], spelled: Callable[[str], str]) -> list[str]:
    """What does not go together in the values of all layers."""
    mistakes = []
    if values.get("deterministic") and values.get("evaluations") is None:
        mistakes.append(
            f"{spelled('deterministic')} needs {spelled('evaluations')}, how many children to make: a limit of time is "
            "not repeatable"
        )
    if values.get("address") is not None and not values.get("workers"):
        mistakes.append(f"{spelled('address')} needs {spelled('workers')}, how many cores of the cluster to use")
    if values.get("llm") and values.get("replay_llm"):
        mistakes.append(f"{spelled('llm')} asks models and {spelled('replay_llm')} asks none; give one of them")
    about = [name for name in KEYS if name.startswith("llm_") and values.get(name) not in (None, KEYS[name].default)]
    if about and not (values.get("llm") or values.get("replay_llm")):
        mistakes.append(f"{' and '.join(map(spelled, about))} need {spelled('llm')}, which models to ask")
    if values.get("llm") and values.get("deterministic"):
        mistakes.append(
            f"{spelled('deterministic')} finds the same again, which models don't; leave {spelled('llm')} out, or take "
            f"the replies of an earlier run with {spelled('replay_llm')}"
        )
    return mistakes
