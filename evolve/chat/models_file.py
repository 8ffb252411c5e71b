"""Models as people name them: what a file of theirs says of a name, else what can be assumed.

The file is TOML with a table for each model: `["NAME"]`, and in it `endpoint`, `key_variable`, `input_price` and
`output_price`, none of which has to be there. evolve comes with no prices: what is not in a file is unknown.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from evolve.chat.endpoints import address, fault
from evolve.chat.model import Model
from evolve.settings.errors import SettingsError, like
from evolve.settings.keys import Key, Kind
from evolve.settings.resolving import demand, fitting
from evolve.settings.texts import text_of

VARIABLE: Final = "EVOLVE_MODELS"
"""The environment variable that may name the file."""

ENDPOINT_VARIABLE: Final = "OPENAI_BASE_URL"
"""The environment variable that may hold the endpoint of models that have none of their own."""

USUAL: Final = "~/.config/evolve/models.toml"
"""Where the file is looked for otherwise."""

KEYS: Final = {
    each.name: each
    for each in (
        Key("endpoint", Kind.TEXT, None, "The address of the API, up to /v1."),
        Key("key_variable", Kind.TEXT, None, "The environment variable that holds the key."),
        Key("input_price", Kind.NUMBER, None, "Dollars for a million tokens that are read.", least=0),
        Key("output_price", Kind.NUMBER, None, "Dollars for a million tokens that are written.", least=0),
    )
}
"""What the table of a model may hold."""


def model(name: str, endpoint: str | None = None, file: Path | None = None) -> Model:
    """The model of a name.

    What the file says of it holds if no endpoint is given, or the same as there: a price, and the key that may be sent,
    are those of a model at one endpoint.

    Args:
        name: as its endpoint calls it.
        endpoint: its address, up to `/v1`; None for what the file says, else `$OPENAI_BASE_URL`, else OpenAI's.
        file: with models; None for `$EVOLVE_MODELS`, else `~/.config/evolve/models.toml` if it exists.

    Raises:
        SettingsError: the file, the endpoint or `$OPENAI_BASE_URL` is wrong, or the name is empty.
    """
    if not name.strip():
        raise SettingsError("the name of a model is empty; give the name that its endpoint has for it")
    path = usual_file() if file is None else file
    found = models_in(path).get(name) if path is not None else None
    known = found or Model(name)
    if known.endpoint is None:
        known = replace(known, endpoint=unnamed().endpoint)
    if endpoint is None or address(known) == address(unnamed(endpoint)):
        return known
    return Model(name, endpoint)


def unnamed(endpoint: str | None = None) -> Model:
    """A model without a name, for an endpoint that is to be asked which it has.

    Args:
        endpoint: its address, up to `/v1`; None for `$OPENAI_BASE_URL`, else OpenAI's.

    Raises:
        SettingsError: the endpoint or `$OPENAI_BASE_URL` is wrong.
    """
    chosen = endpoint or os.environ.get(ENDPOINT_VARIABLE) or None
    wrong = None if chosen is None else fault(chosen)
    if wrong is not None:
        raise SettingsError(wrong if endpoint else f"{ENDPOINT_VARIABLE}: {wrong}")
    return Model("", chosen)


def prices(model: Model) -> str:
    """The prices of a model in words."""
    if model.input_price is None or model.output_price is None:
        return "its prices are unknown"
    if model.input_price == model.output_price == 0:
        return "it is free"
    return f"a million tokens cost ${model.input_price:g} to read and ${model.output_price:g} to write"


def usual_file() -> Path | None:
    """The file that is meant when none is given; None if there is none."""
    named = os.environ.get(VARIABLE)
    path = Path(os.path.expanduser(named or USUAL))
    return path if named or path.is_file() else None


def models_in(file: Path) -> dict[str, Model]:
    """The models in a file, by name.

    Raises:
        SettingsError: it can't be read, or says something that has no meaning; with all mistakes that there are.
    """
    text = text_of(file, "a TOML file of models")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not TOML: {error}") from error
    models: dict[str, Model] = {}
    mistakes: list[str] = []
    for name, table in tables.items():
        wrong = list(_mistakes(name, table, text))
        mistakes += [f"{file}{each}" for each in wrong]
        if not wrong:
            models[name] = Model(name, **table)
    if mistakes:
        raise SettingsError(*mistakes)
    return models


def _mistakes(name: str, table: Any, text: str) -> Iterator[str]:
    """What is wrong with a table, each with its place. Values that may be keys are not repeated."""
    if not isinstance(table, Mapping):
        yield f'{_line(text, None, name)}: {name} stands outside of tables; write ["NAME"] of the model above it'
        return
    for key, value in table.items():
        place = f'{_line(text, name, key)}, model "{name}": '
        if key not in KEYS:
            yield place + _unknown(name, key, value)
        elif fitting(KEYS[key], value) is None:
            yield f"{place}{key} {demand(KEYS[key], value)}" if key != "key_variable" else place + _no_variable()
        elif key == "endpoint" and (wrong := fault(value)) is not None:
            yield place + wrong
        elif key == "key_variable" and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            yield place + _no_variable()


def _unknown(name: str, key: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f'a name with a dot needs quotes, ["{name}.{key}"]'
    if re.fullmatch(r"(api[_-]?)?(key|token)|secret", key, re.IGNORECASE):
        return f"{key} is not read: keys stand in environment variables, and key_variable names the one"
    return f"there is no {key}{like(key, KEYS) or ';'} there are {', '.join(KEYS)}"


def _no_variable() -> str:
    return "key_variable has to be the name of an environment variable, like OPENAI_API_KEY, not the key itself"


def _line(text: str, table: str | None, key: str) -> str:
    """Where a key of a table stands, for messages; nothing if it is not found: a table can be written in one line."""
    inside = table is None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header is not None:
            title = header[1].strip().strip("\"'")
            if table is not None and title == f"{table}.{key}":
                return f", line {number}"
            inside = title == table
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return f", line {number}"
    return ""
