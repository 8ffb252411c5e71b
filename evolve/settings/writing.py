"""Settings written as TOML, with a comment for each: `evolve search --show`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from evolve.settings.keys import KEYS, Key, Settings, attribute

WIDTH: Final = 100


def to_toml(settings: Settings) -> str:
    """The text of a TOML file with these settings; those that are not given stand there as comments."""
    lines = ["# Settings of `evolve search`; docs/configuration.md explains them. Paths are relative to this file."]
    for name, key in KEYS.items():
        lines += ["", *_comment(key)]
        value = getattr(settings, attribute(name))
        lines.append(f"# {name} = {key.example}" if value is None else f"{name} = {toml(value)}")
    return "\n".join(lines) + "\n"


def _comment(key: Key) -> Iterator[str]:
    default = f"Default: {key.unset}." if key.default is None else f"Default: {toml(key.default)}."
    if key.default is None and not key.unset:
        default = "Not set by default."
    text = f"{key.help} {key.allowed[0].upper()}{key.allowed[1:]}. {default}"
    return (f"# {line}" for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False))


def toml(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
