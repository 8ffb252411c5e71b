"""Models as people name them: what a file of theirs says of a name, else what can be assumed."""

from __future__ import annotations

import os
from pathlib import Path

from evolve.chat.model import Model


def model(name: str, endpoint: str | None = None, file: Path | None = None) -> Model:
    """The model of a name.

    Args:
        name: as its endpoint calls it.
        endpoint: its address, up to `/v1`; None for what the file says, else `$OPENAI_BASE_URL`, else OpenAI's.
        file: with models; None for `$EVOLVE_MODELS`, else `~/.config/evolve/models.toml` if it exists.

    Raises:
        SettingsError: the file or the endpoint is wrong.
    """
    return Model(name, endpoint or os.environ.get("OPENAI_BASE_URL") or None)
