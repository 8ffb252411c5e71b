"""Where settings are written down: presets, which come with evolve, and TOML files of a person's own."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

from evolve.settings.errors import SettingsError, like
from evolve.settings.resolving import Layer
from evolve.settings.texts import text_of

STARTS: Final = ("seeds", "textbook", "scratch")
"""What `from` may name besides files."""


def preset_summaries() -> dict[str, str]:
    """The presets, each with its first line, which says what it is."""
    texts = {name: (_presets() / f"{name}.toml").read_text(encoding="utf-8") for name in _names()}
    return {name: text.partition("\n")[0].removeprefix("# ") for name, text in texts.items()}


def _presets() -> Any:
    return resources.files("evolve") / "presets"


def _names() -> list[str]:
    return sorted(each.name.removesuffix(".toml") for each in _presets().iterdir() if each.name.endswith(".toml"))


def layer_of(name: str) -> Layer:
    """The settings of a preset, or in a file. Paths in a file are relative to it.

    Args:
        name: of a preset, or the path of a file: it ends with `.toml`, or holds a `/`.

    Raises:
        SettingsError: there is no such preset or file, or it is not TOML.
    """
    path = Path(name)
    if path.is_dir() and name not in _names():
        from runs.schema import DATABASE

        if (path / DATABASE).is_file():
            raise SettingsError(f"{name} is a run; --resume {name} goes on with it")
        raise SettingsError(f"{name} is a directory; give a preset ({', '.join(_names())}) or a TOML file")
    if path.suffix == ".toml" or len(path.parts) > 1:
        text = text_of(path, f"a TOML file, or a preset ({', '.join(_names())})")
        return _layer(text, name, path.parent)
    if name not in _names():
        advice = f"{like(name, _names()) or ';'} there are {', '.join(_names())}, and a file of your own is FILE.toml"
        raise SettingsError(f"there is no preset {name}{advice}")
    return _layer((_presets() / f"{name}.toml").read_text(encoding="utf-8"), f"preset {name}", Path())


def _layer(text: str, title: str, folder: Path) -> Layer:
    """The settings in a TOML text."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{title} is not TOML: {error}") from error

    def place(name: str) -> str:
        found = re.search(rf"^[ \t\[]*[\"']?{re.escape(name)}[\"']?[ \t]*[=.\]]", text, re.MULTILINE)
        return f"{title}, line {text.count(chr(10), 0, found.start()) + 1}: " if found else f"{title}: "

    return Layer({name: _placed(name, value, folder) for name, value in values.items()}, place)


def _placed(name: str, value: object, folder: Path) -> object:
    """A value with the paths in it seen from where we are, not from the folder of the file."""
    if isinstance(value, list):
        return [_placed(name, each, folder) for each in value]
    if not isinstance(value, str) or not value:
        return value
    if name in ("data", "run", "llm_models", "replay_llm") or (name == "from" and value not in STARTS):
        return str(folder / value)
    if name == "task" and value.rpartition(":")[0].endswith(".py"):
        return str(folder / value)
    return value
