"""The options of `evolve search`, made from the table of the settings, and what was given of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from evolve.settings.keys import KEYS, Key, Kind
from evolve.settings.resolving import Layer
from evolve.settings.writing import toml

Command = TypeVar("Command", bound=Callable[..., Any])


def setting_options(command: Command) -> Command:
    """Add an option for each setting to a command, whose function takes them by the names of the settings."""
    for key in reversed(KEYS.values()):
        command = _option(key)(command)
    return command


def given_options(values: Mapping[str, Any]) -> Layer:
    """The settings that were given as options."""
    given = {name: value for name, value in values.items() if value is not None and value != ()}
    return Layer(given, spelled=_spelled)


def _spelled(name: str) -> str:
    """How the setting of a name is called on the command line."""
    return f"--{name.replace('_', '-')}"


def _option(key: Key) -> Callable[[Command], Command]:
    """The option of a setting. It has no default of its own, so that a file can say what was not given."""
    default = key.unset if key.default is None else _words(key)
    text = f"{key.help}  [default: {default}]" if default else key.help
    if key.kind is Kind.TRUTH:
        return click.option(f"--{key.name}/--no-{key.name}", key.name, default=None, help=text)
    return click.option(
        _spelled(key.name), key.name, type=_type(key), multiple=key.kind is Kind.TEXTS, metavar=key.metavar, help=text
    )


def _words(key: Key) -> str:
    """The default of a setting as an option has it."""
    if key.kind is Kind.TRUTH:
        return ""
    return ", ".join(key.default) if isinstance(key.default, tuple) else toml(key.default).strip('"')


def _type(key: Key) -> click.ParamType[Any]:
    if key.choices:
        return click.Choice(key.choices)
    if key.kind is Kind.INTEGER:
        return click.IntRange(key.least, key.most)
    if key.kind is Kind.NUMBER:
        return click.FloatRange(key.least, key.most)
    return click.Path(path_type=Path) if key.kind is Kind.PATH else click.STRING
